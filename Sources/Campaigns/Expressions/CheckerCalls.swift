// Calls: arguments checked, and each written as the expression it stands for (semantics §3, DECISIONS 20–25).

extension Checker {
    mutating func call(_ name: String, _ arguments: [Syntax]) throws(ExpressionError) -> Expression {
        guard let (known, form) = FunctionNames.form(name) else {
            let names = FunctionNames.all + Syntax.AggregateWord.allCases.map(\.rawValue)
            let nearest = NearestName.nearest(to: name, among: names)?.name
            throw ExpressionError("unknown function \(quoted(name))", hint: nearest.map { "did you mean \($0)?" })
        }
        switch form {
        case .now:
            _ = try checked(arguments, Parameters(list: []), of: known)
            return now
        case .ago(let unit):
            let count = try checked(arguments, Parameters(list: [.integer]), of: known)[0]
            return shifted(now, by: count, unit, isBackward: true)
        case .shifted(let unit, let isBackward):
            let found = try checked(arguments, Parameters(list: [.moment, .integer]), of: known)
            return shifted(found[0], by: found[1], unit, isBackward: isBackward)
        case .difference(let unit):
            return difference(unit, try checked(arguments, Parameters(list: [.moment, .moment]), of: known))
        case .old(let unit):
            return difference(unit, [now] + (try checked(arguments, Parameters(list: [.moment]), of: known)))
        case .timeZone: return try toTimeZone(arguments, known)
        case .coalesce: return try coalesce(arguments, known)
        case .noNull: return try noNull(arguments, known)
        case .choice:
            try expect(3...3, arguments, of: known)
            return try choice([(condition: arguments[0], result: arguments[1])], otherwise: arguments[2], known)
        case .decode: return try decode(arguments, known)
        case .isEmpty:
            try expect(1...1, arguments, of: known)
            return try isEmpty(arguments[0])
        case .plain(let function, let parameters, let result):
            return try plain(function, checked(arguments, parameters, of: known), result, known)
        }
    }

    /// The engine's clock.
    private var now: Expression { .clock(offset: 0, unit: .seconds, zone: zone) }

    // MARK: Arguments

    private func expect(_ range: ClosedRange<Int>, _ arguments: [Syntax], of function: String) throws(ExpressionError) {
        guard !range.contains(arguments.count) else { return }
        let (low, high) = (range.lowerBound, range.upperBound)
        let expected = low == high ? "\(low) argument\(low == 1 ? "" : "s")" : "\(low) to \(high) arguments"
        throw ExpressionError("\(function) takes \(expected), not \(arguments.count)")
    }

    func checked(_ argument: Expression, _ parameter: Parameter, position: Int, of function: String) throws(ExpressionError) {
        guard argument.type == .null || parameter.types.contains(argument.type) else {
            let expected = parameter.types.map { "\($0)" }.joined(separator: " or ")
            throw ExpressionError("argument \(position) of \(function) must be \(expected), not \(argument.type)")
        }
    }

    mutating func checked(
        _ arguments: [Syntax], _ parameters: Parameters, of function: String
    ) throws(ExpressionError) -> [Expression] {
        try expect(parameters.least...parameters.most, arguments, of: function)
        var found: [Expression] = []
        for (position, argument) in arguments.enumerated() {
            found.append(try check(argument))
            try checked(found[position], parameters[position], position: position + 1, of: function)
        }
        return found
    }

    private func plain(
        _ function: Function, _ arguments: [Expression], _ result: FunctionNames.Result, _ name: String
    ) throws(ExpressionError) -> Expression {
        switch result {
        case .type(let type): return .call(function, arguments, type: type, zone: zone)
        case .first: return .call(function, arguments, type: arguments[0].type, zone: zone)
        case .same:
            let type = try merged(arguments, name)
            return .call(function, arguments.map { $0.as(type) }, type: type, zone: zone)
        }
    }

    /// The one type of several results: "integer and double give double; a date and an instant are not mixed" (DECISIONS 21).
    func merged(_ results: [Expression], _ what: String) throws(ExpressionError) -> ValueType {
        var found = ValueType.null
        for result in results where result.type != found && result.type != .null {
            if found == .null {
                found = result.type
            } else if found.isNumber, result.type.isNumber {
                found = .double
            } else {
                throw ExpressionError("\(what) mixes \(found) and \(result.type)", hint: "convert one of them")
            }
        }
        return found
    }

    // MARK: Time

    /// So many units from a date or an instant. From the clock, by a number that is written out, it is a clock too.
    private func shifted(_ start: Expression, by count: Expression, _ unit: CalendarUnit, isBackward: Bool) -> Expression {
        let count = isBackward ? count.negated : count
        if start == now, case .literal(.integer(let number)) = count { return .clock(offset: number, unit: unit, zone: zone) }
        let isExact = ![.days, .months, .years].contains(unit)
        return .call(.adding(unit), [start, count], type: isExact ? .datetime : start.type, zone: zone)
    }

    private func difference(_ unit: CalendarUnit, _ arguments: [Expression]) -> Expression {
        .call(.difference(in: unit), arguments, type: .integer, zone: zone)
    }

    /// "The instant whose wall time in the campaign's zone is the wall time of t in the zone; the zone is a literal" (DECISIONS 24):
    /// the wall time by the one, read by the other.
    private mutating func toTimeZone(_ arguments: [Syntax], _ name: String) throws(ExpressionError) -> Expression {
        let found = try checked(arguments, Parameters(list: [.moment, .text]), of: name)
        guard case .literal(.string(let other)) = found[1] else {
            throw ExpressionError("the time zone of \(name) must be a text that is written out")
        }
        guard isTimeZone(other) else {
            throw ExpressionError("unknown time zone \(quoted(other))", hint: "an IANA name, such as Europe/Paris")
        }
        let wall = Expression.call(.wallTime, [found[0]], type: .datetime, zone: other)
        return .call(.toTimeZone, [wall], type: .datetime, zone: zone)
    }

    // MARK: Conditional functions

    private mutating func coalesce(_ arguments: [Syntax], _ name: String) throws(ExpressionError) -> Expression {
        try expect(1...Parameters.most, arguments, of: name)
        var found: [Expression] = []
        for argument in arguments { found.append(try check(argument)) }
        let type = try merged(found, name)
        return .coalesce(found.map { $0.as(type) }, type: type)
    }

    /// "`NoNull(x)`: '' or 0 or FALSE".
    private mutating func noNull(_ arguments: [Syntax], _ name: String) throws(ExpressionError) -> Expression {
        try expect(1...1, arguments, of: name)
        let value = try check(arguments[0])
        let nothing: Literal
        switch value.type {
        case .string: nothing = .string("")
        case .integer: nothing = .integer(0)
        case .double: nothing = .double(0)
        case .boolean: nothing = .boolean(false)
        case .null, .date, .datetime: throw ExpressionError("\(name) of \(value.type)", hint: "use Coalesce")
        }
        return .coalesce([value, .literal(nothing)], type: value.type)
    }

    /// "`Decode(v, k1, r1, …, [default])` compares with `=` (null equals nothing)".
    private mutating func decode(_ arguments: [Syntax], _ name: String) throws(ExpressionError) -> Expression {
        try expect(3...Parameters.most, arguments, of: name)
        let (value, size) = try measured(arguments[0])
        var branches: [Choice] = []
        for place in stride(from: 1, to: arguments.count - 1, by: 2) {
            try count(size + 1)
            let isKey = try compared(.equal, value, check(arguments[place]))
            branches.append(Choice(condition: isKey, result: try check(arguments[place + 1])))
        }
        let hasDefault = arguments.count % 2 == 0
        let otherwise = hasDefault ? try check(arguments[arguments.count - 1]) : .literal(.null)
        return try chosen(branches, otherwise: otherwise, name)
    }

    /// CASE and Iif.
    mutating func choice(
        _ branches: [(condition: Syntax, result: Syntax)], otherwise: Syntax, _ name: String
    ) throws(ExpressionError) -> Expression {
        var found: [Choice] = []
        for branch in branches {
            let condition = try condition(branch.condition, name == "CASE" ? "WHEN" : "argument 1 of \(name)")
            found.append(Choice(condition: condition, result: try check(branch.result)))
        }
        return try chosen(found, otherwise: check(otherwise), name)
    }

    private func chosen(_ branches: [Choice], otherwise: Expression, _ name: String) throws(ExpressionError) -> Expression {
        let type = try merged(branches.map(\.result) + [otherwise], name)
        return .choose(
            branches.map { Choice(condition: $0.condition, result: $0.result.as(type)) }, otherwise: otherwise.as(type), type: type)
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
