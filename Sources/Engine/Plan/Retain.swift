// State for what is asked for: conditions, accumulators, windows and watched links are counted, filled from the tables when the
// first reader comes, and given up with the last one.
import Campaigns

extension Engine {
    /// Adds (1) or takes away (-1) one reader of everything a node of a table reads. Returns the signals of that table it reads.
    mutating func retain(_ number: Int32, _ count: Int32) -> SignalSet {
        let node = nodes[number]
        switch node.operation {
        case .constant, .clock:
            return 0
        case .column, .codeIs, .codeIn:
            return retainColumn(node.table, node.a, count)
        case .midnight, .isNull, .not:
            return retain(node.a, count)
        case .compare:
            var reads = retain(node.a, count) | retain(node.b, count)
            if let cursor = cursor(node.a, node.b) {
                reads |= retainCursor(cursor, count)
            } else if nodes[node.b].operation == .clock || nodes[node.a].operation == .clock {
                retainClockAlone(number, count)
            }
            return reads
        case .and, .or, .except, .isOneOf:
            var reads = node.operation == .isOneOf ? retain(node.a, count) : 0
            for place in node.firstOperand..<node.firstOperand + node.operandCount { reads |= retain(operands[place], count) }
            return reads
        case .follow:
            return retainFollow(node, count)
        case .count, .sum:
            retainAccumulator(node.a, count)
            tables[node.table].addReader(of: accumulators[node.a].bit, count)
            return accumulators[node.a].bit
        }
    }

    private mutating func retainColumn(_ table: Int32, _ column: Int32, _ count: Int32) -> SignalSet {
        if tables[table].columnBits[Int(column)] == 0 { tables[table].columnBits[Int(column)] = tables[table].takeBit() }
        let bit = tables[table].columnBits[Int(column)]
        tables[table].addReader(of: bit, count)
        return bit
    }

    private mutating func retainCursor(_ number: Int32, _ count: Int32) -> SignalSet {
        let cursor = cursors[number]
        cursors[number].readers += count
        tables[cursor.table].addReader(of: cursor.bit, count)
        retainTimeIndex(cursor.table, cursor.column, count)
        return cursor.bit
    }

    /// The order of a column's rows in time, built when the first window reads it.
    private mutating func retainTimeIndex(_ table: Int32, _ column: Int32, _ count: Int32) {
        var place = 0
        while place < tables[table].timeIndexes.count && tables[table].timeIndexes[place].column != column { place += 1 }
        if place == tables[table].timeIndexes.count { tables[table].timeIndexes.append(ColumnTimeIndex(column: column)) }
        tables[table].timeIndexes[place].readers += Int(count)
        if tables[table].timeIndexes[place].readers == 0 {
            tables[table].timeIndexes[place].index = TimeIndex(floor: .max)
        } else {
            let earliest = earliestWindow(table, column)
            if earliest < tables[table].timeIndexes[place].index.floor { fillTimeIndex(table, place, from: earliest) }
        }
    }

    /// The earliest value of a column that a window begins at now; the least value of all while a window has no beginning.
    private func earliestWindow(_ table: Int32, _ column: Int32) -> Int64 {
        var earliest = Int64.max
        for number in 0..<cursors.count where cursors[number].readers > 0 {
            let cursor = cursors[number]
            guard cursor.table == table && cursor.column == column else { continue }
            let term = clockTerms[cursor.term]
            earliest = min(earliest, term.isNull ? Int64.min : edge(cursor, term.instant))
        }
        return earliest
    }

    /// Fills the index with the rows from a value on, and some before it: windows go back a little (a repeated hour, short months).
    mutating func fillTimeIndex(_ table: Int32, _ place: Int, from earliest: Int64) {
        let column = tables[table].timeIndexes[place].column
        let slack: Int64 = tables[table].columns[column].kind == .date ? 5 : 5 * 86_400_000
        let floor = earliest < Int64.min + slack ? Int64.min : earliest - slack
        var entries = [TimeIndex.Entry]()
        for row in 0..<Int32(tables[table].states.count) where tables[table].isLive(row) {
            if let time = tables[table].columns[column].key(row), time >= floor { entries.append(TimeIndex.Entry(time: time, row: row)) }
        }
        entries.sort { $0 < $1 }
        tables[table].timeIndexes[place].index = TimeIndex(floor: floor)
        for entry in entries { tables[table].timeIndexes[place].index.insert(entry.row, at: entry.time) }
    }

    /// Leaves out what has fallen far behind every window. Cheap until that is worth a pass over the column.
    mutating func trimTimeIndexes() {
        for table in 0..<Int32(tables.count) {
            for place in 0..<tables[table].timeIndexes.count where tables[table].timeIndexes[place].readers > 0 {
                let column = tables[table].timeIndexes[place].column
                let (earliest, floor) = (earliestWindow(table, column), tables[table].timeIndexes[place].index.floor)
                let age: Int64 = tables[table].columns[column].kind == .date ? 15 : 15 * 86_400_000
                if earliest > Int64.min + age && floor < earliest - age { fillTimeIndex(table, place, from: earliest) }
            }
        }
    }

    private mutating func retainClockAlone(_ node: Int32, _ count: Int32) {
        for place in 0..<clockAlone.count where clockAlone[place].node == node {
            clockAlone[place].readers += count
            clockAlone[place].truth = truth(node, -1)
            return
        }
        clockAlone.append(ClockAlone(node: node, readers: count, truth: truth(node, -1)))
    }

    private mutating func retainFollow(_ node: Node, _ count: Int32) -> SignalSet {
        let below = retain(node.b, count)
        let (table, link) = (node.table, node.a)
        let target = tables[table].links[link].target
        if tables[table].links[link].bit == 0 { tables[table].links[link].bit = tables[table].takeBit() }
        tables[table].links[link].watchers += Int(count)
        // A parent that comes or goes changes everything behind the link.
        tables[table].links[link].watched |= below | .existence
        tables[target].addReader(of: .existence, count)
        if tables[table].links[link].watchers == 0 {
            tables[table].links[link].watched = 0
            tables[table].links[link].children = RowChains()
        } else if count > 0 && tables[table].links[link].watchers == 1 {
            for row in 0..<Int32(tables[table].states.count) where tables[table].isLive(row) {
                let parent = tables[table].follow(link, row)
                if parent >= 0 { tables[table].links[link].children.insert(row, under: parent) }
            }
        }
        let bit = tables[table].links[link].bit
        tables[table].addReader(of: bit, count)
        var reads = bit
        for column in tables[table].links[link].columns { reads |= retainColumn(table, Int32(column), count) }
        return reads
    }

    private mutating func retainAccumulator(_ number: Int32, _ count: Int32) {
        accumulators[number].references += Int(count)
        let parent = accumulators[number].parent
        if accumulators[number].bit == 0 { accumulators[number].bit = tables[parent].takeBit() }
        if count > 0 && accumulators[number].references == 1 { openAccumulator(number) }
        if count < 0 && accumulators[number].references == 0 { closeAccumulator(number) }
    }

    private mutating func openAccumulator(_ number: Int32) {
        let (child, condition, link, column) = (
            accumulators[number].child, accumulators[number].condition, accumulators[number].link, accumulators[number].column
        )
        retainCondition(condition)
        var reads: SignalSet = 0
        for field in tables[child].links[link].columns { reads |= retainColumn(child, Int32(field), 1) }
        if column >= 0 { reads |= retainColumn(child, column, 1) }
        accumulators[number].feedReads = reads
        conditions[condition].feeds.append(number)
        conditions[condition].feedReads |= reads
        for row in 0..<Int32(tables[child].states.count) where tables[child].memberships.contains(row, condition) {
            statistics.rowsVisitedByPublish += 1
            _ = contribute(number, row, sign: 1)
        }
    }

    private mutating func closeAccumulator(_ number: Int32) {
        let (parent, child, condition, link, column) = (
            accumulators[number].parent, accumulators[number].child, accumulators[number].condition, accumulators[number].link,
            accumulators[number].column
        )
        for row in 0..<Int32(tables[parent].keys.count) {
            if let place = tables[parent].accumulated.value(row, number) {
                if column >= 0 { releaseSum(place) }
                tables[parent].accumulated.remove(row, number)
            }
        }
        conditions[condition].feeds.removeFirst(number)
        var feedReads: SignalSet = 0
        for place in 0..<conditions[condition].feeds.count { feedReads |= accumulators[conditions[condition].feeds[place]].feedReads }
        conditions[condition].feedReads = feedReads
        for field in tables[child].links[link].columns { _ = retainColumn(child, Int32(field), -1) }
        if column >= 0 { _ = retainColumn(child, column, -1) }
        releaseCondition(condition)
    }

    /// One more user of a condition; the first one fills it: every row of the table is evaluated.
    mutating func retainCondition(_ number: Int32) {
        conditions[number].references += 1
        guard conditions[number].references == 1 else { return }
        let (table, node) = (conditions[number].table, conditions[number].node)
        conditions[number].reads = retain(node, 1) | .existence
        tables[table].addReader(of: .existence, 1)
        registerGuard(number)
        for row in 0..<Int32(tables[table].states.count) where tables[table].isLive(row) {
            statistics.rowsVisitedByPublish += 1
            if truth(node, row) == .yes { tables[table].memberships.set(row, number, 0) }
        }
    }

    mutating func releaseCondition(_ number: Int32) {
        conditions[number].references -= 1
        guard conditions[number].references == 0 else { return }
        let (table, node) = (conditions[number].table, conditions[number].node)
        for row in 0..<Int32(tables[table].states.count) { tables[table].memberships.remove(row, number) }
        unregisterGuard(number)
        tables[table].addReader(of: .existence, -1)
        _ = retain(node, -1)
    }
}
