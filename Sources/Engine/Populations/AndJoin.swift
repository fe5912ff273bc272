// and-join: the primary, while all inbounds are taken (Operators/Gate).
import Campaigns

extension AndJoin: PopulationMaker {
    func populations(of inbounds: Inbounds, in engine: inout Engine) -> [String: Population] {
        [Transition.main: engine.population(of: self, from.map { inbounds[$0] })]
    }
}

extension Engine {
    /// "The primary's population while every inbound is active, else nothing." One that gives nothing is still active (decision 48).
    fileprivate mutating func population(of join: AndJoin, _ inbounds: [Population]) -> Population {
        var primary = inbounds[0]
        primary.isActive = nil
        let nodes = inbounds.compactMap(\.isActive)
        if nodes.isEmpty { return primary }
        var joined = gated(primary, counter(of: primary), junction(.and, nodes, primary.frame.table))
        joined.isActive = nil
        return joined
    }
}
