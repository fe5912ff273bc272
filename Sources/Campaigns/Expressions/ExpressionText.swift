// The entrance: expression text to `Expression` (semantics §3).

/// What reading an expression gave.
public struct ExpressionReading {
    /// nil exactly when there are mistakes.
    public var expression: Expression?
    /// Everything that is wrong: text past the bounds of contract §10, grammar, unknown names, types and uses of the clock.
    public var mistakes: [Mistake]
    /// What is accepted but hardly meant, apart from nulls: that a whole filter says.
    public var warnings: [Mistake]
    /// The nulls of fields that it leaves out, and those it handles.
    var nulls: NullHandling
}

/// Reads an expression about a record of the schema.
///
/// - Parameters:
///   - zone: IANA name of the time zone whose calendar dates and the clock follow.
///   - zoneNames: all time zones, for hints.
///   - isTimeZone: whether there is a time zone of that name.
public func readExpression(
    _ source: String, about schema: Schema, catalog: Catalog, zone: String, zoneNames: [String] = [], isTimeZone: @escaping (String) -> Bool
) -> ExpressionReading {
    let timeZones = TimeZoneNames(names: zoneNames, isKnown: isTimeZone)
    return readExpression(source, about: Shape(dimension: schema), catalog: catalog, zone: zone, timeZones: timeZones)
}

func readExpression(_ source: String, about shape: Shape, catalog: Catalog, zone: String, timeZones: TimeZoneNames) -> ExpressionReading {
    func read(_ source: String) -> (expression: Expression, checker: Checker) {
        let (syntax, mistakes, isBroken) = Parser.parse(source)
        var checker = Checker(
            catalog: catalog, shape: shape, zone: zone, timeZones: timeZones, mistakes: mistakes, isBroken: isBroken)
        let expression = checker.check(whole: syntax)
        return (expression, checker)
    }
    func placed(_ mistakes: [Mistake]) -> [Mistake] { mistakes.map { Mistake("\($0.message), in \(quoted(source))", hint: $0.hint) } }

    var (expression, checker) = read(source)
    var mistakes = checker.mistakes
    // Two minus signs are an expression. Where that is wrong they are a comment.
    if !mistakes.items.isEmpty, let rest = withoutLineComments(source) {
        (expression, checker) = read(rest)
        // The comment may have swallowed what is missing.
        mistakes = checker.isBroken ? MistakeList() : checker.mistakes
        mistakes.add(ForeignForms.comment.message, hint: ForeignForms.comment.hint)
    }
    // What is wrong may mean something else once it is mended: there is nothing to warn about yet.
    guard mistakes.items.isEmpty else {
        return ExpressionReading(expression: nil, mistakes: placed(mistakes.items), warnings: [], nulls: NullHandling())
    }
    assert(!checker.hasUnknown && !checker.isBroken, "what could not be read was told")
    return ExpressionReading(expression: expression, mistakes: [], warnings: placed(checker.warnings.items), nulls: checker.nulls)
}

/// The text without what stands from `--` to the end of a line; nil when there is no such thing.
private func withoutLineComments(_ source: String) -> String? {
    let scalars = Array(source.unicodeScalars)
    var rest = String.UnicodeScalarView()
    var (isText, place, isCut) = (false, 0, false)
    func isBlank(_ place: Int) -> Bool { place < 0 || place >= scalars.count || scalars[place].properties.isWhitespace }
    while place < scalars.count {
        if scalars[place] == "'" { isText.toggle() }
        if !isText, scalars[place...].starts(with: "--".unicodeScalars), isBlank(place - 1), isBlank(place + 2) {
            isCut = true
            while place < scalars.count, scalars[place] != "\n", scalars[place] != "\r" { place += 1 }
        } else {
            rest.append(scalars[place])
            place += 1
        }
    }
    return isCut ? String(rest) : nil
}
