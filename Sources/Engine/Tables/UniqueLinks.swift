// Unique links walked the other way: "a unique link that has several records leads to the lowest key". For the target's table that is one
// more link, whose row numbers are not read from columns but chosen among the rows that link to a row, and chosen again, at the end of the
// commit, when one of those comes, goes, or links elsewhere. Kept only while somebody asks.
import Campaigns

extension Engine {
    /// The link that a step walks.
    mutating func linkPlace(_ step: LinkStep) -> LinkPlace {
        let table = tables.number(of: step.schema)
        let link = LinkPlace(table: table, link: tables[table].linkNumbers[step.link])
        if !step.isReversed { return link }
        return LinkPlace(table: tables.target(of: link), link: tables[link].reverse ?? addReverse(of: link))
    }

    private mutating func addReverse(of original: LinkPlace) -> LinkNumber {
        let target = tables.target(of: original)
        var link = TableLink()
        link.target = original.table
        link.original = original.link
        link.rows.grow(to: tables[target].states.count, filling: .none)
        let reverse = tables.add(link, to: target)
        tables[original].reverse = reverse.link
        tables[original].choice = plan.choices.nextNumber
        plan.choices.append(original)
        tables[original.table].incoming.append(reverse)
        return reverse.link
    }

    /// Adds (1) or takes away (-1) one reader of the choice that a link the other way stands for. Returns when it is made for every row.
    mutating func retainChoice(_ link: LinkPlace, of original: LinkPlace, _ count: Int32) {
        let source = original.table
        for column in tables[original].columns { _ = retainColumn(source, column, count) }
        keepChildren(original, count)
        let readers = tables[link].watchers
        if count > 0 && readers == 0 {
            tables[source].reversedLinks.append(original.link)
            for row in tables[source].rows where tables[source].isLive(row) {
                if let target = tables.follow(original, row) { setChoice(link, target, lowest(original, target)) }
            }
        } else if count < 0 && readers == 1 {
            tables[source].reversedLinks.removeFirst(original.link)
            tables[link].rows = PerRow<RowNumber>()
            tables[link].rows.grow(to: tables[link.table].states.count, filling: .none)
        }
    }

    /// Of the rows that link to a row the one with the lowest key.
    private func lowest(_ link: LinkPlace, _ target: RowNumber) -> RowNumber? {
        var lowest = tables[link].children.first(under: target)
        var next = lowest
        while let row = next {
            if isKeyTextLess(link.table, row, lowest!) { lowest = row }
            next = tables[link].children.next(row)
        }
        return lowest
    }

    private mutating func setChoice(_ link: LinkPlace, _ row: RowNumber, _ chosen: RowNumber?) {
        plan.found.noteMove()
        tables[link].rows.grow(toHold: row, filling: .none)
        tables[link].rows[row] = chosen ?? RowNumber.none
    }

    /// Leads a row to the lowest of those that link to it. Where it leads is a value of that row like any other: what hangs on it is
    /// taken back, and given again.
    mutating func choose(_ original: LinkPlace, _ row: RowNumber) {
        guard let reverse = tables[original].reverse else { return }
        let link = LinkPlace(table: tables.target(of: original), link: reverse)
        guard tables[link].watchers > 0 else { return }
        let chosen = lowest(original, row)
        let old = tables[link].rows[row, default: .none].orNil
        guard chosen != old else { return }
        guard tables[link.table].isLive(row) else { return setChoice(link, row, chosen) }
        change(link.table, row, tables[link].bit) { engine in
            if let old { engine.tables[link].children.remove(row, under: old) }
            engine.setChoice(link, row, chosen)
            if let chosen { engine.tables[link].children.insert(row, under: chosen) }
        }
    }
}
