// split, from scratch (semantics §4).
import Campaigns

extension Split: EvaluatedActivity {
    func populations(
        from inbounds: [Population], in campaign: String, _ evaluator: Evaluator, _ evaluation: inout Evaluation
    ) -> [String: Population] {
        evaluator.populations(of: self, from: inbounds[0])
    }
}

extension Evaluator {
    /// "Subsets in order. Without overlap a subset sees the rows that no earlier subset took; with overlap each sees all. […]
    /// `complement`: rows in no subset."
    fileprivate func populations(of split: Split, from inbound: Population) -> [String: Population] {
        var outputs: [String: Population] = [:]
        var isTaken = [Bool](repeating: false, count: inbound.rows.count)
        for subset in split.subsets {
            let seen = inbound.rows.indices.filter { split.overlaps || !isTaken[$0] }
            let passing = seen.filter { passes(subset.filter, inbound.rows[$0], in: inbound) }
            let drawn = passing.filter { isDrawn(inbound.rows[$0], by: subset, of: split) }
            let first = limited(drawn, by: subset, of: split, in: inbound)
            let coded = first.map { inbound.rows[$0].carrying([Split.codeColumn: .text(subset.code)]) }
            outputs[subset.name] = inbound.with(coded, columns: [Split.codeColumn])
            for place in first { isTaken[place] = true }
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

    /// "`limit`: the first n (or `floor(p/100 × rows so far)`) by `sort` (nulls last, ties by stable order), or by stable order without
    /// `sort`." The seed of that order is the split's alone (decision 41).
    private func limited(_ places: [Int], by subset: Split.Subset, of split: Split, in inbound: Population) -> [Int] {
        guard let limit = subset.limit else { return places }
        var ordered = Orders.stable(places, of: inbound.rows, seed: split.seed)
        if let sort = subset.sort {
            ordered = Orders.byValue(ordered, isDescending: sort.isDescending) { value(sort.by, of: inbound.rows[$0], in: inbound) }
        }
        let most =
            switch limit {
            case .count(let count): count
            case .share(let percentage): percentage.of(places.count)
            }
        return ordered.prefix(most).sorted()
    }
}
