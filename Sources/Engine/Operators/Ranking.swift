// Rankings: of the rows that meet a condition, and are one group, the first few in an order meet another condition. A limit of a split is
// one, of all its rows; a deduplication is one, by its fields. Decided when the commit settles, from the state as all changes left it.
//
// Kept: what RankedRows.swift says, and the memberships of both conditions.
// A change: a mark. Settling: for each row that was marked a step out of the order and one into it, and the rows that change sides.
// Publishing: a look a row, and one sort.
import Campaigns

/// Who competes with whom, in which order, and how many are first.
struct RankingKey: Hashable {
    /// Who competes.
    var condition: Number<Condition>
    /// A tuple of what makes rows one group; nil: all are.
    var group: NodeNumber?
    /// Whether rows without a group meet the decided condition.
    var keepsUngrouped = false
    /// What is compared first.
    var value: NodeNumber?
    var isDescending = false
    /// Of the stable order, which decides between equal ones: the text before a row id.
    var seed: Number<Value>
    var rowId: NodeNumber
    /// Of rows of one row id the first: the inbound that they came from.
    var place: NodeNumber?
    var cut: Cut

    enum Cut: Hashable {
        case count(Int)
        case share(Percentage)
    }
}

struct Ranking: ~Copyable {
    let key: RankingKey
    let number: OperatorNumber
    /// The condition that it decides.
    let decided: Number<Condition>
    /// Whether what it reads of rows lies behind links.
    let isLinked: Bool
    var rows: RankedRows
    /// The numbers of groups, by the bytes of their tuples.
    var groups = TextDictionary()
}

/// All rankings, by what they say.
struct Rankings: ~Copyable {
    private var rankings = Vector<Ranking>()
    private var numbers: [RankingKey: Number<Ranking>] = [:]

    @inline(__always)
    subscript(number: Number<Ranking>) -> Ranking {
        unsafeAddress { UnsafePointer(rankings.address(Int(number.value))) }
        unsafeMutableAddress { rankings.address(Int(number.value)) }
    }

    /// The number that the next one gets.
    var nextNumber: Number<Ranking> { rankings.nextNumber }

    func find(_ key: RankingKey) -> Number<Ranking>? { numbers[key] }

    mutating func add(_ ranking: consuming Ranking) {
        numbers[ranking.key] = rankings.nextNumber
        rankings.append(ranking)
    }
}

extension Engine {
    /// The condition of the rows that are first, new if need be.
    mutating func ranked(_ key: RankingKey) -> Number<Condition> {
        if let found = plan.rankings.find(key) { return plan.rankings[found].decided }
        let number = plan.operators.add(.ranking(plan.rankings.nextNumber))
        let decided = newDecidedCondition(of: plan.conditions[key.condition].table, by: number)
        let read = [key.group, key.value, key.rowId, key.place].compactMap { $0 }
        plan.rankings.add(
            Ranking(
                key: key, number: number, decided: decided, isLinked: read.contains { plan.nodes[$0].linkCount > 0 },
                rows: RankedRows(isDescending: key.isDescending)))
        return decided
    }

    /// The nodes that decide where a row stands.
    func nodes(of key: RankingKey) -> [NodeNumber] { [key.group, key.value, key.rowId, key.place].compactMap { $0 } }

    /// Somebody asks for a ranking: it is drawn from the rows as they are.
    mutating func openRanking(_ number: Number<Ranking>) {
        let key = plan.rankings[number].key
        retainCondition(key.condition)
        var reads = ReadSet.nothing
        for node in nodes(of: key) { reads.formUnion(retain(node)) }
        plan.operators.open(plan.rankings[number].number, reading: reads)
        addTaker(.operation(plan.rankings[number].number), of: key.condition, isLinked: plan.rankings[number].isLinked)
        let (table, decided) = (plan.conditions[key.condition].table, plan.rankings[number].decided)
        var rows = Vector<RankedRow>()
        for block in tables[table].blocks {
            for row in tables[table].memberships.rows(block, with: key.condition) {
                statistics.rowsVisitedByPublish += 1
                if let ranked = rankedRow(number, row) {
                    rows.append(ranked)
                } else if key.keepsUngrouped {
                    tables[table].memberships.set(row, decided, 0)
                }
            }
        }
        plan.rankings[number].rows.load(rows)
        settleRows(number)
        for place in 0..<plan.rankings[number].rows.movedCount {
            let (row, isWithin) = plan.rankings[number].rows.moved(at: place)
            if isWithin { tables[table].memberships.set(row, decided, 0) }
        }
        plan.rankings[number].rows.forgetMoved()
    }

    mutating func closeRanking(_ number: Number<Ranking>) {
        let key = plan.rankings[number].key
        removeTaker(.operation(plan.rankings[number].number), of: key.condition, isLinked: plan.rankings[number].isLinked)
        plan.operators.close(plan.rankings[number].number)
        for node in nodes(of: key) { release(node) }
        forgetRows(of: plan.rankings[number].decided)
        plan.rankings[number].rows = RankedRows(isDescending: key.isDescending)
        plan.rankings[number].groups = TextDictionary()
        releaseCondition(key.condition)
    }

    /// Draws a ranking again: rows that were marked stand where their values say now.
    mutating func settle(_ number: Number<Ranking>) {
        let (key, decided) = (plan.rankings[number].key, plan.rankings[number].decided)
        let table = plan.conditions[key.condition].table
        let base = scratch.rows.count
        while let mark = pending.marks.take(of: plan.rankings[number].number) {
            pending.cause = mark.cause
            scratch.rows.append(mark.item)
            plan.rankings[number].rows.remove(mark.item)
        }
        let end = scratch.rows.count
        for place in base..<end where tables[table].memberships.contains(scratch.rows[place], key.condition) {
            if let ranked = rankedRow(number, scratch.rows[place]) { plan.rankings[number].rows.insert(ranked) }
        }
        settleRows(number)
        statistics.rowsVisitedBySettling += end - base + plan.rankings[number].rows.movedCount
        // First decided, then told: what is told may ask for none of it.
        for place in base..<end {
            let row = scratch.rows[place]
            guard !plan.rankings[number].rows.contains(row) else { continue }
            decide(decided, row, key.keepsUngrouped && tables[table].memberships.contains(row, key.condition))
        }
        for place in 0..<plan.rankings[number].rows.movedCount {
            let (row, isWithin) = plan.rankings[number].rows.moved(at: place)
            decide(decided, row, isWithin)
        }
        plan.rankings[number].rows.forgetMoved()
        scratch.rows.truncate(to: base)
    }

    private mutating func settleRows(_ number: Number<Ranking>) {
        switch plan.rankings[number].key.cut {
        case .count(let most): plan.rankings[number].rows.settle { _ in most }
        case .share(let percentage): plan.rankings[number].rows.settle { percentage.of($0) }
        }
    }

    /// Where a row stands by its values; nil when it has no group.
    private mutating func rankedRow(_ number: Number<Ranking>, _ row: RowNumber) -> RankedRow? {
        let key = plan.rankings[number].key
        scratch.texts.reset()
        var group: Int32 = 0
        if let tuple = key.group {
            let values = value(tuple, row)
            if values.isNull { return nil }
            group = plan.rankings[number].groups.intern(values.text, hash: textHash(values.text))
        }
        var ranked = RankedRow(row: row, group: group)
        if let place = key.place { ranked.place = value(place, row).integer }
        if let node = key.value {
            let value = value(node, row)
            ranked.isNull = value.isNull
            if let place = value.sortKey { ranked.key = key.isDescending ? ~place : place }
            if value.kind == .text { ranked.texts = RankedTexts(value: value.text, rowId: UnsafeRawBufferPointer(start: nil, count: 0)) }
        }
        ranked.hash = stableHash(key.seed, value(key.rowId, row))
        return ranked
    }

    /// "h(seed + "/" + rowId)"; the seed has its stroke.
    private func stableHash(_ seed: Number<Value>, _ rowId: Value) -> UInt64 {
        var hash = StableHash()
        hash.update(plan.constants[seed].text)
        hash.update(rowId.text)
        return hash.value
    }
}
