// Counts of a batch that may be decoded again.

/// A count that can take back what it counted since it was settled last: a batch may be decoded twice.
struct SettledCount {
    private var settled = 0
    private var pending = 0

    var total: Int { settled + pending }

    mutating func add() { pending += 1 }

    mutating func settle(keeping: Bool) {
        if keeping { settled += pending }
        pending = 0
    }
}
