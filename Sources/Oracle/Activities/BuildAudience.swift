// build-audience, from scratch (semantics §4).
public import Campaigns

extension BuildAudience: EvaluatedActivity {
    func populations(
        from inbounds: [Population], in campaign: String, _ evaluator: Evaluator, _ evaluation: inout Evaluation
    ) -> [String: Population] {
        [Transition.main: evaluator.population(of: self)]
    }
}

extension Evaluator {
    /// "Every record of the dimension for which the filter is true, once."
    public func population(of build: BuildAudience) -> Population {
        let records = tables.rows[build.dimension, default: [:]].filter { passes(build.filter, key: $0.key, row: $0.value) }
        return Population(dimension: build.dimension, columns: [], rows: records.keys.map { PopulationRow(keys: [$0], columns: [:]) })
    }
}
