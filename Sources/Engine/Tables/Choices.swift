// Choices: of the rows that lead to a record, the first in an order, or the second, or one further on. For the record's table that is one
// more link, whose row numbers are not read from columns but chosen, and chosen again at the end of the commit when one of the rows comes,
// goes, or leads elsewhere. What a row of a union or intersection comes from is such a choice, and so are what joins and reconciliations
// find, the lines of a collection, and a unique link walked the other way: "a unique link that has several records leads to the lowest
// key".
//
// Kept while somebody asks: four bytes a record, and the rows that compete as members of a condition; where many lead to one record, those
// in their order (Operators/Crowds.swift). A change costs a mark; settling, a look at the rows that lead to the same record, or a step.
import Campaigns

/// Which rows compete, for which records, and in which order.
struct ChoiceKey: Hashable {
    var condition: Number<Condition>
    /// The links from a row to the record; at least one.
    var record: [LinkPlace]
    /// The node of the row id, which decides between equal ones; nil: it is the key of the row.
    var rowId: NodeNumber?
    /// Of rows of one row id the number that decides.
    var place: NodeNumber?
    /// What is compared first, nulls last.
    var value: NodeNumber?
    var isDescending = false
    /// How many come before the one that is chosen.
    var line = 0
}

struct Choice: ~Copyable {
    let key: ChoiceKey
    let number: OperatorNumber
    /// The link of the records' table that leads to the chosen row.
    let link: LinkPlace
    /// A node that reads everything that decides which record a row leads to.
    let path: NodeNumber
    /// Records that many rows lead to.
    var crowds: Crowds

    init(key: ChoiceKey, number: OperatorNumber, link: LinkPlace, path: NodeNumber) {
        self.key = key
        self.number = number
        self.link = link
        self.path = path
        crowds = Crowds(isDescending: key.isDescending)
    }
}

/// All choices by what they say.
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

    mutating func add(_ choice: consuming Choice) {
        numbers[choice.key] = choices.nextNumber
        choices.append(choice)
    }
}

extension Engine {
    /// The link that a step walks.
    mutating func linkPlace(_ step: LinkStep) -> LinkPlace {
        let table = tables.number(of: step.schema)
        let link = LinkPlace(table: table, number: tables[table].schemaLinks[step.link])
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
        let new = TableLink(to: source, chosenBy: plan.choices.nextNumber, rows: tables[target].states.count)
        let link = tables.add(new, to: target)
        plan.choices.add(
            Choice(key: key, number: plan.operators.add(.choice(plan.choices.nextNumber)), link: link, path: path))
        tables[source].addIncoming(link)
        return link
    }

    /// Adds (1) or takes away (-1) one reader of a choice. Returns when it is made for every record.
    mutating func retainChoice(_ number: Number<Choice>, _ count: Int32) {
        let (key, link) = (plan.choices[number].key, plan.choices[number].link)
        let readers = tables[link].watchers
        if count > 0 && readers == 0 {
            retainCondition(key.condition)
            var reads = retain(plan.choices[number].path)
            for node in nodes(of: key) { reads.formUnion(retain(node)) }
            for step in key.record { keepChildren(step, 1) }
            plan.operators.open(plan.choices[number].number, reading: reads)
            addTaker(.operation(plan.choices[number].number), of: key.condition, isLinked: isLinked(key))
            fillChoice(number)
        } else if count < 0 && readers == 1 {
            removeTaker(.operation(plan.choices[number].number), of: key.condition, isLinked: isLinked(key))
            plan.operators.close(plan.choices[number].number)
            for step in key.record { keepChildren(step, -1) }
            for node in nodes(of: key) { release(node) }
            release(plan.choices[number].path)
            plan.choices[number].crowds = Crowds(isDescending: key.isDescending)
            releaseCondition(key.condition)
            tables[link].forgetRows()
            tables[link].grow(to: tables[link.table].states.count)
        }
    }

    private func isLinked(_ key: ChoiceKey) -> Bool {
        key.record.count > 1 || nodes(of: key).contains { plan.nodes[$0].linkCount > 0 }
    }

    /// The nodes that decide which row is first.
    func nodes(of key: ChoiceKey) -> [NodeNumber] { [key.value, key.rowId, key.place].compactMap { $0 } }

    private mutating func fillChoice(_ number: Number<Choice>) {
        let condition = plan.choices[number].key.condition
        let table = plan.conditions[condition].table
        for row in tables[table].rows where tables[table].memberships.contains(row, condition) {
            guard let record = record(of: row, number) else { continue }
            let (key, held) = (plan.choices[number].key, chosen(number, record))
            if key.line > 0 {
                // Chosen with the first of them that comes by.
                if held == nil { setChosen(number, record, chosenRow(number, record)) }
            } else if held.map({ isBefore(row, $0, key) }) ?? true {
                setChosen(number, record, row)
            }
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
    mutating func markRecord(of row: RowNumber, _ number: Number<Choice>) {
        _ = plan.choices[number].crowds.note(row)
        guard let record = record(of: row, number) else { return }
        mark(plan.choices[number].number, record)
    }

    /// The row chosen for a record; nil when there is none.
    private func chosen(_ number: Number<Choice>, _ record: RowNumber) -> RowNumber? {
        tables[plan.choices[number].link].rows[record, default: .noValue].orNil
    }

    private mutating func setChosen(_ number: Number<Choice>, _ record: RowNumber, _ row: RowNumber?) {
        let link = plan.choices[number].link
        plan.found.noteMove()
        tables[link].grow(toHold: record)
        tables[link].set(record, to: row ?? RowNumber.noValue)
    }

    /// Leads a record to the first of the rows that lead to it. Where it leads is a value of the record like any other: what hangs on it is
    /// taken back, and given again.
    mutating func choose(_ number: Number<Choice>, _ record: RowNumber) {
        let link = plan.choices[number].link
        guard tables[link].watchers > 0 else { return }
        let (old, new) = (chosen(number, record), chosenRow(number, record))
        guard new != old else { return }
        guard tables[link.table].isLive(record) else { return setChosen(number, record, new) }
        change(link.table, record, tables[link].bit) { engine in
            if let old { engine.tables[link].remove(record, under: old) }
            engine.setChosen(number, record, new)
            if let new { engine.tables[link].insert(record, under: new) }
        }
    }

    /// Of the rows that lead to a record, and compete, the one of the line.
    mutating func chosenRow(_ number: Number<Choice>, _ record: RowNumber) -> RowNumber? {
        let key = plan.choices[number].key
        if plan.choices[number].crowds.contains(record) {
            gatherCrowds(number)
            return plan.choices[number].crowds.row(at: key.line, of: record)
        }
        let base = scratch.rows.count
        pushRows(leadingTo: record, key.record, key.record.count)
        let visited = scratch.rows.count - base
        statistics.rowsVisitedBySettling += visited
        var end = base
        for place in base..<scratch.rows.count
        where tables[key.record[0].table].memberships.contains(scratch.rows[place], key.condition) {
            scratch.rows.swap(end, place)
            end += 1
        }
        if visited > fewRows { beginCrowd(number, record, from: base, end) }
        var chosen: RowNumber?
        // The first of those that are left, as often as there are lines.
        for line in 0...key.line where base + line < end {
            var first = base + line
            for place in first + 1..<max(end, first + 1) where isBefore(scratch.rows[place], scratch.rows[first], key) { first = place }
            scratch.rows.swap(base + line, first)
            chosen = line == key.line ? scratch.rows[base + line] : nil
        }
        scratch.rows.truncate(to: base)
        return chosen
    }

    private func crowdOrder(_ key: ChoiceKey) -> CrowdOrder {
        CrowdOrder(
            table: key.record[0].table, value: key.value, isDescending: key.isDescending, rowId: key.rowId, place: key.place)
    }

    private mutating func gatherCrowds(_ number: Number<Choice>) {
        let key = plan.choices[number].key
        var crowds = Crowds()
        swap(&crowds, &plan.choices[number].crowds)
        gather(&crowds, crowdOrder(key)) { engine, row in
            engine.tables[key.record[0].table].memberships.contains(row, key.condition) ? engine.record(of: row, number) : nil
        }
        swap(&crowds, &plan.choices[number].crowds)
    }

    private mutating func beginCrowd(_ number: Number<Choice>, _ record: RowNumber, from base: Int, _ end: Int) {
        var crowds = Crowds()
        swap(&crowds, &plan.choices[number].crowds)
        beginCrowd(&crowds, at: record, crowdOrder(plan.choices[number].key), from: base, end)
        swap(&crowds, &plan.choices[number].crowds)
    }

    mutating func isBefore(_ a: RowNumber, _ b: RowNumber, _ key: ChoiceKey) -> Bool {
        if let node = key.value {
            scratch.texts.reset()
            let (mine, other) = (value(node, a), value(node, b))
            if mine.isNull != other.isNull { return other.isNull }
            let order = mine.isNull ? 0 : order(mine, other)
            if order != 0 { return key.isDescending ? order > 0 : order < 0 }
        }
        return isRowIdLess(key.rowId, place: key.place, key.record[0].table, a, b)
    }
}
