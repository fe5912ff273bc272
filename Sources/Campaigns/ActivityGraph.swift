// The order of a campaign's activities: sources first. "The graph is acyclic" (contract §2.2).

/// One activity's definition with what the graph needs of it.
final class ActivityItem {
    let reader: DefinitionReader
    /// Its place in `activities`.
    let position: Int
    /// nil when it has none, or a bad one.
    let id: String?
    let references: [Transition.Reference]
    /// Its id; empty when it has none.
    var name: String { id ?? "" }

    init(_ reader: DefinitionReader, position: Int) {
        self.reader = reader
        self.position = position
        id = reader.identifier("id")
        references = Transition.references(of: reader)
    }
}

struct ActivityGraph {
    let items: [ActivityItem]
    /// By id; of several with one id the first.
    private(set) var byId: [String: ActivityItem] = [:]

    /// Reports ids that are there twice.
    init(_ readers: [DefinitionReader]) {
        items = readers.enumerated().map { ActivityItem($1, position: $0) }
        for item in items {
            guard let id = item.id else { continue }
            if byId[id] == nil {
                byId[id] = item
            } else {
                item.reader.problem("id", "activity \(quoted(id)) is there twice")
            }
        }
    }

    /// The activities with their sources first, else in their own order. Reports those that are part of a cycle, or hang on one; they
    /// come last.
    func inOrder() -> [ActivityItem] {
        var open = items.map { item in Set(item.references.compactMap { source(of: $0)?.position }).count }
        var takers = [[Int]](repeating: [], count: items.count)
        for item in items {
            for source in Set(item.references.compactMap { source(of: $0)?.position }) { takers[source].append(item.position) }
        }
        var ready = items.indices.filter { open[$0] == 0 }
        var next = 0
        while next < ready.count {
            for taker in takers[ready[next]] {
                open[taker] -= 1
                if open[taker] == 0 { ready.append(taker) }
            }
            next += 1
        }
        let left = items.filter { open[$0.position] > 0 }
        for item in left { item.reader.problem("from", "is part of a cycle, or hangs on one") }
        return ready.map { items[$0] } + left
    }

    private func source(of reference: Transition.Reference) -> ActivityItem? {
        reference.transition.flatMap { byId[$0.activity] }
    }
}
