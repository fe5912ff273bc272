// and-join, from scratch (semantics §4).
import Campaigns

extension AndJoin: EvaluatedActivity {
    /// "The primary's population while every inbound is active, else nothing."
    func populations(
        from inbounds: [Population], in campaign: String, _ evaluator: Evaluator, _ evaluation: inout Evaluation
    ) -> [String: Population] {
        [Transition.main: from.allSatisfy { evaluation.isActive([$0]) } ? inbounds[0] : inbounds[0].with([])]
    }
}
