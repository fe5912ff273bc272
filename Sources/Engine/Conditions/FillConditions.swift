// Which rows meet a condition, found for all of a table when its first user comes: by the columns, 64 rows at a time (RowFilter.swift), and
// where the condition says more than columns do, by evaluating it on the rows that are left. Of a window that not too many rows are in
// only those are looked at, as its order has them.

extension Engine {
    /// Finds the rows that meet a condition.
    mutating func fillCondition(_ number: Number<Condition>) {
        let table = plan.conditions[number].table
        // At a start from an image rows come live once everything asks for them.
        if tables[table].liveCount == 0 { return }
        let window = narrowWindow(number)
        var inWindow = RowSet()
        if let window { inWindow = rowsInWindow(window) }
        let filter = rowFilter(of: plan.conditions[number].node, knowing: window)
        for block in tables[table].blocks {
            let asked = window == nil ? tables[table].liveRows(of: block) : inWindow.rows(of: block)
            if asked.isEmpty { continue }
            for row in filter.rows(asked, of: tables[table]) { fill(number, row, isMet: filter.isExact) }
        }
        statistics.conditionsEvaluated += filter.leafCount * ((tables[table].states.count + 63) / 64)
    }

    /// The window that guards a condition, if so few rows are in it that going from one to the other costs less than reading a column.
    private func narrowWindow(_ number: Number<Condition>) -> Number<Window>? {
        guard plan.conditions[number].guardedBy.count == 1, case .column(_, _, let window?) = plan.conditions[number].guardedBy[0],
            plan.terms[plan.windows[window].term].key != nil
        else { return nil }
        return countInWindow(window) < tables[plan.conditions[number].table].liveCount / 4 ? window : nil
    }

    @inline(__always)
    private mutating func fill(_ number: Number<Condition>, _ row: RowNumber, isMet: Bool) {
        statistics.rowsVisitedByPublish += 1
        if !isMet {
            scratch.texts.reset()
            guard truth(plan.conditions[number].node, row) == .yes else { return }
        }
        tables[plan.conditions[number].table].memberships.set(row, number, 0)
    }
}
