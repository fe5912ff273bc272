// The orders behind the windows of one table: one for each node that a window is, or was, about.

/// All orders of one table, by node. One holds no rows while no window reads it.
struct WindowOrders: ~Copyable {
    private var orders = Vector<OrderIndex>()

    @inline(__always)
    subscript(number: Number<OrderIndex>) -> OrderIndex {
        unsafeAddress { UnsafePointer(orders.address(Int(number.value))) }
        unsafeMutableAddress { orders.address(Int(number.value)) }
    }

    @inline(__always)
    var all: Numbers<OrderIndex> { orders.numbers }

    /// What they take.
    var byteCount: Int { orders.numbers.reduce(0) { $0 + orders[$1].byteCount } }

    func find(_ node: NodeNumber) -> Number<OrderIndex>? {
        orders.numbers.first { orders[$0].node == node }
    }

    /// The order of a node, new if need be. `column`: the field, where the node's values are their own places in the order.
    mutating func intern(_ node: NodeNumber, column: ColumnNumber?) -> Number<OrderIndex> {
        if let found = find(node) { return found }
        orders.append(OrderIndex(node: node, column: column))
        return Number(orders.count - 1)
    }

    // A row of fields.

    /// Takes a row out of the orders of its fields, whose values are about to change or go.
    mutating func leave(_ row: RowNumber, _ columns: borrowing Vector<Column>) {
        for order in orders.numbers where orders[order].isRead {
            if let column = orders[order].column, let key = columns[column].key(row) { orders[order].remove(row, at: key) }
        }
    }

    /// Puts a row into the orders of its fields, whose values are new.
    mutating func join(_ row: RowNumber, _ columns: borrowing Vector<Column>) {
        for order in orders.numbers where orders[order].isRead {
            if let column = orders[order].column, let key = columns[column].key(row) { orders[order].insert(row, at: key) }
        }
    }
}
