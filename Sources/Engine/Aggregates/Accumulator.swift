// Accumulators: the distinct aggregates of live campaigns. Each keeps what many records come to for each row of the parent table.
import Campaigns

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

    let parent: TableNumber
    let child: TableNumber
    /// The links from the child up to the parent: of the child's table, of the table it leads to, …
    let links: [LinkPlace]
    /// The condition of the child table that the records must meet.
    let condition: Number<Condition>
    let family: Family
    /// The node of the child table whose values are taken; of an outer accumulator that which leads to the inner one; else, for COUNT, nil.
    let value: NodeNumber?
    /// The accumulator whose contents are taken, and the links from the child on to its rows; nil and none where records give values.
    let inner: Number<Accumulator>?
    let tail: [LinkPlace]
    /// Whether it counts records.
    let isCount: Bool
    /// A node that reads what decides the parent.
    let path: NodeNumber
    let kind: Value.Kind
    /// How many nodes read it; 0 = it holds nothing.
    private(set) var references = 0
    /// The signal of the parent table that says it has changed.
    private(set) var signals = Signals.none
    /// Signals of the child table that move a contribution: the links and the value.
    private(set) var feedReads = ReadSet.nothing
    /// Conditions that compare it with a constant, by the constant.
    private(set) var thresholds = Vector<Threshold>()
    /// Conditions that use it otherwise.
    private(set) var otherReaders = Vector<Number<Condition>>()
    /// The accumulators that take from this one.
    private(set) var outers = Vector<Number<Accumulator>>()

    init(
        key: AccumulatorKey, child: TableNumber, path: NodeNumber, kind: Value.Kind, inner: Number<Accumulator>?, tail: [LinkPlace],
        isCount: Bool
    ) {
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

    /// Adds (1) or takes away (-1) one node that reads it. Returns whether it is the first or was the last.
    mutating func addReference(_ count: Int32) -> Bool {
        references += Int(count)
        return references == (count > 0 ? 1 : 0)
    }

    /// It got the signal that says it has changed, which it keeps.
    mutating func signal(with signals: Signals) {
        self.signals = signals
    }

    /// It begins to hold something: which signals move what records contribute.
    mutating func open(reading reads: ReadSet) {
        feedReads = reads
    }

    /// Another accumulator takes from this one.
    mutating func feed(_ outer: Number<Accumulator>) {
        outers.append(outer)
    }

    mutating func feedNoLonger(_ outer: Number<Accumulator>) {
        outers.removeFirst(outer)
    }

    /// A condition compares it with a constant.
    mutating func add(_ threshold: Threshold) {
        var place = 0
        while place < thresholds.count && thresholds[place].value < threshold.value { place += 1 }
        thresholds.insert(threshold, at: place)
    }

    /// A condition uses it otherwise.
    mutating func addReader(_ condition: Number<Condition>) {
        otherReaders.append(condition)
    }

    /// A condition neither compares it nor uses it any more.
    mutating func removeReader(_ condition: Number<Condition>) {
        otherReaders.removeEvery(condition)
        for place in (0..<thresholds.count).reversed() where thresholds[place].condition == condition { thresholds.remove(at: place) }
    }
}

struct AccumulatorKey: Hashable {
    var parent: TableNumber
    var links: [LinkPlace]
    var condition: Number<Condition>
    var family: Accumulator.Family
    var value: NodeNumber?
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
    var condition: Number<Condition>
    var kind: Kind
    /// The condition is guarded by this threshold.
    var isGuard: Bool
    /// The condition may change when the accumulator comes from or goes to null, whatever the value.
    var changesFromNull: Bool
}

/// All accumulators, by what they say.
struct Accumulators: ~Copyable {
    private var accumulators = Vector<Accumulator>()
    private var numbers: [AccumulatorKey: Number<Accumulator>] = [:]

    @inline(__always)
    subscript(number: Number<Accumulator>) -> Accumulator {
        unsafeAddress { UnsafePointer(accumulators.address(Int(number.value))) }
        unsafeMutableAddress { accumulators.address(Int(number.value)) }
    }

    var all: Numbers<Accumulator> { accumulators.numbers }

    func find(_ key: AccumulatorKey) -> Number<Accumulator>? { numbers[key] }

    mutating func add(_ accumulator: consuming Accumulator, as key: AccumulatorKey) -> Number<Accumulator> {
        let number = accumulators.nextNumber
        accumulators.append(accumulator)
        numbers[key] = number
        return number
    }
}
