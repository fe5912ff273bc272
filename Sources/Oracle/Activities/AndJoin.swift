// and-join, from scratch (semantics §4).
import Campaigns

extension AndJoin {
    /// "The primary's population while every inbound is active, else nothing."
    func population(_ inbounds: [Population], _ evaluation: Evaluation) -> Population {
        from.allSatisfy { evaluation.isActive([$0]) } ? inbounds[0] : inbounds[0].with([])
    }
}
