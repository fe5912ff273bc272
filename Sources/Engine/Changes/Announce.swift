// Nothing changes unannounced. Before a value, a link, a state or a window changes, whoever takes something from it is told, here and
// behind links: members are noted as they are, and contributions that hang on it are taken back, to be given again when the new values are
// there. Who reads what they add to is told when both is done. A contribution may depend on the row itself or, behind links, on another
// that changes; it is taken back once, however many ways lead to it, and what flips meanwhile leaves it alone.

/// What is about to change.
enum Announcement {
    /// Values or links of a row. Contributions that hang on them stay taken back until `restore`.
    case values
    /// A state or a window, which no contribution hangs on.
    case state
}

extension Engine {
    /// What some signals of a row stand for is about to change. Its old values are still there.
    mutating func announce(_ what: Announcement, _ table: TableNumber, _ row: RowNumber, _ signals: Signals, distance: Int = 0) {
        if tables[table].takerReads.bits & signals.bits != 0 {
            for place in 0..<tables[table].memberships.count(row) {
                let condition = tables[table].memberships.entry(row, at: place).number
                if plan.conditions[condition].takerReads.meets(signals) { announce(what, toTakersOf: condition, row, signals) }
            }
        }
        guard plan.linkedTakers > 0, !Omission.announcingBehindLinks.isOn else { return }
        forEachWatcher(table, row, signals, distance) { engine, table, row, signals in
            engine.announce(what, table, row, signals, distance: distance + 1)
        }
    }

    private mutating func announce(_ what: Announcement, toTakersOf condition: Number<Condition>, _ row: RowNumber, _ signals: Signals) {
        for place in 0..<plan.conditions[condition].takers.count {
            switch plan.conditions[condition].takers[place] {
            case .save(let save): if audiences.saves[save].reads.meets(signals), !Omission.announcingToSaves.isOn { touch(save, row: row) }
            case .channel(let channel): if audiences.channels[channel].reads.meets(signals) { contact(channel, row) }
            case .accumulator(let accumulator):
                if what == .values, plan.accumulators[accumulator].feedReads.meets(signals) { retract(accumulator, row, condition) }
            case .operation(let operation):
                if plan.operators[operation].reads.meets(signals), !Omission.announcingToOperators.isOn { announce(what, operation, row) }
            case .counter: break
            }
        }
    }

    private mutating func retract(_ accumulator: Number<Accumulator>, _ row: RowNumber, _ condition: Number<Condition>) {
        guard tables[plan.accumulators[accumulator].child].memberships.contains(row, condition) else { return }
        if pending.retracted.add(Retractions.Contribution(accumulator: accumulator, row: row)) { contribute(accumulator, row, sign: -1) }
    }

    /// The new values are there: gives again what was taken back, where the record still meets its condition, and marks what rows that
    /// compete lead to now.
    mutating func restore() {
        for place in 0..<pending.retracted.count {
            let contribution = pending.retracted.giveBack(place)
            let (accumulator, row) = (contribution.accumulator, contribution.row)
            if tables[plan.accumulators[accumulator].child].memberships.contains(row, plan.accumulators[accumulator].condition) {
                contribute(accumulator, row, sign: 1)
            }
        }
        pending.retracted.removeAll()
        for place in 0..<pending.relinked.count {
            markRecord(of: pending.relinked[place].row, pending.relinked[place].choice)
        }
        pending.relinked.removeAll()
        // Only now: a condition that flips between the old values and the new ones would contribute the one and take back the other.
        tellMoved(from: 0)
    }
}
