// What somebody else remembers of a campaign, to be gone on with; and where two memories are not alike: evaluated once more at the clock of
// its commit, a campaign must come to what it remembers.
public import Campaigns

/// Something that one memory of a campaign has, and another has not.
public struct MemoryDifference {
    /// The id of the activity.
    public var activity: String
    /// A row id that waits, or an identity that is there for a channel; nil of an alert, which is true.
    public var what: [UInt8]?
    /// Whether it is the first memory that has it.
    public var isInFirst: Bool
}

extension CampaignMemory {
    /// What is remembered at a clock, when a commit has just ended: since when row ids wait, which identities are there for a channel,
    /// which alerts are true, the members of appends and of frozen audiences, with when the schedules of these began.
    public init(
        of campaign: Campaign, clock: Int64, waits: [String: [[UInt8]: Int64]], present: [String: Set<[UInt8]>], alerts: Set<String>,
        appended: [String: KeptMembers], frozen: [String: (members: KeptMembers, published: Int64)]
    ) {
        self.waits = waits
        self.alerts = alerts
        self.appended = appended
        self.frozen = frozen.mapValues { Frozen(members: $0.members, published: $0.published, seen: clock) }
        for case .channel(let channel) in campaign.activities {
            let people = present[channel.id, default: []].map { Person(namespace: channel.namespace, identity: $0) }
            channels[channel.id] = Sent(present: Set(people))
        }
    }

    /// Who waits or is there in one of two memories alone, and which alerts are true, in the order of the activities. Members are for
    /// whoever looks at audiences.
    public func differences(to other: CampaignMemory, of campaign: Campaign) -> [MemoryDifference] {
        campaign.activities.flatMap { activity -> [MemoryDifference] in
            let id = activity.id
            let (mine, its) = (people(of: id), other.people(of: id))
            let people = mine.symmetricDifference(its).sorted { $0.lexicographicallyPrecedes($1) }
            let found = people.map { MemoryDifference(activity: id, what: $0, isInFirst: mine.contains($0)) }
            guard alerts.contains(id) != other.alerts.contains(id) else { return found }
            return found + [MemoryDifference(activity: id, what: nil, isInFirst: alerts.contains(id))]
        }
    }

    /// Row ids that wait, or identities that are there.
    private func people(of activity: String) -> Set<[UInt8]> {
        Set(waits[activity, default: [:]].keys).union(channels[activity]?.present.map(\.identity) ?? [])
    }
}
