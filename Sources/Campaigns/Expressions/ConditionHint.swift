// What to do about a value where a condition stands, and about arithmetic with dates.

enum ConditionHint {
    static func hint(for syntax: Syntax, _ expression: Expression) -> String? {
        guard case .path(let names) = syntax else { return "a condition compares, as in country = 'FR'" }
        let name = Syntax.written(names)
        switch expression.type {
        case .string: return "compare it, as in \(name) = 'text', or \(name) IS NOT EMPTY"
        case .integer, .double: return "compare it, as in \(name) > 0, or \(name) IS NOT NULL"
        default: return "compare it, as in \(name) >= DaysAgo(30), or \(name) IS NOT NULL"
        }
    }

    /// Dates and instants do not add and subtract.
    static func arithmetic(_ operation: Syntax.Arithmetic, _ a: Expression, _ b: Expression, _ written: (Syntax, Syntax)) -> String {
        let isTime = [a.type, b.type].map { $0 == .date || $0 == .datetime }
        let (left, right) = (name(written.0), name(written.1))
        if isTime == [true, true], operation == .minus { return "the days between them are DaysDiff(\(left), \(right))" }
        if isTime[0], b.type == .integer, operation == .minus || operation == .plus {
            if case .clock(0, _, _) = a, operation == .minus { return "DaysAgo(\(right))" }
            return "\(operation == .minus ? "SubDays" : "AddDays")(\(left), \(right))"
        }
        if isTime[0] || isTime[1] { return "dates move with AddDays, SubDays …" }
        if operation == .plus, a.type == .string || b.type == .string { return "|| joins texts" }
        if case .literal(let literal) = b, let hint = LiteralHint.rewritten(literal, as: .integer) { return hint }
        if case .literal(let literal) = a, let hint = LiteralHint.rewritten(literal, as: .integer) { return hint }
        return "convert it with ToInteger or ToDouble"
    }

    private static func name(_ syntax: Syntax) -> String {
        switch syntax {
        case .path(let names): Syntax.written(names)
        case .literal(.integer(let number)): "\(number)"
        case .call(let name, let arguments) where arguments.isEmpty: "\(name)()"
        default: "…"
        }
    }
}
