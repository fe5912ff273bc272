// enrichment, from scratch (semantics §4).
import Campaigns

extension Evaluator {
    /// "Adds carried columns, never adds or removes rows." The expressions see the inbound row, not each other's columns (decision 45).
    func population(of enrichment: Enrichment, from inbound: Population) -> Population {
        let rows = inbound.rows.map { row in
            row.carrying(Dictionary(uniqueKeysWithValues: enrichment.columns.map { ($0.name, value($0.value, of: row, in: inbound)) }))
        }
        return inbound.with(rows, columns: Set(enrichment.columns.map(\.name)))
    }
}
