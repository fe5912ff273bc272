// What the plain evaluator can look at record by record: a save-audience whose rows come from a build-audience over activities that decide
// each row by itself and lead it to one row at most. Where other rows decide (limits, groups, joins, counts), or what is remembered, or
// another audience, the whole had to be evaluated: `replay --verify` does that, and an audit looks at what the engine keeps of it.
import Campaigns

struct AuditedSave {
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
            guard let activity = activities[from.activity] else { return nil }
            next = activity.inbounds.first
            switch activity {
            case .build(let build): schema = build.dimension
            case .fork, .channel, .alert: break
            case .split(let split) where split.subsets.allSatisfy({ $0.limit == nil }): break
            case .enrichment(let enrichment) where enrichment.collections.isEmpty && enrichment.joins.isEmpty: break
            case .changeDimension(let change) where change.path.allSatisfy(\.isForward): break
            case .wait(let wait):
                guard case .until = wait.period else { return nil }
            default: return nil
            }
            way.append(activity)
        }
        guard let schema else { return nil }
        self.campaign = campaign.id
        self.version = version
        self.save = save
        self.schema = schema
        self.way = Campaign(
            id: campaign.id, name: campaign.name, timezone: campaign.timezone, activities: way.reversed() + [.save(save)])
        for activity in self.way.activities {
            if case .changeDimension(let change) = activity { steps.formUnion(change.path) }
            for expression in AuditedSave.expressions(of: activity) { note(expression) }
        }
    }

    private static func expressions(of activity: Activity) -> [Expression] {
        switch activity {
        case .build(let build): [build.filter].compactMap { $0 }
        case .split(let split): split.subsets.compactMap(\.filter)
        case .enrichment(let enrichment): enrichment.columns.map(\.value)
        case .save(let save): [save.identity] + save.attributes.map(\.source)
        default: []
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
