// An entry of the order behind windows.

/// A row, and its place in the order of a node's values.
struct KeyedRow: BitwiseCopyable, Comparable {
    var key: Int64
    var row: RowNumber

    @inline(__always)
    static func < (a: KeyedRow, b: KeyedRow) -> Bool { a.key < b.key || a.key == b.key && a.row < b.row }
}
