// The rows of a table, 64 at a time.

extension Table {
    /// All rows that there is room for, live or not.
    var blocks: RowBlocks { RowBlocks(count: states.count) }

    /// All rows that have a number, those that were only mentioned too.
    var numberedBlocks: RowBlocks { RowBlocks(count: keys.count) }

    /// Those of some rows that are live.
    func liveRows(of block: RowBlock) -> RowBlock {
        let states = states.block(of: block)
        let live = RowState.live.rawValue
        if states.count < 64 { return block.filter { states[Int($0.value - block.first)] == live } }
        return block.intersection(bits { states[$0] == live })
    }
}
