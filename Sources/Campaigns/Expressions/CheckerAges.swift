// `XDiff(NOW(), path) ⋈ constant` and `XOld(path) ⋈ constant` (semantics §3, Time). The age of a value grows with the clock and is
// the smaller the later the value, so that "at least n" is "not after a threshold that moves with the clock":
//
//     age >= c   path <= threshold(at least c)     age = c    age >= c and not age > c
//     age > c    path <= threshold(more than c)    age != c   age < c or age > c
//     age < c    path >  threshold(at least c)     age <= c   path > threshold(more than c)
//
// The threshold always exists: where no date or instant is old enough it lies just before year 1, so that no truth becomes unknown.
// What is compared with it has no age exactly when it is null:
//
//     seconds … days of an instant     the instant                     of a date     its midnight
//     months, years of an instant      its wall time, since they       of a date     the date
//                                      count by the calendar

extension Checker {
    /// The age of a path; nil of everything else.
    mutating func age(_ syntax: Syntax) -> Operand.Content? {
        guard let (unit, place, arguments) = ClockRule.ageOfPath(syntax), case .call(let name, _) = syntax,
            let known = FunctionNames.known(name)
        else { return nil }
        dependence.onClock = true
        let parameters = Parameters(list: Array(repeating: .moment, count: place + 1))
        guard let found = checked(arguments, parameters, of: known) else { return .value(unknown()) }
        return .age(unit, of: found[place])
    }

    mutating func compared(_ comparison: Comparison, _ a: Operand, _ b: Operand) -> Expression {
        switch (a.content, b.content) {
        case (.value(let a), .value(let b)): return compared(comparison, a, b)
        case (.age(let unit, let path), .value(let constant)): return age(unit, of: path, comparison, constant)
        case (.value(let constant), .age(let unit, let path)): return age(unit, of: path, comparison.mirrored, constant)
        // The clock rule refuses it.
        case (.age, .age): return .compare(comparison, .unknown, .unknown)
        }
    }

    private mutating func age(_ unit: CalendarUnit, of path: Expression, _ comparison: Comparison, _ constant: Expression) -> Expression {
        guard constant.type.isNumber || constant.type == .null else {
            return self.compared(comparison, .call(.difference(in: unit), [path], type: .integer, zone: zone), constant)
        }
        count(8)
        func compared(_ comparison: Comparison, above: Bool) -> Expression {
            let isCalendar = unit == .months || unit == .years
            let isDate = path.type == .date
            let value: Expression
            switch (isCalendar, isDate) {
            case (false, true): value = .midnight(path, zone: zone)
            case (true, false): value = .call(.wallTime, [path], type: .datetime, zone: zone)
            default: value = path
            }
            return .compare(
                comparison, value, .ageThreshold(constant, isAbove: above, unit: unit, isDate: isCalendar && isDate, zone: zone))
        }
        switch comparison {
        case .greaterOrEqual: return compared(.lessOrEqual, above: false)
        case .greater: return compared(.lessOrEqual, above: true)
        case .less: return compared(.greater, above: false)
        case .lessOrEqual: return compared(.greater, above: true)
        case .equal: return .and([compared(.lessOrEqual, above: false), compared(.greater, above: true)])
        case .notEqual: return .or([compared(.greater, above: false), compared(.lessOrEqual, above: true)])
        }
    }
}
