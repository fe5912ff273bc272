// Time passing. The clock is data: it moves when the caller says so. All windows move at once; the rows between the old and the new
// position of a window, found in the order of its column, are the only ones visited.
import Campaigns

extension Engine {
    /// Moves the clock forward; an earlier or equal instant changes nothing. Milliseconds since the Unix epoch. It must not pass one of
    /// `commitInstants` on its way.
    public mutating func advance(to instant: Int64) {
        guard instant > clock else { return }
        let starting = instant < boundary ? [] : endCampaigns(until: instant)
        cause = .time
        let hadClock = clock != Int64.min
        clock = instant
        let old = (0..<clockTerms.count).map { clockTerms[$0] }
        // Inner terms come before those they are part of.
        for place in 0..<Int32(old.count) { evaluateTerm(place) }
        let new = (0..<clockTerms.count).map { clockTerms[$0] }
        let changed = new.indices.filter { new[$0].aloneReaders > 0 && !isSame(old[$0].value, new[$0].value) }.map { new[$0].node }
        if hadClock {
            setTerms(old)
            touchCrossing(old, new)
            touchReaders(of: changed)
            setTerms(new)
        }
        for term in old.indices where old[term].text != new[term].text { old[term].text?.deallocate() }
        sortAfterMoving(old, new)
        for number in 0..<Int32(cursors.count) where cursors[number].readers > 0 {
            let cursor = cursors[number]
            let base = scratchRows.count
            rowsCrossing(number, old[Int(cursor.term)], new[Int(cursor.term)])
            for place in base..<scratchRows.count {
                statistics.rowsVisitedByTime += 1
                event &+= 1
                notify(cursor.table, scratchRows[place], cursor.bit)
            }
            scratchRows.truncate(to: base)
        }
        for node in changed { checkEverywhere(node) }
        trimOrders()
        if instant >= boundary { start(starting) }
    }

    /// Evaluates a term at the clock. A text moves into memory of the term's own; the memory of the value before is the caller's.
    mutating func evaluateTerm(_ place: Int32) {
        moves &+= 1
        texts.reset()
        let value = value(clockTerms[place].node, -1)
        clockTerms[place].text = nil
        clockTerms[place].value = value
        guard value.kind == .text else { return }
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(value.text.count, 1), alignment: 1)
        memory.copyMemory(from: value.text.baseAddress ?? UnsafeRawPointer(memory), byteCount: value.text.count)
        clockTerms[place].text = memory
        clockTerms[place].value = .text(UnsafeRawBufferPointer(start: memory, count: value.text.count))
    }

    private func isSame(_ a: Value, _ b: Value) -> Bool {
        a.isNull || b.isNull ? a.isNull && b.isNull : order(a, b) == 0
    }

    private mutating func setTerms(_ terms: [ClockTerm]) {
        moves &+= 1
        for place in 0..<terms.count {
            clockTerms[place].value = terms[place].value
            clockTerms[place].text = terms[place].text
        }
    }

    /// Remembers the members whose attributes are about to change because a window moves, with the values they have now.
    private mutating func touchCrossing(_ old: [ClockTerm], _ new: [ClockTerm]) {
        for number in 0..<Int32(cursors.count) where cursors[number].readers > 0 {
            let cursor = cursors[number]
            guard tables[cursor.table].takerReads & cursor.bit != 0 || linkedTakers > 0 else { continue }
            let base = scratchRows.count
            rowsCrossing(number, old[Int(cursor.term)], new[Int(cursor.term)])
            for place in base..<scratchRows.count { announce(.state, cursor.table, scratchRows[place], cursor.bit) }
            scratchRows.truncate(to: base)
        }
    }

    /// Puts the rows for which a comparison with the window's term changes on the row stack.
    private mutating func rowsCrossing(_ number: Int32, _ old: ClockTerm, _ new: ClockTerm) {
        let cursor = cursors[number]
        var (from, to) = (Int64.min, Int64.max)
        switch (place(old.value, cursor), place(new.value, cursor)) {
        case (nil, nil): return
        case (let before?, let after?):
            guard before != after else { return }
            let (low, high) = (min(before, after), max(before, after))
            from = cursor.changesAtTerm || cursor.isMixed ? low : low &+ 1
            to = cursor.changesAfterTerm || cursor.isMixed ? high &+ 1 : high
        default: break
        }
        for place in 0..<tables[cursor.table].orders.count where tables[cursor.table].orders[place].node == cursor.node {
            if from < tables[cursor.table].orders[place].floor { fillOrder(cursor.table, place, from: from) }
            tables[cursor.table].orders[place].rows(from: from, to: to, into: &scratchRows)
        }
    }

    /// Where a term's value stands in the order of the window's node.
    private func place(_ value: Value, _ cursor: Cursor) -> Int64? {
        guard cursor.isMixed, value.kind == .integer else { return value.sortKey }
        return Value.double(Double(value.integer)).sortKey
    }

    /// Guards walk windows from the earliest term on; months and years of different length may pass each other.
    private mutating func sortAfterMoving(_ old: [ClockTerm], _ new: [ClockTerm]) {
        let order = old.indices.sorted { old[$0].instant < old[$1].instant }
        for place in order.indices.dropFirst() {
            let (before, here) = (order[place - 1], order[place])
            if old[before].instant == old[here].instant || new[before].instant > new[here].instant {
                sortAllGroups()
                return
            }
        }
    }

    /// Members whose attributes read terms that change are remembered as they are.
    private mutating func touchReaders(of changed: [Int32]) {
        guard !changed.isEmpty else { return }
        for number in 0..<Int32(saves.count) where saves[number].isOpen {
            let table = saves[number].table
            let attributes = (0..<saves[number].attributes.count).map { saves[number].attributes[$0] }
            let values = attributes + [tables[table].links[saves[number].link].node]
            guard values.contains(where: { value in changed.contains { contains(value, $0) } }) else { continue }
            for row in 0..<Int32(tables[table].states.count)
            where tables[table].memberships.contains(row, saves[number].condition) {
                touch(number, row: row)
            }
        }
    }

    /// Moves the derived links and evaluates the conditions that contain a term on every row: it is about all of them.
    private mutating func checkEverywhere(_ node: Int32) {
        for table in 0..<Int32(tables.count) {
            for place in 0..<tables[table].derivedLinks.count {
                let link = tables[table].derivedLinks[place]
                guard contains(tables[table].links[link].node, node) else { continue }
                for row in 0..<Int32(tables[table].states.count) where tables[table].isLive(row) {
                    statistics.rowsVisitedByTime += 1
                    moveLink(table, link, row)
                }
            }
        }
        for number in 0..<Int32(conditions.count) where conditions[number].references > 0 && contains(conditions[number].node, node) {
            let table = conditions[number].table
            for row in 0..<Int32(tables[table].states.count) where tables[table].isLive(row) {
                statistics.rowsVisitedByTime += 1
                check(number, row)
            }
        }
    }

    /// Whether a term's node is part of another, within its condition and behind links.
    private func contains(_ number: Int32, _ part: Int32) -> Bool {
        var seen: Set<Int32> = []
        func contains(_ number: Int32) -> Bool {
            guard seen.insert(number).inserted else { return false }
            let node = nodes[number]
            if node.operation == .term { return clockTerms[node.a].node == part }
            if node.operation == .follow { return contains(node.b) }
            return parts(of: node).contains(where: contains)
        }
        return contains(number)
    }
}
