// Rows, one bit each, and a bit for each word of those that is not empty, so that few rows among many are visited in the time of few.

struct RowSet: ~Copyable {
    private var words = Vector<UInt64>()
    /// A bit for each word that has one.
    private var filled = Vector<UInt64>()
    private(set) var count = 0

    func contains(_ row: RowNumber) -> Bool {
        let word = Int(row.value) >> 6
        return word < words.count && words[word] >> UInt64(row.value & 63) & 1 == 1
    }

    /// Those of some rows that are there.
    @inline(__always)
    func rows(of block: RowBlock) -> RowBlock {
        let word = Int(block.first) >> 6
        return block.intersection(word < words.count ? words[word] : 0)
    }

    /// Adds a row that is not there.
    mutating func insert(_ row: RowNumber) {
        let word = Int(row.value) >> 6
        words.grow(to: word + 1, filling: 0)
        filled.grow(to: word >> 6 + 1, filling: 0)
        words[word] |= 1 << UInt64(row.value & 63)
        filled[word >> 6] |= 1 << UInt64(word & 63)
        count += 1
    }

    /// Removes a row that is there.
    mutating func remove(_ row: RowNumber) {
        let word = Int(row.value) >> 6
        words[word] &= ~(1 << UInt64(row.value & 63))
        if words[word] == 0 { filled[word >> 6] &= ~(1 << UInt64(word & 63)) }
        count -= 1
    }

    /// How many there are by their bits, and how many words those are in.
    var counted: (rows: Int, words: Int) {
        ((0..<words.count).reduce(0) { $0 + words[$1].nonzeroBitCount }, words.count)
    }

    /// The first row at or after a number; nil when there is none.
    func first(from start: Int32) -> RowNumber? {
        var word = Int(start) >> 6
        guard word < words.count else { return nil }
        let rest = words[word] & ~UInt64(0) << UInt64(start & 63)
        if rest != 0 { return RowNumber(word << 6 | rest.trailingZeroBitCount) }
        word += 1
        var group = word >> 6
        guard group < filled.count else { return nil }
        var left = filled[group] & ~UInt64(0) << UInt64(word & 63)
        while left == 0 {
            group += 1
            if group == filled.count { return nil }
            left = filled[group]
        }
        word = group << 6 | left.trailingZeroBitCount
        return RowNumber(word << 6 | words[word].trailingZeroBitCount)
    }
}
