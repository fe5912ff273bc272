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
        if isTime[0], case .literal(.string(let text)) = b, let (count, unit) = ForeignForms.length(text) {
            if case .clock(0, _, _) = a, operation == .minus, unit != "Seconds" { return "\(unit)Ago(\(count))" }
            return "\(operation == .minus ? "Sub" : "Add")\(unit)(\(left), \(count))"
        }
        if isTime[0] || isTime[1] { return "dates move with AddDays, SubDays …" }
        for case .literal(.string(let text)) in [a, b] {
            if Double(text) != nil, let hint = LiteralHint.text(text, as: .double) { return hint }
        }
        let reading = "ToInteger and ToDouble read numbers"
        return operation == .plus && (a.type == .string || b.type == .string) ? "|| joins texts; \(reading)" : reading
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
