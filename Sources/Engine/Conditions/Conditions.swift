// The conditions of the plan: one for each table and node, whoever asks for it.
import Campaigns

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
