// What an audit makes of rows: conditions, expressions of the clock, orders of windows, and the rows that lead to another.

extension Engine {
    /// Whether a row meets a condition as its node says now.
    mutating func look(atCondition number: Number<Condition>, _ row: RowNumber) -> Verdict {
        let (table, node) = (plan.conditions[number].table, plan.conditions[number].node)
        let isHeld = tables[table].memberships.contains(row, number)
        guard tables[table].isLive(row) else { return isHeld ? .wrong : .nothing }
        scratch.texts.reset()
        return Verdict((truth(node, row) == .yes) == isHeld)
    }

    /// Whether a term is what its expression gives at the clock.
    mutating func look(atTerm number: Number<ClockTerm>) -> Verdict {
        scratch.texts.reset()
        return Verdict(isSame(value(ofRowless: plan.terms[number].node), plan.terms[number].value))
    }

    /// Whether a row stands in an order where its value says.
    mutating func look(atOrder order: Number<OrderIndex>, of table: TableNumber, _ row: RowNumber) -> Verdict {
        guard tables[table].isLive(row) else { return tables[table].orders[order].hasPlace(row) ? .wrong : .nothing }
        var key: Int64?
        if let column = tables[table].orders[order].column {
            key = tables[table].columns[column].key(row)
        } else {
            scratch.texts.reset()
            key = value(tables[table].orders[order].node, row).sortKey
        }
        return Verdict(tables[table].orders[order].isHeld(row, at: key))
    }

    /// The rows that lead to a row over some links, by those who hang under it; nil when they are too many.
    func plainRows(leadingTo target: RowNumber, over links: [LinkPlace], _ visited: inout Int) -> [RowNumber]? {
        var found = [target]
        for link in links.reversed() {
            var children: [RowNumber] = []
            for parent in found {
                var next = tables[link].children.first(under: parent)
                while let row = next {
                    if children.count == AuditBounds.rows { return nil }
                    children.append(row)
                    next = tables[link].children.next(row)
                }
            }
            visited += children.count
            found = children
        }
        return found
    }

    /// The same of those that meet a condition.
    func plainRows(
        of condition: Number<Condition>, leadingTo target: RowNumber, over links: [LinkPlace], _ visited: inout Int
    ) -> [RowNumber]? {
        let table = plan.conditions[condition].table
        return plainRows(leadingTo: target, over: links, &visited)?.filter { tables[table].memberships.contains($0, condition) }
    }

    /// The row at the end of some links, whether it is there or not; nil where the way is broken.
    func plainEnd(of row: RowNumber, over links: [LinkPlace]) -> RowNumber? {
        var current = row
        for link in links {
            guard tables[link.table].isLive(current), let next = tables.follow(link, current) else { return nil }
            current = next
        }
        return current
    }

    /// The live record at the end of some links; nil where one of them leads nowhere.
    func plainRecord(of row: RowNumber, over links: [LinkPlace]) -> RowNumber? {
        links.reduce(row as RowNumber?) { row, link in row.flatMap { tables.record(behind: link, $0) } }
    }
}
