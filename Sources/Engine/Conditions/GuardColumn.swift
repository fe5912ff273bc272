// Where conditions are found by the value of a field, and within it by window.

/// The conditions that one column guards: by key, in groups by window.
struct GuardColumn: ~Copyable {
    /// nil: conditions that have a window and no such column; all under key 0.
    let column: ColumnNumber?
    private var reads = SignalCounts()
    private var numbers = IntegerMap()
    private var postings = Vector<Posting>()

    init(column: ColumnNumber?) {
        self.column = column
    }

    /// Whether a condition that is found here reads some of the signals.
    @inline(__always)
    func reads(_ signals: SignalBits) -> Bool { reads.bits & signals != 0 }

    /// Adds a condition that reads some signals under each of some keys.
    mutating func add(
        _ condition: Number<Condition>, under keys: [Int64], in window: Number<Window>?, reading signals: SignalBits, _ plan: borrowing Plan
    ) {
        reads.add(signals, 1)
        for key in keys { postings[posting(of: key)].add(condition, in: window, plan) }
    }

    mutating func remove(_ condition: Number<Condition>, under keys: [Int64], reading signals: SignalBits) {
        reads.add(signals, -1)
        for key in keys {
            if let posting = find(key) { postings[posting].remove(condition) }
        }
    }

    mutating func sort(_ plan: borrowing Plan) {
        for posting in postings.numbers { postings[posting].sort(plan) }
    }

    /// Appends the conditions whose key the row has, in whose window it is.
    @inline(__always)
    func find(
        _ row: RowNumber, _ columns: borrowing Vector<Column>, _ plan: borrowing Plan, into found: inout Vector<Number<Condition>>,
        evaluations: inout Int
    ) {
        var key: Int64 = 0
        if let column {
            evaluations += 1
            guard let value = columns[column].key(row) else { return }
            key = value
        }
        guard let posting = find(key) else { return }
        postings[posting].find(row, columns, plan, into: &found, evaluations: &evaluations)
    }

    @inline(__always)
    private func find(_ key: Int64) -> Number<Posting>? { numbers.find(UInt64(bitPattern: key)).map { Number($0) } }

    /// The posting of a key, new if need be.
    private mutating func posting(of key: Int64) -> Number<Posting> {
        if let found = find(key) { return found }
        let number = postings.nextNumber
        postings.append(Posting())
        numbers.insert(UInt64(bitPattern: key), number.value)
        return number
    }
}

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
