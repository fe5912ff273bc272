// Calls: those that make a clock are understood, the other functions of the page are refused by name (semantics §3, Time).

extension Checker {
    mutating func call(_ name: String, _ arguments: [Syntax]) throws(ExpressionError) -> Expression {
        guard let known = FunctionNames.known(name) else {
            let names = FunctionNames.all + Syntax.AggregateWord.allCases.map(\.rawValue)
            let nearest = NearestName.nearest(to: name, among: names)?.name
            throw ExpressionError("unknown function \(quoted(name))", hint: nearest.map { "did you mean \($0)?" })
        }
        switch FunctionNames.clockFunction(known) {
        case nil:
            throw Self.unsupported("the function \(known)")
        case .now:
            try expect(0, arguments, of: known)
            return .clock(offset: 0, unit: .seconds, zone: zone)
        case .ago(let unit):
            try expect(1, arguments, of: known)
            return .clock(offset: 0 &- (try wholeNumber(arguments[0], position: 1, of: known)), unit: unit, zone: zone)
        case .shifted(let unit, let isBackward):
            try expect(2, arguments, of: known)
            guard try isClock(arguments[0], of: known) else { throw Self.unsupported("\(known) of anything but NOW()") }
            let number = try wholeNumber(arguments[1], position: 2, of: known)
            return .clock(offset: isBackward ? 0 &- number : number, unit: unit, zone: zone)
        }
    }

    private func expect(_ number: Int, _ arguments: [Syntax], of function: String) throws(ExpressionError) {
        guard arguments.count == number else {
            throw ExpressionError("\(function) takes \(number) argument\(number == 1 ? "" : "s"), not \(arguments.count)")
        }
    }

    /// Whether an argument is `NOW()` or `GetDate()` itself.
    private mutating func isClock(_ argument: Syntax, of function: String) throws(ExpressionError) -> Bool {
        let checked = try check(argument)
        guard [.date, .datetime, .null].contains(checked.type) else {
            throw ExpressionError("argument 1 of \(function) must be date or datetime, not \(checked.type)")
        }
        guard case .call(let name, _) = argument else { return false }
        return ["NOW", "GetDate"].contains(FunctionNames.known(name))
    }

    /// A count that is written out. Literals reach from -(2^63-1) to 2^63-1, so its negative is one too.
    private mutating func wholeNumber(_ argument: Syntax, position: Int, of function: String) throws(ExpressionError) -> Int64 {
        let checked = try check(argument)
        if case .literal(.integer(let value)) = checked { return value }
        guard checked.type == .integer || checked.type == .null else {
            throw ExpressionError("argument \(position) of \(function) must be integer, not \(checked.type)")
        }
        throw Self.unsupported("\(function) with a count that is not a number written out")
    }
}
