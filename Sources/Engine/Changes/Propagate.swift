// How a change travels: signals of a row → conditions that read them → flips → accumulators of the parent (Accumulate.swift) →
// thresholds → the parent's conditions, and through watched links to the records behind which something has changed. Every step is
// undone by its opposite, so states in the middle of a change do no harm: what counts is compared when the commit ends.

extension Engine {
    /// Signals of a live row have changed, and its values are the new ones.
    mutating func notify(_ table: TableNumber, _ row: RowNumber, _ signals: Signals, distance: Int = 0) {
        var interest = signals
        interest.bits &= tables[table].reads.bits
        if interest.bits == 0 { return }
        if pending.changing.takes(interest, for: table, row) { return }
        if tables[table].isLive(row) {
            moveInOrders(table, row, interest)
            moveLinks(table, row, interest)
            let base = copyMembers(table, row, reading: interest)
            for place in base..<scratch.conditions.count { check(scratch.conditions[place], row) }
            scratch.conditions.truncate(to: base)
            enterByFields(table, row, interest)
            if tables[table].accumulatorGuardReads.bits & interest.bits != 0 { enterByAccumulators(table, row, interest) }
            enterUnguarded(table, row, interest)
            if tables[table].memberGuardReads.bits & interest.bits != 0 { enterByMembership(table, row, interest) }
        }
        notifyWatchers(table, row, interest, distance: distance)
    }

    /// Tells the records that watch this one through a link.
    mutating func notifyWatchers(_ table: TableNumber, _ row: RowNumber, _ signals: Signals, distance: Int = 0) {
        forEachWatcher(table, row, signals, distance) { engine, table, row, signals in
            engine.pending.round &+= 1
            engine.notify(table, row, signals, distance: distance + 1)
            // Whoever is told of in between goes on with a round of its own: conditions were evaluated for the watcher, not for it.
            engine.pending.round &+= 1
        }
    }

    /// Conditions found by the value of a field, and by window.
    private mutating func enterByFields(_ table: TableNumber, _ row: RowNumber, _ interest: Signals) {
        for place in 0..<tables[table].guards.count where tables[table].guards[place].reads.bits & interest.bits != 0 {
            var key: Int64 = 0
            if let column = tables[table].guards[place].column {
                statistics.conditionsEvaluated += 1
                guard let value = tables[table].columns[column].key(row) else { continue }
                key = value
            }
            guard let posting = tables[table].guards[place].find(key) else { continue }
            var passedOver: ColumnNumber?
            for group in 0..<tables[table].guards[place].postings[posting].groups.count {
                if let window = tables[table].guards[place].postings[posting].groups[group].window {
                    if plan.windows[window].column == passedOver { continue }
                    statistics.conditionsEvaluated += 1
                    if !isInWindow(window, row) {
                        // The windows that follow on this column begin later still, unless this one has no beginning.
                        if !plan.terms[plan.windows[window].term].value.isNull { passedOver = plan.windows[window].column }
                        continue
                    }
                }
                for member in 0..<tables[table].guards[place].postings[posting].groups[group].conditions.count {
                    let number = tables[table].guards[place].postings[posting].groups[group].conditions[member]
                    enter(number, row, interest)
                }
            }
        }
    }

    /// Whether the row's time is at or after the term of a window.
    private func isInWindow(_ number: Number<Window>, _ row: RowNumber) -> Bool {
        let window = plan.windows[number]
        guard let start = plan.terms[window.term].key, let column = window.column,
            let time = tables[window.table].columns[column].key(row)
        else { return false }
        return time >= start
    }

    /// Conditions guarded by accumulators: of those that hold something for the row, the thresholds they have reached.
    private mutating func enterByAccumulators(_ table: TableNumber, _ row: RowNumber, _ interest: Signals) {
        var place = 0
        while place < tables[table].accumulated.count(row) {
            let entry = tables[table].accumulated.entry(row, at: place)
            place += 1
            guard let value = accumulatedNumber(entry.number, entry.value) else { continue }
            for threshold in 0..<plan.accumulators[entry.number].thresholds.count {
                let found = plan.accumulators[entry.number].thresholds[threshold]
                if found.value > value { break }
                if found.isGuard { enter(found.condition, row, interest) }
            }
        }
    }

    /// Conditions guarded by another that the row meets.
    private mutating func enterByMembership(_ table: TableNumber, _ row: RowNumber, _ interest: Signals) {
        var place = 0
        while place < tables[table].memberships.count(row) {
            let met = tables[table].memberships.entry(row, at: place).number
            place += 1
            for follower in 0..<plan.conditions[met].followers.count { enter(plan.conditions[met].followers[follower], row, interest) }
        }
    }

    private mutating func enterUnguarded(_ table: TableNumber, _ row: RowNumber, _ interest: Signals) {
        // Every condition reads the row's existence: one list has them all.
        var rest = interest.bits & .existence != 0 ? .existence : interest.bits
        while rest != 0 {
            let bit = rest.trailingZeroBitCount
            rest &= rest - 1
            if bit >= tables[table].unguarded.count { return }
            for place in 0..<tables[table].unguarded[bit].conditions.count {
                enter(tables[table].unguarded[bit].conditions[place], row, interest)
            }
        }
    }

    /// A condition that the row may now meet.
    @inline(__always)
    private mutating func enter(_ number: Number<Condition>, _ row: RowNumber, _ interest: Signals) {
        guard plan.conditions[number].reads.meets(interest), plan.conditions[number].lastRound != pending.round else { return }
        plan.conditions[number].lastRound = pending.round
        if tables[plan.conditions[number].table].memberships.contains(row, number) { return }
        if plan.conditions[number].isCovered {
            flip(number, row, to: true)
        } else {
            scratch.texts.reset()
            if truth(plan.conditions[number].node, row) == .yes { flip(number, row, to: true) }
        }
    }

    /// Evaluates a condition on a row and flips it if its truth is not the one kept.
    mutating func check(_ number: Number<Condition>, _ row: RowNumber) {
        let table = plan.conditions[number].table
        let was = tables[table].memberships.contains(row, number)
        scratch.texts.reset()
        let now = tables[table].isLive(row) && truth(plan.conditions[number].node, row) == .yes
        if was != now { flip(number, row, to: now) }
    }

    /// A row begins or ceases to meet a condition.
    mutating func flip(_ number: Number<Condition>, _ row: RowNumber, to now: Bool) {
        let (table, signals) = (plan.conditions[number].table, plan.conditions[number].signals)
        let isRead = plan.conditions[number].memberReaders > 0
        if isRead { announce(.state, table, row, signals) }
        for place in 0..<plan.conditions[number].takers.count {
            switch plan.conditions[number].takers[place] {
            case .save(let save): touch(save, row: row, flipsTo: now)
            case .operation(let operation): flipped(operation, row)
            case .counter(let counter): count(counter, row, now)
            case .accumulator: break
            }
        }
        if now { tables[table].memberships.set(row, number, 0) } else { tables[table].memberships.remove(row, number) }
        if isRead { plan.found.noteMove() }
        let base = pending.moved.count
        // Outer accumulators, which come after those they take from, go first: then what the row itself adds further in reaches them
        // exactly once, by way of it. None of them may be asked for before all have their part.
        for place in (0..<plan.conditions[number].takers.count).reversed() {
            guard case .accumulator(let accumulator) = plan.conditions[number].takers[place] else { continue }
            if !pending.retracted.contains(accumulator, row) { contribute(accumulator, row, sign: now ? 1 : -1) }
        }
        tellMoved(from: base)
        guard isRead else { return }
        pending.round &+= 1
        notify(table, row, signals)
        pending.round &+= 1
    }

    /// Puts the conditions a row meets that read some of the signals on the scratch stack; returns where they begin.
    mutating func copyMembers(_ table: TableNumber, _ row: RowNumber, reading signals: Signals) -> Int {
        let base = scratch.conditions.count
        for place in 0..<tables[table].memberships.count(row) {
            let number = tables[table].memberships.entry(row, at: place).number
            if plan.conditions[number].reads.meets(signals) { scratch.conditions.append(number) }
        }
        return base
    }
}
