// Facts as JSON and back: what is small, and named. Definitions are not in it, which their texts say better; nor what may be long, which
// are lists beside it, by their numbers there.
//
//   engine      {"clock", "zones": [name], "namespaces": [name],
//                "tables": [{"rows", "longKeys", "columns": [{"kind", "schema" or "namespace": the target of a foreign key}]}],
//                "registry": {"campaigns": [id], "writers": [{"audience", "campaign", "label", "namespace", "columns": {name: type},
//                             "ifExists", "stopped"}]}, "lists": how many there are}
//   audience    {"id", "label", "namespace", "campaign", "version", "size", "rows", "rejected",
//                "contributions": [{"campaign", "version", "label", "namespace", "frozen": {"members": list, "rejected"}}]}
//   campaign    {"id", "version", "stopped", "followed", "waits": {activity: list}, "alerts": [activity],
//                "channels": {activity: {"namespace", "present": list, "last": {namespace: list}}}, "appended": {activity: list},
//                "frozen": {activity: {"members": list, "published", "next"}},
//                "reads": {audience: {"namespace", "columns": {name: type}}}: as they were when it was published}
//
// "frozen" of a contribution is left out where the save is followed.
package import Campaigns

/// What facts say as JSON, and the lists that it names by their places.
package struct FactsText {
    package var engine: JSON
    /// By their numbers.
    package var audiences: [JSON]
    /// In the order of their ids.
    package var campaigns: [JSON]
    package var lists: [FactsList]

    package init(engine: JSON, audiences: [JSON], campaigns: [JSON], lists: [FactsList]) {
        self.engine = engine
        self.audiences = audiences
        self.campaigns = campaigns
        self.lists = lists
    }
}

// MARK: Writing

extension FactsText {
    package init(_ facts: EngineFacts) {
        lists = []
        engine = .object([
            .init("clock", .integer(facts.clock)), .init("zones", .array(facts.zones.map { .string($0) })),
            .init("namespaces", .array(facts.namespaces.map { .string($0) })), .init("tables", .array(facts.tables.map(\.json))),
            .init("registry", facts.registry.facts.json),
        ])
        audiences = []
        campaigns = []
        for audience in facts.audiences { audiences.append(json(audience)) }
        for campaign in facts.campaigns { campaigns.append(json(campaign)) }
        guard case .object(let members) = engine else { return }
        engine = .object(members + [.init("lists", .integer(Int64(lists.count)))])
    }

    private mutating func add(_ list: FactsList) -> JSON {
        lists.append(list)
        return .integer(Int64(lists.count - 1))
    }

    private mutating func json(_ audience: AudienceFacts) -> JSON {
        let state = audience.state
        var contributions: [JSON] = []
        for held in audience.contributions {
            var members: [JSON.Member] = [
                .init("campaign", .string(held.campaign)), .init("version", .integer(Int64(held.version))),
                .init("label", .string(held.label)), .init("namespace", .string(held.namespace)),
            ]
            if let (frozen, rejected) = held.frozen {
                let frozen = JSON.object([.init("members", add(FactsList(frozen))), .init("rejected", .integer(Int64(rejected)))])
                members.append(.init("frozen", frozen))
            }
            contributions.append(.object(members))
        }
        return .object([
            .init("id", .string(state.id)), .init("label", .string(state.label)), .init("namespace", .string(state.namespace)),
            .init("campaign", .string(state.campaign)), .init("version", .integer(Int64(state.campaignVersion))),
            .init("size", .integer(Int64(state.size))), .init("rows", .integer(Int64(state.rows))),
            .init("rejected", .integer(Int64(state.rejected))), .init("contributions", .array(contributions)),
        ])
    }

    private mutating func json(_ campaign: CampaignFacts) -> JSON {
        let memory = campaign.memory
        let waits = object(memory.waits.mapValues { FactsList($0) }.merging(live: campaign.live.waits)) { $0.add($1) }
        var channels: [JSON.Member] = []
        for (activity, channel) in memory.channels.sorted(by: { $0.key.isBefore($1.key) }) {
            let live = campaign.live.channels[activity]
            var last = channel.last.mapValues { FactsList($0) }
            if let live { last[live.namespace] = FactsList(live.sent) }
            let present = live.map { FactsList($0.present) } ?? FactsList(channel.present)
            let members: [JSON.Member] = [
                .init("namespace", .string(channel.namespace)), .init("present", add(present)), .init("last", object(last) { $0.add($1) }),
            ]
            channels.append(.init(activity, .object(members)))
        }
        let appended = object(memory.appended.mapValues { FactsList($0) }.merging(live: campaign.live.appended)) { $0.add($1) }
        let frozen = object(campaign.frozenSaves) { text, state in
            .object([
                .init("members", text.add(FactsList(state.members))), .init("published", .integer(state.published)),
                .init("next", .integer(state.next)),
            ])
        }
        return .object([
            .init("id", .string(campaign.definition.id)), .init("version", .integer(Int64(campaign.version))),
            .init("stopped", .boolean(campaign.isStopped)), .init("followed", .boolean(campaign.isFollowed)), .init("waits", waits),
            .init("alerts", .array(memory.alerts.sorted { $0.isBefore($1) }.map { .string($0) })), .init("channels", .object(channels)),
            .init("appended", appended), .init("frozen", frozen),
            .init("reads", object(campaign.definition.readings) { $1.json }),
        ])
    }

    private mutating func object<Value>(_ values: [String: Value], _ json: (inout FactsText, Value) -> JSON) -> JSON {
        var members: [JSON.Member] = []
        for (name, value) in values.sorted(by: { $0.key.isBefore($1.key) }) { members.append(.init(name, json(&self, value))) }
        return .object(members)
    }
}

extension [String: FactsList] {
    fileprivate func merging(live: [String: LiveList]) -> [String: FactsList] {
        merging(live.mapValues { FactsList($0) }) { _, live in live }
    }
}

extension AudienceRegistry.Readable {
    fileprivate var json: JSON { .object([.init("namespace", .string(namespace)), .init("columns", JSON(columns))]) }

    fileprivate init(_ json: JSON) throws(FactsError) {
        self.init(
            namespace: try json.text(of: "namespace"),
            columns: try json.members(of: "columns") { type throws(FactsError) in try ValueType(factsText: type) })
    }
}

extension FactsText {
    /// What a campaign read when it was published, by audience.
    package static func readings(of campaign: JSON) throws(FactsError) -> [String: AudienceRegistry.Readable] {
        try campaign.members(of: "reads") { reading throws(FactsError) in try AudienceRegistry.Readable(reading) }
    }
}

extension JSON {
    /// Types by the names of columns.
    fileprivate init(_ columns: [String: ValueType]) {
        self = .object(columns.sorted { $0.key.isBefore($1.key) }.map { .init($0.key, .string("\($0.value)")) })
    }
}

extension TableFacts {
    fileprivate var json: JSON {
        .object([
            .init("rows", .integer(Int64(rows))), .init("longKeys", .boolean(hasLongKeys)),
            .init(
                "columns",
                .array(
                    columns.map { column in
                        var members: [JSON.Member] = [.init("kind", .string("\(column.kind)"))]
                        switch column.target {
                        case .schema(let name): members.append(.init("schema", .string(name)))
                        case .namespace(let name): members.append(.init("namespace", .string(name)))
                        case nil: break
                        }
                        return .object(members)
                    })),
        ])
    }
}

extension AudienceRegistry.Facts {
    fileprivate var json: JSON {
        .object([
            .init("campaigns", .array(campaigns.map { .string($0) })),
            .init(
                "writers",
                .array(
                    writers.flatMap { audience, writers in
                        writers.map { writer in
                            .object([
                                .init("audience", .string(audience)), .init("campaign", .string(writer.campaign)),
                                .init("label", .string(writer.label)), .init("namespace", .string(writer.namespace)),
                                .init("columns", JSON(writer.columns)),
                                .init("ifExists", .string(writer.ifExists.rawValue)), .init("stopped", .boolean(writer.isStopped)),
                            ])
                        }
                    })),
        ])
    }
}

// MARK: Reading

extension EngineFacts {
    /// Facts as they were. `schemas`: in the order of their first publication. `definitions`: by the campaigns' ids.
    package init(_ text: FactsText, schemas: [Schema], definitions: [String: Campaign]) throws(FactsError) {
        clock = try text.engine.integer(of: "clock")
        zones = try text.engine.texts(of: "zones")
        namespaces = try text.engine.texts(of: "namespaces")
        let tables = try text.engine.items(of: "tables")
        guard tables.count == schemas.count else { throw FactsError("\(tables.count) tables have \(schemas.count) schemas") }
        self.tables = []
        for (table, schema) in zip(tables, schemas) { self.tables.append(try TableFacts(table, schema)) }
        campaigns = []
        for campaign in text.campaigns { campaigns.append(try CampaignFacts(campaign, definitions, text.lists)) }
        let live = campaigns.filter { !$0.isStopped }.map(\.definition)
        registry = AudienceRegistry(try AudienceRegistry.Facts(try text.engine.member("registry")), live: live)
        audiences = []
        for audience in text.audiences { audiences.append(try AudienceFacts(audience, text.lists)) }
    }
}

extension TableFacts {
    fileprivate init(_ json: JSON, _ schema: Schema) throws(FactsError) {
        self.schema = schema
        rows = try json.count(of: "rows")
        hasLongKeys = try json.boolean(of: "longKeys")
        columns = []
        for column in try json.items(of: "columns") {
            let name = try column.text(of: "kind")
            guard let kind = Column.Kind.allCases.first(where: { "\($0)" == name }) else { throw FactsError("there is no kind \(name)") }
            var target: ColumnFacts.Target?
            if column["schema"] != nil { target = .schema(try column.text(of: "schema")) }
            if column["namespace"] != nil { target = .namespace(try column.text(of: "namespace")) }
            columns.append(ColumnFacts(kind: kind, target: target))
        }
        rowsOfGroup = Table.rowsOfGroup(of: columns.map(\.kind), isVersioned: schema.version != nil)
    }
}

extension AudienceRegistry.Facts {
    fileprivate init(_ json: JSON) throws(FactsError) {
        var all: [(audience: String, writers: [AudienceRegistry.Writer])] = []
        for writer in try json.items(of: "writers") {
            let audience = try writer.text(of: "audience")
            let ifExists = try writer.text(of: "ifExists")
            guard let ifExists = IfExists(rawValue: ifExists) else { throw FactsError("there is no ifExists \(ifExists)") }
            let read = AudienceRegistry.Writer(
                campaign: try writer.text(of: "campaign"), label: try writer.text(of: "label"), namespace: try writer.text(of: "namespace"),
                columns: try writer.members(of: "columns") { type throws(FactsError) in try ValueType(factsText: type) },
                ifExists: ifExists,
                isStopped: try writer.boolean(of: "stopped"))
            if all.last?.audience == audience { all[all.count - 1].writers.append(read) } else { all.append((audience, [read])) }
        }
        self.init(writers: all, campaigns: try json.texts(of: "campaigns"))
        let known = Set(campaigns)
        for writer in all.flatMap(\.writers) where !known.contains(writer.campaign) {
            throw FactsError("campaign \(writer.campaign) writes and was never published")
        }
    }
}

extension AudienceFacts {
    fileprivate init(_ json: JSON, _ lists: [FactsList]) throws(FactsError) {
        state = AudienceState(
            id: try json.text(of: "id"), label: try json.text(of: "label"), namespace: try json.text(of: "namespace"),
            campaign: try json.text(of: "campaign"), campaignVersion: try json.count(of: "version"), size: try json.count(of: "size"),
            rows: try json.count(of: "rows"), rejected: try json.count(of: "rejected"))
        contributions = []
        for held in try json.items(of: "contributions") {
            var frozen: (members: MemberTable, rejected: Int)?
            if let json = held["frozen"] { frozen = (try json.list("members", lists).members(), try json.count(of: "rejected")) }
            contributions.append(
                Contribution(
                    campaign: try held.text(of: "campaign"), version: try held.count(of: "version"), label: try held.text(of: "label"),
                    namespace: try held.text(of: "namespace"), frozen: frozen))
        }
    }
}

extension CampaignFacts {
    fileprivate init(_ json: JSON, _ definitions: [String: Campaign], _ lists: [FactsList]) throws(FactsError) {
        let id = try json.text(of: "id")
        guard let definition = definitions[id] else { throw FactsError("campaign \(id) has no definition") }
        self.definition = definition
        version = try json.count(of: "version")
        isStopped = try json.boolean(of: "stopped")
        isFollowed = try json.boolean(of: "followed")
        memory = CampaignMemory()
        memory.waits = try json.members(of: "waits") { list throws(FactsError) in try list.list(lists).instants }
        memory.alerts = Set(try json.texts(of: "alerts"))
        memory.channels = try json.members(of: "channels") { channel throws(FactsError) in
            ChannelMemory(
                namespace: try channel.text(of: "namespace"), present: try channel.list("present", lists).texts,
                last: try channel.members(of: "last") { list throws(FactsError) in try list.list(lists).instants })
        }
        memory.appended = try json.members(of: "appended") { list throws(FactsError) in try list.list(lists).members() }
        frozenSaves = try json.members(of: "frozen") { state throws(FactsError) in
            FrozenState(
                members: try state.list("members", lists).members(), published: try state.integer(of: "published"),
                next: try state.integer(of: "next"))
        }
    }
}

extension ValueType {
    /// The type that `"\(type)"` is of.
    fileprivate init(factsText json: JSON) throws(FactsError) {
        let all: [ValueType] = [.null, .boolean, .integer, .double, .string, .date, .datetime]
        guard case .string(let text) = json, let type = all.first(where: { "\($0)" == text }) else {
            throw FactsError("there is no type \(json)")
        }
        self = type
    }
}

extension JSON {
    fileprivate func list(_ lists: [FactsList]) throws(FactsError) -> FactsList {
        guard case .integer(let place) = self, lists.indices.contains(Int(place)) else { throw FactsError("there is no list \(self)") }
        return lists[Int(place)]
    }

    fileprivate func list(_ name: String, _ lists: [FactsList]) throws(FactsError) -> FactsList { try member(name).list(lists) }
}
