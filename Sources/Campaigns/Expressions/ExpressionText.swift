// The entrance: expression text to `Expression` (semantics §3).

/// Reads an expression about a record of the schema. Throws what is wrong with it: text past the bounds of contract §10, grammar,
/// unknown names, types and uses of the clock.
///
/// - Parameters:
///   - zone: IANA name of the time zone whose calendar dates and the clock follow.
///   - isTimeZone: whether there is a time zone of that name.
public func readExpression(
    _ source: String, about schema: Schema, catalog: Catalog, zone: String, isTimeZone: @escaping (String) -> Bool
) throws(ExpressionError) -> Expression {
    do throws(ExpressionError) {
        let syntax = try Parser.parse(source)
        try ClockRule.check(syntax)
        var checker = Checker(catalog: catalog, schema: schema, zone: zone, isTimeZone: isTimeZone)
        return try checker.check(syntax)
    } catch {
        throw ExpressionError("\(error.message), in \(quoted(source))", hint: error.hint)
    }
}
