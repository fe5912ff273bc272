// Windows: comparisons of what a row says with the clock. A window is a position in the order of the rows' values (Orders.swift). When time
// moves, the rows that it passes are told in Clock.swift.

/// A window: a node of a table's rows compared with a clock term. Its position in the order of the node's values is the term's value.
struct Window: BitwiseCopyable {
    var table: TableNumber
    /// The node of the row.
    var node: NodeNumber
    var term: Number<ClockTerm>
    /// That it has passed a row.
    var signals: Signals
    fileprivate(set) var readers: Int32 = 0
    /// The field, where the node is one whose values are their own places in the order.
    var column: ColumnNumber?
    /// Some comparison changes between "before" and "at" the term (< and >=), or between "at" and "after" (<= and >).
    var changesAtTerm = false
    var changesAfterTerm = false
    /// One side is an integer and the other a double: places are compared as doubles, and widened by what that may lose.
    var isMixed: Bool
}

struct WindowKey: Hashable {
    var table: TableNumber
    var node: NodeNumber
    var term: Number<ClockTerm>
}

/// All windows, by what they compare.
struct Windows: ~Copyable {
    private var windows = Vector<Window>()
    private var numbers: [WindowKey: Number<Window>] = [:]

    @inline(__always)
    subscript(number: Number<Window>) -> Window {
        unsafeAddress { UnsafePointer(windows.address(Int(number.value))) }
        unsafeMutableAddress { windows.address(Int(number.value)) }
    }

    /// Those that have readers.
    private(set) var live = NumberList<Window>()

    /// The number that the next one gets.
    var nextNumber: Number<Window> { windows.nextNumber }

    func find(_ key: WindowKey) -> Number<Window>? { numbers[key] }

    mutating func add(_ window: Window) {
        numbers[WindowKey(table: window.table, node: window.node, term: window.term)] = windows.nextNumber
        windows.append(window)
    }

    /// Adds (1) or takes away (-1) one reader.
    mutating func addReader(of number: Number<Window>, _ count: Int32) {
        windows[number].readers += count
        if windows[number].readers == 0 { live.remove(number) } else if count > 0 { live.insert(number) }
    }
}
