// Activities with a part less, for histories that fail to become smaller.
import Campaigns

enum ActivityParts {
    static func fewer(_ split: Split) -> [Split] {
        changed(split) { change in
            change { $0.hasComplement = false }
            for subset in split.subsets.indices {
                if split.subsets.count > 1 { change { $0.subsets.remove(at: subset) } }
                change { $0.subsets[subset].filter = nil }
                change { $0.subsets[subset].draws = nil }
                change { $0.subsets[subset].limit = nil }
                change { $0.subsets[subset].sort = nil }
            }
        }
    }

    static func fewer(_ combine: Combine) -> [Combine] {
        changed(combine) { change in
            change { $0.hasComplement = false }
            if combine.from.count > 2 {
                for inbound in combine.from.indices.dropFirst() {
                    change {
                        $0.from.remove(at: inbound)
                        $0.by?.remove(at: inbound)
                        $0.matches.remove(at: inbound - 1)
                    }
                }
                if combine.by == nil, combine.matches.allSatisfy({ $0 == nil }) {
                    change {
                        $0.from.removeFirst()
                        $0.matches.removeFirst()
                    }
                }
            }
            if let columns = combine.by?[0].count, columns > 1 {
                for column in 0..<columns { change { $0.by = $0.by!.map { $0.without(column) } } }
            }
            change { $0.by = nil }
            for (other, match) in combine.matches.enumerated() {
                change { $0.matches[other] = nil }
                for pair in (match ?? []).indices where match!.count > 1 { change { $0.matches[other]!.remove(at: pair) } }
            }
        }
    }

    static func fewer(_ enrichment: Enrichment) -> [Enrichment] {
        changed(enrichment) { change in
            for column in enrichment.columns.indices { change { $0.columns.remove(at: column) } }
            for (place, collection) in enrichment.collections.enumerated() {
                change { $0.collections.remove(at: place) }
                change { $0.collections[place].filter = nil }
                change { $0.collections[place].sort = nil }
                if collection.lines > 1 { change { $0.collections[place].lines -= 1 } }
                for field in collection.fields.indices where collection.fields.count > 1 {
                    change { $0.collections[place].fields.remove(at: field) }
                }
            }
            for (place, join) in enrichment.joins.enumerated() {
                change { $0.joins.remove(at: place) }
                for pair in join.on.indices where join.on.count > 1 { change { $0.joins[place].on.remove(at: pair) } }
            }
        }
    }

    static func fewer(_ deduplication: Deduplication) -> [Deduplication] {
        changed(deduplication) { change in
            change { $0.hasComplement = false }
            change { $0.method = .random }
            change { $0.keep = 1 }
            for field in deduplication.fields.indices where deduplication.fields.count > 1 { change { $0.fields.remove(at: field) } }
        }
    }

    static func fewer(_ reconciliation: Reconciliation) -> [Reconciliation] {
        changed(reconciliation) { change in
            change { $0.hasComplement = false }
            change { $0.filter = nil }
            for column in reconciliation.columns.indices { change { $0.columns.remove(at: column) } }
            for rule in reconciliation.rules.indices where reconciliation.rules.count > 1 { change { $0.rules.remove(at: rule) } }
        }
    }

    /// What each of some changes makes of a thing, where it makes something else of it.
    private static func changed<Thing: Equatable>(
        _ thing: Thing, _ changes: (_ change: ((inout Thing) -> Void) -> Void) -> Void
    ) -> [Thing] {
        var found: [Thing] = []
        changes { change in
            var other = thing
            change(&other)
            if other != thing { found.append(other) }
        }
        return found
    }
}

extension Array {
    fileprivate func without(_ place: Int) -> [Element] { Array(self[..<place] + self[(place + 1)...]) }
}
