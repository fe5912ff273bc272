// Choices: of the rows that lead to a record, the first by row id. For the record's table that is one more link, whose row numbers are not
// read from columns but chosen, and chosen again at the end of the commit when one of the rows comes, goes, or leads elsewhere. What a row
// of a union or intersection comes from is such a choice, and so is a unique link walked the other way: "a unique link that has several
// records leads to the lowest key".
//
// Kept while somebody asks: four bytes a record, and the rows that compete as members of a condition. A change costs a mark; settling, a
// look at the rows that lead to the same record.
import Campaigns

/// Which rows compete, for which records, and in which order.
struct ChoiceKey: Hashable {
    var condition: Number<Condition>
    /// The links from a row to the record; at least one.
    var record: [IncomingLink]
    /// The node of the row id; nil: it is the key of the row.
    var rowId: NodeNumber?
}

struct Choice {
    let key: ChoiceKey
    /// The table of the records, and the place among its links of the one that leads to the chosen row.
    let table: Int32
    let link: Int32
    /// A node that reads everything that decides which record a row leads to.
    let path: NodeNumber
    /// What moves a row from one record to another, or in the order.
    var reads = ReadSet.nothing
}

/// All choices by what they say. One that is made of others comes after them.
struct Choices: ~Copyable {
    private var choices = Vector<Choice>()
    private var numbers: [ChoiceKey: Number<Choice>] = [:]

    @inline(__always)
    subscript(number: Number<Choice>) -> Choice {
        unsafeAddress { UnsafePointer(choices.address(Int(number.value))) }
        unsafeMutableAddress { choices.address(Int(number.value)) }
    }

    /// The number that the next one gets.
    var nextNumber: Number<Choice> { choices.nextNumber }

    func find(_ key: ChoiceKey) -> Number<Choice>? { numbers[key] }

    mutating func add(_ choice: Choice) {
        numbers[choice.key] = choices.nextNumber
        choices.append(choice)
    }
}

extension Engine {
    /// The place of a step among the links of the table that it starts from.
    mutating func linkPlace(_ step: LinkStep) -> Int32 {
        let table = tables.number(of: step.schema)
        let place = tables[table].linkPlaces[step.link]
        guard step.isReversed else { return place }
        let everyone = plan.conditions.intern(table: table, node: build(.literal(.boolean(true)), table: table))
        return firstLink(ChoiceKey(condition: everyone, record: [IncomingLink(table: table, link: place)], rowId: nil))
    }

    /// The place, among the links of the records' table, of the link to the chosen row; new if need be.
    mutating func firstLink(_ key: ChoiceKey) -> Int32 {
        if let found = plan.choices.find(key) { return plan.choices[found].link }
        let source = plan.conditions[key.condition].table
        let target = recordTable(of: Frame(table: source, record: key.record))
        precondition(target >= 0, "the definition was checked against the catalog")
        let place = Int32(tables[target].links.count)
        let path = pathNode(key.record.map(\.link), key.record.map(\.table))
        var link = TableLink()
        link.target = source
        link.choice = plan.choices.nextNumber
        link.rows.grow(to: tables[target].states.count, filling: TableLink.noValue)
        plan.choices.add(Choice(key: key, table: target, link: place, path: path))
        tables[target].links.append(link)
        tables[source].incoming.append(IncomingLink(table: target, link: place))
        return place
    }

    /// Adds (1) or takes away (-1) one reader of a choice. Returns when it is made for every record.
    mutating func retainChoice(_ number: Number<Choice>, _ count: Int32) {
        let (key, table, link) = (plan.choices[number].key, plan.choices[number].table, plan.choices[number].link)
        let readers = tables[table].links[link].watchers
        if count > 0 && readers == 0 {
            retainCondition(key.condition)
            var reads = retain(plan.choices[number].path, 1)
            if let rowId = key.rowId { reads.formUnion(retain(rowId, 1)) }
            for step in key.record { keepChildren(step.table, step.link, 1) }
            plan.choices[number].reads = reads
            addTaker(.choice(number), of: key.condition, isLinked: isLinked(key))
            fillChoice(number)
        } else if count < 0 && readers == 1 {
            removeTaker(.choice(number), of: key.condition, isLinked: isLinked(key))
            for step in key.record { keepChildren(step.table, step.link, -1) }
            if let rowId = key.rowId { _ = retain(rowId, -1) }
            _ = retain(plan.choices[number].path, -1)
            releaseCondition(key.condition)
            tables[table].links[link].rows = Vector<Int32>()
            tables[table].links[link].rows.grow(to: tables[table].states.count, filling: TableLink.noValue)
        }
    }

    private func isLinked(_ key: ChoiceKey) -> Bool {
        key.record.count > 1 || key.rowId.map { plan.nodes[$0].linkCount > 0 } ?? false
    }

    private mutating func fillChoice(_ number: Number<Choice>) {
        let condition = plan.choices[number].key.condition
        let table = plan.conditions[condition].table
        for row in 0..<Int32(tables[table].states.count) where tables[table].memberships.contains(row, condition) {
            let record = record(of: row, number)
            guard record >= 0 else { continue }
            let held = chosen(number, record)
            if held < 0 || isBefore(row, held, plan.choices[number].key) { setChosen(number, record, row) }
        }
    }

    /// The record that a row leads to; negative when the way there is broken.
    private func record(of row: Int32, _ number: Number<Choice>) -> Int32 {
        var current = row
        for place in 0..<plan.choices[number].key.record.count {
            let step = plan.choices[number].key.record[place]
            guard tables[step.table].isLive(current) else { return TableLink.noRecord }
            current = tables[step.table].follow(step.link, current)
            if current < 0 { return TableLink.noRecord }
        }
        return current
    }

    /// A row of a choice's condition comes, goes, or is about to lead elsewhere, or does so now: the choice is made again for its record.
    mutating func mark(_ number: Number<Choice>, _ row: Int32) {
        let record = record(of: row, number)
        if record >= 0 { pending.marks.mark(Mark(choice: number, record: record, cause: pending.cause)) }
    }

    /// The row chosen for a record; negative when there is none.
    private func chosen(_ number: Number<Choice>, _ record: Int32) -> Int32 {
        let (table, link) = (plan.choices[number].table, plan.choices[number].link)
        return Int(record) < tables[table].links[link].rows.count ? tables[table].links[link].rows[record] : TableLink.noValue
    }

    private mutating func setChosen(_ number: Number<Choice>, _ record: Int32, _ row: Int32) {
        let (table, link) = (plan.choices[number].table, plan.choices[number].link)
        plan.found.noteMove()
        tables[table].links[link].rows.grow(to: Int(record) + 1, filling: TableLink.noValue)
        tables[table].links[link].rows[record] = row
    }

    /// Leads a record to the first of the rows that lead to it. Where it leads is a value of the record like any other: what hangs on it is
    /// taken back, and given again.
    mutating func choose(_ number: Number<Choice>, _ record: Int32) {
        let (table, link) = (plan.choices[number].table, plan.choices[number].link)
        guard tables[table].links[link].watchers > 0 else { return }
        let (old, new) = (chosen(number, record), first(number, record))
        guard new != old else { return }
        guard tables[table].isLive(record) else { return setChosen(number, record, new) }
        change(table, record, tables[table].links[link].bit) { engine in
            if old >= 0 { engine.tables[table].links[link].children.remove(record, under: old) }
            engine.setChosen(number, record, new)
            if new >= 0 { engine.tables[table].links[link].children.insert(record, under: new) }
        }
    }

    /// Of the rows that lead to a record, and compete, the first.
    private mutating func first(_ number: Number<Choice>, _ record: Int32) -> Int32 {
        let key = plan.choices[number].key
        let base = scratch.rows.count
        pushRows(leadingTo: record, key.record, key.record.count)
        var first = TableLink.noValue
        for place in base..<scratch.rows.count {
            let row = scratch.rows[place]
            guard tables[key.record[0].table].memberships.contains(row, key.condition) else { continue }
            if first < 0 || isBefore(row, first, key) { first = row }
        }
        scratch.rows.truncate(to: base)
        return first
    }

    private mutating func isBefore(_ a: Int32, _ b: Int32, _ key: ChoiceKey) -> Bool {
        isRowIdLess(key.rowId, key.record[0].table, a, b)
    }
}
