// Copies texts, rows and what activities remember, piece by piece, as they were when it was begun; meanwhile commits go on.
import Campaigns

/// What is copied as one.
package enum FactsPiece: Sendable {
    /// Texts of a dictionary, by its place among all.
    case texts([UInt8], count: Int, place: Int)
    /// A group of rows of a table, by its place.
    case rows([UInt8], Range<Int>, table: Int)
    /// Entries of a live list, by its number. Once the last has come all are put in their order.
    case entries(FactsEntries, list: Int, isLast: Bool)
}

/// A copy under way, of which the engine has one at a time: between `beginCopying` and `endCopying`.
package struct FactsCopying {
    private let facts: EngineFacts
    private let lists: [LiveList]
    private let dictionaries: [(place: TextPlace, count: Int)]
    private let pieceBytes: Int
    private var list = 0
    private var entry: Int32 = 0
    private var place = 0
    private var code = 0
    private var table = 0
    private var row = 0

    /// The facts are those of the engine now. `pieceBytes`: about how many bytes are in a piece of texts.
    package init(_ facts: EngineFacts, _ engine: borrowing Engine, pieceBytes: Int) {
        self.facts = facts
        self.pieceBytes = pieceBytes
        lists = facts.liveLists
        dictionaries = engine.texts(of: facts)
    }

    /// The next piece; nil when there is none.
    package mutating func next(of engine: inout Engine) -> FactsPiece? {
        if list < lists.count {
            var entries = FactsEntries()
            let number = lists[list].number
            let next = engine.append(lists[list], from: entry, bytes: pieceBytes / 4, to: &entries)
            entry = next ?? 0
            if next == nil { list += 1 }
            return .entries(entries, list: number, isLast: next == nil)
        }
        var bytes: [UInt8] = []
        while place < dictionaries.count {
            let (dictionary, count) = dictionaries[place]
            if code == count {
                place += 1
                code = 0
                continue
            }
            let first = code
            code = engine.append(dictionary, of: facts, from: first, count: count, bytes: pieceBytes, to: &bytes)
            return .texts(bytes, count: code - first, place: place)
        }
        while table < facts.tables.count {
            let held = facts.tables[table]
            if row == held.rows {
                table += 1
                row = 0
                continue
            }
            let rows = row..<min(row + held.rowsOfGroup, held.rows)
            engine.copy(table: table, rows: rows, to: &bytes)
            row = rows.upperBound
            return .rows(bytes, rows, table: table)
        }
        return nil
    }
}
