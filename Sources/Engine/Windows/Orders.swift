// How the engine keeps the orders behind windows: filled as far back as windows reach, moved with every row, trimmed as time passes.

extension Engine {
    /// The order of a window's node, built when the first window reads it. `reads`: the signals that the node reads.
    mutating func retainOrder(_ window: Window, _ reads: ReadSet, _ count: Int32) {
        let table = window.table
        let order = tables[table].orders.intern(window.node, column: window.column)
        tables[table].orders[order].addReader(reading: reads, count)
        guard tables[table].orders[order].isRead else { return }
        let earliest = earliestWindow(table, order)
        if earliest < tables[table].orders[order].floor { fillOrder(table, order, from: earliest) }
    }

    /// The least place that a window of an order begins at now; the least of all while one has no beginning, or where windows go back
    /// by more than a little: only fields of dates and instants are compared with terms that follow the clock.
    private func earliestWindow(_ table: TableNumber, _ order: Number<OrderIndex>) -> Int64 {
        guard let column = tables[table].orders[order].column,
            tables[table].columns[column].kind == .instant || tables[table].columns[column].kind == .date
        else { return .min }
        var earliest = Int64.max
        for live in 0..<plan.windows.live.count {
            let window = plan.windows[plan.windows.live[live]]
            guard window.table == table && window.node == tables[table].orders[order].node else { continue }
            earliest = min(earliest, ClockTerm.instant(plan.terms[window.term].value))
        }
        return earliest
    }

    /// Fills an order with the rows from a place on that it does not hold yet.
    mutating func fillOrder(_ table: TableNumber, _ order: Number<OrderIndex>, from earliest: Int64) {
        let (floor, former) = (orderFloor(table, order, below: earliest), tables[table].orders[order].floor)
        let added = floor...(former == .max ? .max : former - 1)
        var rows = KeyedRows(from: floor, of: tables[table].states.count)
        if let column = tables[table].orders[order].column {
            for block in tables[table].blocks {
                let found = tables[table].columns[column].rows(tables[table].liveRows(of: block), within: added)
                tables[table].columns[column].append(found, to: &rows)
            }
        } else {
            for row in tables[table].rows where tables[table].isLive(row) {
                if let key = orderKey(table, order, row), added.contains(key) { rows.append(key, row) }
            }
        }
        tables[table].orders[order].extend(by: &rows, from: floor)
    }

    /// From where on an order has its rows, when windows begin from a place on: some before it, since they go back a little (a repeated
    /// hour, short months).
    private func orderFloor(_ table: TableNumber, _ order: Number<OrderIndex>, below earliest: Int64) -> Int64 {
        let slack = slackUnits(table, order)
        return earliest < Int64.min + slack ? Int64.min : earliest - slack
    }

    /// How many rows there are at or after the beginning of a window.
    func countInWindow(_ number: Number<Window>) -> Int {
        let window = plan.windows[number]
        guard let start = plan.terms[window.term].key, let order = tables[window.table].orders.find(window.node) else { return 0 }
        return tables[window.table].orders[order].count(from: start)
    }

    /// The rows at or after the beginning of a window, which it has.
    func rowsInWindow(_ number: Number<Window>) -> RowSet {
        let window = plan.windows[number]
        guard let start = plan.terms[window.term].key, let order = tables[window.table].orders.find(window.node) else {
            preconditionFailure("a window with a beginning has an order")
        }
        precondition(tables[window.table].orders[order].floor <= start, "an order reaches back as far as its windows")
        return tables[window.table].orders[order].rows(from: start)
    }

    /// Five days.
    private func slackUnits(_ table: TableNumber, _ order: Number<OrderIndex>) -> Int64 {
        if let column = tables[table].orders[order].column, tables[table].columns[column].kind == .date { return 5 }
        return 5 * 86_400_000
    }

    /// Leaves out what has fallen far behind every window, when it has become so much that it is worth the trouble.
    mutating func trimOrders() {
        for table in tables.all {
            for order in tables[table].orders.all where tables[table].orders[order].isRead {
                let (earliest, floor, age) = (
                    earliestWindow(table, order), tables[table].orders[order].floor, 3 * slackUnits(table, order)
                )
                guard earliest > Int64.min + age, floor < earliest - age else { continue }
                let newFloor = orderFloor(table, order, below: earliest)
                tables[table].orders[order].trim(to: newFloor)
            }
        }
    }

    /// A live row's place in an order; nil when it has none.
    private mutating func orderKey(_ table: TableNumber, _ order: Number<OrderIndex>, _ row: RowNumber) -> Int64? {
        if let column = tables[table].orders[order].column { return tables[table].columns[column].key(row) }
        scratch.texts.reset()
        return value(tables[table].orders[order].node, row).sortKey
    }

    /// Moves a row, of which signals have changed, to its place in the orders of computed values.
    mutating func moveInOrders(_ table: TableNumber, _ row: RowNumber, _ signals: Signals) {
        for order in tables[table].orders.all where tables[table].orders[order].isMoved(by: signals) {
            let key = tables[table].isLive(row) ? orderKey(table, order, row) : nil
            tables[table].orders[order].move(row, to: key)
        }
    }
}
