// The orders behind windows: for each node that a window is about, the rows in the order of its values. A field of instants, dates or
// integers is its own place in the order; of other nodes the place of each row is kept, so that it is found again after the value changed.
// A window is a position in such an order, so its length costs nothing; positions stand still and go back too, so rows stay after they
// were passed. Rows long before every window are left out: most of a history is, and can only matter to a longer window, which fills the
// order again.

/// A row, and its place in the order of a node's values.
struct KeyedRow: BitwiseCopyable, Comparable {
    var key: Int64
    var row: RowNumber

    @inline(__always)
    static func < (a: KeyedRow, b: KeyedRow) -> Bool { a.key < b.key || a.key == b.key && a.row < b.row }
}

/// The rows in the order of a node's values, while windows read it.
struct OrderIndex: ~Copyable {
    let node: NodeNumber
    /// The field, where the node is one whose values are their own places in the order; nil: the place of each row is kept in `keys`.
    let column: ColumnNumber?
    /// The signals of the table that move a row.
    var reads = ReadSet.nothing
    var readers = 0
    /// Rows before this place are left out.
    var floor = Int64.max
    var index = OrderedRows<KeyedRow>()
    /// Of computed values: the place of each row, and a bit for those that have one.
    private var keys = PerRow<Int64>()
    private var hasKey = Vector<UInt64>()

    init(node: NodeNumber, column: ColumnNumber?) {
        self.node = node
        self.column = column
    }
}

extension OrderIndex {
    mutating func insert(_ row: RowNumber, at key: Int64) {
        if key >= floor { index.insert(KeyedRow(key: key, row: row)) }
    }

    mutating func remove(_ row: RowNumber, at key: Int64) {
        if key >= floor { index.remove(KeyedRow(key: key, row: row)) }
    }

    /// Appends the rows with `from` <= key <= `last`, in the order of their keys.
    func rows(from: Int64, through last: Int64, into found: inout Vector<RowNumber>) {
        index.walk(from: KeyedRow(key: from, row: .none), to: KeyedRow(key: last, row: RowNumber(Int32.max))) { found.append($0.row) }
    }

    /// The place that is kept of a row; nil when it has none.
    func key(of row: RowNumber) -> Int64? {
        let word = Int(row.value) / 64
        return word < hasKey.count && hasKey[word] >> UInt64(row.value % 64) & 1 == 1 ? keys[row] : nil
    }

    mutating func setKey(_ key: Int64?, of row: RowNumber) {
        keys.grow(toHold: row, filling: 0)
        let (word, bit) = (Int(row.value) / 64, UInt64(1) << UInt64(row.value % 64))
        hasKey.grow(to: word + 1, filling: 0)
        if let key {
            keys[row] = key
            hasKey[word] |= bit
        } else {
            hasKey[word] &= ~bit
        }
    }

    /// Forgets all rows.
    mutating func removeAll() {
        floor = .max
        index = OrderedRows()
        keys = PerRow<Int64>()
        hasKey = Vector<UInt64>()
    }
}

extension Engine {
    /// The order of a window's node, built when the first window reads it. `reads`: the signals that the node reads.
    mutating func retainOrder(_ window: Window, _ reads: ReadSet, _ count: Int32) {
        let table = window.table
        var place = 0
        while place < tables[table].orders.count && tables[table].orders[place].node != window.node { place += 1 }
        if place == tables[table].orders.count { tables[table].orders.append(OrderIndex(node: window.node, column: window.column)) }
        tables[table].orders[place].readers += Int(count)
        tables[table].orders[place].reads = reads
        if tables[table].orders[place].readers == 0 {
            tables[table].orders[place].removeAll()
        } else {
            let earliest = earliestWindow(table, place)
            if earliest < tables[table].orders[place].floor { fillOrder(table, place, from: earliest) }
        }
    }

    /// The least place that a window of an order begins at now; the least of all while one has no beginning, or where windows go back
    /// by more than a little: only fields of dates and instants are compared with terms that follow the clock.
    private func earliestWindow(_ table: TableNumber, _ place: Int) -> Int64 {
        guard let column = tables[table].orders[place].column,
            tables[table].columns[column].kind == .instant || tables[table].columns[column].kind == .date
        else { return .min }
        var earliest = Int64.max
        for live in 0..<plan.windows.live.count {
            let window = plan.windows[plan.windows.live[live]]
            guard window.table == table && window.node == tables[table].orders[place].node else { continue }
            earliest = min(earliest, ClockTerm.instant(plan.terms[window.term].value))
        }
        return earliest
    }

    /// Fills an order with the rows from a place on, and some before it: windows go back a little (a repeated hour, short months).
    mutating func fillOrder(_ table: TableNumber, _ place: Int, from earliest: Int64) {
        let slack = slackUnits(table, place)
        let floor = earliest < Int64.min + slack ? Int64.min : earliest - slack
        var entries = [KeyedRow]()
        tables[table].orders[place].removeAll()
        for row in tables[table].rows where tables[table].isLive(row) {
            guard let key = orderKey(table, place, row) else { continue }
            if tables[table].orders[place].column == nil { tables[table].orders[place].setKey(key, of: row) }
            if key >= floor { entries.append(KeyedRow(key: key, row: row)) }
        }
        entries.sort()
        tables[table].orders[place].floor = floor
        tables[table].orders[place].index = OrderedRows(sorted: entries)
    }

    /// The rows at or after the beginning of a window; none while it has no beginning.
    func rowsInWindow(_ number: Number<Window>) -> Vector<RowNumber> {
        let window = plan.windows[number]
        var rows = Vector<RowNumber>()
        guard let start = plan.terms[window.term].key else { return rows }
        for place in 0..<tables[window.table].orders.count where tables[window.table].orders[place].node == window.node {
            precondition(tables[window.table].orders[place].floor <= start, "an order reaches back as far as its windows")
            tables[window.table].orders[place].rows(from: start, through: .max, into: &rows)
        }
        return rows
    }

    /// Five days.
    private func slackUnits(_ table: TableNumber, _ place: Int) -> Int64 {
        if let column = tables[table].orders[place].column, tables[table].columns[column].kind == .date { return 5 }
        return 5 * 86_400_000
    }

    /// Leaves out what has fallen far behind every window. Cheap until that is worth a pass over the column.
    mutating func trimOrders() {
        for table in tables.all {
            for place in 0..<tables[table].orders.count where tables[table].orders[place].readers > 0 {
                let (earliest, floor, age) = (
                    earliestWindow(table, place), tables[table].orders[place].floor, 3 * slackUnits(table, place)
                )
                if earliest > Int64.min + age && floor < earliest - age { fillOrder(table, place, from: earliest) }
            }
        }
    }

    /// A live row's place in an order; nil when it has none.
    private mutating func orderKey(_ table: TableNumber, _ place: Int, _ row: RowNumber) -> Int64? {
        if let column = tables[table].orders[place].column { return tables[table].columns[column].key(row) }
        scratch.texts.reset()
        return value(tables[table].orders[place].node, row).sortKey
    }

    /// Takes a row out of the orders of its fields, whose values are about to change or go.
    mutating func leaveOrders(_ table: TableNumber, _ row: RowNumber) {
        for place in 0..<tables[table].orders.count where tables[table].orders[place].readers > 0 {
            if let column = tables[table].orders[place].column, let key = tables[table].columns[column].key(row) {
                tables[table].orders[place].remove(row, at: key)
            }
        }
    }

    /// Puts a row into the orders of its fields, whose values are new.
    mutating func joinOrders(_ table: TableNumber, _ row: RowNumber) {
        for place in 0..<tables[table].orders.count where tables[table].orders[place].readers > 0 {
            if let column = tables[table].orders[place].column, let key = tables[table].columns[column].key(row) {
                tables[table].orders[place].insert(row, at: key)
            }
        }
    }

    /// Moves a row, of which signals have changed, to its place in the orders of computed values.
    mutating func moveInOrders(_ table: TableNumber, _ row: RowNumber, _ signals: Signals) {
        for place in 0..<tables[table].orders.count {
            guard tables[table].orders[place].column == nil, tables[table].orders[place].readers > 0,
                tables[table].orders[place].reads.meets(signals)
            else { continue }
            let new = tables[table].isLive(row) ? orderKey(table, place, row) : nil
            let old = tables[table].orders[place].key(of: row)
            if old == new { continue }
            if let old { tables[table].orders[place].remove(row, at: old) }
            tables[table].orders[place].setKey(new, of: row)
            if let new { tables[table].orders[place].insert(row, at: new) }
        }
    }
}
