// split, from scratch (semantics §4).
import Campaigns

extension Evaluator {
    /// "Subsets in order. Without overlap a subset sees the rows that no earlier subset took; with overlap each sees all. […]
    /// `complement`: rows in no subset."
    func populations(of split: Split, from inbound: Population) -> [String: Population] {
        var outputs: [String: Population] = [:]
        var isTaken = [Bool](repeating: false, count: inbound.rows.count)
        for subset in split.subsets {
            let seen = inbound.rows.indices.filter { split.overlaps || !isTaken[$0] }
            let passing = seen.filter { passes(subset.filter, inbound.rows[$0], in: inbound) }
            let drawn = passing.filter { isDrawn(inbound.rows[$0], by: subset, of: split) }
            let coded = drawn.map { inbound.rows[$0].carrying([Split.codeColumn: .text(subset.code)]) }
            outputs[subset.name] = inbound.with(coded, columns: [Split.codeColumn])
            for place in drawn { isTaken[place] = true }
        }
        if split.hasComplement {
            outputs[Split.complement] = inbound.with(inbound.rows.indices.filter { !isTaken[$0] }.map { inbound.rows[$0] })
        }
        return outputs
    }

    /// "`sample` (rows whose `h(seed + "/" + subset name + "/" + rowId) mod 10000 < percent × 100`)."
    private func isDrawn(_ row: PopulationRow, by subset: Split.Subset, of split: Split) -> Bool {
        guard let draws = subset.draws else { return true }
        return PlainDigests.h(Array("\(split.seed)/\(subset.name)/".utf8) + row.id) % 10_000 < UInt64(draws)
    }
}
