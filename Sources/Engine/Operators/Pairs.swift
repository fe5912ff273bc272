// Pairs: the rows of a change of dimension to many: "one row per linked record. No linked record: the row stays, without a key". They are
// rows of a hidden table with two links, one back to the row that they come from and one on to the record, and the machinery of tables does
// the rest. What is there follows at the end of a commit.
//
// Kept: about 50 bytes a pair.
// A change: a mark, of the row or of the linked record. Settling: the pairs of that row or record, as they are and as they should be.
// Publishing: the pairs.
import Campaigns

struct PairsKey: Hashable {
    /// The rows.
    var condition: Number<Condition>
    /// The links from a row to its record.
    var record: [LinkPlace]
    /// The link of the linked records that leads to it.
    var back: LinkPlace
}

struct Pairs: ~Copyable {
    let key: PairsKey
    /// Settles linked records, then rows.
    let recordOperator: OperatorNumber
    let rowOperator: OperatorNumber
    /// Whose rows the pairs are.
    let table: TableNumber
    /// From a pair to its row, and to its record.
    let row: LinkPlace
    let linked: LinkPlace
    /// A node that reads everything that decides which record a row leads to, and whether it is there; nil: it is its own.
    let rowPath: NodeNumber?
    /// The same of the linked records.
    let linkedPath: NodeNumber
    /// All linked records.
    let everyone: Number<Condition>
}

struct PairTables: ~Copyable {
    private var pairs = Vector<Pairs>()
    private var numbers: [PairsKey: Number<Pairs>] = [:]

    subscript(number: Number<Pairs>) -> Pairs {
        unsafeAddress { UnsafePointer(pairs.address(Int(number.value))) }
        unsafeMutableAddress { pairs.address(Int(number.value)) }
    }

    var nextNumber: Number<Pairs> { pairs.nextNumber }

    func find(_ key: PairsKey) -> Number<Pairs>? { numbers[key] }

    mutating func add(_ new: consuming Pairs) {
        numbers[new.key] = pairs.nextNumber
        pairs.append(new)
    }
}

extension Engine {
    /// The pairs of rows and linked records, new if need be.
    mutating func pairs(_ key: PairsKey) -> Number<Pairs> {
        if let found = plan.pairs.find(key) { return found }
        let number = plan.pairs.nextNumber
        let recordOperator = plan.operators.add(.pairs(number, ofRows: false))
        let rowOperator = plan.operators.add(.pairs(number, ofRows: true))
        let (rows, records) = (plan.conditions[key.condition].table, key.back.table)
        let table = tables.addHidden(named: "pairs")
        let everyone = plan.conditions.intern(table: records, node: build(.literal(.boolean(true)), table: records))
        let new = Pairs(
            key: key, recordOperator: recordOperator, rowOperator: rowOperator, table: table,
            row: tables.add(TableLink(assignedTo: rows), to: table), linked: tables.add(TableLink(assignedTo: records), to: table),
            rowPath: key.record.isEmpty ? nil : recordNode(of: Frame(table: rows, record: key.record)), linkedPath: pathNode([key.back]),
            everyone: everyone)
        tables[rows].addIncoming(new.row)
        tables[records].addIncoming(new.linked)
        plan.pairs.add(new)
        return number
    }

    /// The node that is true of every pair.
    mutating func pairNode(_ number: Number<Pairs>) -> NodeNumber {
        intern(Node(operation: .isPair, table: plan.pairs[number].table, a: number.value))
    }

    /// Adds (1) or takes away (-1) one reader of pairs.
    mutating func retainPairs(_ number: Number<Pairs>, _ count: Int32) {
        guard plan.operators.addReader(of: plan.pairs[number].rowOperator, Int(count)) else { return }
        if count > 0 { openPairs(number) } else { closePairs(number) }
    }

    private mutating func openPairs(_ number: Number<Pairs>) {
        let (key, everyone) = (plan.pairs[number].key, plan.pairs[number].everyone)
        retainCondition(key.condition)
        retainCondition(everyone)
        let rowReads = plan.pairs[number].rowPath.map { retain($0) } ?? .nothing
        plan.operators.open(plan.pairs[number].rowOperator, reading: rowReads)
        plan.operators.open(plan.pairs[number].recordOperator, reading: retain(plan.pairs[number].linkedPath))
        for link in key.record + [key.back, plan.pairs[number].row, plan.pairs[number].linked] { keepChildren(link, 1) }
        addTaker(.operation(plan.pairs[number].rowOperator), of: key.condition, isLinked: !key.record.isEmpty)
        addTaker(.operation(plan.pairs[number].recordOperator), of: everyone, isLinked: false)
        let table = plan.conditions[key.condition].table
        for block in tables[table].blocks {
            for row in tables[table].memberships.rows(block, with: key.condition) {
                statistics.rowsVisitedByPublish += 1
                settleRow(number, row)
            }
        }
    }

    private mutating func closePairs(_ number: Number<Pairs>) {
        let (key, everyone, table) = (plan.pairs[number].key, plan.pairs[number].everyone, plan.pairs[number].table)
        removeTaker(.operation(plan.pairs[number].recordOperator), of: everyone, isLinked: false)
        removeTaker(.operation(plan.pairs[number].rowOperator), of: key.condition, isLinked: !key.record.isEmpty)
        for pair in tables[table].rows { delete(table, pair) }
        for link in key.record + [key.back, plan.pairs[number].row, plan.pairs[number].linked] { keepChildren(link, -1) }
        plan.operators.close(plan.pairs[number].recordOperator)
        plan.operators.close(plan.pairs[number].rowOperator)
        release(plan.pairs[number].linkedPath)
        if let path = plan.pairs[number].rowPath { release(path) }
        releaseCondition(everyone)
        releaseCondition(key.condition)
    }

    /// Brings the pairs of the rows, or of the linked records, that were marked to what they should be.
    mutating func settle(_ number: Number<Pairs>, ofRows: Bool) {
        let operation = ofRows ? plan.pairs[number].rowOperator : plan.pairs[number].recordOperator
        while let mark = pending.marks.take(of: operation) {
            pending.cause = mark.cause
            if ofRows { settleRow(number, mark.item) } else { settleLinked(number, mark.item) }
        }
    }

    /// The record of a row of the condition; nil when it is in no population, or leads nowhere.
    private func record(of row: RowNumber, _ number: Number<Pairs>) -> RowNumber? {
        let key = plan.pairs[number].key
        guard tables[plan.conditions[key.condition].table].memberships.contains(row, key.condition) else { return nil }
        var current = row
        for link in key.record {
            guard let next = tables.record(behind: link, current) else { return nil }
            current = next
        }
        return current
    }

    private mutating func settleRow(_ number: Number<Pairs>, _ row: RowNumber) {
        let (key, link, linked) = (plan.pairs[number].key, plan.pairs[number].row, plan.pairs[number].linked)
        let record = record(of: row, number)
        let base = scratch.rows.count
        var next = tables[link].children.first(under: row)
        while let pair = next {
            next = tables[link].children.next(pair)
            guard let other = tables.follow(linked, pair) else { continue }
            if record == nil || !tables[key.back.table].isLive(other) || tables.follow(key.back, other) != record {
                scratch.rows.append(pair)
            }
        }
        for place in base..<scratch.rows.count { delete(link.table, scratch.rows[place]) }
        scratch.rows.truncate(to: base)
        if let record {
            next = tables[key.back].children.first(under: record)
            while let other = next {
                scratch.rows.append(other)
                next = tables[key.back].children.next(other)
            }
            statistics.rowsVisitedBySettling += scratch.rows.count - base
            for place in base..<scratch.rows.count { addPair(number, row, scratch.rows[place]) }
            scratch.rows.truncate(to: base)
        }
        settleUnlinked(number, row)
    }

    private mutating func settleLinked(_ number: Number<Pairs>, _ other: RowNumber) {
        let (key, link, linked) = (plan.pairs[number].key, plan.pairs[number].row, plan.pairs[number].linked)
        let record = tables[key.back.table].isLive(other) ? tables.record(behind: key.back, other) : nil
        let base = scratch.rows.count
        var next = tables[linked].children.first(under: other)
        while let pair = next {
            next = tables[linked].children.next(pair)
            guard let row = tables.follow(link, pair) else { continue }
            if record == nil || self.record(of: row, number) != record { scratch.rows.append(pair) }
        }
        for place in base..<scratch.rows.count {
            let pair = scratch.rows[place]
            let row = tables.follow(link, pair)
            delete(link.table, pair)
            if let row { settleUnlinked(number, row) }
        }
        scratch.rows.truncate(to: base)
        guard let record else { return }
        if key.record.isEmpty { scratch.rows.append(record) } else { pushRows(leadingTo: record, key.record, key.record.count) }
        statistics.rowsVisitedBySettling += scratch.rows.count - base
        for place in base..<scratch.rows.count where self.record(of: scratch.rows[place], number) == record {
            addPair(number, scratch.rows[place], other)
            settleUnlinked(number, scratch.rows[place])
        }
        scratch.rows.truncate(to: base)
    }

    /// A row of the condition without linked records has one pair without a record, and others have none such.
    private mutating func settleUnlinked(_ number: Number<Pairs>, _ row: RowNumber) {
        let (key, link, linked) = (plan.pairs[number].key, plan.pairs[number].row, plan.pairs[number].linked)
        let isIn = tables[plan.conditions[key.condition].table].memberships.contains(row, key.condition)
        var isLinked = false
        var next = tables[link].children.first(under: row)
        while let pair = next, !isLinked {
            isLinked = tables.follow(linked, pair) != nil
            next = tables[link].children.next(pair)
        }
        if isIn && !isLinked { addPair(number, row, nil) } else { delete(link.table, pairRow(number, row, nil)) }
    }

    /// The number of a pair, which gets one when it is new.
    private mutating func pairRow(_ number: Number<Pairs>, _ row: RowNumber, _ other: RowNumber?) -> RowNumber {
        let table = plan.pairs[number].table
        return withUnsafeBytes(of: (row.value.littleEndian, (other?.value ?? -1).littleEndian)) { bytes in
            tables[table].row(ofKey: bytes, hash: textHash(bytes))
        }
    }

    private mutating func addPair(_ number: Number<Pairs>, _ row: RowNumber, _ other: RowNumber?) {
        let (table, link, linked) = (plan.pairs[number].table, plan.pairs[number].row, plan.pairs[number].linked)
        let pair = pairRow(number, row, other)
        tables[table].growToKeys()
        if tables[table].isLive(pair) { return }
        change(table, pair, .max) { engine in
            engine.tables[link].set(pair, to: row)
            engine.tables[linked].set(pair, to: other ?? RowNumber.noValue)
            engine.plan.found.noteWrite()
            engine.becomeLive(table, pair)
        }
    }
}
