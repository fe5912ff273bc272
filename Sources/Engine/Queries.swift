// What the engine answers without doing anything.
public import Campaigns

extension Engine {
    /// Whether a commit now may say something.
    public var hasChanges: Bool { pending.hasChanges }

    /// The first instant after the clock at which a live campaign starts or ends; `Int64.max` when there is none.
    public var nextValidityEdge: Int64 { audiences.nextValidityEdge }

    /// The number of live rows of a table; 0 for an unknown one.
    public func rowCount(of schema: String) -> Int {
        tables.find(schema).map { tables[$0].liveCount } ?? 0
    }

    /// How many rows each table of a schema holds, and how many changes were applied and were too old, by the schema's name.
    public var rowCounts: [(table: String, held: Int, applied: Int, stale: Int)] {
        tables.all.filter { tables.find(tables[$0].schema.name) == $0 }.map {
            (tables[$0].schema.name, tables[$0].liveCount, tables[$0].applied, tables[$0].stale)
        }
    }

    /// How many audiences there are, retired ones too.
    public var audienceCount: Int { audiences.count }

    /// The number of an audience; nil when no campaign has ever written it.
    public func number(ofAudience id: String) -> Int? { audiences.find(id) }

    /// The ids of all audiences, retired ones too, in the order of their numbers.
    public var audienceIds: [String] { (0..<audienceCount).map { audiences[$0].id } }

    /// The audience as it stands. Rejected rows are counted as they come and go, whoever asks.
    public func audience(_ number: Int) -> AudienceState {
        var state = audiences[number]
        state.rejected = state.contributions.reduce(0) { $0 + rejected($1) }
        return state
    }

    /// Who writes and reads which audience.
    public var registry: AudienceRegistry { audiences.registry }

    /// The campaigns that are followed, live and within their validity, by id.
    public var followedCampaigns: [String] {
        audiences.campaigns.filter { $0.value.following != nil }.keys.sorted { $0.isBefore($1) }
    }

    /// How many those are.
    public var followedCampaignCount: Int { audiences.campaigns.values.count { $0.following != nil } }

    /// The instant at which the first of what time has changed since the last call was due; nil when it has changed nothing.
    public mutating func takeEarliestDue() -> Int64? {
        defer { pending.earliestDue = .max }
        return pending.earliestDue < .max ? pending.earliestDue : nil
    }

    /// The campaign of that id, live or stopped; nil when there is none.
    public func campaign(_ id: String) -> CampaignState? { audiences.campaigns[id] }
}
