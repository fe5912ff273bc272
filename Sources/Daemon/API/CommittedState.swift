// What lists and counts show: the audiences, campaigns and schemas as the last acknowledged commit has left them. A commit notes what it
// changed, the acknowledgement of its transaction puts that in, and whoever asks reads it without asking the engine.
import Campaigns
import Engine

/// One audience, as lists show it.
struct AudienceEntry: Sendable {
    let id: String
    let label: String
    let namespace: String
    let campaign: String
    let campaignVersion: Int
    /// Members and rows, as far as they were said.
    let size: Int
    let rows: Int
    let rejected: Int
    /// Nobody writes it any more.
    let isRetired: Bool
    /// What was decided is said.
    let isComplete: Bool
    /// The commit that said something of it last, and its clock; nil: it lies before what the start had to repeat.
    let lastSequence: Int64
    let lastClock: Int64?
    let attributes: [SnapshotColumn]
}

/// One campaign that was published and not deleted.
struct CampaignEntry: Sendable {
    let campaign: Campaign
    let version: Int
    let isStopped: Bool
    /// The definition, as canonical JSON.
    let definition: [UInt8]
    /// What its conditions mean (CampaignWords.swift).
    let words: JSON
    /// The commit that published or stopped it last.
    let lastSequence: Int64
}

/// What some commits have changed, or all there is.
struct CommittedChange: Sendable {
    var sequence: Int64 = 0
    var clock = Int64.min
    /// It takes the place of all that was there.
    var isWhole = false
    /// By the number of the audience.
    var audiences: [Int: AudienceEntry] = [:]
    /// By id; nil: deleted.
    var campaigns: [String: CampaignEntry?] = [:]
    /// In the order of their offsets.
    var publications: [Publication] = []
    /// By name the definitions, as canonical JSON.
    var schemas: [String: [UInt8]] = [:]
}

/// The state after a commit.
struct CommittedState: Sendable {
    /// The state of the last commit was loaded.
    private(set) var isThere = false
    private(set) var sequence: Int64 = 0
    private(set) var clock = Int64.min
    /// By id.
    private(set) var audiences: [String: AudienceEntry] = [:]
    private(set) var campaigns: [String: CampaignEntry] = [:]
    private(set) var schemas: [String: [UInt8]] = [:]
    private(set) var publications = Publications()
    /// The ids of the audiences, and those of the campaigns, in the order of their bytes.
    private(set) var audienceIds: [String] = []
    private(set) var campaignIds: [String] = []
    /// By id the commit at which the state of a campaign, or of an audience with it, became another without a word of its own.
    private var campaignStates: [String: Int64] = [:]
    private var audienceStates: [String: Int64] = [:]
    /// The first instant after the clock at which a campaign begins or ends.
    private var nextEdge = Int64.max

    /// All that a life begins with. `controlOffset`: what lies before it on the control topic is in.
    mutating func take(_ whole: CommittedChange, controlOffset: Int64) {
        take(whole)
        publications.takeAll(before: controlOffset)
    }

    mutating func take(_ change: CommittedChange) {
        if change.isWhole {
            let publications = publications
            self = CommittedState()
            self.publications = publications
        }
        for publication in change.publications { publications.take(publication) }
        isThere = true
        let before = clock < nextEdge && change.clock < nextEdge && change.campaigns.isEmpty ? nil : states
        sequence = change.sequence
        clock = change.clock
        var (hasNewAudience, hasOtherCampaigns) = (false, false)
        for entry in change.audiences.values {
            hasNewAudience = audiences.updateValue(entry, forKey: entry.id) == nil || hasNewAudience
        }
        for (id, entry) in change.campaigns {
            hasOtherCampaigns = hasOtherCampaigns || (campaigns[id] == nil) != (entry == nil)
            campaigns[id] = entry
        }
        schemas.merge(change.schemas) { $1 }
        if hasNewAudience { audienceIds = audiences.keys.sorted(by: isBefore) }
        if hasOtherCampaigns { campaignIds = campaigns.keys.sorted(by: isBefore) }
        if let before { noteStates(before) }
    }

    /// The states of all campaigns and audiences, by id.
    private var states: (campaigns: [String: String], audiences: [String: String]) {
        (campaigns.mapValues { state(of: $0) }, audiences.mapValues { state(of: $0) })
    }

    private mutating func noteStates(_ before: (campaigns: [String: String], audiences: [String: String])) {
        let now = states
        for (id, state) in now.campaigns where before.campaigns[id] != state { campaignStates[id] = sequence }
        for (id, state) in now.audiences where before.audiences[id] != state { audienceStates[id] = sequence }
        campaignStates = campaignStates.filter { campaigns[$0.key] != nil }
        let edges = campaigns.values.flatMap { [$0.campaign.startAt, $0.campaign.endAt] }.compactMap(\.self)
        nextEdge = edges.filter { $0 > clock }.min() ?? .max
    }

    /// The last commit by which what is shown of a campaign became another.
    func lastChange(of campaign: CampaignEntry) -> Int64 { max(campaign.lastSequence, campaignStates[campaign.campaign.id] ?? 0) }

    /// The last commit by which what is shown of an audience became another.
    func lastChange(of audience: AudienceEntry) -> Int64 { max(audience.lastSequence, audienceStates[audience.id] ?? 0) }

    /// live, scheduled, completed or stopped.
    func state(of campaign: CampaignEntry) -> String {
        if campaign.isStopped { return "stopped" }
        return "\(campaign.campaign.validity(at: clock))"
    }

    /// That of the campaign it is of, or retired.
    func state(of audience: AudienceEntry) -> String {
        if audience.isRetired { return "retired" }
        return campaigns[audience.campaign].map { state(of: $0) } ?? "stopped"
    }
}

/// The order of texts by their UTF-8 bytes: that of lists and cursors.
func isBefore(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }
