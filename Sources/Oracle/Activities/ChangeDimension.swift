// change-dimension, from scratch (semantics §4).
import Campaigns

extension ChangeDimension: EvaluatedActivity {
    func populations(
        from inbounds: [Population], in campaign: String, _ evaluator: Evaluator, _ evaluation: inout Evaluation
    ) -> [String: Population] {
        [Transition.main: evaluator.population(of: self, from: inbounds[0])]
    }
}

extension Evaluator {
    /// "N-1: each row takes the linked record's key, duplicates kept. 1-N: one row per linked record. No linked record: the row stays,
    /// without a key." A path of links is its links one after the other, a key per link in the row id (decision 47).
    fileprivate func population(of change: ChangeDimension, from inbound: Population) -> Population {
        change.path.reduce(inbound) { population, step in
            let rows = population.rows.flatMap { row in
                let records = row.key.map { follow(step, $0, record(of: row, in: population)) } ?? []
                return records.isEmpty ? [row.leading(to: nil)] : records.map { row.leading(to: $0.key) }
            }
            return Population(dimension: destination(step), columns: population.columns, rows: rows)
        }
    }
}
