// `XDiff(NOW(), path) ⋈ constant` and `XOld(path) ⋈ constant` (semantics §3, Time). The age of a value grows with the clock and is
// the smaller the later the value, so that "at least n" is "not after a threshold that moves with the clock":
//
//     age >= n   path <= threshold(n)             age = n    age >= n and not age >= n + 1
//     age < n    path >  threshold(n)             age != n   age < n or age >= n + 1
//     age > c    age >= floor(c) + 1              age <= c   age < floor(c) + 1
//
// and for a constant that is not whole, `age >= c` is `age >= ceil(c)`. The threshold always exists: where no date or instant is old
// enough it lies just before year 1, so that no truth becomes unknown. What is compared with it has no age exactly when it is null:
//
//     seconds … days of an instant     the instant                     of a date     its midnight
//     months, years of an instant      its wall time, since they       of a date     the date
//                                      count by the calendar

extension Checker {
    /// What is compared: a value, or the age of a path.
    enum Operand {
        case value(Expression)
        case age(CalendarUnit, of: Expression)
    }

    mutating func operand(_ syntax: Syntax) throws(ExpressionError) -> Operand {
        guard let (unit, place, arguments) = ClockRule.ageOfPath(syntax), case .call(let name, _) = syntax,
            let known = FunctionNames.known(name)
        else { return .value(try check(syntax)) }
        let parameters = Parameters(list: Array(repeating: .moment, count: place + 1))
        return .age(unit, of: try checked(arguments, parameters, of: known)[place])
    }

    mutating func compared(_ comparison: Comparison, _ a: Operand, _ b: Operand) throws(ExpressionError) -> Expression {
        switch (a, b) {
        case (.value(let a), .value(let b)): return try compared(comparison, a, b)
        case (.age(let unit, let path), .value(let constant)): return try age(unit, of: path, comparison, constant)
        case (.value(let constant), .age(let unit, let path)): return try age(unit, of: path, comparison.mirrored, constant)
        case (.age, .age): throw Self.unsupported("an age beside an age")
        }
    }

    private mutating func age(
        _ unit: CalendarUnit, of path: Expression, _ comparison: Comparison, _ constant: Expression
    ) throws(ExpressionError) -> Expression {
        _ = try Pairing(.integer, constant.type)
        guard let value = constant.folded else {
            throw Self.unsupported("an age beside a constant that takes a function to compute")
        }
        let (floor, ceiling): (Int64, Int64)
        switch value {
        case .integer(let number): (floor, ceiling) = (Self.bounded(Double(number), number), Self.bounded(Double(number), number))
        case .double(let number):
            (floor, ceiling) = (Self.bounded(number.rounded(.down)), Self.bounded(number.rounded(.up)))
        default: return .literal(.null)
        }
        try count(8)
        func atLeast(_ count: Int64, _ comparison: Comparison = .lessOrEqual) -> Expression {
            let isCalendar = unit == .months || unit == .years
            let isDate = path.type == .date
            let threshold = Expression.ageThreshold(count: count, unit: unit, isDate: isCalendar && isDate, zone: zone)
            let value: Expression
            switch (isCalendar, isDate) {
            case (false, true): value = .midnight(path, zone: zone)
            case (true, false): value = .call(.wallTime, [path], type: .datetime, zone: zone)
            default: value = path
            }
            return .compare(comparison, value, threshold)
        }
        switch comparison {
        case .greaterOrEqual: return atLeast(ceiling)
        case .greater: return atLeast(floor + 1)
        case .less: return atLeast(ceiling, .greater)
        case .lessOrEqual: return atLeast(floor + 1, .greater)
        case .equal: return .and([atLeast(ceiling), atLeast(floor + 1, .greater)])
        case .notEqual: return .or([atLeast(ceiling, .greater), atLeast(floor + 1)])
        }
    }

    /// No age of years 0001 to 9999 is beyond 2^40 seconds: what lies beyond compares as that does.
    private static func bounded(_ value: Double, _ exact: Int64? = nil) -> Int64 {
        let most: Int64 = 1 << 40
        if value.magnitude > Double(most) { return value < 0 ? -most : most }
        return exact ?? Int64(value)
    }
}
