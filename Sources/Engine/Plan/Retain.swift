// State for what is asked for: conditions, accumulators, windows and watched links are counted, filled from the tables when the
// first reader comes, and given up with the last one.
import Campaigns

extension Engine {
    /// Adds (1) or takes away (-1) one reader of a node. The first and the last one are those of everything it reads. Returns the signals
    /// of its table that it reads.
    mutating func retain(_ number: Int32, _ count: Int32) -> SignalSet {
        nodeUses[number].readers += count
        let isFirst = count > 0 && nodeUses[number].readers == 1
        let isLast = count < 0 && nodeUses[number].readers == 0
        if isFirst || isLast { nodeUses[number].reads = retainParts(number, count) }
        return nodeUses[number].reads
    }

    private mutating func retainParts(_ number: Int32, _ count: Int32) -> SignalSet {
        switch nodes[number].operation {
        case .constant, .clock, .keyText: return 0
        case .term: return retainTerm(number, count)
        case .column, .codeIs, .codeIn: return retainColumn(nodes[number].table, nodes[number].a, count)
        case .compare: return retainCompare(number, count)
        case .follow: return retainFollow(nodes[number], count)
        case .count, .sum, .average, .minimum, .maximum, .countDistinct: return retainAccumulator(ofNode: number, count)
        default: return retainEach(parts(of: nodes[number]), count)
        }
    }

    // Columns nest as deep as `Limits.populationLevels` and an expression: what calls itself here has no room for more than it needs.

    @inline(never)
    private mutating func retainEach(_ parts: [Int32], _ count: Int32) -> SignalSet {
        var reads: SignalSet = 0
        for part in parts { reads |= retain(part, count) }
        return reads
    }

    @inline(never)
    private mutating func retainTerm(_ number: Int32, _ count: Int32) -> SignalSet {
        clockTerms[nodes[number].a].aloneReaders += count
        return 0
    }

    @inline(never)
    private mutating func retainCompare(_ number: Int32, _ count: Int32) -> SignalSet {
        let (a, b) = (nodes[number].a, nodes[number].b)
        guard let cursor = cursor(a, b) else { return retain(a, count) | retain(b, count) }
        let reads = retain(a, count)
        return reads | retainCursor(cursor, reads, count)
    }

    @inline(never)
    private mutating func retainAccumulator(ofNode number: Int32, _ count: Int32) -> SignalSet {
        let (table, accumulator) = (nodes[number].table, nodes[number].a)
        retainAccumulator(accumulator, count)
        tables[table].addReader(of: accumulators[accumulator].bit, count)
        return accumulators[accumulator].bit
    }

    @inline(never)
    mutating func retainColumn(_ table: Int32, _ column: Int32, _ count: Int32) -> SignalSet {
        if tables[table].columnBits[Int(column)] == 0 { tables[table].columnBits[Int(column)] = tables[table].takeBit() }
        let bit = tables[table].columnBits[Int(column)]
        tables[table].addReader(of: bit, count)
        return bit
    }

    @inline(never)
    private mutating func retainCursor(_ number: Int32, _ reads: SignalSet, _ count: Int32) -> SignalSet {
        let cursor = cursors[number]
        cursors[number].readers += count
        tables[cursor.table].addReader(of: cursor.bit, count)
        retainOrder(cursor, reads, count)
        return cursor.bit
    }

    @inline(never)
    private mutating func retainFollow(_ node: Node, _ count: Int32) -> SignalSet {
        let below = retain(node.b, count)
        let (table, link) = (node.table, node.a)
        let target = tables[table].links[link].target
        if tables[table].links[link].original >= 0 { retainChoice(table, link, count) }
        if tables[table].links[link].bit == 0 { tables[table].links[link].bit = tables[table].takeBit() }
        keepChildren(table, link, count)
        // A parent that comes or goes changes everything behind the link.
        if tables[table].links[link].watchers > 0 { tables[table].links[link].watched |= below | .existence }
        tables[target].addReader(of: .existence, count)
        let bit = tables[table].links[link].bit
        tables[table].addReader(of: bit, count)
        var reads = bit
        for column in tables[table].links[link].columns { reads |= retainColumn(table, Int32(column), count) }
        return reads
    }

    /// One more (1) or less (-1) who needs the rows of each parent.
    mutating func keepChildren(_ table: Int32, _ link: Int32, _ count: Int32) {
        tables[table].links[link].watchers += Int(count)
        if tables[table].links[link].watchers == 0 {
            tables[table].links[link].watched = 0
            tables[table].links[link].children = RowChains()
        } else if count > 0 && tables[table].links[link].watchers == 1 {
            for row in 0..<Int32(tables[table].states.count) where tables[table].isLive(row) {
                let parent = tables[table].follow(link, row)
                if parent >= 0 { tables[table].links[link].children.insert(row, under: parent) }
            }
        }
    }

    private mutating func retainAccumulator(_ number: Int32, _ count: Int32) {
        accumulators[number].references += Int(count)
        let parent = accumulators[number].parent
        if accumulators[number].bit == 0 { accumulators[number].bit = tables[parent].takeBit() }
        if count > 0 && accumulators[number].references == 1 { openAccumulator(number) }
        if count < 0 && accumulators[number].references == 0 { closeAccumulator(number) }
    }

    private mutating func openAccumulator(_ number: Int32) {
        let (child, condition, value, path) = (
            accumulators[number].child, accumulators[number].condition, accumulators[number].value, accumulators[number].path
        )
        retainCondition(condition)
        var reads = retain(path, 1)
        if value >= 0 { reads |= retain(value, 1) }
        if accumulators[number].inner >= 0 { accumulators[accumulators[number].inner].outers.append(number) }
        accumulators[number].feedReads = reads
        addTaker(Taker(kind: .accumulator, number: number), of: condition, isLinked: isLinkedFeed(number))
        for row in 0..<Int32(tables[child].states.count) where tables[child].memberships.contains(row, condition) {
            statistics.rowsVisitedByPublish += 1
            fill(number, from: row)
        }
    }

    private mutating func closeAccumulator(_ number: Int32) {
        let (parent, condition, value, path) = (
            accumulators[number].parent, accumulators[number].condition, accumulators[number].value, accumulators[number].path
        )
        for row in 0..<Int32(tables[parent].keys.count) {
            if let place = tables[parent].accumulated.value(row, number) {
                releaseState(number, place)
                tables[parent].accumulated.remove(row, number)
            }
        }
        removeTaker(Taker(kind: .accumulator, number: number), of: condition, isLinked: isLinkedFeed(number))
        if accumulators[number].inner >= 0 { accumulators[accumulators[number].inner].outers.removeFirst(number) }
        _ = retain(path, -1)
        if value >= 0 { _ = retain(value, -1) }
        releaseCondition(condition)
    }

    /// `isLinked`: what it reads lies behind links.
    mutating func addTaker(_ taker: Taker, of condition: Int32, isLinked: Bool) {
        conditions[condition].takers.append(taker)
        conditions[condition].takerReads |= reads(of: taker)
        tables[conditions[condition].table].takerReads |= reads(of: taker)
        if isLinked { linkedTakers += 1 }
    }

    mutating func removeTaker(_ taker: Taker, of condition: Int32, isLinked: Bool) {
        conditions[condition].takers.removeFirst(taker)
        var left: SignalSet = 0
        for place in 0..<conditions[condition].takers.count { left |= reads(of: conditions[condition].takers[place]) }
        conditions[condition].takerReads = left
        let table = conditions[condition].table
        tables[table].takerReads = 0
        for other in 0..<conditions.count where conditions[other].table == table {
            tables[table].takerReads |= conditions[other].takerReads
        }
        if isLinked { linkedTakers -= 1 }
    }

    private func reads(of taker: Taker) -> SignalSet {
        switch taker.kind {
        case .save: saves[taker.number].reads
        case .accumulator: accumulators[taker.number].feedReads
        }
    }

    /// Whether contributions depend on records behind links.
    private func isLinkedFeed(_ number: Int32) -> Bool {
        accumulators[number].links.count > 1 || accumulators[number].value >= 0 && nodes[accumulators[number].value].operation == .follow
    }

    /// One more user of a condition; the first one fills it: every row of the table is evaluated or, of a condition with a window, those
    /// in the window.
    mutating func retainCondition(_ number: Int32) {
        conditions[number].references += 1
        guard conditions[number].references == 1 else { return }
        let (table, node) = (conditions[number].table, conditions[number].node)
        conditions[number].reads = retain(node, 1) | .existence
        tables[table].addReader(of: .existence, 1)
        registerGuards(number)
        if conditions[number].guardedBy.count == 1, case .column(_, _, let cursor) = conditions[number].guardedBy[0], cursor >= 0 {
            let rows = rowsInWindow(cursor)
            for place in 0..<rows.count { fillCondition(number, node, rows[place]) }
        } else {
            for row in 0..<Int32(tables[table].states.count) where tables[table].isLive(row) { fillCondition(number, node, row) }
        }
    }

    @inline(__always)
    private mutating func fillCondition(_ number: Int32, _ node: Int32, _ row: Int32) {
        statistics.rowsVisitedByPublish += 1
        texts.reset()
        if truth(node, row) == .yes { tables[conditions[number].table].memberships.set(row, number, 0) }
    }

    mutating func releaseCondition(_ number: Int32) {
        conditions[number].references -= 1
        guard conditions[number].references == 0 else { return }
        let (table, node) = (conditions[number].table, conditions[number].node)
        for row in 0..<Int32(tables[table].states.count) { tables[table].memberships.remove(row, number) }
        unregisterGuards(number)
        tables[table].addReader(of: .existence, -1)
        _ = retain(node, -1)
    }
}
