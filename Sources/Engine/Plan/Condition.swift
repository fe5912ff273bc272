// Conditions: the distinct filters of live campaigns and of their accumulators. The engine keeps, per row, which conditions the row
// meets; a condition that flips tells the audiences that save it and the accumulators it feeds.
import Campaigns

/// How a condition is found among all others when a row changes in a way that may make it true.
enum Guard: Equatable {
    /// A value of a field must be one of `keys` (column -1: no such field), and, when `cursor` is not -1, the row must lie in that
    /// window (at or after its term).
    case column(Int32, keys: [Int64], cursor: Int32)
    /// An accumulator must be at least `threshold`.
    case accumulator(Int32, threshold: Double)
    /// Nothing better than: something it reads has changed.
    case none
}

struct Condition: ~Copyable {
    let table: Int32
    let node: Int32
    /// How many ask for it; 0 = it keeps no state.
    var references = 0
    var reads: SignalSet = 0
    /// One of them holds wherever the condition is true.
    var guardedBy: [Guard] = []
    /// The guards say it all: whoever passes one meets the condition.
    var isCovered = false
    /// Who takes its rows. Accumulators that take from another come after it.
    var takers = Vector<Taker>()
    /// What the takers read of the rows.
    var takerReads: SignalSet = 0
    /// The event at which it was last evaluated, so that one event evaluates it once.
    var lastEvent: UInt64 = 0

    init(table: Int32, node: Int32) {
        self.table = table
        self.node = node
    }
}

/// Who takes the rows of a condition: told when one comes or goes, and when what it reads of one is about to change.
struct Taker: BitwiseCopyable, Equatable {
    enum Kind: UInt8 { case save, accumulator }

    var kind: Kind
    var number: Int32
}

/// One aggregate over the records that links lead back to, with one filter, per row of the parent table; shared by all who ask for it.
struct Accumulator: ~Copyable {
    enum Family: UInt8 {
        /// How many records.
        case count
        /// Number and exact sum of the values: SUM and AVG; and COUNT over an inner accumulator, which may be more than 32 bits count.
        case sum
        /// The values with their numbers, in order: MIN, MAX and COUNT_DISTINCT.
        case values
    }

    let parent: Int32
    let child: Int32
    /// The links from the child up to the parent: of the child's table, of the table it leads to, …
    let links: [Int32]
    /// The condition of the child table that the records must meet.
    let condition: Int32
    let family: Family
    /// The node of the child table whose values are taken; of an outer accumulator that which leads to the inner one; else, for COUNT, -1.
    let value: Int32
    /// The accumulator whose contents are taken, and the links from the child on to its rows; -1 and none where records give values.
    let inner: Int32
    let tail: [IncomingLink]
    /// Whether it counts records.
    let isCount: Bool
    /// A node that reads what decides the parent.
    let path: Int32
    let kind: Value.Kind
    var references = 0
    /// The signal of the parent table that says it has changed.
    var bit: SignalSet = 0
    /// Signals of the child table that move a contribution: the links and the value.
    var feedReads: SignalSet = 0
    /// Conditions that compare it with a constant, by the constant.
    var thresholds = Vector<Threshold>()
    /// Conditions that use it otherwise.
    var otherReaders = Vector<Int32>()
    /// The accumulators that take from this one.
    var outers = Vector<Int32>()

    init(key: AccumulatorKey, child: Int32, path: Int32, kind: Value.Kind, inner: Int32, tail: [IncomingLink], isCount: Bool) {
        parent = key.parent
        links = key.links
        condition = key.condition
        family = key.family
        value = key.value
        self.child = child
        self.path = path
        self.kind = kind
        self.inner = inner
        self.tail = tail
        self.isCount = isCount
    }
}

struct AccumulatorKey: Hashable {
    var parent: Int32
    var links: [Int32]
    var condition: Int32
    var family: Accumulator.Family
    var value: Int32
}

/// The distinct values of one parent in order, each with how many records have it.
struct ValueSet {
    struct Entry: BitwiseCopyable {
        /// A place in the order, or the code of a text.
        var key: Int64
        var count: Int64
    }

    var entries: [Entry] = []
}

/// A constant that an accumulator is compared with.
struct Threshold: BitwiseCopyable {
    enum Kind: UInt8 {
        /// < and >=: the truth changes between "below" and "at".
        case at
        /// <= and >: between "at" and "above".
        case above
        /// = and !=.
        case both
    }

    var value: Double
    var condition: Int32
    var kind: Kind
    /// The condition is guarded by this threshold.
    var isGuard: Bool
    /// The condition may change when the accumulator comes from or goes to null, whatever the value.
    var changesFromNull: Bool
}

/// The postings of one guard column: by key, conditions in groups by window.
struct GuardColumn: ~Copyable {
    /// -1: conditions that have a window and no such field; all under key 0.
    let column: Int32
    /// What the conditions found here read.
    var reads: SignalSet = 0
    var numbers = IntegerMap()
    var postings = Vector<Posting>()

    init(column: Int32) {
        self.column = column
    }
}

struct Posting: ~Copyable {
    /// Without window first, then by window column and by the term's value, so that a walk ends at the first window not reached.
    var groups = Vector<GuardGroup>()
}

struct GuardGroup: ~Copyable {
    let cursor: Int32
    var conditions = Vector<Int32>()

    init(cursor: Int32) {
        self.cursor = cursor
    }
}
