// Where an expression may mention the clock (semantics §3, Time): "any comparison may mention the clock as long as one side depends on
// the clock alone […] or has the form XDiff(NOW(), path) ⋈ constant, XOld(path) ⋈ constant. […] A clock use outside these forms is
// refused at publish, with a rewrite as the hint."

enum ClockRule {
    /// What a value depends on, apart from comparisons inside it that may mention the clock: their clock is theirs alone, and makes
    /// them depend on the row as far as others can tell.
    private struct Dependence: Equatable {
        var onClock = false
        var onRow = false

        static func | (a: Dependence, b: Dependence) -> Dependence {
            Dependence(onClock: a.onClock || b.onClock, onRow: a.onRow || b.onRow)
        }
    }

    private static let hint =
        "compare one side that depends on the clock alone with the field, as in at >= DaysAgo(30) or AddDays(at, 30) >= NOW()"

    /// Refuses an expression that uses the clock where it may not.
    static func check(_ syntax: Syntax) throws(ExpressionError) {
        if try dependence(of: syntax).onClock { throw ExpressionError("the clock is used outside a comparison", hint: hint) }
    }

    private static func dependence(of syntax: Syntax) throws(ExpressionError) -> Dependence {
        switch syntax {
        case .literal: return Dependence()
        case .path: return Dependence(onRow: true)
        case .call(let name, let arguments):
            var found = try dependence(ofAll: arguments)
            if FunctionNames.form(name)?.form.readsTheClock == true { found.onClock = true }
            return found
        case .aggregate(_, _, let filter):
            if let filter { try check(filter) }
            return Dependence(onRow: true)
        case .compare(_, let a, let b): return try comparison(of: a, with: [b])
        case .isOneOf(let value, let items, _): return try comparison(of: value, with: items)
        case .between(let value, let low, let high, _): return try comparison(of: value, with: [low, high])
        case .textTest(_, let a, let b, _): return try dependence(of: a) | dependence(of: b)
        case .isNull(let operand, _), .isEmpty(let operand, _), .not(let operand), .negative(let operand):
            return try dependence(of: operand)
        case .and(let operands), .or(let operands): return try dependence(ofAll: operands)
        case .arithmetic(let first, let rest):
            var found = try dependence(of: first)
            for (_, operand) in rest { found = try found | dependence(of: operand) }
            return found
        case .choice(let branches, let otherwise):
            var found = try dependence(of: otherwise)
            for branch in branches { found = try found | dependence(of: branch.condition) | dependence(of: branch.result) }
            return found
        }
    }

    private static func dependence(ofAll operands: [Syntax]) throws(ExpressionError) -> Dependence {
        var found = Dependence()
        for operand in operands { found = try found | dependence(of: operand) }
        return found
    }

    private static func comparison(of value: Syntax, with others: [Syntax]) throws(ExpressionError) -> Dependence {
        let left = try dependence(of: value)
        var all = left
        for other in others {
            let right = try dependence(of: other)
            all = all | right
            let isSplit = !(left.onClock && left.onRow) && !(right.onClock && right.onRow)
            let isAge = ageOfPath(value) != nil && right == Dependence() || ageOfPath(other) != nil && left == Dependence()
            if !isSplit, !isAge {
                throw ExpressionError("both the clock and the row are on one side of a comparison", hint: hint)
            }
        }
        return Dependence(onRow: all.onClock || all.onRow)
    }

    /// `XDiff(NOW(), path)` or `XOld(path)`: the unit, and the place of the path among the arguments.
    static func ageOfPath(_ syntax: Syntax) -> (unit: CalendarUnit, place: Int, arguments: [Syntax])? {
        guard case .call(let name, let arguments) = syntax else { return nil }
        switch FunctionNames.form(name)?.form {
        case .old(let unit) where isPath(arguments.first): return (unit, 0, arguments)
        case .difference(let unit) where arguments.count == 2 && isPath(arguments[1]):
            guard case .call(let inner, _) = arguments[0], case .now? = FunctionNames.form(inner)?.form else { return nil }
            return (unit, 1, arguments)
        default: return nil
        }
    }

    private static func isPath(_ syntax: Syntax?) -> Bool {
        if case .path = syntax { true } else { false }
    }
}
