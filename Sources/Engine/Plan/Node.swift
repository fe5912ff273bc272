// The compiled form of expressions: nodes in one array, shared by all campaigns. Two expressions that say the same are one node
// (hash-consed), whatever campaign they come from. Nodes are for ever; what costs memory per row hangs on conditions and
// accumulators and goes with the last campaign that asks for it.
import Campaigns

struct Node: BitwiseCopyable {
    enum Operation: UInt8 {
        /// a: number of the constant.
        case constant
        /// a: field.
        case column
        /// a: link, b: node about the record it leads to. Null when there is none.
        case follow
        /// a: clock term.
        case clock
        /// a: node giving a date, b: zone.
        case midnight
        /// a, b: nodes.
        case compare
        /// a: text field, b: code.
        case codeIs
        /// a: text field, operands: codes, ascending.
        case codeIn
        /// a: node, operands: nodes.
        case isOneOf
        /// a: node.
        case isNull, not
        /// operands: nodes.
        case and, or, except
        /// a: accumulator.
        case count, sum
    }

    var operation: Operation
    var comparison = Comparison.equal
    /// The table whose rows the node is about.
    var table: Int32
    var a: Int32 = 0
    var b: Int32 = 0
    var firstOperand: Int32 = 0
    var operandCount: Int32 = 0
}

/// What makes two nodes the same.
struct NodeKey: Hashable {
    var operation: Node.Operation
    var comparison: Comparison
    var table: Int32
    var a: Int32
    var b: Int32
    var operands: [Int32]
}

/// What makes two constants the same. Texts are the same by their bytes; to Swift's strings é is é however it is composed.
struct ConstantKey: Hashable {
    private let literal: Literal
    private let bytes: [UInt8]

    init(_ literal: Literal) {
        if case .string(let text) = literal { (self.literal, bytes) = (.string(""), Array(text.utf8)) } else { (self.literal, bytes) = (literal, []) }
    }
}

/// NOW() plus a whole number of units in a zone, and its value at the engine's clock.
struct ClockTerm: BitwiseCopyable {
    var offset: Int64
    var unit: CalendarUnit
    var zone: Int32
    var instant: Int64 = 0
    /// Outside the years 0001–9999.
    var isNull = true
}

struct ClockTermKey: Hashable {
    var offset: Int64
    var unit: CalendarUnit
    var zone: Int32
}

/// A window on a column: a column compared with a clock term. Its position in the column's time index is the term's value.
struct Cursor: BitwiseCopyable {
    var table: Int32
    var column: Int32
    var term: Int32
    var bit: SignalSet
    var readers: Int32 = 0
    /// Of dates, the zone whose midnights are compared; -1 for instants.
    var zone: Int32
    /// Some comparison changes between "before" and "at" the term (< and >=), or between "at" and "after" (<= and >).
    var changesAtTerm = false
    var changesAfterTerm = false
}

struct CursorKey: Hashable {
    var table: Int32
    var column: Int32
    var term: Int32
    var zone: Int32
}

/// A comparison that depends on the clock alone, and the truth it had when the clock last moved.
struct ClockAlone: BitwiseCopyable {
    var node: Int32
    var readers: Int32 = 0
    var truth: Truth = .unknown
}
