// Populations: what the transitions of a campaign are in the engine. The rows of a population are rows of one table; which of them are in
// it is one condition, their records are they themselves or some links away, and what they carry are nodes about them. Nothing is copied
// from activity to activity (semantics §2). What decides by many rows is an operator (Operators); all else is conditions and links.
// The architecture page has them all beside one another.
//
// Besides, what is saved keeps the memberships of its condition, and where each row leads by its identity. A change costs the looks its
// guards find, and a step in what is kept; a publish a look a row.
import Campaigns

struct Population {
    var frame: Frame
    /// The node of the condition: a row is in where it is true.
    var who: NodeNumber
    /// Whether its transition is active, as a node of no row; nil: always.
    var isActive: NodeNumber?
}

extension Engine {
    /// The populations of a campaign, by transition. What is there already, of this campaign or another, is found.
    mutating func populations(of campaign: Campaign) -> [Transition: Population] {
        var found: [Transition: Population] = [:]
        for activity in campaign.activities {
            guard let maker = activity.definition as? any PopulationMaker else { preconditionFailure("\(activity.id) makes populations") }
            let outputs = maker.populations(of: Inbounds(maker, in: campaign, after: found), in: &self)
            let isTaken = anyIsActive(activity.inbounds.map { found[$0]! })
            for (name, output) in outputs.sorted(by: { $0.key < $1.key }) {
                var output = output
                // "An output of `test` that is not taken is inactive, and so is what hangs on it alone."
                output.isActive = both(isTaken, output.isActive)
                found[Transition(activity: activity.id, output: name)] = output
            }
        }
        return found
    }

    // Whether transitions are active.

    /// Whether any of some transitions is active; nil: one always is, or there are none.
    private mutating func anyIsActive(_ populations: [Population]) -> NodeNumber? {
        let nodes = populations.compactMap(\.isActive)
        if nodes.isEmpty || nodes.count < populations.count { return nil }
        return junction(.or, nodes, plan.nodes[nodes[0]].table)
    }

    /// Whether two things are true; nil: always.
    private mutating func both(_ a: NodeNumber?, _ b: NodeNumber?) -> NodeNumber? {
        guard let a, let b else { return a ?? b }
        return junction(.and, [a, b], plan.nodes[a].table)
    }
}

// What is a line or two.

extension BuildAudience: PopulationMaker {
    func populations(of inbounds: Inbounds, in engine: inout Engine) -> [String: Population] {
        let frame = Frame(table: engine.tables.number(of: dimension))
        return [Transition.main: Population(frame: frame, who: engine.build(filter ?? .literal(.boolean(true)), in: frame))]
    }
}

extension Fork: PopulationMaker {
    func populations(of inbounds: Inbounds, in engine: inout Engine) -> [String: Population] {
        Dictionary(uniqueKeysWithValues: outputs.map { ($0, inbounds.first) })
    }
}

extension Channel: PopulationMaker {
    func populations(of inbounds: Inbounds, in engine: inout Engine) -> [String: Population] { [Transition.main: inbounds.first] }
}

extension Alert: PopulationMaker {
    func populations(of inbounds: Inbounds, in engine: inout Engine) -> [String: Population] { [Transition.main: inbounds.first] }
}

extension SaveAudience: PopulationMaker {
    func populations(of inbounds: Inbounds, in engine: inout Engine) -> [String: Population] { [:] }
}
