// The conditions found by one key of a guard column, by window.

/// The conditions of one key.
struct Posting: ~Copyable {
    /// Without window first, then by window column and by the term's value, so that a walk ends at the first window not reached.
    private var groups = Vector<GuardGroup>()

    mutating func add(_ condition: Number<Condition>, in window: Number<Window>?, _ plan: borrowing Plan) {
        var place = 0
        while place < groups.count && groups[place].window != window { place += 1 }
        if place == groups.count {
            groups.append(GuardGroup(window: window))
            place = moveToItsPlace(place, plan)
        }
        groups[place].conditions.append(condition)
    }

    /// Takes a condition out, and with the last one its group.
    mutating func remove(_ condition: Number<Condition>) {
        for place in (0..<groups.count).reversed() {
            groups[place].conditions.removeFirst(condition)
            if groups[place].conditions.isEmpty { _ = groups.take(at: place) }
        }
    }

    mutating func sort(_ plan: borrowing Plan) {
        for place in 0..<groups.count { _ = moveToItsPlace(place, plan) }
    }

    /// Moves the group at a place to where it stands among those before it, which are in order; returns where that is.
    private mutating func moveToItsPlace(_ last: Int, _ plan: borrowing Plan) -> Int {
        var place = last
        while place > 0 && Self.isBefore(groups[place].window, groups[place - 1].window, plan) {
            groups.swap(place, place - 1)
            place -= 1
        }
        return place
    }

    /// Whether a window group comes before another: none first, then by column, then by where the window begins.
    private static func isBefore(_ a: Number<Window>?, _ b: Number<Window>?, _ plan: borrowing Plan) -> Bool {
        guard let a, let b else { return a == nil && b != nil }
        let (first, second) = (plan.windows[a], plan.windows[b])
        if let one = first.column, let other = second.column, one != other { return one < other }
        return ClockTerm.instant(plan.terms[first.term].value) < ClockTerm.instant(plan.terms[second.term].value)
    }

    /// Appends the conditions in whose window the row is.
    @inline(__always)
    func find(
        _ row: RowNumber, _ columns: borrowing Vector<Column>, _ plan: borrowing Plan, into found: inout Vector<Number<Condition>>,
        evaluations: inout Int
    ) {
        var passedOver: ColumnNumber?
        for place in 0..<groups.count {
            if let number = groups[place].window {
                let (column, term) = (plan.windows[number].column!, plan.windows[number].term)
                if column == passedOver { continue }
                evaluations += 1
                // A window without beginning says nothing of those that follow; else they begin later still, on this column.
                guard let start = plan.terms[term].key else { continue }
                guard let time = columns[column].key(row), time >= start else {
                    passedOver = column
                    continue
                }
            }
            found.append(contentsOf: groups[place].conditions)
        }
    }
}

/// The conditions of one key and one window.
struct GuardGroup: ~Copyable {
    let window: Number<Window>?
    var conditions = Vector<Number<Condition>>()

    init(window: Number<Window>?) {
        self.window = window
    }
}
