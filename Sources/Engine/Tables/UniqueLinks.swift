// Unique links walked the other way: "a unique link that has several records leads to the lowest key". For the target's table that is one
// more link, whose row numbers are not read from columns but chosen among the rows that link to a row, and chosen again, at the end of the
// commit, when one of those comes, goes, or links elsewhere. Kept only while somebody asks.
import Campaigns

extension Engine {
    /// The place of a step among the links of the table that it starts from.
    mutating func linkPlace(_ step: LinkStep) -> Int32 {
        let table = tables.number(of: step.schema)
        let place = tables[table].linkPlaces[step.link]
        guard step.isReversed else { return place }
        if tables[table].links[place].reverse < 0 { addReverse(of: place, table) }
        return tables[table].links[place].reverse
    }

    private mutating func addReverse(of place: Int32, _ table: Int32) {
        let target = tables[table].links[place].target
        precondition(target >= 0, "the definition was checked against the catalog")
        let reverse = Int32(tables[target].links.count)
        var link = TableLink()
        link.target = table
        link.original = place
        link.rows.grow(to: tables[target].states.count, filling: -1)
        tables[target].links.append(link)
        tables[table].links[place].reverse = reverse
        tables[table].links[place].choice = Int32(plan.choices.count)
        plan.choices.append(IncomingLink(table: table, link: place))
        tables[table].incoming.append(IncomingLink(table: target, link: reverse))
    }

    /// Adds (1) or takes away (-1) one reader of the choice that a link the other way stands for. Returns when it is made for every row.
    mutating func retainChoice(_ table: Int32, _ link: Int32, _ count: Int32) {
        let (source, original) = (tables[table].links[link].target, tables[table].links[link].original)
        for column in tables[source].links[original].columns { _ = retainColumn(source, Int32(column), count) }
        keepChildren(source, original, count)
        let readers = tables[table].links[link].watchers
        if count > 0 && readers == 0 {
            tables[source].reversedLinks.append(original)
            for row in 0..<Int32(tables[source].states.count) where tables[source].isLive(row) {
                let target = tables[source].follow(original, row)
                if target >= 0 { setChoice(table, link, target, lowest(source, original, target)) }
            }
        } else if count < 0 && readers == 1 {
            tables[source].reversedLinks.removeFirst(original)
            tables[table].links[link].rows = Vector<Int32>()
            tables[table].links[link].rows.grow(to: tables[table].states.count, filling: -1)
        }
    }

    /// Of the rows that link to a row the one with the lowest key; -1 when there is none.
    private func lowest(_ table: Int32, _ link: Int32, _ target: Int32) -> Int32 {
        var row = tables[table].links[link].children.first(target)
        var lowest = row
        while row >= 0 {
            if isKeyTextLess(table, row, lowest) { lowest = row }
            row = tables[table].links[link].children.next(row)
        }
        return lowest
    }

    private mutating func setChoice(_ table: Int32, _ link: Int32, _ row: Int32, _ chosen: Int32) {
        plan.found.noteMove()
        tables[table].links[link].rows.grow(to: Int(row) + 1, filling: -1)
        tables[table].links[link].rows[row] = chosen
    }

    /// Leads a row to the lowest of those that link to it. Where it leads is a value of that row like any other: what hangs on it is
    /// taken back, and given again.
    mutating func choose(_ source: Int32, _ original: Int32, _ row: Int32) {
        let (table, link) = (tables[source].links[original].target, tables[source].links[original].reverse)
        guard tables[table].links[link].watchers > 0 else { return }
        let chosen = lowest(source, original, row)
        let old = Int(row) < tables[table].links[link].rows.count ? tables[table].links[link].rows[row] : -1
        guard chosen != old else { return }
        guard tables[table].isLive(row) else { return setChoice(table, link, row, chosen) }
        change(table, row, tables[table].links[link].bit) { engine in
            if old >= 0 { engine.tables[table].links[link].children.remove(row, under: old) }
            engine.setChoice(table, link, row, chosen)
            if chosen >= 0 { engine.tables[table].links[link].children.insert(row, under: chosen) }
        }
    }
}
