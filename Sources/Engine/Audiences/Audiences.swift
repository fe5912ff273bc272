// All audiences and the campaigns that write them.
import Campaigns

struct Audiences: ~Copyable {
    /// Who writes which audience.
    var registry = AudienceRegistry()
    /// Campaigns that were published and not deleted, by id.
    var campaigns: [String: CampaignState] = [:]
    /// The first instant after the clock at which a live campaign starts or ends; `Int64.max` when there is none.
    var nextValidityEdge = Int64.max
    var memories = Memories()
    /// The tables of audiences that are read, or were.
    var tables: [String: AudienceTable] = [:]
    /// Of the campaigns.
    var highestStratum = 0
    var saves = Vector<Save>()
    var channels = Vector<OpenChannel>()
    /// Campaigns that are followed and have alerts, by id.
    var alertingCampaigns: [String] = []
    /// Frozen saves that are followed.
    var frozen = NumberList<Save>()
    /// Saves that are followed.
    var open = NumberList<Save>()
    private var states: [AudienceState] = []
    private var numbers: [String: Int] = [:]
    /// The place of each audience in the order of ids, by its number.
    private(set) var order: [Int] = []

    subscript(number: Int) -> AudienceState {
        _read { yield states[number] }
        _modify { yield &states[number] }
    }

    /// How many there are, retired ones too.
    var count: Int { states.count }

    func find(_ id: String) -> Int? { numbers[id] }

    /// An audience as it was, the next number.
    mutating func add(_ state: AudienceState, contributions: [Contribution]) {
        number(state.id)
        states.append(state)
        states[states.count - 1].contributions = contributions
    }

    /// The number of the audience that a save writes, new if need be.
    mutating func number(of save: SaveAudience) -> Int {
        if let found = numbers[save.audience] { return found }
        number(save.audience)
        states.append(AudienceState(id: save.audience, label: save.label, namespace: save.namespace, campaign: "", campaignVersion: 0))
        return states.count - 1
    }

    /// Gives the next audience its number, and its place among the others.
    private mutating func number(_ id: String) {
        let place = states.count { $0.id.isBefore(id) }
        for other in order.indices where order[other] >= place { order[other] += 1 }
        order.append(place)
        numbers[id] = states.count
    }
}
