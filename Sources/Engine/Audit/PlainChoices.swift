// What an audit makes of choices and pairs: the rows that lead to a record are compared with the one that was chosen, and the records that
// are linked to a row with its pairs.
import Campaigns

extension Engine {
    /// Whether a record leads to the row that as many come before as its line says. Rows of one row id, which say the same, may be
    /// exchanged.
    mutating func look(atChoice number: Number<Choice>, _ record: RowNumber, _ visited: inout Int) -> Verdict {
        let (key, link) = (plan.choices[number].key, plan.choices[number].link)
        guard let rows = plainRows(of: key.condition, leadingTo: record, over: key.record, &visited) else { return .tooMuch }
        let chosen = tables[link].rows[record, default: .noValue].orNil
        if rows.isEmpty && chosen == nil { return .nothing }
        if plan.choices[number].crowds.isGathered, plan.choices[number].crowds.contains(record),
            Int(plan.choices[number].crowds.count(of: record)) != rows.count
        {
            return .wrong
        }
        guard let chosen else { return Verdict(rows.count <= key.line) }
        guard rows.contains(chosen) else { return .wrong }
        var (before, after) = (0, 0)
        for row in rows where row != chosen {
            if isBefore(row, chosen, key) { before += 1 } else if isBefore(chosen, row, key) { after += 1 }
        }
        return Verdict(before <= key.line && key.line < rows.count - after)
    }

    /// Whether a row has a pair with each record linked to its own, or one without a record, and no others.
    func look(atPairs number: Number<Pairs>, _ row: RowNumber, _ visited: inout Int) -> Verdict {
        let (key, link, linked) = (plan.pairs[number].key, plan.pairs[number].row, plan.pairs[number].linked)
        guard let pairs = plainRows(leadingTo: row, over: [link], &visited) else { return .tooMuch }
        let table = plan.conditions[key.condition].table
        let isIn = tables[table].isLive(row) && tables[table].memberships.contains(row, key.condition)
        var wanted: [RowNumber] = []
        if isIn, let record = plainRecord(of: row, over: key.record) {
            guard let others = plainRows(leadingTo: record, over: [key.back], &visited) else { return .tooMuch }
            wanted = others
        }
        if !isIn { return pairs.isEmpty ? .nothing : .wrong }
        if wanted.isEmpty { wanted = [.noValue] }
        guard pairs.allSatisfy({ tables[link.table].isLive($0) && tables.follow(link, $0) == row }) else { return .wrong }
        return Verdict(pairs.map { tables.follow(linked, $0) ?? .noValue }.sorted() == wanted.sorted())
    }
}
