// What an image of the daemon holds, section by section (the file: Storage/Images/ImageFormat.swift; pieces: ImagePieces.swift).
//
//   kind 1  lists (Engine/Facts/FactsList.swift), each by its part:
//             0     three texts: JSON of the loop (LoopFacts.swift), of the state machine (MachineFacts.swift), of the engine
//             1     definitions of schemas, in the order in which they were accepted
//             2     definitions of campaigns, with how many of schemas came before each
//             3, 4  JSON of each audience by number, of each campaign by id (Engine/Facts/FactsText.swift)
//             from 5 on  those that these name, from 0 on
//   kind 2  rows of a table, by its place: groups (Engine/Facts/RowGroup.swift)
//   kind 3  texts of a dictionary, by its place among all (Engine/Facts/TextPlace.swift)
//   kind 2^31 + 1  what is only told (Past/Past.swift); who does not know it, or finds none, begins it anew
import Campaigns
import Engine
import Storage
import Wire

/// Everything that an image shows but rows and texts, as of a commit. Nothing in it changes any more: another thread may write it.
struct ImageContents: @unchecked Sendable {
    let machine: MachineFacts
    let loop: LoopFacts

    /// The kinds of sections.
    static let kinds: Set<UInt32> = [1, 2, 3, past.kind]

    static func list(_ number: Int) -> ImageSection { ImageSection(kind: 1, part: UInt64(number)) }
    static func rows(ofTable table: Int) -> ImageSection { ImageSection(kind: 2, part: UInt64(table)) }
    static func texts(ofPlace place: Int) -> ImageSection { ImageSection(kind: 3, part: UInt64(place)) }

    static let past = ImageSection(kind: 1 << 31 | 1, part: 0)

    /// Of the lists that the others name.
    static let firstNamedList = 5

    /// About how many bytes are in a piece of texts or of a list.
    static let pieceBytes = MemoryBudget.pieceBytes

    /// Adds all lists but those that the engine makes into entries. Returns the sections of these, by their numbers.
    func write(into writer: inout ImageWriter) throws -> [Int: ImageSection] {
        let text = FactsText(machine.engine)
        let definitions = machine.definitions
        let campaigns = definitions.campaigns.sorted { ($0.value.schemas, $0.key) < ($1.value.schemas, $1.key) }
        let lists: [FactsList] = [
            FactsList([loop.json, machine.json, text.engine].map { .init(ImageContents.bytes($0)) }),
            FactsList(definitions.schemas.map { .init($0) }),
            FactsList(campaigns.map { .init(Array($0.key.utf8), number: Int64($0.value.schemas), more: $0.value.text) }),
            FactsList(text.audiences.map { .init(ImageContents.bytes($0)) }),
            FactsList(text.campaigns.map { .init(ImageContents.bytes($0)) }),
        ]
        var live: [Int: ImageSection] = [:]
        for (number, list) in (lists + text.lists).enumerated() {
            if let list = list.live {
                live[list.number] = ImageContents.list(number)
                continue
            }
            try list.forEachPiece(bytes: ImageContents.pieceBytes) { piece, count in
                try writer.append(piece: piece, count: count, to: ImageContents.list(number))
            }
        }
        try machine.past?.forEachPiece { try writer.append(piece: $0, count: 1, to: ImageContents.past) }
        return live
    }

    private static func bytes(_ json: JSON) -> [UInt8] {
        var text = JSONText()
        text.append(json)
        return text.bytes
    }
}

extension ImageContents {
    /// Reads all lists of an image. The campaigns are read again with `zone`.
    init(_ image: ImageReader, zoneNames: [String], zone: (String) -> TimeZoneRules?, catalog: inout Catalog) throws {
        let general = try Self.texts(of: image, 0)
        guard general.count == 3 else { throw FactsError("the first list has \(general.count) texts") }
        let audiences = try Self.texts(of: image, 3).map { try Self.json($0) }
        let campaigns = try Self.texts(of: image, 4).map { try Self.json($0) }
        var definitions = AcceptedDefinitions()
        let read = try Self.readDefinitions(image, campaigns, zoneNames, zone, &catalog, &definitions)
        let facts = try Self.json(general[2])
        var lists: [FactsList] = []
        for number in 0..<(try facts.count(of: "lists")) { lists.append(try Self.entries(of: image, Self.firstNamedList + number)) }
        let text = FactsText(engine: facts, audiences: audiences, campaigns: campaigns, lists: lists)
        let engine = try EngineFacts(text, schemas: catalog.schemas, definitions: read)
        loop = try LoopFacts(try Self.json(general[0]))
        var past: [JSON] = []
        try image.forEachPiece(of: Self.past) { piece, _ in past.append(try Self.json(Array(piece))) }
        machine = try MachineFacts(
            try Self.json(general[1]), engine: engine, definitions: definitions, past: past.isEmpty ? nil : try Past(pieces: past))
    }

    /// Reads the definitions again in the order in which they came: each is read with the schemas that were there then, and the audiences
    /// as they were.
    private static func readDefinitions(
        _ image: ImageReader, _ campaigns: [JSON], _ zoneNames: [String], _ zone: (String) -> TimeZoneRules?, _ catalog: inout Catalog,
        _ definitions: inout AcceptedDefinitions
    ) throws -> [String: Campaign] {
        var readings: [String: [String: AudienceRegistry.Readable]] = [:]
        for campaign in campaigns { readings[try campaign.text(of: "id")] = try FactsText.readings(of: campaign) }
        var waiting = try entries(of: image, 2).entries[...]
        var read: [String: Campaign] = [:]
        func readCampaigns() throws {
            while let next = waiting.first, next.number == definitions.schemas.count {
                waiting.removeFirst()
                let id = String(decoding: next.text, as: UTF8.self)
                let definition = try json(next.more)
                let (campaign, problems, _) = readCampaign(
                    definition, catalog: catalog, audiences: AudienceRegistry(readable: readings[id] ?? [:]), zoneNames: zoneNames,
                    zones: zone)
                guard let campaign, campaign.id == id else {
                    throw FactsError("campaign \(id): this program refuses it: \(problems.first.map { "\($0.path): \($0.message)" } ?? "")")
                }
                read[id] = campaign
                definitions.take(campaign: id, definition)
            }
        }
        try readCampaigns()
        for text in try texts(of: image, 1) {
            let definition = try json(text)
            guard catalog.publish(definition).schema != nil else {
                throw FactsError("schema \(definition.text("name") ?? ""): this program refuses it")
            }
            definitions.take(schema: definition)
            try readCampaigns()
        }
        guard waiting.isEmpty else { throw FactsError("campaigns are of schemas that are not there") }
        return read
    }

    private static func entries(of image: ImageReader, _ number: Int) throws -> FactsList {
        var list = FactsList([])
        try image.forEachPiece(of: Self.list(number)) { piece, count in try list.append(count, from: piece) }
        return list
    }

    private static func texts(of image: ImageReader, _ number: Int) throws -> [[UInt8]] {
        try entries(of: image, number).entries.map(\.text)
    }

    private static func json(_ text: [UInt8]) throws -> JSON {
        let padded = text + [UInt8](repeating: 0, count: 64)
        guard let json = padded.withUnsafeBytes({ JSONReader().tree(UnsafeRawBufferPointer(rebasing: $0.prefix(text.count))) }) else {
            throw FactsError("a text is no JSON")
        }
        return json
    }
}
