// enrichment, from scratch (semantics §4).
import Campaigns

extension Enrichment: EvaluatedActivity {
    func populations(
        from inbounds: [Population], in campaign: String, _ evaluator: Evaluator, _ evaluation: inout Evaluation
    ) -> [String: Population] {
        [Transition.main: evaluator.population(of: self, from: inbounds[0], joining: { evaluation[$0] })]
    }
}

extension Evaluator {
    /// "Adds carried columns, never adds or removes rows." The expressions see the inbound row, not each other's columns (decision 45).
    fileprivate func population(
        of enrichment: Enrichment, from inbound: Population, joining transition: (Transition) -> Population
    ) -> Population {
        var added = [Columns](repeating: [:], count: inbound.rows.count)
        var isAmbiguous = [Bool](repeating: false, count: inbound.rows.count)
        for join in enrichment.joins {
            let matches = matches(of: join, in: inbound, joined(join, transition))
            for place in added.indices {
                added[place].merge(matches[place].columns) { $1 }
                isAmbiguous[place] = isAmbiguous[place] || matches[place].count > 1
            }
        }
        for (place, row) in inbound.rows.enumerated() {
            for column in enrichment.columns { added[place].updateValue(value(column.value, of: row, in: inbound), forKey: column.name) }
            for collection in enrichment.collections { added[place].merge(columns(of: collection, row, in: inbound)) { $1 } }
        }
        let names = (enrichment.columns + enrichment.joins.flatMap(\.columns)).map(\.name)
        let lines = enrichment.collections.flatMap { self.names(of: $0).joined() }
        var enriched = inbound.with(zip(inbound.rows, added).map { $0.carrying($1) }, columns: Set(names + lines))
        enriched.ambiguous = isAmbiguous.count { $0 }
        return enriched
    }

    // MARK: Collections

    /// "Of the records of a 1-N link that pass `filter`, in `sort` order (nulls last, then key), the first `lines`; columns
    /// `<alias>1_<field>` … null-filled."
    private func columns(of collection: Enrichment.Collection, _ row: PopulationRow, in inbound: Population) -> Columns {
        let plain = carrying([:])
        let records = records(along: collection.path, row.key, record(of: row, in: inbound)).filter {
            plain.passes(collection.filter, key: $0.key, row: $0.row)
        }.sorted { PopulationRow.text($0.key).lexicographicallyPrecedes(PopulationRow.text($1.key)) }
        let sort = collection.sort
        let places = Orders.byValue(Array(records.indices), isDescending: sort?.isDescending ?? false) { place in
            sort.flatMap { plain.value($0.by, key: records[place].key, row: records[place].row) }
        }
        var columns: Columns = [:]
        for (line, names) in names(of: collection).enumerated() {
            for (field, name) in zip(collection.fields, names) {
                columns.updateValue(line < places.count ? records[places[line]].row.value(field) : nil, forKey: name)
            }
        }
        return columns
    }

    /// Of each line.
    private func names(of collection: Enrichment.Collection) -> [[String]] {
        let fields = collection.fields.map { tables.schema(collection.schema).fields[$0].name }
        return (0..<collection.lines).map { line in
            fields.map { Enrichment.Collection.columnName(collection.alias, line: line + 1, field: $0) }
        }
    }

    // MARK: Joins

    private func joined(_ join: Enrichment.Join, _ transition: (Transition) -> Population) -> Population {
        switch join.from {
        case .transition(let name): transition(name)
        case .schema(let name): population(of: BuildAudience(id: "", dimension: name, filter: nil))
        }
    }

    /// "The one row of another transition, or record of a schema, equal on all `on` pairs; several matches: lowest row id or key […]; none:
    /// nulls." Of each row, with how many matches there are.
    private func matches(
        of join: Enrichment.Join, in inbound: Population, _ other: Population
    ) -> [(columns: Columns, count: Int)] {
        let found = Dictionary(grouping: other.rows.indices) { values(join.on.map(\.target), of: other.rows[$0], in: other) }
        return inbound.rows.map { row in
            let matches = values(join.on.map(\.source), of: row, in: inbound).flatMap { found[$0] } ?? []
            let best = matches.isEmpty ? nil : other.rows[PopulationRow.lowest(matches, of: other.rows)]
            let columns = join.columns.map { column in (column.name, best.flatMap { value(column.value, of: $0, in: other) }) }
            return (Dictionary(uniqueKeysWithValues: columns), matches.count)
        }
    }
}
