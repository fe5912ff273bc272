// Copies texts and rows for an image, piece by piece, as they were when it was begun; meanwhile commits go on.
import Engine
import Storage

/// What is written to a section as one.
struct ImagePiece: Sendable {
    let bytes: [UInt8]
    /// How many texts or rows are in it.
    let count: Int
    let section: ImageSection
}

struct ImageCopy {
    private let facts: EngineFacts
    private let texts: [(place: TextPlace, count: Int)]
    private var place = 0
    private var code = 0
    private var table = 0
    private var row = 0

    /// The facts are those of the engine now.
    init(_ facts: EngineFacts, _ engine: borrowing Engine) {
        self.facts = facts
        texts = engine.texts(of: facts)
    }

    /// The next piece; nil when there is none.
    mutating func next(of engine: inout Engine) -> ImagePiece? {
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
            return ImagePiece(bytes: bytes, count: code - first, section: ImageContents.texts(ofPlace: place))
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
            return ImagePiece(bytes: bytes, count: rows.count, section: ImageContents.rows(ofTable: table))
        }
        return nil
    }
}
