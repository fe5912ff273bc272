// Conditions: the distinct filters of live campaigns and of their accumulators, and who is in by what an operator decides. The engine
// keeps, per row, which conditions the row meets; a condition that flips tells its takers.
import Campaigns

/// How a condition is found among all others when a row changes in a way that may make it true.
enum Guard: Equatable {
    /// A value of a column must be one of `keys` (nil: there is no such column), and, when there is a window, the row must lie in it (at or
    /// after its term).
    case column(ColumnNumber?, keys: [Int64], window: Number<Window>?)
    /// An accumulator must be at least `threshold`.
    case accumulator(Number<Accumulator>, threshold: Double)
    /// Another condition must be met, whose rows are kept.
    case member(Number<Condition>)
    /// Nothing better than: something it reads has changed.
    case none
}

struct Condition: ~Copyable {
    let table: TableNumber
    let node: NodeNumber
    /// The operator that says which rows meet it; nil: its node does.
    let decidedBy: OperatorNumber?
    /// How many nodes read whether rows meet it; then it has signals of its own.
    private(set) var memberReaders = 0
    private(set) var signals = Signals.none
    /// The conditions that it guards.
    private(set) var followers = Vector<Number<Condition>>()
    /// How many ask for it; 0 = it keeps no state.
    private(set) var references = 0
    /// While it keeps state: the signals that may change its truth.
    private(set) var reads = ReadSet.nothing
    /// One of them holds wherever the condition is true.
    private(set) var guardedBy: [Guard] = []
    /// The guards say it all: whoever passes one meets the condition.
    private(set) var isCovered = false
    /// Who takes its rows. Accumulators that take from another come after it.
    private(set) var takers = Vector<Taker>()
    /// What the takers read of the rows.
    private(set) var takerReads = ReadSet.nothing
    /// The round in which it was last evaluated (`PendingCommit.round`).
    private var lastRound: UInt64 = 0

    init(table: TableNumber, node: NodeNumber, decidedBy: OperatorNumber? = nil) {
        self.table = table
        self.node = node
        self.decidedBy = decidedBy
    }

    /// One more asks for it. Returns whether it is the first: the condition begins to keep state.
    mutating func addReference() -> Bool {
        references += 1
        return references == 1
    }

    /// One less asks for it. Returns whether it was the last: the condition ceases to keep state.
    mutating func removeReference() -> Bool {
        precondition(references > 0, "somebody asks for it")
        references -= 1
        return references == 0
    }

    /// More (1) or less (-1) nodes read whether rows meet it. It has its signals before the first one does.
    mutating func addMemberReaders(_ count: Int) { memberReaders += count }

    mutating func give(_ signals: Signals) { self.signals = signals }

    /// It guards another condition from now on.
    mutating func guards(_ other: Number<Condition>) { followers.append(other) }

    mutating func guardsNoMore(_ other: Number<Condition>) { followers.removeFirst(other) }

    /// It begins to keep state: what its node reads.
    mutating func begin(reading reads: ReadSet) {
        self.reads = reads
    }

    /// Its guards were chosen.
    mutating func choose(_ guards: [Guard], areWhole: Bool) {
        guardedBy = guards
        isCovered = areWhole
    }

    /// Somebody takes its rows from now on, and reads some signals of them.
    mutating func add(_ taker: Taker, reading reads: ReadSet) {
        takers.append(taker)
        takerReads.formUnion(reads)
    }

    /// Somebody takes its rows no longer; `reads` is what those read who are left.
    mutating func remove(_ taker: Taker, leaving reads: ReadSet) {
        takers.removeFirst(taker)
        takerReads = reads
    }

    /// Whether it is to be evaluated because of some signals: it reads them, and was not evaluated in this round, as it is from now on.
    @inline(__always)
    mutating func enter(round: UInt64, _ signals: Signals) -> Bool {
        guard reads.meets(signals), lastRound != round else { return false }
        lastRound = round
        return true
    }
}

/// Who takes the rows of a condition: told when one comes or goes, and when what it reads of one is about to change.
enum Taker: BitwiseCopyable, Equatable {
    case save(Number<Save>)
    case channel(Number<OpenChannel>)
    case accumulator(Number<Accumulator>)
    case operation(OperatorNumber)
    case counter(Number<Counter>)
}
