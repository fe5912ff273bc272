// Lists of texts among the facts: members that stay, and what campaigns remember. As an image has them, in pieces, of each entry
//
//   length of the text, 4 bytes; the text; a number, 8 bytes; length of more text, 4 bytes; that
//
// Little endian. The number: rows of a member, an instant in milliseconds since the Unix epoch, or 0.

/// A list that does not change any more: another thread may write it.
public struct FactsList: @unchecked Sendable {
    private enum Content {
        case members(MemberTable)
        case instants([[UInt8]: Int64])
        case texts(Set<[UInt8]>)
        case entries([Entry])
        case live(LiveList)
    }

    /// One entry of a list that the caller makes or reads.
    package struct Entry: Equatable {
        package var text: [UInt8]
        package var number: Int64 = 0
        package var more: [UInt8] = []

        package init(_ text: [UInt8], number: Int64 = 0, more: [UInt8] = []) {
            self.text = text
            self.number = number
            self.more = more
        }
    }

    private var content: Content

    init(_ members: MemberTable) { content = .members(members) }
    init(_ instants: [[UInt8]: Int64]) { content = .instants(instants) }
    init(_ texts: Set<[UInt8]>) { content = .texts(texts) }
    init(_ live: LiveList) { content = .live(live) }
    package init(_ entries: [Entry]) { content = .entries(entries) }

    /// What only the engine can make into entries; else nil.
    package var live: LiveList? {
        if case .live(let live) = content { live } else { nil }
    }

    // Writing.

    /// Of a list that is not `live`: hands over all entries in pieces of about so many bytes, in an order that hangs on nothing but them.
    package func forEachPiece(bytes most: Int, _ body: (_ piece: [UInt8], _ count: Int) throws -> Void) rethrows {
        var (piece, count) = ([UInt8](), 0)
        func append(_ text: some Collection<UInt8>, _ number: Int64, _ more: some Collection<UInt8>) throws {
            FactsEntries.append(text, number, more, to: &piece)
            count += 1
            if piece.count < most { return }
            try body(piece, count)
            piece.removeAll(keepingCapacity: true)
            count = 0
        }
        switch content {
        case .members(let members):
            for place in 0..<members.count {
                let (identity, rows, attributes) = members.withMember(place) { (Array($0), Int64($1), Array($2)) }
                try append(identity, rows, attributes)
            }
        case .instants(let instants):
            for (text, instant) in instants.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) { try append(text, instant, []) }
        case .texts(let texts):
            for text in texts.sorted(by: { $0.lexicographicallyPrecedes($1) }) { try append(text, 0, []) }
        case .entries(let entries):
            for entry in entries { try append(entry.text, entry.number, entry.more) }
        case .live: preconditionFailure("the engine makes it into entries")
        }
        if count > 0 { try body(piece, count) }
    }

    // Reading.

    /// Appends the entries of a piece to a list that is being read.
    package mutating func append(_ count: Int, from piece: UnsafeRawBufferPointer) throws(FactsError) {
        guard case .entries(var entries) = content else { preconditionFailure("a list that is read is one of entries") }
        content = .entries([])
        var reader = ByteReader(piece)
        for _ in 0..<count {
            let text = Array(try reader.take(Int(try reader.word32())))
            let number = Int64(bitPattern: try reader.word64())
            entries.append(Entry(text, number: number, more: Array(try reader.take(Int(try reader.word32())))))
        }
        try reader.end()
        content = .entries(entries)
    }

    /// The entries of a list that was read.
    package var entries: [Entry] {
        guard case .entries(let entries) = content else { preconditionFailure("a list that is read is one of entries") }
        return entries
    }

    func members() throws(FactsError) -> MemberTable {
        let members = MemberTable()
        for entry in entries {
            guard let rows = Int32(exactly: entry.number) else { throw FactsError("a member has \(entry.number) rows") }
            entry.text.withUnsafeBytes { members.append(identity: $0, rows: rows, attributes: entry.more) }
        }
        return members
    }

    var instants: [[UInt8]: Int64] { Dictionary(entries.map { ($0.text, $0.number) }, uniquingKeysWith: { first, _ in first }) }

    var texts: Set<[UInt8]> { Set(entries.map(\.text)) }
}
