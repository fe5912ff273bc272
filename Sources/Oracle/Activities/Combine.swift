// combine by key, from scratch (semantics §4).
import Campaigns

extension Combine {
    func populations(from inbounds: [Population]) -> [String: Population] {
        let (main, complement) = operation == .exclusion ? exclusion(of: inbounds) : unionOrIntersection(of: inbounds)
        let outputs = [Transition.main: main]
        return hasComplement ? outputs.merging([Combine.complement: complement]) { $1 } : outputs
    }

    /// "One row per key […]. *intersection*: in every inbound; complement: the union minus it."
    private func unionOrIntersection(of inbounds: [Population]) -> (main: Population, complement: Population) {
        let columns = Set(inbounds.flatMap(\.columns))
        let byKey = inbounds.map(lowestRows)
        let all = Set(byKey.flatMap(\.keys)).map { row(of: $0, in: inbounds, byKey, columns: columns) }
        func isMain(_ row: PopulationRow) -> Bool { operation == .union || byKey.allSatisfy { $0[row.key!] != nil } }
        return (inbounds[0].with(all.filter(isMain), columns: columns), inbounds[0].with(all.filter { !isMain($0) }, columns: columns))
    }

    /// "In it, the lowest row id."
    private func lowestRows(of inbound: Population) -> [Key: PopulationRow] {
        Dictionary(inbound.rows.compactMap { row in row.key.map { ($0, row) } }) { PopulationRow.isLower($1, $0) ? $1 : $0 }
    }

    /// "The row comes from the first inbound that has the key […]; a carried column it lacks comes from the next inbound that has it,
    /// else null": the next "that has both the column and the key; a null there stays" (decision 39).
    private func row(of key: Key, in inbounds: [Population], _ byKey: [[Key: PopulationRow]], columns: Set<String>) -> PopulationRow {
        var filled: Columns = [:]
        for column in columns {
            let place = inbounds.indices.first { inbounds[$0].columns.contains(column) && byKey[$0][key] != nil }
            filled.updateValue(place.flatMap { byKey[$0][key]!.columns[column]! }, forKey: column)
        }
        return PopulationRow(keys: byKey.lazy.compactMap { $0[key] }.first!.keys, columns: filled)
    }

    /// "Rows of the primary, duplicates kept, that match nothing in any other inbound […]; complement: the rows removed." Both keep the
    /// columns of the primary alone (decision 40).
    private func exclusion(of inbounds: [Population]) -> (main: Population, complement: Population) {
        let (primary, others) = (inbounds[0], Set(inbounds.dropFirst().flatMap { $0.rows.compactMap(\.key) }))
        func rows(removed: Bool) -> [PopulationRow] {
            primary.rows.filter { row in row.key.map { others.contains($0) == removed } ?? false }
        }
        return (primary.with(rows(removed: false)), primary.with(rows(removed: true)))
    }
}
