// fork, from scratch (semantics §4).
import Campaigns

extension Fork: EvaluatedActivity {
    /// "Each output is the inbound."
    func populations(
        from inbounds: [Population], in campaign: String, _ evaluator: Evaluator, _ evaluation: inout Evaluation
    ) -> [String: Population] {
        Dictionary(uniqueKeysWithValues: outputs.map { ($0, inbounds[0]) })
    }
}
