// State for what is asked for: conditions, accumulators, windows and watched links are counted, filled from the tables when the
// first reader comes, and given up with the last one.
import Campaigns

extension Engine {
    /// One more reads a node. Returns the signals of its table that it reads.
    mutating func retain(_ number: NodeNumber) -> ReadSet { addReaders(of: number, 1) }

    /// One less reads a node.
    mutating func release(_ number: NodeNumber) {
        precondition(plan.nodes.isRead(number), "somebody reads it")
        _ = addReaders(of: number, -1)
    }

    /// Adds (1) or takes away (-1) one reader of a node. The first and the last one are those of everything it reads, so what a node is
    /// made of is walked the same way for both.
    mutating func addReaders(of number: NodeNumber, _ count: Int32) -> ReadSet {
        if plan.nodes.addReader(of: number, count) { plan.nodes.setReads(number, retainParts(number, count)) }
        return plan.nodes.reads(number)
    }

    private mutating func retainParts(_ number: NodeNumber, _ count: Int32) -> ReadSet {
        switch plan.nodes[number].operation {
        case .constant, .clock, .keyText: return .nothing
        case .term: return retainTerm(number, count)
        case .rowNumber: return .nothing
        case .member: return retainMembership(plan.nodes[number].condition, count)
        case .isOpen: return retainGate(plan.nodes[number].gate, count)
        case .recordCount:
            retainCounter(plan.nodes[number].counter, count)
            return .nothing
        case .isPair:
            retainPairs(plan.nodes[number].pairs, count)
            return .nothing
        case .column, .codeIs, .codeIn: return retainColumn(plan.nodes[number].table, plan.nodes[number].column, count)
        case .compare: return retainCompare(number, count)
        case .follow: return retainFollow(plan.nodes[number], count)
        case .count, .sum, .average, .minimum, .maximum, .countDistinct: return retainAccumulator(ofNode: number, count)
        default: return retainEach(plan.nodes.parts(of: plan.nodes[number]), count)
        }
    }

    // Columns nest as deep as `Limits.populationLevels` and an expression: what calls itself here has no room for more than it needs.

    @inline(never)
    private mutating func retainEach(_ parts: [NodeNumber], _ count: Int32) -> ReadSet {
        var reads = ReadSet.nothing
        for part in parts { reads.formUnion(addReaders(of: part, count)) }
        return reads
    }

    @inline(never)
    private mutating func retainTerm(_ number: NodeNumber, _ count: Int32) -> ReadSet {
        plan.terms[plan.nodes[number].term].aloneReaders += count
        retainTerm(plan.nodes[number].term, count)
        return .nothing
    }

    /// Adds (1) or takes away (-1) one reader of a term: it is evaluated while it has one, and so are those that it is made of.
    private mutating func retainTerm(_ term: Number<ClockTerm>, _ count: Int32) {
        guard plan.terms.addReader(of: term, count) else { return }
        for inner in plan.nodes.terms(in: plan.terms[term].node) { retainTerm(inner, count) }
        if count > 0 { evaluateTerm(term) }
    }

    @inline(never)
    private mutating func retainCompare(_ number: NodeNumber, _ count: Int32) -> ReadSet {
        let (left, right) = (plan.nodes[number].left, plan.nodes[number].right)
        guard let window = plan.window(left, right) else { return addReaders(of: left, count).union(addReaders(of: right, count)) }
        let reads = addReaders(of: left, count)
        return reads.union(retainWindow(window, reads, count))
    }

    @inline(never)
    private mutating func retainAccumulator(ofNode number: NodeNumber, _ count: Int32) -> ReadSet {
        let (table, accumulator) = (plan.nodes[number].table, plan.nodes[number].accumulator)
        retainAccumulator(accumulator, count)
        tables[table].reads.add(plan.accumulators[accumulator].signals.bits, count)
        return ReadSet(plan.accumulators[accumulator].signals)
    }

    @inline(never)
    mutating func retainColumn(_ table: TableNumber, _ column: ColumnNumber, _ count: Int32) -> ReadSet {
        let bit = tables[table].bit(of: column)
        tables[table].reads.add(bit, count)
        return ReadSet(bits: bit)
    }

    @inline(never)
    private mutating func retainWindow(_ number: Number<Window>, _ reads: ReadSet, _ count: Int32) -> ReadSet {
        let window = plan.windows[number]
        plan.windows.addReader(of: number, count)
        retainTerm(window.term, count)
        tables[window.table].reads.add(window.signals.bits, count)
        retainOrder(window, reads, count)
        return ReadSet(window.signals)
    }

    @inline(never)
    private mutating func retainFollow(_ node: Node, _ count: Int32) -> ReadSet {
        let below = addReaders(of: node.behind, count)
        let (table, link) = (node.table, node.link)
        let target = tables.target(of: link)
        if let choice = tables[link].choice { retainChoice(choice, count) }
        let bit = tables[table].bit(of: link.number)
        if count > 0 && tables[link].isSettled { _ = retainDerivedLink(link, count) }
        keepChildren(link, count)
        if count < 0 && tables[link].isSettled { _ = retainDerivedLink(link, count) }
        // A parent that comes or goes changes everything behind the link.
        tables[link].watch(below.union(.existence))
        tables[target].reads.add(.existence, count)
        tables[table].reads.add(bit, count)
        var reads = ReadSet(bits: bit)
        for column in tables[link].columns { reads.formUnion(retainColumn(table, column, count)) }
        return reads
    }

    /// One more (1) or less (-1) who needs the rows of each parent.
    mutating func keepChildren(_ link: LinkPlace, _ count: Int32) {
        tables[link].addWatcher(count)
        guard count > 0 && tables[link].watchers == 1 else { return }
        for block in tables[link.table].blocks {
            for row in tables[link.table].liveRows(of: block) {
                if let parent = tables.follow(link, row) { tables[link].insert(row, under: parent) }
            }
        }
    }

    private mutating func retainAccumulator(_ number: Number<Accumulator>, _ count: Int32) {
        if plan.accumulators[number].signals.bits == 0 {
            let bit = tables[plan.accumulators[number].parent].takeSourceBit()
            plan.accumulators[number].signal(with: Signals(accumulator: number, bit: bit))
        }
        guard plan.accumulators[number].addReference(count) else { return }
        if count > 0 { openAccumulator(number) } else { closeAccumulator(number) }
    }

    private mutating func openAccumulator(_ number: Number<Accumulator>) {
        let (child, condition, value, path) = (
            plan.accumulators[number].child, plan.accumulators[number].condition, plan.accumulators[number].value,
            plan.accumulators[number].path
        )
        retainCondition(condition)
        var reads = retain(path)
        if let value { reads.formUnion(retain(value)) }
        if let inner = plan.accumulators[number].inner { plan.accumulators[inner].feed(number) }
        plan.accumulators[number].open(reading: reads)
        addTaker(.accumulator(number), of: condition, isLinked: isLinkedFeed(number))
        if tables[child].liveCount == 0 { return }
        for block in tables[child].blocks {
            for row in tables[child].memberships.rows(block, with: condition) {
                statistics.rowsVisitedByPublish += 1
                fill(number, from: row)
            }
        }
    }

    private mutating func closeAccumulator(_ number: Number<Accumulator>) {
        let (parent, condition, value, path) = (
            plan.accumulators[number].parent, plan.accumulators[number].condition, plan.accumulators[number].value,
            plan.accumulators[number].path
        )
        for block in tables[parent].numberedBlocks {
            for row in tables[parent].accumulated.rows(block, with: number) {
                releaseState(number, tables[parent].accumulated.value(row, number)!)
                tables[parent].accumulated.remove(row, number)
            }
        }
        removeTaker(.accumulator(number), of: condition, isLinked: isLinkedFeed(number))
        if let inner = plan.accumulators[number].inner { plan.accumulators[inner].feedNoLonger(number) }
        release(path)
        if let value { release(value) }
        releaseCondition(condition)
    }

    /// `isLinked`: what it reads lies behind links.
    mutating func addTaker(_ taker: Taker, of condition: Number<Condition>, isLinked: Bool) {
        plan.conditions[condition].add(taker, reading: reads(of: taker))
        tables[plan.conditions[condition].table].takerReads.add(reads(of: taker).bits, 1)
        if isLinked { plan.linkedTakers += 1 }
    }

    mutating func removeTaker(_ taker: Taker, of condition: Number<Condition>, isLinked: Bool) {
        var left = ReadSet.nothing
        for place in 0..<plan.conditions[condition].takers.count where plan.conditions[condition].takers[place] != taker {
            left.formUnion(reads(of: plan.conditions[condition].takers[place]))
        }
        plan.conditions[condition].remove(taker, leaving: left)
        tables[plan.conditions[condition].table].takerReads.add(reads(of: taker).bits, -1)
        if isLinked { plan.linkedTakers -= 1 }
    }

    private func reads(of taker: Taker) -> ReadSet {
        switch taker {
        case .save(let save): audiences.saves[save].reads
        case .channel(let channel): audiences.channels[channel].reads
        case .accumulator(let accumulator): plan.accumulators[accumulator].feedReads
        case .operation(let operation): plan.operators[operation].reads
        case .counter: .nothing
        }
    }

    /// Whether contributions depend on records behind links.
    private func isLinkedFeed(_ number: Number<Accumulator>) -> Bool {
        plan.accumulators[number].links.count > 1 || plan.accumulators[number].value.map { plan.nodes[$0].operation == .follow } ?? false
    }

    /// One more user of a condition; the first one fills it.
    mutating func retainCondition(_ number: Number<Condition>) {
        guard plan.conditions[number].addReference() else { return }
        let (table, node) = (plan.conditions[number].table, plan.conditions[number].node)
        let reads = retain(node).union(.existence)
        plan.conditions[number].begin(reading: reads)
        tables[table].reads.add(.existence, 1)
        if plan.conditions[number].decidedBy != nil { return }
        registerGuards(number)
        fillCondition(number)
    }

    /// Nobody asks any more which rows meet a condition.
    mutating func forgetRows(of condition: Number<Condition>) {
        let table = plan.conditions[condition].table
        for block in tables[table].blocks {
            for row in tables[table].memberships.rows(block, with: condition) { tables[table].memberships.remove(row, condition) }
        }
    }

    mutating func releaseCondition(_ number: Number<Condition>) {
        guard plan.conditions[number].removeReference() else { return }
        let (table, node) = (plan.conditions[number].table, plan.conditions[number].node)
        if plan.conditions[number].decidedBy == nil {
            forgetRows(of: number)
            unregisterGuards(number)
        }
        tables[table].reads.add(.existence, -1)
        release(node)
    }
}
