// Expressions of the clock alone: evaluated when it moves, not for every row, and only while somebody reads them.

/// An expression of the clock alone, and its value at the engine's clock.
struct ClockTerm: BitwiseCopyable {
    var node: NodeNumber
    var value = Value.null
    /// Memory of a text value, owned by the term.
    var text: UnsafeMutableRawPointer?
    /// The same before the clock moved, while it moves.
    private(set) var previous = Value.null
    private var previousText: UnsafeMutableRawPointer?
    /// Conditions and attributes that use it otherwise than as one side of a window: all their rows are about it.
    var aloneReaders: Int32 = 0
    /// Those, windows, and terms that are made of it.
    private(set) var readers: Int32 = 0

    init(node: NodeNumber) {
        self.node = node
    }

    /// The value as a place in an order; nil for null and texts.
    var key: Int64? { value.sortKey }

    /// A value as guards see it, which compare it with instants and dates: null is before all of them.
    static func instant(_ value: Value) -> Int64 { value.sortKey ?? Int64.min }

    /// The clock is about to move.
    mutating func keepPrevious() {
        (previous, previousText) = (value, text)
        (value, text) = (.null, nil)
    }

    /// What it was and what it is, the other way round.
    mutating func exchange() {
        (value, previous) = (previous, value)
        (text, previousText) = (previousText, text)
    }

    /// The clock has moved.
    mutating func dropPrevious() {
        previousText?.deallocate()
        (previous, previousText) = (.null, nil)
    }

    /// Adds (1) or takes away (-1) one reader. Returns whether it is the first or was the last.
    mutating func addReader(_ count: Int32) -> Bool {
        readers += count
        return readers == (count > 0 ? 1 : 0)
    }
}
