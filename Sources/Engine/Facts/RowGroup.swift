// Rows as an image has them: groups of a power of two of rows, each column's part one after the other. Only what was said of rows is in it;
// what the plan keeps of them follows.
//
//   per column    codes: 4 bytes a row. Words: 8 bytes a row, then a bit for each that is null, in 8 bytes for 64 rows. The key: nothing
//   states        a byte a row
//   versions      where the schema has one: 8 bytes a row; then until when that of a deleted row is held, 8 bytes a row
//
// Little endian.
import Campaigns

extension Table {
    /// How many rows are in a group.
    var rowsOfGroup: Int { Self.rowsOfGroup(of: columns.numbers.map { columns[$0].kind }, isVersioned: schema.version != nil) }

    /// How many rows are in a group: as many as have about 1 MiB together, so that copying one holds nobody up.
    static func rowsOfGroup(of columns: [Column.Kind], isVersioned: Bool) -> Int {
        let rowBytes = columns.reduce(1 + (isVersioned ? 16 : 0)) { $0 + $1.rowBytes }
        var rows = 1024
        while rows * 2 * rowBytes <= 1 << 20 { rows *= 2 }
        return rows
    }

    /// Appends a group of rows, which begins at a multiple of 64, of the first so many columns.
    func append(_ rows: Range<Int>, columns count: Int, to bytes: inout [UInt8]) {
        for column in columns.numbers.prefix(count) { columns[column].append(rows, to: &bytes) }
        appendStates(rows, to: &bytes)
    }
}

extension Engine {
    /// Sets a group of rows of a table. There is room for them, and all texts and keys are there.
    mutating func fill(_ table: TableNumber, _ rows: Range<Int>, from bytes: UnsafeRawBufferPointer) throws(FactsError) {
        guard rows.lowerBound >= 0, rows.lowerBound % 64 == 0, rows.upperBound <= tables[table].roomForImageRows else {
            throw FactsError("rows \(rows) of \(tables[table].roomForImageRows)")
        }
        var reader = ByteReader(bytes)
        for column in tables[table].columns.numbers {
            let texts = tables[table].columns[column].target.map { tables[$0].keys.count } ?? tables[table].columns[column].texts.count
            try tables[table].fill(column, rows, from: &reader, texts: texts)
        }
        try tables[table].fillStates(rows, from: &reader)
        try reader.end()
    }
}
