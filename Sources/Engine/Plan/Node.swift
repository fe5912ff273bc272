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
        /// operands: values; their bytes, by which tuples are equal where the values are. Null where one is null; detail 1: a null is a
        /// value like others.
        case tuple
        /// The number of the row.
        case rowNumber
        /// a: condition: whether the row meets it, as it is kept.
        case member
        /// a: pairs: whether the row is one, which all of its table are.
        case isPair
        /// a: gate: whether it is open. Of no row.
        case isOpen
        /// a: counter: how many rows meet a condition. Of no row.
        case recordCount
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
    var table: TableNumber
    var a: Int32 = 0
    var b: Int32 = 0
    var firstOperand: Int32 = 0
    var operandCount: Int32 = 0
    /// A condition on columns of the row and constants alone: its truth is kept until the next row is written (`Findings`).
    var isOfColumns = false
    /// How many nodes are made of it. What several are made of is found once and held until anything moves: the number of ways through a
    /// graph of activities doubles with each of them.
    var uses: Int32 = 0
    /// Its place among the nodes whose values are held, once several are made of it; nil: it is not held, or looked at as cheaply.
    var heldValue: Number<Findings.FoundValue>?
    /// The most links that it follows one after the other.
    var linkCount: Int32 = 0

    static func column(_ column: ColumnNumber, of table: TableNumber) -> Node {
        Node(operation: .column, table: table, a: column.value)
    }

    var isAccumulator: Bool { operation.rawValue >= Operation.count.rawValue }

    // What `a` and `b` are, by operation.

    var left: NodeNumber { Number(a) }
    var right: NodeNumber { Number(b) }
    var column: ColumnNumber { Number(a) }
    /// The link, of the node's table.
    var link: LinkPlace { LinkPlace(table: table, number: Number(a)) }
    /// What lies behind the link.
    var behind: NodeNumber { Number(b) }
    var constant: Number<Value> { Number(a) }
    var seed: Number<Value> { Number(b) }
    var term: Number<ClockTerm> { Number(a) }
    var accumulator: Number<Accumulator> { Number(a) }
    var condition: Number<Condition> { Number(a) }
    var pairs: Number<Pairs> { Number(a) }
    var gate: Number<Gate> { Number(a) }
    var counter: Number<Counter> { Number(a) }

    /// The places of its operands.
    var operandPlaces: Range<Int32> { firstOperand..<firstOperand + operandCount }
}

typealias NodeNumber = Number<Node>

/// What makes two nodes the same.
struct NodeKey: Hashable {
    var operation: Node.Operation
    var comparison: Comparison
    var detail: UInt8
    var table: TableNumber
    var a: Int32
    var b: Int32
    var operands: [Int32]
}
