// read-audience, from scratch (semantics §4).
import Campaigns

extension ReadAudience: EvaluatedActivity {
    func populations(
        from inbounds: [Population], in campaign: String, _ evaluator: Evaluator, _ evaluation: inout Evaluation
    ) -> [String: Population] {
        [Transition.main: evaluator.population(of: self, evaluation)]
    }
}

extension Evaluator {
    /// "Every record of the dimension whose `identityField` value is a current member of the audience […]. `attributes` carries the
    /// audience's attribute columns." One that the audience no longer has is null (decision 54).
    fileprivate func population(of read: ReadAudience, _ evaluation: Evaluation) -> Population {
        let members = evaluation.audience(read.audience)
        let rows = tables.rows[read.dimension, default: [:]].compactMap { key, row -> PopulationRow? in
            guard case .text(let identity) = row.value(read.identityField), let member = members[identity] else { return nil }
            var columns: Columns = [:]
            for column in read.columns { columns.updateValue(member.values[column.name] ?? nil, forKey: column.name) }
            return PopulationRow(keys: [key], columns: columns)
        }
        return Population(dimension: read.dimension, columns: Set(read.columns.map(\.name)), rows: rows)
    }
}
