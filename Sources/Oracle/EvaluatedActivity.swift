// What every activity is to the plain evaluator. Each conforms in the file of its name in Activities; random histories of every activity
// stop where one does not.
import Campaigns

protocol EvaluatedActivity: ActivityDefinition {
    /// The populations of its outputs, by name, of those of its inbounds. What it says and remembers besides, it notes in the evaluation.
    func populations(
        from inbounds: [Population], in campaign: String, _ evaluator: Evaluator, _ evaluation: inout Evaluation
    ) -> [String: Population]
}
