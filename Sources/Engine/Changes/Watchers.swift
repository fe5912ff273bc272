// Who watches a row: the records whose links lead to it and that read something behind them.

extension Engine {
    /// Visits the records that watch a row through a link, for some of its signals, each with the signals that say, in its own table, that
    /// something behind the link is concerned. `distance`: how many links lie between this row and the one that changes; in a circle of
    /// links nothing is felt farther than the longest path goes.
    @inline(__always)
    mutating func forEachWatcher(
        _ table: Int32, _ row: Int32, _ signals: Signals, _ distance: Int,
        _ body: (inout Engine, _ table: Int32, _ row: Int32, _ signals: Signals) -> Void
    ) {
        guard distance < plan.nodes.longestPath else { return }
        for place in 0..<tables[table].incoming.count {
            let incoming = tables[table].incoming[place]
            guard tables[incoming.table].links[incoming.link].watched.meets(signals) else { continue }
            let behind = Signals(bits: tables[incoming.table].links[incoming.link].bit)
            var child = tables[incoming.table].links[incoming.link].children.first(row)
            while child >= 0 {
                let next = tables[incoming.table].links[incoming.link].children.next(child)
                body(&self, incoming.table, child, behind)
                child = next
            }
        }
    }
}
