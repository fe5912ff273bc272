// What nodes were found to be. Many campaigns ask the same of a row that has changed, and in a graph of activities one node is part of
// many: the number of ways through it doubles with each union. What was found is held until something moves that the node may read.

struct Findings: ~Copyable {
    struct FoundTruth: BitwiseCopyable {
        /// Of `writes`, where the condition is one of columns, else of `moves`; 0 = never.
        var moment: UInt64 = 0
        var row = RowNumber.none
        var truth = Truth.unknown
    }

    struct FoundValue: BitwiseCopyable {
        /// Of `moves`; 0 = never.
        var moment: UInt64 = 0
        /// `TextArena.generation` at the time: texts are valid for as long.
        var generation: UInt64 = 0
        var row = RowNumber.none
        var value = Value.null
    }

    /// By node.
    private var truths = Vector<FoundTruth>()
    /// By the place that a node has among those whose values are held.
    private var values = Vector<FoundValue>()
    /// How often columns were written.
    private var writes: UInt64 = 1
    /// How often anything moved that a node may read: columns, accumulators, links, terms.
    private var moves: UInt64 = 1

    /// Makes room for that many nodes, and that many whose values are held.
    mutating func grow(nodes: Int, held: Int) {
        truths.grow(to: nodes, filling: FoundTruth())
        values.grow(to: held, filling: FoundValue())
    }

    /// The columns of a row are written.
    @inline(__always)
    mutating func noteWrite() {
        writes &+= 1
        moves &+= 1
    }

    /// A state, a link or a term moves, or the plan does.
    @inline(__always)
    mutating func noteMove() {
        moves &+= 1
    }

    /// What a condition was found to be on a row; nil when that is no longer sure. `isOfColumns`: it reads columns of the row alone.
    @inline(__always)
    func truth(of node: NodeNumber, isOfColumns: Bool, on row: RowNumber) -> Truth? {
        let found = truths[node.value]
        return found.row == row && found.moment == (isOfColumns ? writes : moves) ? found.truth : nil
    }

    @inline(__always)
    mutating func hold(_ truth: Truth, of node: NodeNumber, isOfColumns: Bool, on row: RowNumber) {
        truths[node.value] = FoundTruth(moment: isOfColumns ? writes : moves, row: row, truth: truth)
    }

    /// What a node was found to be on a row, by its place; nil when that is no longer sure.
    @inline(__always)
    func value(at place: Number<FoundValue>, on row: RowNumber, generation: UInt64) -> Value? {
        let found = values[place]
        return found.row == row && found.moment == moves && found.generation == generation ? found.value : nil
    }

    @inline(__always)
    mutating func hold(_ value: Value, at place: Number<FoundValue>, on row: RowNumber, generation: UInt64) {
        values[place] = FoundValue(moment: moves, generation: generation, row: row, value: value)
    }
}
