// What a campaign remembers from one commit to the next (semantics §1, §4), and what becomes of that over versions, stops and ends.
import Campaigns

/// A member of an audience, with its attributes apart.
public struct KeptMember: Equatable, Sendable {
    /// How many rows stand for it, or stood for it last.
    public var rows: Int
    /// The attributes by name.
    public var values: Columns

    public init(rows: Int, values: Columns) {
        self.rows = rows
        self.values = values
    }
}

/// The members of an audience, by the UTF-8 of their identities.
public typealias KeptMembers = [[UInt8]: KeptMember]

/// What waits, channels, alerts and save-audiences remember, by the activity's id.
public struct CampaignMemory: Equatable, Sendable {
    /// An identity: "namespace and id" (decision 49).
    struct Person: Hashable, Sendable {
        var namespace: String
        var identity: [UInt8]
    }

    /// What a channel knows of its people.
    struct Sent: Equatable, Sendable {
        /// Those that were there at the last commit.
        var present: Set<Person> = []
        /// When the last request went to each.
        var last: [Person: Int64] = [:]
    }

    /// A frozen audience.
    struct Frozen: Equatable, Sendable {
        var members: KeptMembers
        var published: Int64
        /// The clock of the last commit.
        var seen: Int64
    }

    /// Since when each row waits, by its row id: those of one text are one.
    var waits: [String: [[UInt8]: Int64]] = [:]
    var channels: [String: Sent] = [:]
    /// The alerts that are raised.
    var alerts: Set<String> = []
    var appended: [String: KeptMembers] = [:]
    var frozen: [String: Frozen] = [:]

    public init() {}

    /// What a new version goes on with.
    func kept(from old: Campaign, to new: Campaign) -> CampaignMemory {
        func isKept(_ id: String) -> Bool { new.keepsMemory(of: id, from: old) }
        var kept = CampaignMemory()
        kept.waits = waits.filter { isKept($0.key) }
        kept.channels = channels.filter { isKept($0.key) }
        kept.alerts = alerts.filter(isKept)
        for save in new.saves {
            guard let former = new.formerAppend(of: save, in: old), let members = appended[former.id] else { continue }
            let names = save.keptAttributes(of: former)
            kept.appended[save.id] = members.mapValues { member in
                var values: Columns = [:]
                for name in save.columns.keys { values.updateValue(names.contains(name) ? member.values[name]! : nil, forKey: name) }
                return KeptMember(rows: member.rows, values: values)
            }
        }
        return kept
    }

    /// "A stop and `endAt` end waits"; alerts are over (decision 65).
    var ended: CampaignMemory {
        var ended = self
        (ended.waits, ended.alerts) = ([:], [])
        return ended
    }

    /// When every population is empty the identities of a channel are gone as well; "what was sent and added stays" (decision 6).
    var emptied: CampaignMemory {
        var emptied = ended
        emptied.channels = channels.mapValues { Sent(last: $0.last) }
        return emptied
    }
}
