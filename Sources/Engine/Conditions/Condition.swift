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
    /// Nothing better than: something it reads has changed.
    case none
}

struct Condition: ~Copyable {
    let table: TableNumber
    let node: NodeNumber
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

    init(table: TableNumber, node: NodeNumber) {
        self.table = table
        self.node = node
    }
}

/// Who takes the rows of a condition: told when one comes or goes, and when what it reads of one is about to change.
enum Taker: BitwiseCopyable, Equatable {
    case save(Number<Save>)
    case accumulator(Number<Accumulator>)
    case choice(Number<Choice>)
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
