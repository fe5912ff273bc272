// Who watches a row: the records whose links lead to it and that read something behind them.

extension Engine {
    /// Visits the records that watch a row through a link, for some of its signals, each with the signals that say, in its own table, that
    /// something behind the link is concerned. `distance`: how many links lie between this row and the one that changes; in a circle of
    /// links nothing is felt farther than the longest path goes.
    @inline(__always)
    mutating func forEachWatcher(
        _ table: TableNumber, _ row: RowNumber, _ signals: Signals, _ distance: Int,
        _ body: (inout Engine, _ table: TableNumber, _ row: RowNumber, _ signals: Signals) -> Void
    ) {
        guard distance < plan.nodes.longestPath else { return }
        for place in 0..<tables[table].incoming.count {
            let incoming = tables[table].incoming[place]
            guard tables[incoming].watched.meets(signals) else { continue }
            let behind = Signals(bits: tables[incoming].bit)
            var next = tables[incoming].children.first(under: row)
            while let child = next {
                next = tables[incoming].children.next(child)
                body(&self, incoming.table, child, behind)
            }
        }
    }
}
