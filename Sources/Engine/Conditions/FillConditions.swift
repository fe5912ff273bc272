// Which rows meet a condition, found for all of a table when its first user comes. What guards the condition says of which rows it can be
// true at all (Guards.swift): of a field and a window they are found by the columns, 64 rows at a time; of a window that few rows are in,
// by its order; of an accumulator they are the rows that it holds something for. Only they are evaluated.

extension Engine {
    /// Evaluates a condition on every row that it can be true of.
    mutating func fillCondition(_ number: Number<Condition>) {
        let table = plan.conditions[number].table
        // At a start from an image rows come live once everything asks for them.
        if tables[table].liveCount == 0 { return }
        guard plan.conditions[number].guardedBy.count == 1 else { return fillFromLiveRows(number) }
        switch plan.conditions[number].guardedBy[0] {
        case .none: fillFromLiveRows(number)
        case .column(let column, let keys, let window): fill(number, column, keys, window)
        case .accumulator(let accumulator, _):
            for row in tables[table].rows where tables[table].accumulated.contains(row, accumulator) && tables[table].isLive(row) {
                fill(number, row)
            }
        case .member(let condition):
            for row in tables[table].rows where tables[table].memberships.contains(row, condition) { fill(number, row) }
        }
    }

    private mutating func fillFromLiveRows(_ number: Number<Condition>) {
        let table = plan.conditions[number].table
        for row in tables[table].rows where tables[table].isLive(row) { fill(number, row) }
    }

    private mutating func fill(_ number: Number<Condition>, _ column: ColumnNumber?, _ keys: [Int64], _ window: Number<Window>?) {
        let table = plan.conditions[number].table
        var start: (column: ColumnNumber, least: Int64)?
        if let window {
            guard let least = plan.terms[plan.windows[window].term].key else { return }
            if countInWindow(window) < tables[table].liveCount / 16 {
                let rows = rowsInWindow(window)
                for place in 0..<rows.count { fill(number, rows[place]) }
                return
            }
            start = (plan.windows[window].column!, least)
        }
        let keys = SortedKeys(keys)
        for first in stride(from: Int32(0), to: Int32(tables[table].states.count), by: 64) {
            var rows = tables[table].liveRows(from: first)
            if let start { rows = tables[table].columns[start.column].rows(rows, from: first, atLeast: start.least) }
            if let column { rows = tables[table].columns[column].rows(rows, from: first, among: keys) }
            while rows != 0 {
                fill(number, RowNumber(first + Int32(rows.trailingZeroBitCount)))
                rows &= rows - 1
            }
        }
    }

    @inline(__always)
    private mutating func fill(_ number: Number<Condition>, _ row: RowNumber) {
        statistics.rowsVisitedByPublish += 1
        scratch.texts.reset()
        if truth(plan.conditions[number].node, row) == .yes { tables[plan.conditions[number].table].memberships.set(row, number, 0) }
    }
}

extension Table {
    /// Of 64 rows from a multiple of 64 on, a bit for each that is live.
    @inline(__always)
    func liveRows(from first: Int32) -> UInt64 {
        var found: UInt64 = 0
        for place in 0..<min(64, Int32(states.count) - first) where isLive(RowNumber(first + place)) { found |= 1 << UInt64(place) }
        return found
    }
}

/// The keys of a guard, to be looked up.
struct SortedKeys: ~Copyable {
    private var keys = Vector<Int64>()

    init(_ keys: [Int64]) {
        for key in keys.sorted() { self.keys.append(key) }
    }

    @inline(__always)
    func contains(_ key: Int64) -> Bool {
        var (low, high) = (0, keys.count)
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low < keys.count && keys[low] == key
    }
}
