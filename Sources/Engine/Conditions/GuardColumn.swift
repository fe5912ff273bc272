// Where conditions are found by the value of a field.

/// The conditions that one column guards: by key.
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
