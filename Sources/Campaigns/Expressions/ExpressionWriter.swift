// Expressions as text, for somebody who is told why: what is written here reads back as the same expression (semantics §3), but for the
// members of a group tree that are joined by `except`, which text has no word for. What several words mean is written with one of them.

/// Writes expressions with the names of their schemas.
public struct ExpressionWriter {
    let schema: (String) -> Schema?

    /// `schema` finds one by its name.
    public init(schema: @escaping (String) -> Schema?) {
        self.schema = schema
    }

    /// How tightly what was written holds together.
    private enum Level: Int {
        case or, and, not, test, sum, product, unary, primary
    }

    /// The text of an expression.
    public func text(of expression: Expression) -> String { write(expression).text }

    private func write(_ expression: Expression) -> (text: String, level: Level) {
        switch expression {
        case .literal(let literal): return ExpressionWriter.written(literal)
        case .field(let path): return (self.path(path), .primary)
        case .carried(let name, _): return (Syntax.written([name]), .primary)
        case .clock(let offset, let unit, _): return (clock(offset, unit), .primary)
        case .midnight(let day, _): return write(day)
        case .compare(let comparison, let left, let right): return compared(comparison, left, right)
        case .isOneOf(let value, let items): return isOneOf(value, items, "IN")
        case .isNull(let value): return ("\(at(.sum, value)) IS NULL", .test)
        case .not(let condition): return negated(condition)
        case .and(let parts): return joined(parts, " AND ", .and)
        case .or(let parts): return expression.testedForEmpty.map { ("\(at(.sum, $0)) IS EMPTY", .test) } ?? joined(parts, " OR ", .or)
        case .except(let parts): return joined(parts, " EXCEPT ", .or)
        case .aggregate(let aggregate): return (self.aggregate(aggregate), .primary)
        case .ageThreshold(let number, _, let unit, _, _): return ("Sub\(name(of: unit))(NOW(), \(text(of: number)))", .primary)
        case .arithmetic(let operation, let left, let right): return arithmetic(operation, left, right)
        case .negate(let value): return ("-\(at(.primary, value))", .unary)
        case .toDouble(let value): return write(value)
        case .concatenate(let left, let right): return ("\(at(.sum, left)) || \(at(.product, right))", .sum)
        case .textTest(let test, let left, let right): return tested(test, left, right, "")
        case .choose(let choices, let otherwise, _): return (chosen(choices, otherwise), .primary)
        case .coalesce(let values, _): return (call("Coalesce", values), .primary)
        case .call(let function, let arguments, _, let zone): return (called(function, arguments, zone), .primary)
        }
    }

    /// A part that must hold together at least so tightly.
    private func at(_ level: Level, _ expression: Expression) -> String {
        let part = write(expression)
        return part.level.rawValue >= level.rawValue ? part.text : "(\(part.text))"
    }

    // Values.

    /// A constant as expressions have it.
    public static func text(of literal: Literal) -> String { written(literal).text }

    private static func written(_ literal: Literal) -> (text: String, level: Level) {
        switch literal {
        case .null: return ("NULL", .primary)
        case .boolean(let truth): return (truth ? "TRUE" : "FALSE", .primary)
        case .integer(let number): return ("\(number)", number < 0 ? .unary : .primary)
        case .double(let number): return (decimal(number), number.sign == .minus ? .unary : .primary)
        case .string(let text): return ("'\(text.replacing("'", with: "''"))'", .primary)
        case .date(let day): return ("DATE '\(CivilDate.text(of: day))'", .primary)
        case .instant(let instant): return ("DATETIME '\(InstantText.text(of: instant))'", .primary)
        }
    }

    /// Without an exponent, and with a point: else it were an integer.
    private static func decimal(_ number: Double) -> String {
        let text = DoubleText.text(of: number)
        let parts = text.split(whereSeparator: { $0 == "e" || $0 == "E" })
        guard parts.count == 2, let exponent = Int(parts[1]) else { return text.contains(".") ? text : text + ".0" }
        let isNegative = text.hasPrefix("-")
        let mantissa = parts[0].drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
        var digits = Array(mantissa.joined())
        var point = mantissa[0].count + exponent
        if point < 1 {
            digits.insert(contentsOf: Array(repeating: "0", count: 1 - point), at: 0)
            point = 1
        }
        while digits.count <= point { digits.append("0") }
        return (isNegative ? "-" : "") + String(digits[..<point]) + "." + String(digits[point...])
    }

    private func clock(_ offset: Int64, _ unit: CalendarUnit) -> String {
        if unit == .seconds { return offset == 0 ? "NOW()" : shifted("NOW()", offset, unit) }
        return offset <= 0 ? "\(name(of: unit))Ago(\(offset.magnitude))" : shifted("NOW()", offset, unit)
    }

    private func shifted(_ start: String, _ offset: Int64, _ unit: CalendarUnit) -> String {
        "\(offset < 0 ? "Sub" : "Add")\(name(of: unit))(\(start), \(offset.magnitude))"
    }

    private func name(of unit: CalendarUnit) -> String { FunctionNames.units.first { $0.unit == unit }!.name }

    private func arithmetic(_ operation: ArithmeticOperator, _ left: Expression, _ right: Expression) -> (String, Level) {
        switch operation {
        case .add: return ("\(at(.sum, left)) + \(at(.product, right))", .sum)
        case .subtract: return ("\(at(.sum, left)) - \(at(.product, right))", .sum)
        case .multiply: return ("\(at(.product, left)) * \(at(.unary, right))", .product)
        case .divide: return ("\(at(.product, left)) / \(at(.unary, right))", .product)
        case .remainder: return ("\(at(.product, left)) % \(at(.unary, right))", .product)
        }
    }

    private func chosen(_ choices: [Choice], _ otherwise: Expression) -> String {
        if case .compare(.equal, let value, _) = choices[0].condition {
            let pairs = choices.compactMap { choice -> [Expression]? in
                guard case .compare(.equal, value, let key) = choice.condition else { return nil }
                return [key, choice.result]
            }
            // Decode may speak of the clock where CASE may not.
            if pairs.count == choices.count { return call("Decode", [value] + pairs.joined() + [otherwise]) }
        }
        let branches = choices.map { "WHEN \(text(of: $0.condition)) THEN \(text(of: $0.result))" }
        let rest = otherwise == .literal(.null) ? "" : " ELSE \(text(of: otherwise))"
        return "CASE \(branches.joined(separator: " "))\(rest) END"
    }

    private func call(_ name: String, _ arguments: [Expression]) -> String {
        "\(name)(\(arguments.map { text(of: $0) }.joined(separator: ", ")))"
    }

    private func called(_ function: Function, _ arguments: [Expression], _ zone: String) -> String {
        if function == .toTimeZone, case .call(.wallTime, let inner, _, let other)? = arguments.first {
            return "ToTimeZone(\(text(of: inner[0])), \(ExpressionWriter.text(of: .string(other))))"
        }
        // Of a wall time only comparisons of ages are made, which say so themselves.
        if function == .wallTime { return text(of: arguments[0]) }
        return call(FunctionNames.name(of: function), arguments)
    }

    // Conditions.

    private func joined(_ parts: [Expression], _ word: String, _ level: Level) -> (String, Level) {
        guard let next = Level(rawValue: level.rawValue + 1) else { preconditionFailure("a junction is no primary") }
        // A junction of one kind within another was in brackets, else it were one.
        return (parts.map { at(next, $0) }.joined(separator: word), parts.count == 1 ? next : level)
    }

    private func compared(_ comparison: Comparison, _ left: Expression, _ right: Expression) -> (String, Level) {
        if case .ageThreshold(let number, let isAbove, let unit, _, _) = right {
            let word =
                switch (comparison, isAbove) {
                case (.lessOrEqual, false): ">="
                case (.lessOrEqual, true): ">"
                case (_, false): "<"
                case (_, true): "<="
                }
            return ("\(name(of: unit))Diff(NOW(), \(text(of: left.agedValue))) \(word) \(at(.sum, number))", .test)
        }
        if case .aggregate(let aggregate) = left, aggregate.function == .count, comparison == .greaterOrEqual,
            right == .literal(.integer(1))
        {
            return ("EXISTS(\(collection(aggregate)))", .primary)
        }
        return ("\(at(.sum, left)) \(comparison.sign) \(at(.sum, right))", .test)
    }

    private func isOneOf(_ value: Expression, _ items: [Expression], _ word: String) -> (String, Level) {
        ("\(at(.sum, value)) \(word) (\(items.map { text(of: $0) }.joined(separator: ", ")))", .test)
    }

    private func tested(_ test: TextTest, _ left: Expression, _ right: Expression, _ not: String) -> (String, Level) {
        let word =
            switch test {
            case .like: "LIKE"
            case .contains: "CONTAINS"
            case .startsWith: "STARTS WITH"
            }
        return ("\(at(.sum, left)) \(not)\(word) \(at(.sum, right))", .test)
    }

    private func negated(_ condition: Expression) -> (String, Level) {
        switch condition {
        case .isNull(let value): return ("\(at(.sum, value)) IS NOT NULL", .test)
        case .isOneOf(let value, let items): return isOneOf(value, items, "NOT IN")
        case .textTest(let test, let left, let right): return tested(test, left, right, "NOT ")
        case .or:
            if let value = condition.testedForEmpty { return ("\(at(.sum, value)) IS NOT EMPTY", .test) }
        default: break
        }
        return ("NOT \(at(.not, condition))", .not)
    }

    // Paths.

    private func path(_ path: FieldPath) -> String {
        Syntax.written(path.steps.map(name) + [schema(path.schema)?.fields[path.field].name ?? "?"])
    }

    private func name(of step: LinkStep) -> String {
        guard let link = schema(step.schema)?.links[step.link] else { return "?" }
        return step.isReversed ? link.reverse ?? "?" : link.name
    }

    /// The links of a collection, and what is asked of its records.
    public func collection(_ aggregate: Aggregate) -> String {
        return Syntax.written(names(of: aggregate.steps)) + (aggregate.filter.map { " WHERE \(text(of: $0))" } ?? "")
    }

    /// What links are called that lead to a collection.
    func names(of steps: [AggregateStep]) -> [String] {
        steps.map { step in
            guard let link = schema(step.link.schema)?.links[step.link.link] else { return "?" }
            return step.isForward && !step.link.isReversed ? link.name : link.reverse ?? "?"
        }
    }

    /// The schema of a collection's records.
    func target(of steps: [AggregateStep]) -> Schema? {
        guard let last = steps.last else { return nil }
        let isForward = last.isForward && !last.link.isReversed
        return isForward ? schema(last.link.schema).flatMap { schema($0.links[last.link.link].target) } : schema(last.link.schema)
    }

    private func aggregate(_ aggregate: Aggregate) -> String {
        guard let field = aggregate.field else { return "COUNT(\(collection(aggregate)))" }
        let word =
            switch aggregate.function {
            case .count: "COUNT"
            case .sum: "SUM"
            case .average: "AVG"
            case .minimum: "MIN"
            case .maximum: "MAX"
            case .countDistinct: "COUNT_DISTINCT"
            }
        let last = target(of: aggregate.steps)?.fields[field].name ?? "?"
        let filter = aggregate.filter.map { " WHERE \(text(of: $0))" } ?? ""
        return "\(word)(\(Syntax.written(names(of: aggregate.steps) + [last]))\(filter))"
    }
}

extension Comparison {
    /// As expressions have it.
    var sign: String {
        switch self {
        case .equal: "="
        case .notEqual: "!="
        case .less: "<"
        case .lessOrEqual: "<="
        case .greater: ">"
        case .greaterOrEqual: ">="
        }
    }
}

extension Expression {
    /// What `IS EMPTY` is asked of, where that is what it says.
    public var testedForEmpty: Expression? {
        guard case .or(let parts) = self, parts.count == 2, case .isNull(let value) = parts[0],
            parts[1] == .compare(.equal, value, .literal(.string("")))
        else { return nil }
        return value
    }

    /// Whose age is compared, beside a threshold of ages (CheckerAges.swift).
    var agedValue: Expression {
        switch self {
        case .midnight(let value, _): value
        case .call(.wallTime, let arguments, _, _): arguments[0]
        default: self
        }
    }
}
