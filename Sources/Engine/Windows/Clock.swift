// Time passing. The clock is data: it moves when the caller says so. All windows move at once; of the rows only those between the old and
// the new position of a window are visited, found in the order of what it is about. What reads the clock by itself is about every row, and
// looks at all of them when its value changes.
import Campaigns

extension Engine {
    /// Evaluates a term at the clock. A text moves into memory of the term's own.
    mutating func evaluateTerm(_ number: Number<ClockTerm>) {
        plan.found.noteMove()
        scratch.texts.reset()
        let value = value(ofRowless: plan.terms[number].node)
        plan.terms[number].text?.deallocate()
        plan.terms[number].text = nil
        plan.terms[number].value = value
        guard value.kind == .text else { return }
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(value.text.count, 1), alignment: 1)
        memory.copyMemory(from: value.text.baseAddress ?? UnsafeRawPointer(memory), byteCount: value.text.count)
        plan.terms[number].text = memory
        plan.terms[number].value = .text(UnsafeRawBufferPointer(start: memory, count: value.text.count))
    }

    func isSame(_ a: Value, _ b: Value) -> Bool {
        a.isNull || b.isNull ? a.isNull && b.isNull : order(a, b) == 0
    }

    /// Puts what terms were in the place of what they are, or back.
    mutating func exchange(_ terms: [Number<ClockTerm>]) {
        plan.found.noteMove()
        for number in terms { plan.terms[number].exchange() }
    }

    /// Members whose attributes are about to change because a window moves are noted as they are.
    mutating func announceCrossing() {
        for live in 0..<plan.windows.live.count {
            let number = plan.windows.live[live]
            let (table, signals) = (plan.windows[number].table, plan.windows[number].signals)
            guard tables[table].takerReads.bits & signals.bits != 0 || plan.linkedTakers > 0 else { continue }
            let base = scratch.rows.count
            pushRowsCrossing(number)
            for place in base..<scratch.rows.count { announce(.state, table, scratch.rows[place], signals) }
            scratch.rows.truncate(to: base)
        }
    }

    /// Windows have moved: the rows that they have passed are told; or they will be, in slices (Crossing.swift).
    mutating func notifyCrossing(since before: Int64, inSlices: Bool) {
        for live in 0..<plan.windows.live.count {
            let number = plan.windows.live[live]
            let base = scratch.rows.count
            pushRowsCrossing(number)
            if scratch.rows.count > base { noteDue(of: scratch.rows[base], in: plan.windows[number], since: before) }
            for place in base..<scratch.rows.count {
                if inSlices { pending.crossing.add(scratch.rows[place]) } else { tell(scratch.rows[place], of: number) }
            }
            scratch.rows.truncate(to: base)
            if inSlices { pending.crossing.end(of: number) }
        }
    }

    /// A window has passed a row.
    @inline(__always)
    mutating func tell(_ row: RowNumber, of window: Number<Window>) {
        statistics.rowsVisitedByTime += 1
        pending.round &+= 1
        notify(plan.windows[window].table, row, plan.windows[window].signals)
    }

    /// What time has changed was due at an instant.
    mutating func noteDue(_ instant: Int64) { pending.earliestDue = min(pending.earliestDue, instant) }

    /// The first row that a window has passed was due as long after the clock before as it stood behind the window's place then. Where the
    /// places are no instants, or go back, it may have been due at once.
    private mutating func noteDue(of row: RowNumber, in window: Window, since before: Int64) {
        let term = plan.terms[window.term]
        guard let column = window.column, tables[window.table].columns[column].kind == .instant,
            let key = tables[window.table].columns[column].key(row), let old = place(term.previous, window), key >= old, before > .min
        else { return noteDue(min(clock, before == .min ? clock : before + 1)) }
        noteDue(min(clock, before + (key - old)))
    }

    /// Puts the rows for which a comparison with the window's term changes on the row stack.
    mutating func pushRowsCrossing(_ number: Number<Window>) {
        let window = plan.windows[number]
        let term = plan.terms[window.term]
        guard let (from, last) = crossed(place(term.previous, window), place(term.value, window), window) else { return }
        guard let order = tables[window.table].orders.find(window.node) else { return }
        if from < tables[window.table].orders[order].floor { fillOrder(window.table, order, from: from) }
        var rows = Vector<RowNumber>()
        swap(&rows, &scratch.rows)
        tables[window.table].orders[order].rows(from: from, through: last, into: &rows)
        swap(&rows, &scratch.rows)
    }

    /// The first and the last place for which a comparison with the window's term changes; everywhere, when it comes from null or goes
    /// there.
    private func crossed(_ old: Int64?, _ new: Int64?, _ window: Window) -> (from: Int64, last: Int64)? {
        guard old != new else { return nil }
        guard let old, let new else { return (.min, .max) }
        var (from, last) = (min(old, new), max(old, new))
        // The lower place is not .max and the higher one not .min, since they differ.
        if !window.changesAtTerm && !window.isMixed { from += 1 }
        if !window.changesAfterTerm && !window.isMixed { last -= 1 }
        return from <= last ? (from, last) : nil
    }

    /// Where a term's value stands in the order of the window's node.
    private func place(_ value: Value, _ window: Window) -> Int64? {
        guard window.isMixed, value.kind == .integer else { return value.sortKey }
        return Value.double(Double(value.integer)).sortKey
    }

    /// Guards walk windows from the earliest term on; months and years of different length may pass each other, and terms that were one may
    /// part.
    mutating func sortAfterMoving() {
        var moves: [(old: Int64, new: Int64)] = []
        for live in 0..<plan.windows.live.count where isGuardWindow(plan.windows.live[live]) {
            let term = plan.terms[plan.windows[plan.windows.live[live]].term]
            moves.append((ClockTerm.instant(term.previous), ClockTerm.instant(term.value)))
        }
        moves.sort { $0 < $1 }
        for (before, here) in zip(moves, moves.dropFirst()) where before.new > here.new || before.old == here.old && before.new != here.new
        {
            for table in tables.all { tables[table].guards.sort(plan) }
            return
        }
    }

    /// Operators that read terms which change decide anew: about every row.
    mutating func markReaders(of changed: [Number<ClockTerm>]) {
        guard !changed.isEmpty else { return }
        for number in plan.operators.live.all {
            let (condition, nodes) = rowsAndNodes(of: number)
            guard nodes.contains(where: { node in changed.contains { plan.nodes.contains(node, $0) } }) else { continue }
            // Links are looked at with the conditions.
            if case .link = plan.operators[number].kind { continue }
            guard let condition else {
                mark(number, .none)
                continue
            }
            let table = plan.conditions[condition].table
            for row in tables[table].rows where tables[table].memberships.contains(row, condition) { flipped(number, row) }
        }
    }

    /// The rows that an operator decides about, and the nodes that it reads; nil: it decides as a whole, or about all.
    func rowsAndNodes(of number: OperatorNumber) -> (rows: Number<Condition>?, nodes: [NodeNumber]) {
        switch plan.operators[number].kind {
        case .choice(let choice):
            let key = plan.choices[choice].key
            return (key.condition, nodes(of: key))
        case .ranking(let ranking): return (plan.rankings[ranking].key.condition, nodes(of: plan.rankings[ranking].key))
        case .waiting(let waiting): return (plan.waits[waiting].key.condition, [plan.waits[waiting].key.rowId])
        case .gate(let gate): return (nil, [plan.gates[gate].key.when])
        case .link(let link): return (nil, [tables[link].node!])
        case .pairs(let pairs, _): return (plan.pairs[pairs].key.condition, [])
        }
    }

    /// Members whose attributes read terms that change are remembered as they are.
    mutating func touchReaders(of changed: [Number<ClockTerm>]) {
        guard !changed.isEmpty else { return }
        for open in 0..<audiences.open.count {
            let number = audiences.open[open]
            let table = audiences.saves[number].table
            let values = audiences.saves[number].nodes + [tables[audiences.saves[number].link].node!]
            guard values.contains(where: { value in changed.contains { plan.nodes.contains(value, $0) } }) else { continue }
            for row in tables[table].rows
            where tables[table].memberships.contains(row, audiences.saves[number].condition) {
                touch(number, row: row)
            }
        }
    }

    /// Moves the derived links and evaluates the conditions that contain a term on every row: it is about all of them.
    mutating func checkEverywhere(_ term: Number<ClockTerm>) {
        for table in tables.all {
            for place in 0..<tables[table].derivedLinks.count {
                let link = LinkPlace(table: table, number: tables[table].derivedLinks[place])
                guard plan.nodes.contains(tables[link].node!, term) else { continue }
                for row in tables[table].rows where tables[table].isLive(row) {
                    statistics.rowsVisitedByTime += 1
                    linkChanged(link, row)
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
