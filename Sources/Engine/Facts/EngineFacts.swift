// What an engine holds that no function of anything else gives: the facts. Rows and texts are in sections of their own (TextPlace.swift,
// RowGroup.swift); this is the rest. What the plan keeps is not in it: it follows from tables, definitions, clock and memories, so an image
// does not depend on how the plan is made.
public import Campaigns

/// All facts but rows and texts. Memory in it is shared with the engine and never changes.
public struct EngineFacts {
    /// Milliseconds since the Unix epoch.
    public internal(set) var clock: Int64
    /// The names of the time zones of campaigns and of their expressions, in the order in which they came.
    public internal(set) var zones: [String]
    /// In the order of their first publication.
    public internal(set) var tables: [TableFacts]
    /// Those that columns name the identities of.
    public internal(set) var namespaces: [String]
    package var registry: AudienceRegistry
    /// By their numbers.
    var audiences: [AudienceFacts]
    /// By their ids, in the order of UTF-8 bytes.
    var campaigns: [CampaignFacts]
}

/// What a table is, but for its rows, keys and texts.
public struct TableFacts {
    /// With all fields, links and identities that it has come to.
    public internal(set) var schema: Schema
    /// Which columns there are depends on what came when (SchemaChange.swift).
    var columns: [ColumnFacts]
    /// How many rows there are, deleted ones too.
    public internal(set) var rows: Int
    /// How many rows a group has.
    public internal(set) var rowsOfGroup: Int
    var hasLongKeys: Bool
}

struct ColumnFacts: Equatable {
    enum Target: Equatable {
        case schema(String)
        case namespace(String)
    }

    var kind: Column.Kind
    /// Of a foreign key.
    var target: Target?
}

struct AudienceFacts {
    struct Contribution {
        var campaign: String
        var version: Int
        var label: String
        var namespace: String
        /// Members that stay, and how many rows were rejected; nil: a save that is followed.
        var frozen: (members: MemberTable, rejected: Int)?
    }

    var state: AudienceState
    var contributions: [Contribution]
}

struct CampaignFacts {
    var definition: Campaign
    var version: Int
    var isStopped: Bool
    var isFollowed: Bool
    /// But for what is live.
    var memory: CampaignMemory
    var live = LiveMemory()
    /// By activity.
    var frozenSaves: [String: FrozenState]
}

/// What a campaign that is followed remembers, by activity.
struct LiveMemory {
    struct Channel {
        var namespace: String
        var present: LiveList
        /// In that namespace.
        var sent: LiveList
    }

    var waits: [String: LiveList] = [:]
    var channels: [String: Channel] = [:]
    /// Of appends those who are not in the population any more: who else is a member follows.
    var appended: [String: LiveList] = [:]
}

extension Engine {
    /// The facts as the last commit left them. What is in them that may be large is shared with the engine until it changes.
    public mutating func facts() -> EngineFacts {
        precondition(!hasChanges, "facts are those of a commit")
        let tables = tables.ofSchemas.map { facts(of: $0) }
        var namespaces: [String] = []
        for case .namespace(let name) in tables.flatMap(\.columns).compactMap(\.target) where !namespaces.contains(name) {
            namespaces.append(name)
        }
        var campaigns: [CampaignFacts] = []
        var lists = 0
        for id in audiences.campaigns.keys.sorted(by: { $0.isBefore($1) }) { campaigns.append(facts(ofCampaign: id, &lists)) }
        return EngineFacts(
            clock: clock, zones: zones.map(\.name), tables: tables, namespaces: namespaces, registry: audiences.registry,
            audiences: (0..<audiences.count).map { facts(ofAudience: $0) }, campaigns: campaigns)
    }

    private func facts(of table: TableNumber) -> TableFacts {
        let columns = tables[table].columns.numbers.map { column in
            let target = tables[table].columns[column].target.map { target -> ColumnFacts.Target in
                let name = tables[target].schema.name
                return tables.find(name) == target ? .schema(name) : .namespace(name)
            }
            return ColumnFacts(kind: tables[table].columns[column].kind, target: target)
        }
        return TableFacts(
            schema: tables[table].schema, columns: columns, rows: tables[table].imageRows, rowsOfGroup: tables[table].rowsOfGroup,
            hasLongKeys: tables[table].hasLongKeys)
    }

    private func facts(ofAudience number: Int) -> AudienceFacts {
        let contributions = audiences[number].contributions.map { held in
            var frozen: (members: MemberTable, rejected: Int)?
            if case .frozen(let members, let rejected) = held.source { frozen = (members, rejected) }
            return AudienceFacts.Contribution(
                campaign: held.campaign, version: held.version, label: held.label, namespace: held.namespace, frozen: frozen)
        }
        return AudienceFacts(state: audiences[number], contributions: contributions)
    }

    private func facts(ofCampaign id: String, _ lists: inout Int) -> CampaignFacts {
        let state = audiences.campaigns[id]!
        var facts = CampaignFacts(
            definition: state.definition, version: state.version, isStopped: state.isStopped, isFollowed: state.following != nil,
            memory: state.memory, frozenSaves: state.following == nil ? [:] : frozenSaves(of: id))
        guard let following = state.following else { return facts }
        func list(_ content: LiveList.Content) -> LiveList {
            lists += 1
            return LiveList(content, number: lists - 1)
        }
        facts.memory = CampaignMemory(channels: state.memory.channels, alerts: openAlerts(following))
        facts.live.waits = following.waits.mapValues { list(plan.waits[waiting(deciding: $0)].state.shared) }
        for (activity, number) in following.channels {
            let (contacted, target) = (audiences.channels[number].contacted, tables.target(of: audiences.channels[number].link))
            let namespace = audiences.channels[number].definition.namespace
            facts.memory.channels[activity] = ChannelMemory(namespace: namespace, last: audiences.channels[number].others)
            facts.live.channels[activity] = LiveMemory.Channel(
                namespace: namespace, present: list(.present(contacted, target)), sent: list(.sent(contacted, target)))
        }
        for (activity, save) in following.saves where audiences.saves[save].isAppend {
            facts.live.appended[activity] = list(.kept(audiences.saves[save].kept, tables.target(of: audiences.saves[save].link)))
        }
        return facts
    }
}

extension EngineFacts {
    /// Lists that the engine makes into entries, by their numbers.
    package var liveLists: [LiveList] {
        let all = campaigns.flatMap { campaign in
            campaign.live.waits.values + campaign.live.channels.values.flatMap { [$0.present, $0.sent] } + campaign.live.appended.values
        }
        return all.sorted { $0.number < $1.number }
    }
}
