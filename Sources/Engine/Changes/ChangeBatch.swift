// A batch of row changes on its way from the decoder to the engine: typed cells in one array, texts in one arena. The decoder appends; the
// engine reads, and puts held values in the place of cells that leave their field as it is. Its memory is used for the next batch again.

/// One change: a whole row, the key (and perhaps the version) of a row that goes, or the end of all rows.
struct Change: BitwiseCopyable {
    enum Operation: UInt8, BitwiseCopyable { case upsert, delete, truncate }

    var schema: SchemaNumber
    var operation: Operation
    /// Whether some of the cells may be `unchanged`.
    var keepsFields = false
    /// Cells of all fields of the schema, in their order; a truncate has none.
    var firstCell: Int32
    var cellCount: Int32

    var isDelete: Bool { operation == .delete }

    /// The columns that its cells are for.
    var columns: Numbers<Column> { Numbers(count: Int(cellCount)) }
}

/// The clock of a change and of those behind it.
struct ChangeClock: BitwiseCopyable {
    var first: Int
    /// Milliseconds since the Unix epoch.
    var clock: Int64
}

/// Typed changes in the order in which they came; the memory is used again.
public final class ChangeBatch {
    var changes = Vector<Change>()
    var cells = Vector<Cell>()
    var texts = Vector<UInt8>()
    /// Whether the change begun last leaves a field as it is held.
    private var keepsFields = false
    /// Where a clock of its own begins, ascending by change.
    private var clocks = Vector<ChangeClock>()

    public init() {}

    /// The number of changes.
    public var count: Int { changes.count }

    /// Empties it, and keeps the memory, but for what is larger than so many bytes.
    public func removeAll(keeping bytes: Int = .max) {
        if texts.capacity > bytes { texts = Vector() }
        if cells.capacity > bytes / MemoryLayout<Cell>.stride { cells = Vector() }
        changes.removeAll()
        cells.removeAll()
        texts.removeAll()
        clocks.removeAll()
    }

    /// The changes begun from now on stand at a clock (milliseconds since the Unix epoch) no later than the engine's when they are applied.
    /// Those of a batch that is never told stand at the engine's.
    @inline(__always)
    public func setClock(_ clock: Int64) {
        if clocks.count > 0 && clocks[clocks.count - 1].clock == clock { return }
        clocks.append(ChangeClock(first: changes.count, clock: clock))
    }

    /// The clock at which a change stands; nil when the batch was not told.
    func clock(ofChange number: Int) -> Int64? {
        var (low, high) = (0, clocks.count)
        while low < high {
            let middle = (low + high) / 2
            if clocks[middle].first <= number { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? nil : clocks[low - 1].clock
    }

    /// Starts a change with that many null cells and returns the number of the first.
    @inline(__always)
    public func begin(cellCount: Int) -> Int {
        let first = cells.count
        keepsFields = false
        cells.grow(to: first + cellCount, filling: .null)
        return first
    }

    /// Writes a cell.
    @inline(__always)
    public func set(_ cell: Int, _ value: Cell) {
        cells[cell] = value
    }

    /// Leaves a field of the change begun last as it is held.
    public func setUnchanged(_ cell: Int) {
        cells[cell] = Cell(kind: .unchanged)
        keepsFields = true
    }

    /// What a cell holds.
    @inline(__always)
    public func kind(of cell: Int) -> Cell.Kind { cells[cell].kind }

    /// Copies a text into the batch.
    @inline(__always)
    public func setText(_ cell: Int, _ bytes: UnsafeRawBufferPointer) {
        let offset = texts.count
        precondition(offset + bytes.count <= Int(UInt32.max), "a batch holds at most 4 GiB of text")
        texts.append(contentsOf: bytes)
        cells[cell] = Cell(kind: .text, hash: textHash(bytes), bits: UInt64(offset) << 32 | UInt64(bytes.count))
    }

    /// Ends the change begun last. `table` is the number the engine gave the schema.
    @inline(__always)
    public func end(table: Int, isDelete: Bool, firstCell: Int) {
        changes.append(
            Change(
                schema: SchemaNumber(table), operation: isDelete ? .delete : .upsert, keepsFields: keepsFields, firstCell: Int32(firstCell),
                cellCount: Int32(cells.count - firstCell)))
    }

    /// Ends the change begun last as a delete that goes before the change ended last.
    public func endDeleteBeforeLast(table: Int, firstCell: Int) {
        let last = changes.count - 1
        changes.append(changes[last])
        changes[last] = Change(
            schema: SchemaNumber(table), operation: .delete, firstCell: Int32(firstCell), cellCount: Int32(cells.count - firstCell))
    }

    /// Whether the change ended last holds a text in a field.
    public func lastHolds(_ bytes: UnsafeRawBufferPointer, inField field: Int) -> Bool {
        let cell = cells[Int(changes[changes.count - 1].firstCell) + field]
        guard cell.kind == .text else { return false }
        let held = text(cell)
        return held.count == bytes.count && equalBytes(held, bytes)
    }

    /// Whether the change ended last has the same values in the fields of a key as the change begun last, whose cells begin at a number.
    public func isLastOfSameKey(as firstCell: Int, key: [Int]) -> Bool {
        let last = Int(changes[changes.count - 1].firstCell)
        return key.allSatisfy { isSame(cells[last + $0], cells[firstCell + $0]) }
    }

    private func isSame(_ a: Cell, _ b: Cell) -> Bool {
        guard a.kind == b.kind else { return false }
        if a.kind != .text { return a.bits == b.bits }
        let (left, right) = (text(a), text(b))
        return left.count == right.count && equalBytes(left, right)
    }

    /// A change that deletes every row of a table; the versions held stay.
    public func truncate(table: Int) {
        changes.append(Change(schema: SchemaNumber(table), operation: .truncate, firstCell: Int32(cells.count), cellCount: 0))
    }

    /// Takes back the change begun last: its record was refused.
    public func cancel(firstCell: Int) {
        cells.truncate(to: firstCell)
    }

    /// Takes back the change ended last: its record was refused.
    public func removeLast() {
        let last = changes.count - 1
        cells.truncate(to: Int(changes[last].firstCell))
        changes.truncate(to: last)
    }

    /// The cell of a change for a column.
    @inline(__always)
    func cell(_ change: Change, _ column: ColumnNumber) -> Cell { cells[change.firstCell + column.value] }

    @inline(__always)
    func text(_ cell: Cell) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: texts.base + Int(cell.bits >> 32), count: Int(cell.bits & 0xffff_ffff))
    }
}
