// Random campaigns: graphs of every activity, in chains, diamonds and side by side, with columns that shadow fields and are read later on.
// How one activity is drawn and changed is in its file (Activities).
@testable import Campaigns

struct RandomCampaign {
    var campaign: Campaign
    var expressions: RandomExpressions

    let schemas: [String: Schema]
    /// What other campaigns save.
    let audiences: AudienceRegistry
    let clock: Int64
    /// Carried columns that two branches have are mostly of one type, so that they can be combined.
    let columnTypes: [String: ValueType]

    static let columnNames = ["x", "y", "two words", Split.codeColumn]

    /// Each as often as its weight says.
    private static let drawn = ActivityType.random.flatMap { [any RandomActivity.Type](repeating: $0, count: $0.weight) }

    /// A campaign without activities.
    init(
        id: String, schemas: [String: Schema], audiences: AudienceRegistry, clock: Int64, expressions: RandomExpressions,
        _ random: inout RandomNumbers
    ) {
        campaign = Campaign(id: id, name: id, timezone: expressions.zone, activities: [])
        self.schemas = schemas
        self.audiences = audiences
        self.clock = clock
        self.expressions = expressions
        var types: [String: ValueType] = [:]
        for name in Self.columnNames { types[name] = random.pick(RandomExpressions.types) }
        types[Split.codeColumn] = .string
        columnTypes = types
    }

    // MARK: Growing

    /// Builds, and other activities over them.
    mutating func grow(_ random: inout RandomNumbers) {
        if campaign.activities.isEmpty {
            for _ in 0..<random.number(1...3) { BuildAudience.add(to: &self, &random) }
        }
        if random.chance(40) { ReadAudience.add(to: &self, &random) }
        for _ in 0..<random.pick([0, 1, 2, 3, 5]) {
            addAny(&random)
            if random.chance(50) { addAny(&random) }
        }
        if random.chance(30) { addAny(&random) }
    }

    private mutating func addAny(_ random: inout RandomNumbers) {
        random.pick(Self.drawn).add(to: &self, &random)
    }

    /// One that would not hang together is not added.
    mutating func add(_ activity: Activity) {
        campaign.activities.append(activity)
        if campaign.transitions(in: schemas) == nil { campaign.activities.removeLast() }
    }

    /// Drops what no save hangs on.
    mutating func dropUnused() {
        for place in campaign.activities.indices.reversed() {
            let activity = campaign.activities[place]
            let isTaken = campaign.activities.contains { ($0.inbounds + $0.joined).contains { $0.activity == activity.id } }
            if !isTaken, !type(of: activity.random).hasEffect { campaign.activities.remove(at: place) }
        }
    }

    // MARK: What is there

    var newId: String {
        let used = Set(campaign.activities.map(\.id))
        return (0...).lazy.map { "a\($0)" }.first { !used.contains($0) }!
    }

    var transitions: [Transition: Campaign.Carried] {
        guard let transitions = campaign.transitions(in: schemas) else { preconditionFailure("it hangs together") }
        return transitions
    }

    /// The transitions in the order of their activities.
    var known: [(transition: Transition, carried: Campaign.Carried)] {
        let places = Dictionary(campaign.activities.enumerated().map { ($1.id, $0) }) { first, _ in first }
        return transitions.map { (transition: $0.key, carried: $0.value) }.sorted {
            (places[$0.transition.activity]!, $0.transition.output) < (places[$1.transition.activity]!, $1.transition.output)
        }
    }

    func transitions(of dimension: Schema) -> [Transition] {
        known.filter { $0.carried.dimension == dimension.name }.map(\.transition)
    }

    /// More likely one of the last than one of the first.
    func inbound(_ random: inout RandomNumbers) -> (transition: Transition, shape: Shape) {
        let known = known
        let (transition, carried) = random.pick(random.chance(60) ? Array(known.suffix(4)) : known)
        return (transition, shape(carried))
    }

    func shape(_ carried: Campaign.Carried) -> Shape {
        Shape(dimension: schemas[carried.dimension]!, columns: carried.columns)
    }

    // MARK: Changing

    /// A new version with one activity changed, or dropped, or with one more.
    mutating func change(_ random: inout RandomNumbers) {
        let old = campaign
        let place = random.number(0...campaign.activities.count - 1)
        switch random.number(0...9) {
        case 0:
            let fewer = campaign.without(place, in: schemas)
            if !fewer.isEmpty { campaign = random.pick(fewer) }
        case 1: addAny(&random)
        case 2: break
        default:
            var activity = campaign.activities[place].random
            activity.change(in: &self, activity.inbounds.first.map { shape(transitions[$0]!) }, &random)
            campaign.activities[place] = activity.activity
        }
        if campaign.transitions(in: schemas) == nil { campaign = old }
    }
}
