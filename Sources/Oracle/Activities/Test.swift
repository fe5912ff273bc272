// test, from scratch (semantics §4).
import Campaigns

extension Test: EvaluatedActivity {
    func populations(
        from inbounds: [Population], in campaign: String, _ evaluator: Evaluator, _ evaluation: inout Evaluation
    ) -> [String: Population] {
        evaluator.populations(of: self, from: inbounds[0], &evaluation)
    }
}

extension Evaluator {
    /// "The first condition that is true of `recCount` […] names the active output, which carries the inbound; otherwise `default`, if
    /// enabled."
    fileprivate func populations(of test: Test, from inbound: Population, _ evaluation: inout Evaluation) -> [String: Population] {
        let taken = test.conditions.first { isTrue($0.when, of: inbound) }?.name ?? Test.otherwise
        var outputs: [String: Population] = [:]
        for name in test.conditions.map(\.name) + (test.hasDefault ? [Test.otherwise] : []) {
            outputs[name] = name == taken ? inbound : inbound.with([])
            if name != taken { evaluation.inactive.insert(Transition(activity: test.id, output: name)) }
        }
        return outputs
    }

    /// Whether a condition is true of the number of rows.
    func isTrue(_ condition: Expression, of population: Population) -> Bool {
        carrying([RecordCount.name: .integer(Int64(population.rows.count))]).passes(condition, key: nil, row: [])
    }
}
