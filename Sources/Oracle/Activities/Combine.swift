// combine, from scratch (semantics §4).
import Campaigns

extension Combine: EvaluatedActivity {
    func populations(
        from inbounds: [Population], in campaign: String, _ evaluator: Evaluator, _ evaluation: inout Evaluation
    ) -> [String: Population] {
        evaluator.populations(of: self, from: inbounds)
    }
}

extension Evaluator {
    /// What makes rows of an inbound one with others: the key, or values; nil when there is none.
    private typealias Identity = [Datum]

    fileprivate func populations(of combine: Combine, from inbounds: [Population]) -> [String: Population] {
        let identities = inbounds.indices.map { inbound in
            inbounds[inbound].rows.map { row -> Identity? in
                guard let by = combine.by else { return row.key }
                return values(by[inbound], of: row, in: inbounds[inbound])
            }
        }
        let (main, complement) =
            combine.operation == .exclusion
            ? exclusion(combine, of: inbounds, identities) : unionOrIntersection(combine, of: inbounds, identities)
        let outputs = [Transition.main: main]
        return combine.hasComplement ? outputs.merging([Combine.complement: complement]) { $1 } : outputs
    }

    /// "By key: […] one row per key, rows without a key dropped […]. By columns: rows equal on all expressions are one; a null equals
    /// nothing (such rows stay in a union, never match in an intersection). *intersection*: in every inbound; complement: the union minus
    /// it."
    private func unionOrIntersection(
        _ combine: Combine, of inbounds: [Population], _ identities: [[Identity?]]
    ) -> (main: Population, complement: Population) {
        let columns = Set(inbounds.flatMap(\.columns))
        let nothing: Columns = Dictionary(uniqueKeysWithValues: columns.map { ($0, nil) })
        let lowest = zip(inbounds, identities).map(lowestRows)
        var (main, rest) = ([PopulationRow](), [PopulationRow]())
        for inbound in inbounds.indices {
            for (place, row) in inbounds[inbound].rows.enumerated() {
                if let identity = identities[inbound][place] {
                    let isFirst = lowest.firstIndex { $0[identity] != nil } == inbound && lowest[inbound][identity] == place
                    if !isFirst { continue }
                    let filled = row.carrying(self.columns(of: identity, in: inbounds, lowest, columns))
                    let isMain = combine.operation == .union || lowest.allSatisfy { $0[identity] != nil }
                    if isMain { main.append(filled) } else { rest.append(filled) }
                } else if combine.by != nil {
                    let filled = row.carrying(nothing).carrying(row.columns)
                    if combine.operation == .union { main.append(filled) } else { rest.append(filled) }
                }
            }
        }
        return (inbounds[0].with(main, columns: columns), inbounds[0].with(rest, columns: columns))
    }

    /// The places of the rows with the lowest row ids.
    private func lowestRows(of inbound: Population, _ identities: [Identity?]) -> [Identity: Int] {
        let places = Dictionary(grouping: identities.indices.filter { identities[$0] != nil }) { identities[$0]! }
        return places.mapValues { PopulationRow.lowest($0, of: inbound.rows) }
    }

    /// "A carried column it lacks comes from the next inbound that has it, else null": the next "that has both the column and the key; a
    /// null there stays" (decision 39).
    private func columns(
        of identity: Identity, in inbounds: [Population], _ lowest: [[Identity: Int]], _ names: Set<String>
    ) -> Columns {
        var filled: Columns = [:]
        for name in names {
            let place = inbounds.indices.first { inbounds[$0].columns.contains(name) && lowest[$0][identity] != nil }
            filled.updateValue(place.flatMap { inbounds[$0].rows[lowest[$0][identity]!].columns[name]! }, forKey: name)
        }
        return filled
    }

    /// "Rows of the primary, duplicates kept, that match nothing in any other inbound (by key, or `match`); complement: the rows removed."
    /// `match` goes by inbound, the others by `by`; "keyless rows are dropped if any inbound is matched by key"; both keep the columns of
    /// the primary alone (decision 40).
    private func exclusion(
        _ combine: Combine, of inbounds: [Population], _ identities: [[Identity?]]
    ) -> (main: Population, complement: Population) {
        let primary = inbounds[0]
        var isRemoved = [Bool](repeating: false, count: primary.rows.count)
        for (other, match) in zip(inbounds.indices.dropFirst(), combine.matches) {
            var (mine, theirs) = (identities[0], identities[other])
            if let match {
                mine = primary.rows.map { values(match.map(\.primary), of: $0, in: primary) }
                theirs = inbounds[other].rows.map { values(match.map(\.other), of: $0, in: inbounds[other]) }
            }
            let there = Set(theirs.compactMap { $0 })
            for place in mine.indices where mine[place].map(there.contains) ?? false { isRemoved[place] = true }
        }
        let isByKey = combine.by == nil && combine.matches.contains { $0 == nil }
        let places = primary.rows.indices.filter { !isByKey || primary.rows[$0].key != nil }
        func rows(_ areRemoved: Bool) -> Population { primary.with(places.filter { isRemoved[$0] == areRemoved }.map { primary.rows[$0] }) }
        return (rows(false), rows(true))
    }
}
