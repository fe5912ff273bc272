// Conditions: the distinct filters of live campaigns and of their accumulators. The engine keeps, per row, which conditions the row
// meets; a condition that flips tells the audiences that save it and the accumulators it feeds.
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
    var memberReaders = 0
    var signals = Signals.none
    /// The conditions that it guards.
    var followers = Vector<Number<Condition>>()
    /// How many ask for it; 0 = it keeps no state.
    var references = 0
    var reads = ReadSet.nothing
    /// One of them holds wherever the condition is true.
    var guardedBy: [Guard] = []
    /// The guards say it all: whoever passes one meets the condition.
    var isCovered = false
    /// Who takes its rows. Accumulators that take from another come after it.
    var takers = Vector<Taker>()
    /// What the takers read of the rows.
    var takerReads = ReadSet.nothing
    /// The round in which it was last evaluated (`PendingCommit.round`).
    var lastRound: UInt64 = 0

    init(table: TableNumber, node: NodeNumber, decidedBy: OperatorNumber? = nil) {
        self.table = table
        self.node = node
        self.decidedBy = decidedBy
    }
}

/// Who takes the rows of a condition: told when one comes or goes, and when what it reads of one is about to change.
enum Taker: BitwiseCopyable, Equatable {
    case save(Number<Save>)
    case accumulator(Number<Accumulator>)
    case operation(OperatorNumber)
    case counter(Number<Counter>)
}

/// All conditions, by table and node. One keeps no state until it is retained.
struct Conditions: ~Copyable {
    private var conditions = Vector<Condition>()
    private var numbers = IntegerMap()

    @inline(__always)
    subscript(number: Number<Condition>) -> Condition {
        unsafeAddress { UnsafePointer(conditions.address(Int(number.value))) }
        unsafeMutableAddress { conditions.address(Int(number.value)) }
    }

    var all: Numbers<Condition> { conditions.numbers }

    /// The number that the next one gets.
    var nextNumber: Number<Condition> { conditions.nextNumber }

    /// A condition whose rows an operator names; the node says that a row is one of them.
    mutating func add(table: TableNumber, node: NodeNumber, decidedBy number: OperatorNumber) {
        numbers.insert(IntegerMap.key(table, node), conditions.nextNumber.value)
        conditions.append(Condition(table: table, node: node, decidedBy: number))
    }

    /// The condition of a table with that node, new if need be.
    mutating func intern(table: TableNumber, node: NodeNumber) -> Number<Condition> {
        let key = IntegerMap.key(table, node)
        if let found = numbers.find(key) { return Number(found) }
        let number = conditions.nextNumber
        conditions.append(Condition(table: table, node: node))
        numbers.insert(key, number.value)
        return number
    }
}
