// What the transitions of a campaign carry, found again from its activities: for changing campaigns, and for knowing which still hang
// together.
import Campaigns

extension Campaign {
    /// The dimension of a transition by name, and the types of its carried columns.
    struct Carried: Equatable {
        var dimension: String
        var columns: [String: ValueType] = [:]
    }

    /// nil when something is taken that is not there, or an expression reads a column that its row does not carry.
    func transitions(in schemas: [String: Schema]) -> [Transition: Carried]? {
        var found: [Transition: Carried] = [:]
        for activity in activities {
            let inbounds = activity.inbounds.compactMap { found[$0] }
            let joined = activity.joined.compactMap { found[$0] }
            guard inbounds.count == activity.inbounds.count, joined.count == activity.joined.count,
                activity.expressions.allSatisfy({ $0.reads(onlyOf: inbounds.first?.columns ?? [:]) }),
                let outputs = activity.random.outputs(from: inbounds, joining: joined, in: schemas)
            else { return nil }
            for (name, carried) in outputs { found[Transition(activity: activity.id, output: name)] = carried }
        }
        return found
    }

    /// Those without the activity at a place: what takes from it takes from one of its inbounds instead. None where that does not hang
    /// together.
    func without(_ place: Int, in schemas: [String: Schema]) -> [Campaign] {
        let dropped = activities[place]
        let carried = transitions(in: schemas)!
        let dimension = carried.first { $0.key.activity == dropped.id }?.value.dimension
        var found: [Campaign] = []
        // What comes out of a change of dimension is nothing that its inbound could stand for.
        let inbounds = dropped.inbounds.filter { carried[$0]!.dimension == dimension }
        for inbound in inbounds.map(Optional.some) + [nil] {
            var campaign = self
            campaign.activities.remove(at: place)
            campaign.activities = campaign.activities.map { activity in
                func instead(_ transition: Transition) -> Transition {
                    transition.activity == dropped.id ? inbound ?? transition : transition
                }
                return activity.taking(activity.inbounds.map(instead), joining: activity.joined.map(instead))
            }
            if !campaign.saves.isEmpty, campaign.transitions(in: schemas) != nil { found.append(campaign) }
        }
        return found
    }
}

extension Expression {
    var readsColumns: Bool {
        if case .carried = self { true } else { parts.contains(where: \.readsColumns) }
    }

    /// Whether every carried column that it reads is one of these, and of that type.
    func reads(onlyOf columns: [String: ValueType]) -> Bool {
        if case .carried(let name, let type) = self { return columns[name] == type }
        return parts.allSatisfy { $0.reads(onlyOf: columns) }
    }
}
