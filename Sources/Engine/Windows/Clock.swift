// Time passing. The clock is data: it moves when the caller says so. All windows move at once; the rows between the old and the new
// position of a window, found in the order of its column, are the only ones visited.
import Campaigns

extension Engine {
    /// Moves the clock forward; an earlier or equal instant changes nothing. Milliseconds since the Unix epoch. It must not pass one of
    /// `commitInstants` on its way.
    public mutating func advance(to instant: Int64) {
        guard instant > clock else { return }
        let starting = instant < audiences.nextValidityEdge ? [] : endCampaigns(until: instant)
        pending.cause = .time
        let hadClock = clock != Int64.min
        clock = instant
        let old = plan.terms.values
        // Inner terms come before those they are part of.
        for number in plan.terms.all { evaluateTerm(number) }
        let new = plan.terms.values
        let changed = plan.terms.all.filter { number in
            let place = Int(number.value)
            return new[place].aloneReaders > 0 && !isSame(old[place].value, new[place].value)
        }
        if hadClock {
            setTerms(old)
            touchCrossing(old, new)
            touchReaders(of: changed)
            setTerms(new)
        }
        for term in old.indices where old[term].text != new[term].text { old[term].text?.deallocate() }
        sortAfterMoving(old, new)
        for number in plan.windows.all where plan.windows[number].readers > 0 {
            let window = plan.windows[number]
            let base = scratch.rows.count
            rowsCrossing(number, old[Int(window.term.value)], new[Int(window.term.value)])
            for place in base..<scratch.rows.count {
                statistics.rowsVisitedByTime += 1
                pending.round &+= 1
                notify(window.table, scratch.rows[place], window.signals)
            }
            scratch.rows.truncate(to: base)
        }
        for term in changed { checkEverywhere(term) }
        trimOrders()
        if instant >= audiences.nextValidityEdge { start(starting) }
    }

    /// Evaluates a term at the clock. A text moves into memory of the term's own; the memory of the value before is the caller's.
    mutating func evaluateTerm(_ number: Number<ClockTerm>) {
        plan.found.noteMove()
        scratch.texts.reset()
        let value = value(ofRowless: plan.terms[number].node)
        plan.terms[number].text = nil
        plan.terms[number].value = value
        guard value.kind == .text else { return }
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(value.text.count, 1), alignment: 1)
        memory.copyMemory(from: value.text.baseAddress ?? UnsafeRawPointer(memory), byteCount: value.text.count)
        plan.terms[number].text = memory
        plan.terms[number].value = .text(UnsafeRawBufferPointer(start: memory, count: value.text.count))
    }

    private func isSame(_ a: Value, _ b: Value) -> Bool {
        a.isNull || b.isNull ? a.isNull && b.isNull : order(a, b) == 0
    }

    private mutating func setTerms(_ terms: [ClockTerm]) {
        plan.found.noteMove()
        for number in plan.terms.all {
            plan.terms[number].value = terms[Int(number.value)].value
            plan.terms[number].text = terms[Int(number.value)].text
        }
    }

    /// Remembers the members whose attributes are about to change because a window moves, with the values they have now.
    private mutating func touchCrossing(_ old: [ClockTerm], _ new: [ClockTerm]) {
        for number in plan.windows.all where plan.windows[number].readers > 0 {
            let window = plan.windows[number]
            guard tables[window.table].takerReads & window.signals.bits != 0 || plan.linkedTakers > 0 else { continue }
            let base = scratch.rows.count
            rowsCrossing(number, old[Int(window.term.value)], new[Int(window.term.value)])
            for place in base..<scratch.rows.count { announce(.state, window.table, scratch.rows[place], window.signals) }
            scratch.rows.truncate(to: base)
        }
    }

    /// Puts the rows for which a comparison with the window's term changes on the row stack.
    private mutating func rowsCrossing(_ number: Number<Window>, _ old: ClockTerm, _ new: ClockTerm) {
        let window = plan.windows[number]
        var (from, to) = (Int64.min, Int64.max)
        switch (place(old.value, window), place(new.value, window)) {
        case (nil, nil): return
        case (let before?, let after?):
            guard before != after else { return }
            let (low, high) = (min(before, after), max(before, after))
            from = window.changesAtTerm || window.isMixed ? low : low &+ 1
            to = window.changesAfterTerm || window.isMixed ? high &+ 1 : high
        default: break
        }
        for place in 0..<tables[window.table].orders.count where tables[window.table].orders[place].node == window.node {
            if from < tables[window.table].orders[place].floor { fillOrder(window.table, place, from: from) }
            var rows = Vector<RowNumber>()
            swap(&rows, &scratch.rows)
            tables[window.table].orders[place].rows(from: from, to: to, into: &rows)
            swap(&rows, &scratch.rows)
        }
    }

    /// Where a term's value stands in the order of the window's node.
    private func place(_ value: Value, _ window: Window) -> Int64? {
        guard window.isMixed, value.kind == .integer else { return value.sortKey }
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
    private mutating func touchReaders(of changed: [Number<ClockTerm>]) {
        guard !changed.isEmpty else { return }
        for number in audiences.saves.numbers where audiences.saves[number].isOpen {
            let table = audiences.saves[number].table
            let attributes = (0..<audiences.saves[number].attributes.count).map { audiences.saves[number].attributes[$0] }
            let values = attributes + [tables[audiences.saves[number].link].node!]
            guard values.contains(where: { value in changed.contains { plan.nodes.contains(value, $0) } }) else { continue }
            for row in tables[table].rows
            where tables[table].memberships.contains(row, audiences.saves[number].condition) {
                touch(number, row: row)
            }
        }
    }

    /// Moves the derived links and evaluates the conditions that contain a term on every row: it is about all of them.
    private mutating func checkEverywhere(_ term: Number<ClockTerm>) {
        for table in tables.all {
            for place in 0..<tables[table].derivedLinks.count {
                let link = LinkPlace(table: table, number: tables[table].derivedLinks[place])
                guard plan.nodes.contains(tables[link].node!, term) else { continue }
                for row in tables[table].rows where tables[table].isLive(row) {
                    statistics.rowsVisitedByTime += 1
                    moveLink(link, row)
                }
            }
        }
        for number in plan.conditions.all
        where plan.conditions[number].references > 0 && plan.nodes.contains(plan.conditions[number].node, term) {
            let table = plan.conditions[number].table
            for row in tables[table].rows where tables[table].isLive(row) {
                statistics.rowsVisitedByTime += 1
                check(number, row)
            }
        }
    }
}
