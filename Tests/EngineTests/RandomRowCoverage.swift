// What is met of limits, deduplications, combines by values, 1-N, collections, joins and reconciliations, and what must be.
import Oracle

@testable import Campaigns

extension RandomCoverageTests.Met {
    typealias Note = (_ name: String, _ output: String) -> Void

    func visit(_ split: Split, _ note: Note) {
        for subset in split.subsets {
            note("split \(split.overlaps ? "with" : "without") overlap", subset.name)
            if let draws = subset.draws { note("sample of \(draws)", subset.name) }
            if let limit = subset.limit {
                let order = subset.sort.map { "\($0.by.type) \($0.isDescending ? "down" : "up")" } ?? "stable order"
                note("limit by \(order)", subset.name)
                note("limit of \(limit.isOfCount ? "a count" : "a share")", subset.name)
            }
        }
        if split.hasComplement { note("complement of a split", Split.complement) }
    }

    func visit(_ combine: Combine, _ inbounds: [Population], _ main: Population, _ note: Note) {
        note("\(combine.operation) of \(combine.from.count)", Transition.main)
        if combine.hasComplement { note("complement of \(combine.operation)", Combine.complement) }
        if Set(combine.from).count < combine.from.count { words.insert("an inbound twice") }
        if inbounds.contains(where: { $0.rows.contains { $0.keys.count > 1 } }) {
            note("\(combine.operation) of rows led there", Transition.main)
        }
        if let by = combine.by {
            note("\(combine.operation) by \(by[0].count) columns", Transition.main)
            if combine.hasComplement { note("complement of \(combine.operation) by columns", Combine.complement) }
            if Set(inbounds.map(\.dimension)).count > 1 { note("\(combine.operation) by columns across", Transition.main) }
            if by[0].indices.contains(where: { column in Set(by.map { $0[column].type }).count > 1 }) {
                words.insert("by of mixed types")
            }
            let ids = main.rows.map(\.id)
            if Set(ids).count < ids.count { words.insert("rows of one row id") }
        }
        for match in combine.matches.compactMap({ $0 }) {
            note("match of \(match.count)", Transition.main)
            if combine.hasComplement { note("complement of a match", Combine.complement) }
        }
        let columns = inbounds.map(\.columns)
        if columns.contains(where: { $0 != columns[0] }) { words.insert("\(combine.operation) of different columns") }
    }

    func visit(_ deduplication: Deduplication, _ note: Note) {
        note("deduplication \(deduplication.method.name)", Transition.main)
        note("deduplication keeping \(deduplication.keep.map { "\($0)" } ?? "all")", Transition.main)
        note("deduplication nulls \(deduplication.nulls)", Transition.main)
        if deduplication.hasComplement { note("complement of a deduplication", Deduplication.complement) }
    }

    func visit(_ reconciliation: Reconciliation, _ main: Population, _ note: Note) {
        note("reconciliation of \(reconciliation.rules.count) rules", Transition.main)
        if reconciliation.filter != nil { note("reconciliation with a filter", Transition.main) }
        if !reconciliation.keepsUnreconciled { note("reconciliation keeping those with a key", Transition.main) }
        if reconciliation.hasComplement { note("complement of a reconciliation", Reconciliation.complement) }
        if main.ambiguous > 0 { words.insert("an ambiguous reconciliation") }
        if main.rows.contains(where: { $0.key != nil }) { words.insert("a reconciled row") }
    }

    func visitLines(of enrichment: Enrichment, _ enriched: Population) {
        for collection in enrichment.collections {
            words.insert(
                "collection \(collection.filter == nil ? "of all" : "of some") \(collection.sort == nil ? "by key" : "sorted")")
            for line in 1...collection.lines {
                let columns = enriched.columns.filter { $0.hasPrefix("\(collection.alias)\(line)_") }
                for row in enriched.rows where columns.contains(where: { row.columns[$0] != .some(nil) }) {
                    words.insert("line \(line) of \(collection.lines)")
                }
            }
        }
    }

    func visitJoins(of enrichment: Enrichment, _ populations: [Transition: Population]) {
        let enriched = populations[Transition(activity: enrichment.id)]!
        for join in enrichment.joins {
            let source = if case .transition = join.from { "a transition" } else { "a schema" }
            words.insert("join of \(join.on.count) pairs")
            if enriched.ambiguous > 0 { words.insert("an ambiguous join") }
            for row in enriched.rows where row.columns[join.columns[0].name] != .some(nil) { words.insert("join of \(source): value") }
        }
    }
}

extension RandomCoverageTests {
    /// What must be met of each kind.
    static let rowActivities: [String: [String]] = {
        func both(_ names: [String]) -> [String] { names.flatMap { ["\($0): somebody", "\($0): not all"] } }
        let types = all(ValueType.self).filter { $0 != .null }
        let orders = types.flatMap { ["\($0) up", "\($0) down"] } + ["stable order"]
        let operations = ["union", "intersection", "exclusion"]
        return [
            "limit": both(orders.map { "limit by \($0)" } + ["limit of a count", "limit of a share"]),
            "deduplication": both(
                ["random", "lowest", "highest", "nonEmpty", "values"].map { "deduplication \($0)" }
                    + ["1", "2", "3"].map { "deduplication keeping \($0)" }
                    + Deduplication.Nulls.allCases.map { "deduplication nulls \($0)" }
                    + ["complement of a deduplication"]) + ["deduplication keeping all: somebody", "deduplication reads carried columns"],
            "by": both(operations.flatMap { operation in (1...2).map { "\(operation) by \($0) columns" } })
                + both(["intersection", "exclusion"].map { "complement of \($0) by columns" })
                + ["intersection", "exclusion"].map { "\($0) by columns across: somebody" }
                + ["by of mixed types", "rows of one row id"],
            "match": both((1...2).map { "match of \($0)" } + ["complement of a match"]),
            "many": ["change-dimension to many", "change-dimension to many and to one"].map { "\($0): somebody" },
            "collection": ["of all", "of some"].flatMap { ["collection \($0) by key", "collection \($0) sorted"] }
                + [(1, 1), (1, 2), (2, 2), (1, 3), (2, 3), (3, 3)].map { "line \($0.0) of \($0.1)" },
            "join": ["join of 1 pairs", "join of 2 pairs", "join of a transition: value", "join of a schema: value", "an ambiguous join"],
            "reconciliation": both(
                (1...2).map { "reconciliation of \($0) rules" } + [
                    "complement of a reconciliation", "reconciliation keeping those with a key",
                ])
                + ["reconciliation with a filter: somebody", "a reconciled row", "an ambiguous reconciliation"],
        ]
    }()
}

extension Split.Limit {
    fileprivate var isOfCount: Bool { if case .count = self { true } else { false } }
}

extension Deduplication.Method {
    fileprivate var name: String {
        switch self {
        case .random: "random"
        case .lowest: "lowest"
        case .highest: "highest"
        case .nonEmpty: "nonEmpty"
        case .values: "values"
        }
    }
}
