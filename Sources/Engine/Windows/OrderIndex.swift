// The rows in the order of what a window is about. A field of instants, dates or integers is its own place in the order; of other nodes
// the place of each row is kept, so that it is found again after the value changed. A window is a position in such an order, so its length
// costs nothing; positions stand still and go back too, so rows stay after they were passed. Rows long before every window are left out:
// most of a history is, and can only matter to a longer window, for which the order is filled further back.

/// The rows in the order of a node's values, while windows read it.
struct OrderIndex: ~Copyable {
    let node: NodeNumber
    /// The field, where the node is one whose values are their own places in the order; nil: the place of each row is kept.
    let column: ColumnNumber?
    /// The signals of the table that move a row.
    private var reads = ReadSet.nothing
    private var readers = 0
    /// Rows before this place are left out; of computed values none is, since their windows may begin anywhere.
    private(set) var floor = Int64.max
    private var index = OrderedRows<KeyedRow>()
    /// Of computed values: the place of each row, and a bit for those that have one.
    private var keys = PerRow<Int64>()
    private var hasKey = Vector<UInt64>()

    init(node: NodeNumber, column: ColumnNumber?) {
        self.node = node
        self.column = column
    }

    /// What it takes.
    var byteCount: Int { index.byteCount + keys.byteCount + hasKey.byteCount }

    // Readers.

    /// Whether a window reads it; else it holds no rows.
    @inline(__always)
    var isRead: Bool { readers > 0 }

    /// Adds (1) or takes away (-1) one window, whose node reads some signals. With the last one all rows go.
    mutating func addReader(reading reads: ReadSet, _ count: Int32) {
        readers += Int(count)
        self.reads = reads
        if readers == 0 { removeAll() }
    }

    /// Whether a row may have another place after some signals; the engine moves those of fields when it writes them.
    @inline(__always)
    func isMoved(by signals: Signals) -> Bool { column == nil && readers > 0 && reads.meets(signals) }

    // For an audit (Audit/PlainRows.swift).

    /// Whether a row that has a place, or has none, stands there, and nowhere else that is known.
    func isHeld(_ row: RowNumber, at key: Int64?) -> Bool {
        if column == nil, self.key(of: row) != key { return false }
        guard let key else { return true }
        let entry = KeyedRow(key: key, row: row)
        let isThere = index.atOrAfter(entry).map { index[$0] == entry } ?? false
        return isThere == (key >= floor)
    }

    /// Whether the place of a row is kept.
    func hasPlace(_ row: RowNumber) -> Bool { key(of: row) != nil }

    // Rows of fields.

    mutating func insert(_ row: RowNumber, at key: Int64) {
        if key >= floor { index.insert(KeyedRow(key: key, row: row)) }
    }

    mutating func remove(_ row: RowNumber, at key: Int64) {
        if key >= floor { index.remove(KeyedRow(key: key, row: row)) }
    }

    // Rows of computed values.

    /// A row comes to a place, from the one that was kept of it; nil: it has none.
    mutating func move(_ row: RowNumber, to new: Int64?) {
        let old = key(of: row)
        if old == new { return }
        if let old { remove(row, at: old) }
        keep(new, of: row)
        if let new { insert(row, at: new) }
    }

    private func key(of row: RowNumber) -> Int64? {
        let word = Int(row.value) / 64
        return word < hasKey.count && hasKey[word] >> UInt64(row.value % 64) & 1 == 1 ? keys[row] : nil
    }

    private mutating func keep(_ key: Int64?, of row: RowNumber) {
        keys.grow(toHold: row, filling: 0)
        let (word, bit) = (Int(row.value) / 64, UInt64(1) << UInt64(row.value % 64))
        hasKey.grow(to: word + 1, filling: 0)
        if let key {
            keys[row] = key
            hasKey[word] |= bit
        } else {
            hasKey[word] &= ~bit
        }
    }

    // All rows.

    /// Reaches back to an earlier place: these are all rows that have a place from there on which are not held yet.
    mutating func extend(by rows: inout KeyedRows, from floor: Int64) {
        precondition(floor < self.floor, "an order reaches further back than before")
        if column == nil { rows.forEach { keep($0, of: $1) } }
        rows.prepend(to: &index)
        self.floor = floor
    }

    /// Leaves out the rows before a place.
    mutating func trim(to floor: Int64) {
        precondition(column != nil && floor >= self.floor, "an order of a field is trimmed from its beginning on")
        index.drop(before: KeyedRow(key: floor, row: .none))
        index.shrink()
        self.floor = floor
    }

    private mutating func removeAll() {
        floor = .max
        index = OrderedRows()
        keys = PerRow<Int64>()
        hasKey = Vector<UInt64>()
    }

    /// How many rows have a key of at least `start`.
    func count(from start: Int64) -> Int { index.count(from: KeyedRow(key: start, row: .none)) }

    /// The rows with a key of at least `start`.
    func rows(from start: Int64) -> RowSet {
        var found = RowSet()
        index.walk(from: KeyedRow(key: start, row: .none)) { found.insert($0.row) }
        return found
    }

    /// Appends the rows with `from` <= key <= `last`, in the order of their keys.
    func rows(from: Int64, through last: Int64, into found: inout Vector<RowNumber>) {
        index.walk(from: KeyedRow(key: from, row: .none), to: KeyedRow(key: last, row: RowNumber(Int32.max))) { found.append($0.row) }
    }
}
