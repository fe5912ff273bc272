// Rows as they were when an image was begun, for as long as their group is not copied: a row that is about to change is kept first, once.
// So an image shows one commit, and is copied between later ones, a group at a time.
//
// What it keeps: a bit for each row of the table; of a row that changes in time its values as in a group, a byte for each null bit.
// What it costs: two comparisons for each value that is written; while an image is taken, the copy of a row at its first change.
import Campaigns

struct KeptRows {
    /// Rows from `first` on, before `end`, are not copied yet; none while no image is taken.
    private(set) var first: Int32 = 0
    private(set) var end: Int32 = 0
    /// The columns that the image has; later ones are not in it.
    private(set) var columns = 0
    /// The bytes of all rows that are kept, one after the other.
    var bytes: [UInt8] = []
    private var isKept: [UInt64] = []
    private var rowsOfGroup = 1
    /// By the number of the group: each row, and where its bytes begin.
    private var groups: [Int: [(row: Int32, start: Int)]] = [:]

    init() {}

    /// An image of so many rows and columns is begun, to be copied in groups.
    init(rows: Int, columns: Int, rowsOfGroup: Int) {
        end = Int32(rows)
        self.columns = columns
        self.rowsOfGroup = rowsOfGroup
        isKept = Array(repeating: 0, count: (rows + 63) / 64)
    }

    /// Whether a row that is about to change must be kept first.
    @inline(__always)
    func wants(_ row: RowNumber) -> Bool { row.value < end && row.value >= first }

    /// Notes that a row is kept, whose bytes come next; false when it is already.
    mutating func add(_ row: RowNumber) -> Bool {
        let (word, bit) = (Int(row.value) / 64, UInt64(1) << UInt64(row.value % 64))
        if isKept[word] & bit != 0 { return false }
        isKept[word] |= bit
        groups[Int(row.value) / rowsOfGroup, default: []].append((row.value, bytes.count))
        return true
    }

    /// The rows that were kept of a group, which is copied now: they change as they like.
    mutating func take(_ rows: Range<Int>) -> [(row: Int32, start: Int)] {
        precondition(rows.lowerBound == Int(first) && rows.lowerBound % rowsOfGroup == 0, "groups are copied in their order")
        first = Int32(rows.upperBound)
        let kept = groups.removeValue(forKey: rows.lowerBound / rowsOfGroup) ?? []
        if first == end { self = KeptRows() }
        return kept
    }
}

extension Engine {
    /// Begins to copy rows as the facts have them, which are those of now: from here on each is kept before it changes.
    public mutating func beginCopying(_ facts: EngineFacts) {
        for (place, held) in facts.tables.enumerated() {
            tables[tables.ofSchemas[place]].beginCopying(rows: held.rows, columns: held.columns.count, rowsOfGroup: held.rowsOfGroup)
        }
    }

    /// Copies the next group of rows of a table, by its place among the facts, as they were when copying began. Groups come in their
    /// order.
    public mutating func copy(table: Int, rows: Range<Int>, to bytes: inout [UInt8]) {
        tables[tables.ofSchemas[table]].copy(rows, to: &bytes)
    }

    /// All is copied, or given up.
    public mutating func endCopying() {
        for table in tables.ofSchemas { tables[table].endCopying() }
    }

    /// How many bytes of rows are kept.
    public var keptBytes: Int {
        var bytes = 0
        for table in tables.ofSchemas { bytes += tables[table].keptBytes }
        return bytes
    }
}

extension Table {
    /// An image is begun that has so many rows and columns.
    mutating func beginCopying(rows: Int, columns: Int, rowsOfGroup: Int) {
        kept = KeptRows(rows: rows, columns: columns, rowsOfGroup: rowsOfGroup)
    }

    /// Appends the next group of rows as they were when the image was begun.
    mutating func copy(_ rows: Range<Int>, to bytes: inout [UInt8]) {
        let start = bytes.count
        let (count, rowBytes) = (kept.columns, kept.bytes)
        append(rows, columns: count, to: &bytes)
        let changed = kept.take(rows)
        if changed.isEmpty { return }
        bytes.withUnsafeMutableBytes { all in
            let group = UnsafeMutableRawBufferPointer(rebasing: all[start...])
            rowBytes.withUnsafeBytes { kept in
                for (row, place) in changed {
                    put(UnsafeRawBufferPointer(rebasing: kept[place...]), of: Int(row), columns: count, in: rows, group)
                }
            }
        }
    }

    mutating func endCopying() { kept = KeptRows() }

    var keptBytes: Int { kept.bytes.count }

    /// A row is about to change that is not copied yet.
    @inline(never)
    mutating func keepFirst(_ row: RowNumber) {
        guard !Omission.keepingRows.isOn, kept.add(row) else { return }
        var bytes: [UInt8] = []
        swap(&bytes, &kept.bytes)
        append(row, columns: kept.columns, to: &bytes)
        swap(&bytes, &kept.bytes)
    }

    /// Appends what is kept of a row: of each column the value, of words a byte for the null bit; the state; version and until when that
    /// is held.
    private func append(_ row: RowNumber, columns count: Int, to bytes: inout [UInt8]) {
        for column in columns.numbers.prefix(count) { columns[column].append(row, to: &bytes) }
        bytes.append(states[row])
        guard schema.version != nil else { return }
        bytes.append(contentsOf: littleEndian(versions[row]))
        bytes.append(contentsOf: littleEndian(heldUntil(row)))
    }

    /// Puts what was kept of a row in its place in a group of rows, whose bytes begin at `start`.
    private func put(
        _ kept: UnsafeRawBufferPointer, of row: Int, columns count: Int, in rows: Range<Int>, _ group: UnsafeMutableRawBufferPointer
    ) {
        let place = row - rows.lowerBound
        var (from, to) = (0, 0)
        func move(_ bytes: Int) {
            UnsafeMutableRawBufferPointer(rebasing: group[to + place * bytes..<to + (place + 1) * bytes])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: kept[from..<from + bytes]))
            from += bytes
            to += rows.count * bytes
        }
        for column in columns.numbers.prefix(count) {
            let bytes = columns[column].rowBytes
            if bytes == 0 { continue }
            move(bytes)
            guard bytes == 8 else { continue }
            let bit = UInt8(1) << UInt8(place % 8)
            if kept[from] != 0 { group[to + place / 8] |= bit } else { group[to + place / 8] &= ~bit }
            from += 1
            to += (rows.count + 63) / 64 * 8
        }
        move(1)
        guard schema.version != nil else { return }
        move(8)
        move(8)
    }
}

extension Column {
    /// Appends what is kept of one row; of words also a byte that says whether it is null.
    fileprivate func append(_ row: RowNumber, to bytes: inout [UInt8]) {
        switch rowBytes {
        case 0: return
        case 8:
            bytes.append(contentsOf: littleEndian(words[row]))
            bytes.append(isNullWord(row) ? 1 : 0)
        default: bytes.append(contentsOf: littleEndian(codes[row]))
        }
    }
}

private func littleEndian<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
