// Where conditions are found by the value of a field, and within it by window.

/// The postings of one guard column: by key, conditions in groups by window.
struct GuardColumn: ~Copyable {
    /// -1: conditions that have a window and no such field; all under key 0.
    let column: Int32
    /// What the conditions found here read.
    var reads = SignalCounts()
    var numbers = IntegerMap()
    var postings = Vector<Posting>()

    init(column: Int32) {
        self.column = column
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
