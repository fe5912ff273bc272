// Copies texts and rows for an image, piece by piece, as they were when it was begun; meanwhile commits go on.
import Engine
import Storage

/// What is written to a section as one.
enum ImagePiece: Sendable {
    /// `count`: how many texts or rows are in it.
    case bytes([UInt8], count: Int, section: ImageSection)
    /// Entries of a list of facts, by its number. Once the last has come all are written in their order.
    case entries(FactsEntries, list: Int, isLast: Bool)
}

struct ImageCopy {
    private let facts: EngineFacts
    private let lists: [LiveList]
    private let texts: [(place: TextPlace, count: Int)]
    private var list = 0
    private var entry: Int32 = 0
    private var place = 0
    private var code = 0
    private var table = 0
    private var row = 0

    /// The facts are those of the engine now.
    init(_ facts: EngineFacts, _ engine: borrowing Engine) {
        self.facts = facts
        lists = facts.liveLists
        texts = engine.texts(of: facts)
    }

    /// The next piece; nil when there is none.
    mutating func next(of engine: inout Engine) -> ImagePiece? {
        if list < lists.count {
            var entries = FactsEntries()
            let number = lists[list].number
            let next = engine.append(lists[list], from: entry, bytes: ImageContents.pieceBytes / 4, to: &entries)
            entry = next ?? 0
            if next == nil { list += 1 }
            return .entries(entries, list: number, isLast: next == nil)
        }
        var bytes: [UInt8] = []
        while place < texts.count {
            let (dictionary, count) = texts[place]
            if code == count {
                place += 1
                code = 0
                continue
            }
            let first = code
            code = engine.append(dictionary, of: facts, from: first, count: count, bytes: ImageContents.pieceBytes, to: &bytes)
            return .bytes(bytes, count: code - first, section: ImageContents.texts(ofPlace: place))
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
            return .bytes(bytes, count: rows.count, section: ImageContents.rows(ofTable: table))
        }
        return nil
    }
}
