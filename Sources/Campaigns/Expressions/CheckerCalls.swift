// Calls: arguments checked, and each written as the expression it stands for (semantics §3, decisions 20–25).

extension Checker {
    mutating func call(_ name: String, _ arguments: [Syntax]) -> Expression {
        guard let (known, form) = FunctionNames.form(name) else { return unknownFunction(name, arguments) }
        switch form {
        case .now:
            guard checked(arguments, Parameters(list: []), of: known) != nil else { return unknown() }
            return now()
        case .ago(let unit):
            dependence.onClock = true
            guard let found = checked(arguments, Parameters(list: [.integer]), of: known) else { return unknown() }
            return shifted(now(), by: found[0], unit, isBackward: true)
        case .shifted(let unit, let isBackward):
            guard let found = checked(arguments, Parameters(list: [.moment, .integer]), of: known) else { return unknown() }
            return shifted(found[0], by: found[1], unit, isBackward: isBackward)
        case .difference(let unit):
            return difference(unit, checked(arguments, Parameters(list: [.moment, .moment]), of: known))
        case .old(let unit):
            let clock = now()
            return difference(unit, checked(arguments, Parameters(list: [.moment]), of: known).map { [clock] + $0 })
        case .timeZone: return toTimeZone(arguments, known)
        case .coalesce: return coalesce(arguments, known)
        case .noNull: return noNull(arguments, known)
        case .choice:
            guard expect(3...3, arguments, of: known, "condition, then, else") else { return unknown() }
            return choice([(condition: arguments[0], result: arguments[1])], otherwise: arguments[2], known)
        case .decode: return decode(arguments, known)
        case .isEmpty: return expect(1...1, arguments, of: known, "text") ? isEmpty(arguments[0]) : .isNull(.unknown)
        case .plain(let function, let parameters, let result):
            guard let found = checked(arguments, parameters, of: known) else {
                if case .type(let type) = result { return typed(type) }
                return unknown()
            }
            return plain(function, found, result, known)
        }
    }

    /// Its arguments are looked at too.
    private mutating func unknownFunction(_ name: String, _ arguments: [Syntax]) -> Expression {
        if !mistakes.isFull { refuse(unknownName: "unknown function \(quoted(name))", hint: functionHint(name, arguments)) }
        for argument in arguments { _ = check(argument) }
        return unknown()
    }

    private func functionHint(_ name: String, _ arguments: [Syntax]) -> String? {
        if case .literal(.string(let text))? = arguments.first {
            switch ForeignForms.conversion(name) {
            case "ToDate": return LiteralHint.text(text, as: .date)
            case "ToDateTime": return LiteralHint.text(text, as: .datetime)
            default: break
            }
        }
        let names = FunctionNames.all + Syntax.AggregateWord.allCases.map(\.rawValue)
        return ForeignForms.function(name) ?? NearestName.nearest(to: name, among: names).map { "did you mean \($0.name)?" }
    }

    /// The engine's clock.
    private mutating func now() -> Expression {
        dependence.onClock = true
        return .clock(offset: 0, unit: .seconds, zone: zone)
    }

    /// A value of which but its type is known.
    private mutating func typed(_ type: ValueType) -> Expression {
        dependence.isUnknown = true
        return .coalesce([.literal(.null)], type: type)
    }

    // MARK: Arguments

    /// Whether there are as many arguments as a function takes. Where there are not, their names are looked at.
    private mutating func expect(_ range: ClosedRange<Int>, _ arguments: [Syntax], of function: String, _ signature: String) -> Bool {
        if range.contains(arguments.count) { return true }
        let (low, high) = (range.lowerBound, range.upperBound)
        let expected = low == high ? "\(low) argument\(low == 1 ? "" : "s")" : "\(low) to \(high) arguments"
        refuse("\(function) takes \(expected), not \(arguments.count)", hint: "\(function)(\(signature))")
        for argument in arguments { _ = check(argument) }
        return false
    }

    private mutating func check(_ argument: Expression, _ parameter: Parameter, position: Int, of function: String) -> Bool {
        if argument.type == .null || parameter.types.contains(argument.type) { return true }
        let expected = parameter.types.map { "\($0)" }.joined(separator: " or ")
        refuse(
            "argument \(position) of \(function) must be \(expected), not \(argument.type)",
            hint: LiteralHint.argument(argument, as: parameter.types))
        return false
    }

    /// The arguments; nil when one of them cannot be one.
    mutating func checked(_ arguments: [Syntax], _ parameters: Parameters, of function: String) -> [Expression]? {
        guard expect(parameters.least...parameters.most, arguments, of: function, parameters.written) else { return nil }
        var found: [Expression] = []
        var isRight = true
        for (position, argument) in arguments.enumerated() {
            found.append(check(argument))
            isRight = check(found[position], parameters[position], position: position + 1, of: function) && isRight
        }
        return isRight ? found : nil
    }

    private mutating func plain(
        _ function: Function, _ arguments: [Expression], _ result: FunctionNames.Result, _ name: String
    ) -> Expression {
        switch result {
        case .type(let type): return .call(function, arguments, type: type, zone: zone)
        case .first: return Expression.call(function, arguments, type: arguments[0].type, zone: zone).known(from: [arguments[0]])
        case .same:
            guard let type = merged(arguments, name) else { return unknown() }
            return Expression.call(function, arguments.map { $0.as(type) }, type: type, zone: zone).known(from: arguments)
        }
    }

    /// The one type of several results: "integer and double give double; a date and an instant are not mixed" (decision 21).
    mutating func merged(_ results: [Expression], _ what: String) -> ValueType? {
        var found = Expression.literal(.null)
        for result in results where result.type != found.type && result.type != .null {
            if found.type == .null {
                found = result
            } else if found.type.isNumber, result.type.isNumber {
                if result.type == .double { found = result }
            } else {
                let isTime = [found.type, result.type].allSatisfy { $0 == .date || $0 == .datetime }
                let hint = isTime ? "convert one of them: ToDate or ToDateTime" : LiteralHint.mismatch(found, result)
                refuse("\(what) mixes \(found.type) and \(result.type)", hint: hint)
                return nil
            }
        }
        return found.type
    }

    // MARK: Time

    /// So many units from a date or an instant. From the clock, by a number that is written out, it is a clock too.
    private func shifted(_ start: Expression, by count: Expression, _ unit: CalendarUnit, isBackward: Bool) -> Expression {
        let count = isBackward ? count.negated : count
        if start == .clock(offset: 0, unit: .seconds, zone: zone), case .literal(.integer(let number)) = count {
            return .clock(offset: number, unit: unit, zone: zone)
        }
        let isExact = ![.days, .months, .years].contains(unit)
        return Expression.call(.adding(unit), [start, count], type: isExact ? .datetime : start.type, zone: zone).known(from: [start])
    }

    private mutating func difference(_ unit: CalendarUnit, _ arguments: [Expression]?) -> Expression {
        guard let arguments else { return typed(.integer) }
        return .call(.difference(in: unit), arguments, type: .integer, zone: zone)
    }

    /// "The instant whose wall time in the campaign's zone is the wall time of t in the zone; the zone is a literal" (decision 24):
    /// the wall time by the one, read by the other.
    private mutating func toTimeZone(_ arguments: [Syntax], _ name: String) -> Expression {
        guard let found = checked(arguments, Parameters(list: [.moment, .text]), of: name) else { return typed(.datetime) }
        guard case .literal(.string(let other)) = found[1] else {
            if !found[1].isUnknown {
                refuse("the time zone of \(name) must be a text that is written out", hint: "\(name)(moment, 'Europe/Paris')")
            }
            return typed(.datetime)
        }
        if let mistake = timeZones.mistake(in: other) {
            refuse(mistake.message, hint: mistake.hint)
            return typed(.datetime)
        }
        let wall = Expression.call(.wallTime, [found[0]], type: .datetime, zone: other)
        return .call(.toTimeZone, [wall], type: .datetime, zone: zone)
    }

    // MARK: Conditional functions

    private mutating func coalesce(_ arguments: [Syntax], _ name: String) -> Expression {
        guard expect(1...Parameters.most, arguments, of: name, "value, other, …") else { return unknown() }
        let found = nullTested { checker in arguments.map { checker.check($0) } }
        guard let type = merged(found, name) else { return unknown() }
        return Expression.coalesce(found.map { $0.as(type) }, type: type).known(from: found)
    }

    /// "`NoNull(x)`: '' or 0 or FALSE".
    private mutating func noNull(_ arguments: [Syntax], _ name: String) -> Expression {
        guard expect(1...1, arguments, of: name, "value") else { return unknown() }
        let value = nullTested { $0.check(arguments[0]) }
        if value.isUnknown { return value }
        let nothing: Literal
        switch value.type {
        case .string: nothing = .string("")
        case .integer: nothing = .integer(0)
        case .double: nothing = .double(0)
        case .boolean: nothing = .boolean(false)
        case .null, .date, .datetime: return refused("\(name) of \(value.type)", hint: "use Coalesce")
        }
        return .coalesce([value, .literal(nothing)], type: value.type)
    }

    /// "`Decode(v, k1, r1, …, [default])` compares with `=` (null equals nothing)".
    private mutating func decode(_ arguments: [Syntax], _ name: String) -> Expression {
        guard expect(3...Parameters.most, arguments, of: name, "value, key, result, …, default") else { return unknown() }
        let (value, size) = withoutReads { $0.measured(arguments[0]) }
        var branches: [Choice] = []
        for place in stride(from: 1, to: arguments.count - 1, by: 2) {
            count(size + 1)
            let key = withoutReads { $0.check(arguments[place]) }
            warn(aboutEnum: value, key)
            branches.append(Choice(condition: compared(.equal, value, key), result: check(arguments[place + 1])))
        }
        let hasDefault = arguments.count % 2 == 0
        let otherwise = hasDefault ? check(arguments[arguments.count - 1]) : .literal(.null)
        return chosen(branches, otherwise: otherwise, name)
    }

    /// CASE and Iif.
    mutating func choice(_ branches: [(condition: Syntax, result: Syntax)], otherwise: Syntax, _ name: String) -> Expression {
        var found: [Choice] = []
        for branch in branches {
            let condition = withoutReads { $0.condition(branch.condition, name == "CASE" ? "WHEN" : "argument 1 of \(name)") }
            found.append(Choice(condition: condition, result: check(branch.result)))
        }
        return chosen(found, otherwise: check(otherwise), name)
    }

    private mutating func chosen(_ branches: [Choice], otherwise: Expression, _ name: String) -> Expression {
        let results = branches.map(\.result) + [otherwise]
        guard let type = merged(results, name) else { return unknown() }
        return Expression.choose(
            branches.map { Choice(condition: $0.condition, result: $0.result.as(type)) }, otherwise: otherwise.as(type), type: type
        ).known(from: results)
    }
}

extension Expression {
    /// The same value as a double, if that is wanted and it is an integer.
    func `as`(_ wanted: ValueType) -> Expression {
        guard wanted == .double, type == .integer else { return self }
        if case .literal(.integer(let value)) = self { return .literal(.double(Double(value))) }
        return .toDouble(self)
    }

    /// The number with the other sign: of one that is written out, written out.
    var negated: Expression {
        switch self {
        case .literal(.integer(let value)) where value != .min: .literal(.integer(-value))
        case .literal(.double(let value)): .literal(.double(0 - value))
        default: .negate(self)
        }
    }
}
