// A second engine beside the first: its facts are copied into memory of their own, a piece between two commits at a time, and any thread
// makes an engine of them, which goes on from the commit at which copying began. Whatever is done to it leaves no trace in the first.
//
// What it keeps: the bytes of an image (Facts). What it costs the first engine: what an image costs, while it is copied.
import Campaigns

/// The facts of an engine, copied piece by piece. The engine copies one thing at a time: an image, or this.
///
/// `@unchecked Sendable`: memory in the facts is shared with the engine and never changes; once all is copied the rest is as well its own.
public struct EngineCopy: @unchecked Sendable {
    private let facts: EngineFacts
    private let zones: [TimeZoneRules]
    private let fewRows: Int
    private var copying: FactsCopying
    private var texts: [(bytes: [UInt8], count: Int, place: Int)] = []
    private var rows: [(bytes: [UInt8], rows: Range<Int>, table: Int)] = []
    /// By their numbers.
    private var lists: [Int: FactsEntries] = [:]
    /// How many bytes are copied so far, but for what is shared.
    public private(set) var byteCount = 0

    /// About how many bytes are in a piece.
    private static let pieceBytes = 256 << 10

    /// Begins to copy an engine as the last commit left it, whose facts these are.
    public init(_ facts: EngineFacts, of engine: inout Engine) {
        self.facts = facts
        zones = engine.zones
        fewRows = engine.fewRows
        copying = FactsCopying(facts, engine, pieceBytes: Self.pieceBytes)
        engine.beginCopying(facts)
    }

    /// Copies the next piece, of some hundred KiB. False: all is there, and the engine is as it was. Who gives up before that says
    /// `endCopying`.
    public mutating func goOn(_ engine: inout Engine) -> Bool {
        guard let piece = copying.next(of: &engine) else {
            engine.endCopying()
            return false
        }
        switch piece {
        case .texts(let bytes, let count, let place):
            texts.append((bytes, count, place))
            byteCount += bytes.count
        case .rows(let bytes, let range, let table):
            rows.append((bytes, range, table))
            byteCount += bytes.count
        case .entries(let entries, let list, _):
            lists[list, default: FactsEntries()].append(entries)
            byteCount += entries.byteCount
        }
        return true
    }

    /// An engine with these facts; as many as one likes. nil: it is not wanted any more, which is asked between pieces.
    public func engine(whileWanted isWanted: () -> Bool = { true }) throws -> Engine? {
        let facts = try reread()
        var loading = try EngineLoading(facts, fewRows: fewRows)
        let places = facts.textPlaces
        for (bytes, count, place) in texts {
            guard isWanted() else { return nil }
            try bytes.withUnsafeBytes { try loading.add(places[place], count: count, from: $0) }
        }
        try loading.beginRows()
        for (bytes, range, table) in rows {
            guard isWanted() else { return nil }
            try bytes.withUnsafeBytes { try loading.fill(table: table, rows: range, from: $0) }
        }
        return try loading.finish(zones: zones)
    }

    /// The facts with all lists read, as from an image.
    private func reread() throws -> EngineFacts {
        var text = FactsText(facts)
        for (place, list) in text.lists.enumerated() {
            var read = FactsList([])
            func take(_ piece: [UInt8], _ count: Int) throws { try piece.withUnsafeBytes { try read.append(count, from: $0) } }
            if let live = list.live {
                try lists[live.number]?.forEachPiece(bytes: Self.pieceBytes, take)
            } else {
                try list.forEachPiece(bytes: Self.pieceBytes, take)
            }
            text.lists[place] = read
        }
        let definitions = Dictionary(uniqueKeysWithValues: facts.campaigns.map { ($0.definition.id, $0.definition) })
        return try EngineFacts(text, schemas: facts.tables.map(\.schema), definitions: definitions)
    }
}
