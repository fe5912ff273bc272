// What the plain evaluator makes of a history beside the engine: campaigns with their memories, what each gives to its audience, and what a
// commit says besides.
import Oracle

@testable import Campaigns

struct Expectations {
    /// What a campaign gives to an audience, and the save that it is told by.
    struct Held {
        var save: SaveAudience
        var members: KeptMembers = [:]
        /// nil where that is no function of the tables.
        var rejected: Int?
    }

    /// What a commit says besides members.
    struct Said: Equatable {
        var requests: [Evaluation.Request] = []
        /// By campaign and activity.
        var alerts: [String] = []
    }

    private(set) var registry = AudienceRegistry()
    private(set) var campaigns: [String: FollowedCampaign] = [:]
    /// Of the last commit, by campaign.
    private(set) var evaluations: [String: Evaluation] = [:]
    /// By audience and campaign.
    private(set) var held: [String: [String: Held]] = [:]

    // Definitions. Each returns the audiences that nobody writes now.

    /// What is said alike goes on as before: definitions that no text was read for stand for themselves.
    static func described(_ campaign: Campaign) -> Campaign {
        var campaign = campaign
        for activity in campaign.activities {
            let isCompared = type(of: activity.definition).memory == .whileEqual
            campaign.definitions[activity.id] = isCompared ? [JSON.Member("is", .string("\(activity)"))] : nil
        }
        return campaign
    }

    mutating func publish(_ campaign: Campaign) -> [String] {
        let dropped = registry.take(campaign)
        if campaigns[campaign.id]?.publish(campaign) == nil { campaigns[campaign.id] = FollowedCampaign(campaign) }
        for save in campaign.saves where held[save.audience]?[campaign.id]?.save.namespace != save.namespace {
            held[save.audience, default: [:]][campaign.id] = Held(save: save)
        }
        forgetOthers()
        return dropped
    }

    mutating func stop(_ id: String) {
        registry.stop(campaign: id)
        campaigns[id]?.stop()
    }

    mutating func delete(_ id: String) -> [String] {
        campaigns[id] = nil
        let dropped = registry.delete(campaign: id)
        forgetOthers()
        return dropped
    }

    /// What campaigns gave that no longer write.
    private mutating func forgetOthers() {
        for audience in held.keys {
            let writers = registry.writers(of: audience).map(\.campaign)
            held[audience] = writers.isEmpty ? nil : held[audience]!.filter { writers.contains($0.key) }
        }
    }

    // Members.

    /// Those of an audience: "the union, `rows` the sum, attributes from the campaign published first".
    func members(of audience: String) -> KeptMembers {
        contributions(to: audience).reduce(into: [:]) { members, held in
            members.merge(held.members) { KeptMember(rows: $0.rows + $1.rows, values: $0.values) }
        }
    }

    /// As above, as they are told.
    func told(of audience: String) -> [[UInt8]: Member] {
        contributions(to: audience).reduce(into: [:]) { members, held in
            members.merge(held.members.mapValues { Member($0, of: held.save) }) { first, second in
                Member(rows: first.rows + second.rows, attributes: first.attributes)
            }
        }
    }

    /// The one published first first.
    func contributions(to audience: String) -> [Held] {
        registry.writers(of: audience).map { held[audience]![$0.campaign]! }
    }

    // Commits.

    /// The instants at which a commit must be made on the clock's way.
    func stops(after clock: Int64, until instant: Int64) -> [Int64] {
        var stops: Set<Int64> = []
        for followed in campaigns.values where !followed.isStopped {
            if let start = followed.campaign.startAt, clock < start, start <= instant { stops.insert(start) }
            if let end = followed.campaign.endAt, clock < end, end <= instant { stops.insert(end - 1) }
        }
        return stops.sorted()
    }

    /// A commit: every campaign is evaluated, those that others read from first.
    mutating func commit(_ evaluator: Evaluator) -> Said {
        var said = Said()
        evaluations = [:]
        let order = campaigns.keys.sorted { (registry.stratum(of: $0), $0) < (registry.stratum(of: $1), $1) }
        for id in order {
            let before = self
            let outcome = campaigns[id]!.step(evaluator, audience: { before.members(of: $0) })
            for save in campaigns[id]!.campaign.saves where held[save.audience]?[id] != nil { follow(save, of: id, outcome) }
            guard case .live(let evaluation) = outcome else { continue }
            evaluations[id] = evaluation
            said.requests += evaluation.requests
            said.alerts += evaluation.alerts.map { Expectations.text($0, of: campaigns[id]!.campaign) }
        }
        said.requests.sort { Expectations.order($0).lexicographicallyPrecedes(Expectations.order($1)) { $0.lexicographicallyPrecedes($1) } }
        said.alerts.sort()
        return said
    }

    private mutating func follow(_ save: SaveAudience, of campaign: String, _ outcome: FollowedCampaign.Outcome) {
        switch outcome {
        case .live(let evaluation):
            let saved = evaluation.saved[save.id]!
            let rejected = save.mode == .mirror ? saved.rejected : nil
            held[save.audience]![campaign] = Held(save: save, members: saved.members, rejected: rejected)
        case .scheduled where save.mode == .mirror: held[save.audience]![campaign] = Held(save: save, rejected: 0)
        case .scheduled, .unchanged: break
        }
    }

    private static func order(_ request: Evaluation.Request) -> [[UInt8]] {
        [Array(request.campaign.utf8), Array(request.activity.utf8), Array(request.namespace.utf8), request.identity]
    }

    private static func text(_ alert: Evaluation.Alert, of campaign: Campaign) -> String {
        let definition = campaign.activities.lazy.compactMap {
            if case .alert(let found) = $0, found.id == alert.activity { found } else { nil }
        }
        .first!
        return text(campaign.id, alert.activity, definition.title, definition.message, rows: alert.rows)
    }

    /// The blank behind an id is below whatever an id goes on with: texts are in the order of campaigns and activities.
    static func text(_ campaign: String, _ activity: String, _ title: String?, _ message: String?, rows: Int) -> String {
        "\(campaign) \(activity) '\(title ?? "")' '\(message ?? "")' of \(rows) rows"
    }
}

extension AudienceRegistry {
    /// Whether a publish would be accepted: of what campaigns read, the reader of definitions says so.
    func allows(_ campaign: Campaign) -> Bool {
        problems(of: campaign).isEmpty
            && campaign.reads.allSatisfy { read in
                guard let known = readable(read.audience, by: campaign.id) else { return false }
                return known.namespace == read.namespace && read.columns.allSatisfy { known.columns[$0.name] == $0.type }
            }
    }
}
