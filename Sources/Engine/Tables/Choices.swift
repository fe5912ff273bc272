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
    var record: [LinkPlace]
    /// The node of the row id; nil: it is the key of the row.
    var rowId: NodeNumber?
}

struct Choice {
    let key: ChoiceKey
    /// The link of the records' table that leads to the chosen row.
    let link: LinkPlace
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
    /// The link that a step walks.
    mutating func linkPlace(_ step: LinkStep) -> LinkPlace {
        let table = tables.number(of: step.schema)
        let link = LinkPlace(table: table, number: tables[table].linkNumbers[step.link])
        guard step.isReversed else { return link }
        let everyone = plan.conditions.intern(table: table, node: build(.literal(.boolean(true)), table: table))
        return firstLink(ChoiceKey(condition: everyone, record: [link], rowId: nil))
    }

    /// The link from the records to the chosen row, new if need be.
    mutating func firstLink(_ key: ChoiceKey) -> LinkPlace {
        if let found = plan.choices.find(key) { return plan.choices[found].link }
        let source = plan.conditions[key.condition].table
        let target = recordTable(of: Frame(table: source, record: key.record))
        let path = pathNode(key.record)
        var new = TableLink()
        new.target = source
        new.choice = plan.choices.nextNumber
        new.rows.grow(to: tables[target].states.count, filling: .noValue)
        let link = tables.add(new, to: target)
        plan.choices.add(Choice(key: key, link: link, path: path))
        tables[source].incoming.append(link)
        return link
    }

    /// Adds (1) or takes away (-1) one reader of a choice. Returns when it is made for every record.
    mutating func retainChoice(_ number: Number<Choice>, _ count: Int32) {
        let (key, link) = (plan.choices[number].key, plan.choices[number].link)
        let readers = tables[link].watchers
        if count > 0 && readers == 0 {
            retainCondition(key.condition)
            var reads = retain(plan.choices[number].path, 1)
            if let rowId = key.rowId { reads.formUnion(retain(rowId, 1)) }
            for step in key.record { keepChildren(step, 1) }
            plan.choices[number].reads = reads
            addTaker(.choice(number), of: key.condition, isLinked: isLinked(key))
            fillChoice(number)
        } else if count < 0 && readers == 1 {
            removeTaker(.choice(number), of: key.condition, isLinked: isLinked(key))
            for step in key.record { keepChildren(step, -1) }
            if let rowId = key.rowId { _ = retain(rowId, -1) }
            _ = retain(plan.choices[number].path, -1)
            releaseCondition(key.condition)
            tables[link].rows = PerRow<RowNumber>()
            tables[link].rows.grow(to: tables[link.table].states.count, filling: .noValue)
        }
    }

    private func isLinked(_ key: ChoiceKey) -> Bool {
        key.record.count > 1 || key.rowId.map { plan.nodes[$0].linkCount > 0 } ?? false
    }

    private mutating func fillChoice(_ number: Number<Choice>) {
        let condition = plan.choices[number].key.condition
        let table = plan.conditions[condition].table
        for row in tables[table].rows where tables[table].memberships.contains(row, condition) {
            guard let record = record(of: row, number) else { continue }
            let held = chosen(number, record)
            if held.map({ isBefore(row, $0, plan.choices[number].key) }) ?? true { setChosen(number, record, row) }
        }
    }

    /// The record that a row leads to; nil when the way there is broken.
    private func record(of row: RowNumber, _ number: Number<Choice>) -> RowNumber? {
        var current = row
        for place in 0..<plan.choices[number].key.record.count {
            let link = plan.choices[number].key.record[place]
            guard tables[link.table].isLive(current), let next = tables.follow(link, current) else { return nil }
            current = next
        }
        return current
    }

    /// A row of a choice's condition comes, goes, or is about to lead elsewhere, or does so now: the choice is made again for its record.
    mutating func mark(_ number: Number<Choice>, _ row: RowNumber) {
        guard let record = record(of: row, number) else { return }
        pending.marks.mark(Mark(choice: number, record: record, cause: pending.cause))
    }

    /// The row chosen for a record; nil when there is none.
    private func chosen(_ number: Number<Choice>, _ record: RowNumber) -> RowNumber? {
        tables[plan.choices[number].link].rows[record, default: .noValue].orNil
    }

    private mutating func setChosen(_ number: Number<Choice>, _ record: RowNumber, _ row: RowNumber?) {
        let link = plan.choices[number].link
        plan.found.noteMove()
        tables[link].rows.grow(toHold: record, filling: .noValue)
        tables[link].rows[record] = row ?? RowNumber.noValue
    }

    /// Leads a record to the first of the rows that lead to it. Where it leads is a value of the record like any other: what hangs on it is
    /// taken back, and given again.
    mutating func choose(_ number: Number<Choice>, _ record: RowNumber) {
        let link = plan.choices[number].link
        guard tables[link].watchers > 0 else { return }
        let (old, new) = (chosen(number, record), first(number, record))
        guard new != old else { return }
        guard tables[link.table].isLive(record) else { return setChosen(number, record, new) }
        change(link.table, record, tables[link].bit) { engine in
            if let old { engine.tables[link].children.remove(record, under: old) }
            engine.setChosen(number, record, new)
            if let new { engine.tables[link].children.insert(record, under: new) }
        }
    }

    /// Of the rows that lead to a record, and compete, the first.
    private mutating func first(_ number: Number<Choice>, _ record: RowNumber) -> RowNumber? {
        let key = plan.choices[number].key
        let base = scratch.rows.count
        pushRows(leadingTo: record, key.record, key.record.count)
        var first: RowNumber?
        for place in base..<scratch.rows.count {
            let row = scratch.rows[place]
            guard tables[key.record[0].table].memberships.contains(row, key.condition) else { continue }
            if first.map({ isBefore(row, $0, key) }) ?? true { first = row }
        }
        scratch.rows.truncate(to: base)
        return first
    }

    private mutating func isBefore(_ a: RowNumber, _ b: RowNumber, _ key: ChoiceKey) -> Bool {
        isRowIdLess(key.rowId, key.record[0].table, a, b)
    }
}
