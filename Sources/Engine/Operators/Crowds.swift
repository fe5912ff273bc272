// Crowds: where many rows lead to one. Who asks for the first of the rows that lead to a record, or how many lead to an identity, looks at
// all of them: for a few that is the cheapest, and nothing is kept. Where there are more than a few, they are kept in their order, those
// alone, so that one that comes or goes costs a step and not a look at all (a hub with a million links, an identity with 100,000 rows).
//
// Kept: what RankedRows.swift says, of crowded rows only. A change: a note, and at the end of the commit two steps in the order.
import Campaigns

/// What orders the rows of a crowd.
struct CrowdOrder {
    var table: TableNumber
    /// What is compared first, nulls last.
    var value: NodeNumber?
    var isDescending = false
    /// The node of the row id; nil: it is the key of the row.
    var rowId: NodeNumber?
    var place: NodeNumber?
}

/// The crowds of one who asks, by where the rows lead.
struct Crowds: ~Copyable {
    private var rows = RankedRows(isDescending: false)
    private var groups = IntegerMap()
    /// Rows that may have come, gone, or moved since the commit before.
    private var noted = Vector<RowNumber>()

    init(isDescending: Bool = false) {
        rows = RankedRows(isDescending: isDescending)
    }

    @inline(__always)
    var isEmpty: Bool { groups.count == 0 }

    /// Whether the rows stand where they belong: none was noted since.
    var isGathered: Bool { noted.isEmpty }

    func contains(_ target: RowNumber) -> Bool { group(of: target) != nil }

    /// How many rows lead to a crowded row, and the one that so many come before.
    func count(of target: RowNumber) -> Int32 { group(of: target).map { Int32(rows.count(ofGroup: $0)) } ?? 0 }

    func row(at line: Int, of target: RowNumber) -> RowNumber? { group(of: target).flatMap { rows.row(at: line, ofGroup: $0) } }

    fileprivate func group(of target: RowNumber) -> Int32? {
        isEmpty ? nil : groups.find(UInt64(UInt32(bitPattern: target.value)))
    }

    /// A row may be about to come, go, or move. Returns whether it is the first that is noted.
    @inline(__always)
    mutating func note(_ row: RowNumber) -> Bool {
        if isEmpty { return false }
        noted.append(row)
        return noted.count == 1
    }

    fileprivate mutating func begin(_ target: RowNumber) -> Int32 {
        let group = Int32(groups.count)
        groups.insert(UInt64(UInt32(bitPattern: target.value)), group)
        return group
    }

    fileprivate mutating func insert(_ row: RankedRow) { rows.insert(row) }

    /// Takes the rows that were noted out, and hands them over.
    fileprivate mutating func takeNoted(into found: inout Vector<RowNumber>) {
        for place in 0..<noted.count {
            rows.remove(noted[place])
            found.append(noted[place])
        }
        noted.removeAll()
    }

    fileprivate func holds(_ row: RowNumber) -> Bool { rows.contains(row) }

    /// Nothing is cut off here.
    fileprivate mutating func settle() {
        rows.settle { _ in 0 }
        rows.forgetMoved()
    }
}

extension Engine {
    /// Where a row of a crowd stands by its values.
    private mutating func rankedRow(_ row: RowNumber, _ group: Int32, _ order: CrowdOrder) -> RankedRow {
        scratch.texts.reset()
        var ranked = RankedRow(row: row, group: group)
        var text = UnsafeRawBufferPointer(start: nil, count: 0)
        if let node = order.value {
            let value = value(node, row)
            ranked.isNull = value.isNull
            if let place = value.sortKey { ranked.key = order.isDescending ? ~place : place }
            if value.kind == .text { text = value.text }
        }
        if let place = order.place { ranked.place = value(place, row).integer }
        let rowId = order.rowId.map { value($0, row) } ?? keyTextValue(order.table, row)
        ranked.texts = RankedTexts(value: text, rowId: rowId.text)
        return ranked
    }

    /// Rows that were noted stand where they belong now. `target`: where a row leads that competes; nil when it does not.
    mutating func gather(
        _ crowds: inout Crowds, _ order: CrowdOrder, _ target: (borrowing Engine, RowNumber) -> RowNumber?
    ) {
        if crowds.isEmpty { return }
        let base = scratch.rows.count
        var rows = Vector<RowNumber>()
        swap(&rows, &scratch.rows)
        crowds.takeNoted(into: &rows)
        swap(&rows, &scratch.rows)
        for place in base..<scratch.rows.count {
            let row = scratch.rows[place]
            guard let found = target(self, row), let group = crowds.group(of: found), !crowds.holds(row) else { continue }
            crowds.insert(rankedRow(row, group, order))
        }
        crowds.settle()
        scratch.rows.truncate(to: base)
    }

    /// Makes a crowd of the competing rows on the row stack from a place on.
    mutating func beginCrowd(_ crowds: inout Crowds, at target: RowNumber, _ order: CrowdOrder, from base: Int, _ end: Int) {
        let group = crowds.begin(target)
        for place in base..<end where !crowds.holds(scratch.rows[place]) { crowds.insert(rankedRow(scratch.rows[place], group, order)) }
        crowds.settle()
    }
}
