// What the plain evaluator can look at record by record: a save-audience whose rows come from a build-audience over activities that decide
// each row by itself and lead it to one row at most. Where other rows decide (limits, groups, joins, counts), or what is remembered, or
// another audience, the whole had to be evaluated: `replay --verify` does that, and an audit looks at what the engine keeps of it.
import Campaigns

struct AuditedSave: Sendable {
    let campaign: String
    let version: Int
    let save: SaveAudience
    /// The activities on the way, alone.
    let way: Campaign
    /// The schema of the build-audience.
    let schema: String
    /// The links that expressions on the way walk.
    private(set) var steps: Set<AggregateStep> = []

    /// nil: something else decides too.
    init?(_ save: SaveAudience, of campaign: Campaign, version: Int) {
        let activities = Dictionary(uniqueKeysWithValues: campaign.activities.map { ($0.id, $0) })
        var way: [Activity] = []
        var next: Transition? = save.from
        var schema: String?
        while let from = next {
            guard let activity = activities[from.activity], activity.rowDecision != nil else { return nil }
            next = activity.inbounds.first
            if case .build(let build) = activity { schema = build.dimension }
            way.append(activity)
        }
        guard let schema else { return nil }
        self.campaign = campaign.id
        self.version = version
        self.save = save
        self.schema = schema
        self.way = Campaign(
            id: campaign.id, name: campaign.name, timezone: campaign.timezone, activities: way.reversed() + [.save(save)])
        for decision in self.way.activities.compactMap(\.rowDecision) {
            steps.formUnion(decision.path)
            for expression in decision.expressions { note(expression) }
        }
    }

    /// Notes the links that an expression walks.
    private mutating func note(_ expression: Expression) {
        switch expression {
        case .field(let path): steps.formUnion(path.steps.map { AggregateStep(link: $0, isForward: true) })
        case .aggregate(let aggregate):
            steps.formUnion(aggregate.steps)
            if let filter = aggregate.filter { note(filter) }
        default: for part in expression.parts { note(part) }
        }
    }
}
