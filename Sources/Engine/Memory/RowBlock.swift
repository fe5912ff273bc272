// Rows 64 at a time: a whole table is looked through a word of bits after the other, without a branch for each row.

/// Some of 64 rows, from a multiple of 64 on: a bit for each. A copy is gone through in the order of rows.
struct RowBlock: BitwiseCopyable, Sequence, IteratorProtocol {
    /// The number of the row that the lowest bit is for.
    let first: Int32
    var bits: UInt64

    var isEmpty: Bool { bits == 0 }

    var underestimatedCount: Int { bits.nonzeroBitCount }

    @inline(__always)
    mutating func next() -> RowNumber? {
        guard bits != 0 else { return nil }
        let row = RowNumber(first + Int32(truncatingIfNeeded: bits.trailingZeroBitCount))
        bits &= bits - 1
        return row
    }

    /// Those of the rows that something is true of; it is asked of each.
    @inline(__always)
    func filter(_ isMeant: (RowNumber) -> Bool) -> RowBlock {
        var found: UInt64 = 0
        for row in self where isMeant(row) { found |= 1 << UInt64(row.value & 63) }
        return RowBlock(first: first, bits: found)
    }

    /// Those of the rows with a bit.
    @inline(__always)
    func intersection(_ bits: UInt64) -> RowBlock { RowBlock(first: first, bits: self.bits & bits) }

    /// Whether asking each of the rows costs less than comparing all 64.
    @inline(__always)
    var isSparse: Bool { bits.nonzeroBitCount <= 12 }
}

/// The first so many rows, in blocks.
struct RowBlocks: BitwiseCopyable, Sequence, IteratorProtocol {
    private var first: Int32 = 0
    private let count: Int32

    init(count: Int) {
        self.count = Int32(count)
    }

    @inline(__always)
    mutating func next() -> RowBlock? {
        guard first < count else { return nil }
        defer { first &+= 64 }
        return RowBlock(first: first, bits: count - first >= 64 ? ~0 : ~(~0 << UInt64(count - first)))
    }
}

/// A bit for each number from 0 to 63 of which something is true. It is asked of all, whatever it says of the others.
@inline(__always)
func bits(of isTrue: (Int) -> Bool) -> UInt64 {
    var found: UInt64 = 0
    for group in stride(from: 0, to: 64, by: 8) {
        var byte: UInt64 = 0
        for place in 0..<8 { byte |= (isTrue(group + place) ? 1 : 0) << UInt64(place) }
        found |= byte << UInt64(group)
    }
    return found
}
