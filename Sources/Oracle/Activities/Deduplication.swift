// deduplication, from scratch (semantics §4).
import Campaigns

extension Deduplication: EvaluatedActivity {
    func populations(
        from inbounds: [Population], in campaign: String, _ evaluator: Evaluator, _ evaluation: inout Evaluation
    ) -> [String: Population] {
        evaluator.populations(of: self, from: inbounds[0])
    }
}

extension Evaluator {
    /// "Rows equal on all `fields` are a group. Of each the best `keep` stay […]. `complement`: rows removed."
    fileprivate func populations(of deduplication: Deduplication, from inbound: Population) -> [String: Population] {
        var kept: Set<Int> = []
        for group in groups(of: deduplication, in: inbound) {
            kept.formUnion(best(group, of: deduplication, in: inbound).prefix(deduplication.keep ?? group.count))
        }
        func rows(_ isKept: Bool) -> Population {
            inbound.with(inbound.rows.indices.filter { kept.contains($0) == isKept }.map { inbound.rows[$0] })
        }
        let outputs = [Transition.main: rows(true)]
        return deduplication.hasComplement ? outputs.merging([Deduplication.complement: rows(false)]) { $1 } : outputs
    }

    /// "`nulls` (a row with any null field): `keep` = each is its own group, `group` = null equals null, `drop` = removed."
    private func groups(of deduplication: Deduplication, in inbound: Population) -> [[Int]] {
        var groups: [[Datum?]: [Int]] = [:]
        var alone: [[Int]] = []
        for (place, row) in inbound.rows.enumerated() {
            let values = deduplication.fields.map { value($0, of: row, in: inbound)?.byValue }
            switch deduplication.nulls {
            case .keep where values.contains(nil): alone.append([place])
            case .drop where values.contains(nil): break
            case .keep, .drop, .group: groups[values, default: []].append(place)
            }
        }
        return Array(groups.values) + alone
    }

    /// The best first: "lowest/highest expression (nulls last), non-empty first, position in the list of values ([…] others last), ties by
    /// stable order; `random` = stable order alone".
    private func best(_ group: [Int], of deduplication: Deduplication, in inbound: Population) -> [Int] {
        func value(_ expression: Expression, _ place: Int) -> Datum? { self.value(expression, of: inbound.rows[place], in: inbound) }
        let places = Orders.stable(group, of: inbound.rows, seed: deduplication.seed)
        switch deduplication.method {
        case .random: return places
        case .lowest(let expression): return Orders.byValue(places) { value(expression, $0) }
        case .highest(let expression): return Orders.byValue(places, isDescending: true) { value(expression, $0) }
        case .nonEmpty(let expression):
            return Orders.byValue(places) { [nil, .text([UInt8]())].contains(value(expression, $0)) ? nil : .boolean(true) }
        case .values(let expression, let order):
            let known = order.map { Datum($0)?.byValue }
            return Orders.byValue(places) { place in
                guard let found = value(expression, place)?.byValue else { return nil }
                return known.firstIndex(of: found).map { .integer(Int64($0)) }
            }
        }
    }
}
