// change-dimension to one record each, from scratch (semantics §4).
import Campaigns

extension Evaluator {
    /// "Each row takes the linked record's key, duplicates kept. […] No linked record: the row stays, without a key." A path of links is
    /// its links one after the other, a key per link in the row id (decision 47).
    func population(of change: ChangeDimension, from inbound: Population) -> Population {
        var changed = inbound
        for step in change.path {
            let rows = changed.rows.map { row in
                row.leading(to: row.key.flatMap { key in next(step.link, key, record(of: row, in: changed))?.key })
            }
            changed = Population(dimension: destination(step.link), columns: changed.columns, rows: rows)
        }
        return changed
    }
}
