// What an image has of a copy of texts and rows (Engine/Facts/FactsCopying.swift): each piece with its section.
import Engine
import Storage

/// What is written to a section as one.
enum ImagePiece: Sendable {
    /// `count`: how many texts or rows are in it.
    case bytes([UInt8], count: Int, section: ImageSection)
    /// Entries of a list of facts, by its number. Once the last has come all are written in their order.
    case entries(FactsEntries, list: Int, isLast: Bool)

    init(_ piece: FactsPiece) {
        self =
            switch piece {
            case .texts(let bytes, let count, let place): .bytes(bytes, count: count, section: ImageContents.texts(ofPlace: place))
            case .rows(let bytes, let rows, let table): .bytes(bytes, count: rows.count, section: ImageContents.rows(ofTable: table))
            case .entries(let entries, let list, let isLast): .entries(entries, list: list, isLast: isLast)
            }
    }
}
