// Where an expression may mention the clock (semantics §3, Time): "any comparison may mention the clock as long as one side depends on
// the clock alone […] or has the form XDiff(NOW(), path) ⋈ constant, XOld(path) ⋈ constant. […] A clock use outside these forms is
// refused at publish, with a rewrite as the hint." Where a name is unknown, so is what its value depends on: nothing is told there.

/// What a value depends on, apart from comparisons inside it that may mention the clock: their clock is theirs alone, and makes them
/// depend on the row as far as others can tell.
struct Dependence: Equatable {
    var onClock = false
    var onRow = false
    /// It may be anything.
    var isUnknown = false

    mutating func add(_ other: Dependence) {
        onClock = onClock || other.onClock
        onRow = onRow || other.onRow
        isUnknown = isUnknown || other.isUnknown
    }
}

enum ClockRule {
    static let hint = "compare one side that depends on the clock alone with the field, as in at >= DaysAgo(30) or AddDays(at, 30) >= NOW()"

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

extension Checker {
    /// What checking something finds, and what the value depends on; it is the caller's to say what that means around it.
    mutating func measuringDependence<Found>(_ check: (inout Checker) -> Found) -> (Found, Dependence) {
        let outer = dependence
        dependence = Dependence()
        let found = check(&self)
        let inner = dependence
        dependence = outer
        return (found, inner)
    }

    /// The rule for one comparison. Around it only a row is left, or what may be anything.
    mutating func checkClock(of value: Operand, with others: [Operand]) {
        let left = value.dependence
        var isRow = left != Dependence()
        var isUnknown = left.isUnknown
        for other in others {
            let right = other.dependence
            isRow = isRow || right != Dependence()
            isUnknown = isUnknown || right.isUnknown
            if left.isUnknown || right.isUnknown { continue }
            let isSplit = !(left.onClock && left.onRow) && !(right.onClock && right.onRow)
            let isAge = value.isAge && right == Dependence() || other.isAge && left == Dependence()
            if !isSplit, !isAge { refuse("both the clock and the row are on one side of a comparison", hint: ClockRule.hint) }
        }
        dependence.add(Dependence(onRow: isRow, isUnknown: isUnknown))
    }

    /// The rule for a whole expression, or a whole WHERE.
    mutating func checkClock(outsideOfComparisons found: Dependence) {
        if found.onClock, !found.isUnknown { refuse("the clock is used outside a comparison", hint: ClockRule.hint) }
    }
}
