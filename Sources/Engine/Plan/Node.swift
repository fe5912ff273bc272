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
        /// The key text of the row (semantics §2).
        case keyText
        /// operands: the key texts of the rows that a row went through, first to last (semantics §2).
        case rowId
        /// Of 10,000 draws the one that falls on a text: h(b + text) mod 10000. a: node of the text, b: constant.
        case draw
        /// a: clock term: its value at the engine's clock.
        case term
        /// NOW() plus a: constant, detail: unit, b: zone.
        case clock
        /// a: node of the number, detail: unit, b: zone, operands: 1 for more than the number, 1 for a date.
        case ageThreshold
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
        case isNull, not, negate, toDouble
        /// operands: nodes.
        case and, or, except, coalesce
        /// a, b: nodes; detail: the operator or test.
        case arithmetic, textTest
        /// a, b: nodes.
        case concatenate
        /// operands: condition, result, condition, result, …, otherwise.
        case choose
        /// detail: the function, b: zone, operands: nodes.
        case call
        /// a: accumulator.
        case count, sum, average, minimum, maximum, countDistinct
    }

    var operation: Operation
    var comparison = Comparison.equal
    /// Which operator, test, function or unit.
    var detail: UInt8 = 0
    /// The table whose rows the node is about.
    var table: Int32
    var a: Int32 = 0
    var b: Int32 = 0
    var firstOperand: Int32 = 0
    var operandCount: Int32 = 0
    /// A condition on columns of the row and constants alone: its truth is kept until the next row is written (`HeldTruth`).
    var isOfColumns = false
    /// How many nodes are made of it. What several are made of is found once and held until anything moves: the number of ways through a
    /// graph of activities doubles with each of them.
    var uses: Int32 = 0
    /// The place of what it was found to be in `heldValues`, once several are made of it; -1: it is not held, or looked at as cheaply.
    var heldValue: Int32 = -1
    /// The most links that it follows one after the other.
    var linkCount: Int32 = 0

    var isAccumulator: Bool { operation.rawValue >= Operation.count.rawValue }
}

/// What a condition was found to be: many campaigns ask the same of a row that has changed, and in a graph of activities one condition is
/// part of many.
struct HeldTruth: BitwiseCopyable {
    /// `Engine.writes`, of a condition on columns, or `Engine.moves` at the time; 0 = never.
    var moment: UInt64 = 0
    var row: Int32 = -1
    var truth = Truth.unknown
}

/// What a value was found to be.
struct HeldValue: BitwiseCopyable {
    /// `Engine.moves` at the time; 0 = never.
    var moment: UInt64 = 0
    /// `TextArena.generation` at the time: texts are valid for as long.
    var generation: UInt64 = 0
    var row: Int32 = -1
    var value = Value.null
}

/// Who reads a node.
struct NodeUse: BitwiseCopyable {
    /// Conditions, accumulators and saves that read it directly, and nodes that are read and made of it.
    var readers: Int32 = 0
    /// The signals of its table that it reads, while it has readers.
    var reads: SignalSet = 0
}

/// What makes two nodes the same.
struct NodeKey: Hashable {
    var operation: Node.Operation
    var comparison: Comparison
    var detail: UInt8
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
        if case .string(let text) = literal {
            (self.literal, bytes) = (.string(""), Array(text.utf8))
        } else {
            (self.literal, bytes) = (literal, [])
        }
    }
}

/// An expression of the clock alone, and its value at the engine's clock.
struct ClockTerm: BitwiseCopyable {
    var node: Int32
    var value = Value.null
    /// Memory of a text value, owned by the term.
    var text: UnsafeMutableRawPointer?
    /// Conditions and attributes that use it otherwise than as one side of a window: all their rows are about it.
    var aloneReaders: Int32 = 0

    /// The value as a place in an order; nil for null and texts.
    var key: Int64? { value.sortKey }
    /// The same for guards, which compare it with instants and dates: null is before all of them.
    var instant: Int64 { value.sortKey ?? Int64.min }
}

/// A window: a node of a table's rows compared with a clock term. Its position in the order of the node's values is the term's value.
struct Cursor: BitwiseCopyable {
    var table: Int32
    /// The node of the row.
    var node: Int32
    var term: Int32
    var bit: SignalSet
    var readers: Int32 = 0
    /// The field, where the node is one whose values are their own places in the order; -1 otherwise.
    var column: Int32
    /// Some comparison changes between "before" and "at" the term (< and >=), or between "at" and "after" (<= and >).
    var changesAtTerm = false
    var changesAfterTerm = false
    /// One side is an integer and the other a double: places are compared as doubles, and widened by what that may lose.
    var isMixed: Bool
}

struct CursorKey: Hashable {
    var table: Int32
    var node: Int32
    var term: Int32
}

extension Engine {
    /// The nodes of the same row that a node is made of. What lies behind a link, and codes and constants, are none.
    func parts(of node: Node) -> [Int32] {
        switch node.operation {
        case .constant, .column, .follow, .keyText, .term, .clock, .codeIs, .codeIn: return []
        case .ageThreshold, .midnight, .isNull, .not, .negate, .toDouble, .draw: return [node.a]
        case .compare, .arithmetic, .textTest, .concatenate: return [node.a, node.b]
        case .isOneOf: return [node.a] + list(node)
        case .rowId, .and, .or, .except, .coalesce, .choose, .call: return list(node)
        case .count, .sum, .average, .minimum, .maximum, .countDistinct: return []
        }
    }

    /// The operands of a node.
    func list(_ node: Node) -> [Int32] {
        (node.firstOperand..<node.firstOperand + node.operandCount).map { operands[$0] }
    }
}
