// What the engine hands out as plain values, for somebody who evaluates everything anew: its tables, the campaigns with what they remember,
// and what each gives to an audience. What is asked for is written out; nothing of it is kept.
public import Campaigns

/// What one campaign gives to an audience.
public struct GivenMembers {
    /// Sorted by identity.
    public let members: MemberTable
    /// Rows of the population that have a record and no identity.
    public let rejected: Int
}

/// What a live campaign remembers beyond the tables (semantics §1), by activity id, in words that no plan is needed for.
public struct Remembered {
    /// Since when row ids wait, by their texts; in milliseconds since the Unix epoch.
    public internal(set) var waits: [String: [[UInt8]: Int64]] = [:]
    /// The identities that were there for a channel when the last commit ended.
    public internal(set) var present: [String: Set<[UInt8]>] = [:]
    /// The alerts that were true when the last commit ended.
    public internal(set) var alerts: Set<String> = []
    /// The members by an append: those it has added, and those in its population.
    public internal(set) var appended: [String: MemberTable] = [:]
    /// The members of a frozen audience, and when its schedule began to count.
    public internal(set) var frozen: [String: (members: MemberTable, published: Int64)] = [:]
}

extension CampaignState {
    /// The version that was published last.
    public var campaign: Campaign { definition }
}

extension Engine {
    /// The schemas that were published.
    public var schemas: [Schema] {
        tables.all.filter { tables.find(tables[$0].schema.name) == $0 }.map { tables[$0].schema }
    }

    /// Every row of a schema that was published, by the number of the field.
    public func forEachRow(of schema: String, _ body: ([Literal]) -> Void) {
        let table = tables.number(of: schema)
        let fields = tables[table].schema.fields.indices
        for row in tables[table].rows where tables[table].isLive(row) {
            body(fields.map { Literal(columnValue(table, ColumnNumber($0), row)) })
        }
    }

    /// The time zones of campaigns and their expressions.
    public var timeZones: [TimeZoneRules] { zones }

    /// The ids of the campaigns that were published and not deleted, in their order.
    public var campaigns: [String] { audiences.campaigns.keys.sorted { $0.isBefore($1) } }

    /// What a campaign remembers while it is live.
    public mutating func remembered(by campaign: String) -> Remembered {
        let memory = memory(of: campaign)
        var remembered = Remembered()
        remembered.waits = memory.waits
        remembered.present = memory.channels.mapValues(\.present)
        remembered.alerts = memory.alerts
        remembered.appended = memory.appended
        for (activity, save) in audiences.campaigns[campaign]?.following?.saves ?? [:] where audiences.saves[save].isFrozen {
            remembered.frozen[activity] = (audiences.saves[save].frozen.members, audiences.saves[save].frozen.published)
        }
        return remembered
    }

    /// What a campaign gives to an audience; nil when it gives nothing to it.
    public mutating func given(to audience: String, by campaign: String) -> GivenMembers? {
        guard let number = audiences.find(audience), let place = contribution(of: campaign, to: number) else { return nil }
        let contribution = audiences[number].contributions[place]
        return GivenMembers(members: members(of: contribution), rejected: rejected(contribution))
    }
}
