// Some numbers, to be looked up for many rows: keys of a guard or of a condition on a column.

/// Numbers that are looked up. Of a narrow range they are bits, so that looking one up is no branch; else they are sorted.
struct KeySet: ~Copyable {
    private var least: Int64 = 0
    /// How many bits there are.
    private var width: UInt64 = 0
    private var bits = Vector<UInt64>()
    private var sorted = Vector<Int64>()

    /// The widest range that is bits: 8 KiB.
    private static let mostBits: UInt64 = 1 << 16

    init(_ keys: [Int64]) {
        guard let least = keys.min(), let most = keys.max() else { return }
        let last = UInt64(bitPattern: most &- least)
        if last >= Self.mostBits {
            for key in keys.sorted() { sorted.append(key) }
            return
        }
        self.least = least
        width = last + 1
        bits.grow(to: Int(last >> 6) + 1, filling: 0)
        for key in keys { bits[Int(UInt64(bitPattern: key &- least) >> 6)] |= 1 << (UInt64(bitPattern: key &- least) & 63) }
    }

    @inline(__always)
    func contains(_ key: Int64) -> Bool {
        let place = UInt64(bitPattern: key &- least)
        if width > 0 { return place < width && bits[Int(place >> 6)] >> (place & 63) & 1 == 1 }
        return isSorted(key)
    }

    private func isSorted(_ key: Int64) -> Bool {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low < sorted.count && sorted[low] == key
    }
}
