// What an audit makes of links: where a row leads by its columns or by what is computed of it, and that it hangs under that row, with
// others that lead there too.
import Campaigns

extension Engine {
    /// Whether a row leads where its values say and hangs there; and whether who hangs first under the row of that number leads to it.
    mutating func look(atLink link: LinkPlace, _ row: RowNumber) -> Verdict {
        var verdict = Verdict.nothing
        if Int(row.value) < tables[link.table].states.count, tables[link].watchers > 0 || tables[link].isByKey {
            guard isEndRight(link, row), isChainRight(link, row) else { return .wrong }
            if tables[link.table].isLive(row) { verdict = .right }
        }
        guard tables[link].watchers > 0, let first = tables[link].children.first(under: row) else { return verdict }
        return Verdict(leads(link, first, to: row))
    }

    private func leads(_ link: LinkPlace, _ row: RowNumber, to target: RowNumber) -> Bool {
        tables[link.table].isLive(row) && tables.follow(link, row) == target
    }

    private func isChainRight(_ link: LinkPlace, _ row: RowNumber) -> Bool {
        guard tables[link].watchers > 0, tables[link.table].isLive(row), let target = tables.follow(link, row) else { return true }
        guard tables[link].children.holds(row, under: target) else { return false }
        return tables[link].children.neighbors(of: row).allSatisfy { leads(link, $0, to: target) }
    }

    /// What choices and pairs lead to is looked at with those.
    private mutating func isEndRight(_ link: LinkPlace, _ row: RowNumber) -> Bool {
        if tables[link].isByKey { return tables[link].rows[row].orNil == namedRow(link, row) }
        guard tables[link].isDerived else { return true }
        let held = tables[link].rows[row, default: .noRecord]
        guard tables[link.table].isLive(row) else { return held == .noRecord }
        guard let end = tables[link].isSettled ? rowOfValue(link, row) : identityRow(link, row), end == held else { return false }
        let target = tables.target(of: link)
        return !tables[target].isLiveOnceNamed || held.orNil.map { tables[target].isLive($0) } ?? true
    }

    /// The row that the columns of a link name; nil where one of them is null.
    private mutating func namedRow(_ link: LinkPlace, _ row: RowNumber) -> RowNumber? {
        guard tables[link.table].isLive(row) else { return nil }
        let target = tables.target(of: link)
        var key = Vector<UInt8>()
        for column in tables[link].columns {
            let value = columnValue(link.table, column, row)
            if value.isNull { return nil }
            if tables[target].isTextKey {
                key.append(contentsOf: value.text)
            } else if value.kind == .text {
                key.appendKey(text: value.text)
            } else {
                key.appendKey(word: value.integer)
            }
        }
        return plainRow(ofKey: UnsafeRawBufferPointer(start: key.base, count: key.count), in: target)
    }

    /// Where a link by value leads; nil: to what nobody has named yet.
    private mutating func rowOfValue(_ link: LinkPlace, _ row: RowNumber) -> RowNumber? {
        scratch.texts.reset()
        let value = value(tables[link].node!, row)
        if value.kind == .integer { return RowNumber(Int(value.integer)) }
        return value.kind == .text ? plainRow(ofKey: value.text, in: tables.target(of: link)) : .noValue
    }

    /// Where a link to an identity leads; nil: to what nobody has named yet.
    private mutating func identityRow(_ link: LinkPlace, _ row: RowNumber) -> RowNumber? {
        let way = tables[link].record ?? []
        guard let record = plainRecord(of: row, over: way) else { return .noRecord }
        if tables[link].record != nil, hasLongKey(way.last.map { tables.target(of: $0) } ?? link.table, record) { return .noValue }
        scratch.texts.reset()
        let value = value(tables[link].node!, row)
        guard value.kind == .text, (1...Limits.identityBytes).contains(value.text.count) else { return .noValue }
        return plainRow(ofKey: value.text, in: tables.target(of: link))
    }

    /// The row of a key that was named; nil when it never was.
    func plainRow(ofKey key: UnsafeRawBufferPointer, in table: TableNumber) -> RowNumber? {
        tables[table].keys.find(key, hash: textHash(key)).map { RowNumber($0) }
    }
}
