// Rows that are gathered with their keys and then sorted, to fill an order with: one word a row where the keys lie so close together that
// key and row fit in one, as those of the rows of a window do. Half the memory is half the time, most of which goes by for memory.

/// Rows of one table that come in the order of their numbers, each with its key, and leave in the order of their keys.
struct KeyedRows: ~Copyable {
    /// What a word is.
    private struct Layout: BitwiseCopyable {
        /// No key is before it.
        let floor: Int64
        /// How many bits of a word are the row; those above are how far its key is from the floor.
        let rowBits: UInt64

        @inline(__always)
        func row(_ word: UInt64) -> KeyedRow {
            KeyedRow(
                key: Int64(bitPattern: UInt64(bitPattern: floor) &+ word >> rowBits),
                row: RowNumber(Int32(truncatingIfNeeded: word & ~(~0 << rowBits))))
        }
    }

    private let layout: Layout
    private var words = Vector<UInt64>()
    /// The bits that some of those distances have.
    private var distances: UInt64 = 0
    /// All of them, as soon as one does not fit.
    private var wide = Vector<KeyedRow>()

    /// `rows`: how many the table has.
    init(from floor: Int64, of rows: Int) {
        layout = Layout(floor: floor, rowBits: UInt64(UInt64.bitWidth - UInt64(rows).leadingZeroBitCount))
    }

    @inline(__always)
    mutating func append(_ key: Int64, _ row: RowNumber) {
        let distance = UInt64(bitPattern: key) &- UInt64(bitPattern: layout.floor)
        if wide.isEmpty && distance >> (64 - layout.rowBits) == 0 {
            distances |= distance
            words.append(distance << layout.rowBits | UInt64(row.value))
        } else {
            appendWide(KeyedRow(key: key, row: row))
        }
    }

    @inline(never)
    private mutating func appendWide(_ row: KeyedRow) {
        if wide.isEmpty {
            for place in 0..<words.count { wide.append(layout.row(words[place])) }
            words = Vector()
        }
        wide.append(row)
    }

    func forEach(_ visit: (_ key: Int64, _ row: RowNumber) -> Void) {
        for place in 0..<words.count {
            let row = layout.row(words[place])
            visit(row.key, row.row)
        }
        for place in 0..<wide.count { visit(wide[place].key, wide[place].row) }
    }

    /// Sorts them, and adds them to an order, all of whose rows come behind them.
    mutating func prepend(to index: inout OrderedRows<KeyedRow>) {
        if wide.isEmpty {
            let layout = layout
            words.sort(bits: UInt64.bitWidth - distances.leadingZeroBitCount) { $0 &>> layout.rowBits }
            index.prepend(UnsafeBufferPointer(start: words.base, count: words.count).lazy.map { layout.row($0) })
        } else {
            var (least, most) = (wide[0].key, wide[0].key)
            for place in 1..<wide.count {
                least = min(least, wide[place].key)
                most = max(most, wide[place].key)
            }
            let start = UInt64(bitPattern: least)
            let bits = UInt64.bitWidth - (UInt64(bitPattern: most) &- start).leadingZeroBitCount
            wide.sort(bits: bits) { UInt64(bitPattern: $0.key) &- start }
            index.prepend(UnsafeBufferPointer(start: wide.base, count: wide.count))
        }
    }
}

extension Vector where Element: BitwiseCopyable {
    private static var digitBits: Int { 11 }

    /// Sorts by a number of so many bits, 11 of them at a time, the lowest first; those with the same one stay as they are.
    fileprivate mutating func sort(bits: Int, by number: (Element) -> UInt64) {
        let digits = (bits + Self.digitBits - 1) / Self.digitBits
        guard digits > 0 else { return }
        let values = 1 << Self.digitBits
        func digit(_ element: Element, _ place: Int) -> Int {
            Int(truncatingIfNeeded: number(element) &>> UInt64(place * Self.digitBits)) & (values - 1)
        }
        // Of each digit how many have each value, and then where the next of them belongs.
        let places = Vector<Int>(zeros: digits * values)
        for element in 0..<count {
            for place in 0..<digits { places.base[place * values + digit(base[element], place)] += 1 }
        }
        var other = Vector(unset: count)
        for place in 0..<digits {
            let next = places.base + place * values
            var sum = 0
            for value in 0..<values { (next[value], sum) = (sum, sum + next[value]) }
            for element in 0..<count {
                let value = digit(base[element], place)
                other.base[next[value]] = base[element]
                next[value] += 1
            }
            Swift.swap(&self, &other)
        }
    }
}
