// reconciliation, from scratch (semantics §4).
import Campaigns

extension Reconciliation: EvaluatedActivity {
    func populations(
        from inbounds: [Population], in campaign: String, _ evaluator: Evaluator, _ evaluation: inout Evaluation
    ) -> [String: Population] {
        evaluator.populations(of: self, from: inbounds[0])
    }
}

extension Evaluator {
    /// "Each row that passes `filter` gets the key of the record of the new `dimension` equal on every rule (null matches nothing; several:
    /// lowest key, counted); others have no key and stay if `keepUnreconciled`. Earlier fields used in rules are carried as columns.
    /// `complement`: the unreconciled rows."
    fileprivate func populations(of reconciliation: Reconciliation, from inbound: Population) -> [String: Population] {
        let records = population(of: BuildAudience(id: "", dimension: reconciliation.dimension, filter: nil))
        let targets = reconciliation.rules.map(\.target)
        let found = Dictionary(grouping: records.rows.indices) { values(targets, of: records.rows[$0], in: records) }
        var (rows, ambiguous) = ([PopulationRow](), 0)
        for row in inbound.rows {
            var matches: [Int] = []
            if passes(reconciliation.filter, row, in: inbound),
                let sources = values(reconciliation.rules.map(\.source), of: row, in: inbound)
            {
                matches = found[sources] ?? []
            }
            if matches.count > 1 { ambiguous += 1 }
            let columns = reconciliation.columns.map { ($0.name, value($0.value, of: row, in: inbound)) }
            let key = matches.isEmpty ? nil : records.rows[PopulationRow.lowest(matches, of: records.rows)].key
            rows.append(row.carrying(Dictionary(uniqueKeysWithValues: columns)).leading(to: key))
        }
        let loose = rows.filter { $0.key == nil }
        let columns = inbound.columns.union(reconciliation.columns.map(\.name))
        func output(_ rows: [PopulationRow], ambiguous: Int = 0) -> Population {
            Population(dimension: reconciliation.dimension, columns: columns, rows: rows, ambiguous: ambiguous)
        }
        let main = reconciliation.keepsUnreconciled ? rows : rows.filter { $0.key != nil }
        let outputs = [Transition.main: output(main, ambiguous: ambiguous)]
        return reconciliation.hasComplement ? outputs.merging([Reconciliation.complement: output(loose)]) { $1 } : outputs
    }
}
