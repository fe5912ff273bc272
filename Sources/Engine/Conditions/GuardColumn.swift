// Where conditions are found by the value of a field, and within it by window.

/// The postings of one guard column: by key, conditions in groups by window.
struct GuardColumn: ~Copyable {
    /// nil: conditions that have a window and no such column; all under key 0.
    let column: ColumnNumber?
    /// What the conditions found here read.
    var reads = SignalCounts()
    private var numbers = IntegerMap()
    var postings = Vector<Posting>()

    init(column: ColumnNumber?) {
        self.column = column
    }

    @inline(__always)
    func find(_ key: Int64) -> Number<Posting>? { numbers.find(UInt64(bitPattern: key)).map { Number($0) } }

    /// The posting of a key, new if need be.
    mutating func posting(of key: Int64) -> Number<Posting> {
        if let found = find(key) { return found }
        let number = postings.nextNumber
        postings.append(Posting())
        numbers.insert(UInt64(bitPattern: key), number.value)
        return number
    }
}

struct Posting: ~Copyable {
    /// Without window first, then by window column and by the term's value, so that a walk ends at the first window not reached.
    var groups = Vector<GuardGroup>()

    /// Takes a condition out, and with the last one its group.
    mutating func remove(_ condition: Number<Condition>) {
        for place in (0..<groups.count).reversed() {
            groups[place].conditions.removeFirst(condition)
            if groups[place].conditions.isEmpty { _ = groups.take(at: place) }
        }
    }
}

struct GuardGroup: ~Copyable {
    let window: Number<Window>?
    var conditions = Vector<Number<Condition>>()

    init(window: Number<Window>?) {
        self.window = window
    }
}
