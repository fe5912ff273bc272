// All audiences and the campaigns that write them.
import Campaigns

struct Audiences: ~Copyable {
    /// Who writes which audience.
    var registry = AudienceRegistry()
    /// Campaigns that were published and not deleted, by id.
    var campaigns: [String: CampaignState] = [:]
    /// Live campaigns that have not started, by `startAt`, and those that have not ended, by `endAt`.
    let starts = Agenda<String>()
    let ends = Agenda<String>()
    var memories = Memories()
    /// The tables of audiences that are read, or were.
    var tables: [String: AudienceTable] = [:]
    var saves = Vector<Save>()
    var channels = Vector<OpenChannel>()
    var alerts = Vector<OpenAlert>()
    /// The alerts that are followed, by their gates.
    var alertsOfGates: [Number<Gate>: Set<Number<OpenAlert>>] = [:]
    /// Frozen saves that are followed, by when they are replaced next.
    let replacements = Agenda<Number<Save>>()
    /// Saves that are followed.
    var open = NumberList<Save>()
    private var states: [AudienceState] = []
    private var numbers: [String: Int] = [:]

    /// The first instant after the clock at which a live campaign starts or ends; `Int64.max` when there is none.
    var nextValidityEdge: Int64 { min(starts.next, ends.next) }

    subscript(number: Int) -> AudienceState {
        _read { yield states[number] }
        _modify { yield &states[number] }
    }

    /// How many there are, retired ones too.
    var count: Int { states.count }

    func find(_ id: String) -> Int? { numbers[id] }

    /// An audience as it was, the next number.
    mutating func add(_ state: AudienceState, contributions: [Contribution]) {
        numbers[state.id] = states.count
        states.append(state)
        states[states.count - 1].contributions = contributions
    }

    /// The number of the audience that a save writes, new if need be.
    mutating func number(of save: SaveAudience) -> Int {
        if let found = numbers[save.audience] { return found }
        numbers[save.audience] = states.count
        states.append(AudienceState(id: save.audience, label: save.label, namespace: save.namespace, campaign: "", campaignVersion: 0))
        return states.count - 1
    }
}
