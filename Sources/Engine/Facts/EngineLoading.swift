// An engine from facts: first tables and columns, then texts, then the values of rows. Then the campaigns are followed, while no row is
// live, and the rows come to them one by one. What an engine says from then on is what the one says whose facts they are.
public import Campaigns

/// An engine that is being made from facts: texts, then rows, in any order of their places; then `finish`.
public struct EngineLoading: ~Copyable {
    private var engine: Engine
    private let facts: EngineFacts

    /// `fewRows`: of `Engine`.
    package init(_ facts: EngineFacts, fewRows: Int = 32) throws(FactsError) {
        self.facts = facts
        engine = Engine(fewRows: fewRows)
        engine.addTables(of: facts)
    }

    /// Texts that come next in a dictionary: `count` of them.
    public mutating func add(_ place: TextPlace, count: Int, from bytes: UnsafeRawBufferPointer) throws(FactsError) {
        try engine.add(place, of: facts, count: count, from: bytes)
    }

    /// All texts are there: there is room for rows.
    public mutating func beginRows() throws(FactsError) {
        for (place, table) in facts.tables.enumerated() {
            try engine.tables[engine.tables.ofSchemas[place]].makeRoom(forImageRows: table.rows)
        }
    }

    /// A group of rows of a table, by its place.
    public mutating func fill(table: Int, rows: Range<Int>, from bytes: UnsafeRawBufferPointer) throws(FactsError) {
        guard facts.tables.indices.contains(table) else { throw FactsError("there is no table \(table)") }
        try engine.fill(engine.tables.ofSchemas[table], rows, from: bytes)
    }

    /// All rows are there. `zones`: those that the facts name.
    public consuming func finish(zones: [TimeZoneRules]) throws(FactsError) -> Engine {
        engine.zones = try facts.zones.map { name throws(FactsError) in
            guard let rules = zones.first(where: { $0.name == name }) else { throw FactsError("there is no time zone \(name)") }
            return rules
        }
        engine.resolveLinks()
        engine.follow(facts)
        return engine
    }
}

extension Engine {
    fileprivate mutating func addTables(of facts: EngineFacts) {
        clock = facts.clock
        for table in facts.tables { _ = tables.add(table.schema) }
        for namespace in facts.namespaces { _ = tables.namespace(namespace) }
        for (place, held) in facts.tables.enumerated() {
            for column in held.columns {
                let target: TableNumber? =
                    switch column.target {
                    case .schema(let name): tables.number(of: name)
                    case .namespace(let name): tables.namespace(name)
                    case nil: nil
                    }
                _ = tables[tables.ofSchemas[place]].add(Column(kind: column.kind, target: target))
            }
            if held.hasLongKeys { tables[tables.ofSchemas[place]].noteLongKey() }
        }
    }

    fileprivate mutating func add(_ place: TextPlace, of facts: EngineFacts, count: Int, from bytes: UnsafeRawBufferPointer)
        throws(FactsError)
    {
        var reader = ByteReader(bytes)
        switch place {
        case .keys(let table): try tables[tables.ofSchemas[table]].addKeys(count, from: &reader)
        case .column(let table, let column): try tables[tables.ofSchemas[table]].addTexts(count, of: ColumnNumber(column), from: &reader)
        case .identities(let namespace): try tables[tables.namespace(facts.namespaces[namespace])].addKeys(count, from: &reader)
        }
        try reader.end()
    }

    /// Follows every campaign that was followed, going on with what it remembers. Nothing is said of it.
    fileprivate mutating func follow(_ facts: EngineFacts) {
        audiences.registry = facts.registry
        for audience in facts.audiences { audiences.add(audience.state, contributions: audience.contributions.map { Contribution($0) }) }
        for campaign in facts.campaigns {
            audiences.campaigns[campaign.definition.id] = CampaignState(
                version: campaign.version, isStopped: campaign.isStopped, definition: campaign.definition, memory: campaign.memory)
        }
        pending.isLoading = true
        let difference = Difference()
        // What reads audiences is followed when they have their members.
        for stratum in 0...facts.registry.highestStratum {
            let campaigns = facts.campaigns.filter { $0.isFollowed && facts.registry.stratum(of: $0.definition.id) == stratum }
            for campaign in campaigns {
                openReadAudiences(of: campaign.definition)
                followAnew(campaign.definition.id, remembering: campaign.memory, campaign.frozenSaves)
            }
            findStrata(of: campaigns.map(\.definition.id))
            if stratum == 0 { makeRowsLive() }
            finishCommit(into: difference)
            audiences.memories.forgetHandedOver()
        }
        pending.isLoading = false
        for campaign in facts.campaigns where !campaign.isStopped { expectValidity(of: campaign.definition) }
        statistics = Statistics()
    }
}

extension Engine {
    /// Rows come, one after the other, while all that asks for them is there: each is looked at by the guards that it meets, as when it
    /// was written. Tables that were published last come first: they mostly lead to the others, and what is counted of a record is there
    /// when it comes itself.
    fileprivate mutating func makeRowsLive() {
        for table in tables.ofSchemas.reversed() {
            for row in tables[table].rows where tables[table].isLoaded(row) { change(table, row, .max) { $0.becomeLive(table, row) } }
        }
    }
}

extension Contribution {
    /// One that is followed has nobody yet.
    fileprivate init(_ facts: AudienceFacts.Contribution) {
        self.init(
            campaign: facts.campaign, version: facts.version, label: facts.label, namespace: facts.namespace,
            source: facts.frozen.map { .frozen($0.members, rejected: $0.rejected) } ?? .empty)
    }
}
