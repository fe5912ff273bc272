// A row that flows through a campaign (semantics §2): the records it went through, what it carries, and its row id.
import Campaigns

/// Values beside a record's own, by name; nil is null.
public typealias Columns = [String: Datum?]

/// A row of a population.
public struct PopulationRow: Sendable {
    /// The keys it went through, first to last, nil where there was no record; the last is that of its record.
    public let keys: [Key?]
    /// The carried columns.
    public var columns: Columns
    /// The row id's text.
    public let id: [UInt8]

    init(keys: [Key?], columns: Columns) {
        self.keys = keys
        self.columns = columns
        id = Array(keys.map { $0.map(PopulationRow.text) ?? [] }.joined(separator: [UInt8(ascii: ">")]))
    }

    /// The primary key of its record; nil when it has none.
    public var key: Key? { keys[keys.count - 1] }

    /// The row after a change of dimension.
    func leading(to key: Key?) -> PopulationRow {
        PopulationRow(keys: keys + [key], columns: columns)
    }

    /// The row with more columns, or other values in those of the same names.
    func carrying(_ more: Columns) -> PopulationRow {
        var row = self
        row.columns.merge(more) { _, new in new }
        return row
    }

    /// "A key text = its fields joined with `|`."
    static func text(_ key: Key) -> [UInt8] {
        Array(key.map(PlainText.text).joined(separator: "|").utf8)
    }

    /// "Row ids compare as text by UTF-8 bytes."
    static func isLower(_ a: PopulationRow, _ b: PopulationRow) -> Bool {
        a.id.lexicographicallyPrecedes(b.id)
    }

    /// The place of the row with the lowest row id, of several the first.
    static func lowest(_ places: [Int], of rows: [PopulationRow]) -> Int {
        places.reduce(places[0]) { isLower(rows[$1], rows[$0]) ? $1 : $0 }
    }
}
