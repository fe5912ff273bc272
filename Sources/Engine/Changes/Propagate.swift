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
        #if DEBUG
            pending.told.insert(ToldRow(table: table, row: row))
        #endif
        if tables[table].isLive(row) {
            moveInOrders(table, row, interest)
            moveLinks(table, row, interest)
            let base = copyMembers(table, row, reading: interest)
            for place in base..<scratch.conditions.count { check(scratch.conditions[place], row) }
            scratch.conditions.truncate(to: base)
            enterByFields(table, row, interest)
            if tables[table].guards.mayBeFoundByAccumulators(interest.bits), !Omission.guardsOfAccumulators.isOn {
                enterByAccumulators(table, row, interest)
            }
            enterUnguarded(table, row, interest)
            if tables[table].guards.mayBeFoundByMembership(interest.bits), !Omission.guardsOfMemberships.isOn {
                enterByMembership(table, row, interest)
            }
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
        let base = scratch.conditions.count
        tables.findByFields(
            of: row, in: table, interest.bits, plan, into: &scratch.conditions, evaluations: &statistics.conditionsEvaluated)
        enterFound(from: base, row, interest)
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
        let base = scratch.conditions.count
        tables.findUnguarded(in: table, interest.bits, into: &scratch.conditions)
        enterFound(from: base, row, interest)
    }

    /// The conditions from a place of the scratch stack on.
    @inline(__always)
    private mutating func enterFound(from base: Int, _ row: RowNumber, _ interest: Signals) {
        for place in base..<scratch.conditions.count { enter(scratch.conditions[place], row, interest) }
        scratch.conditions.truncate(to: base)
    }

    /// A condition that the row may now meet.
    @inline(__always)
    private mutating func enter(_ number: Number<Condition>, _ row: RowNumber, _ interest: Signals) {
        guard plan.conditions[number].enter(round: pending.round, interest) else { return }
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
        if isRead, !Omission.announcingMemberships.isOn { announce(.state, table, row, signals) }
        for place in 0..<plan.conditions[number].takers.count {
            switch plan.conditions[number].takers[place] {
            case .save(let save): touch(save, row: row, flipsTo: now)
            case .channel(let channel): if !Omission.contacting.isOn { contact(channel, row) }
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
