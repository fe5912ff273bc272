// What an audit makes of gates, counters, alerts and waits.
import Campaigns

extension Engine {
    /// Whether a row is counted that meets the condition; with the first one, whether as many are as is said.
    func look(atCounter number: Number<Counter>, _ row: RowNumber, _ visited: inout Int) -> Verdict {
        let condition = plan.gates[number].condition
        let isIn = tables[plan.conditions[condition].table].memberships.contains(row, condition)
        guard isIn == plan.gates[number].rows.contains(row) else { return .wrong }
        if row.value > 0 { return isIn ? .right : .nothing }
        let counted = plan.gates[number].rows.counted
        visited += counted.words / 64
        return Verdict(counted.rows == plan.gates[number].rows.count)
    }

    /// Whether a gate is open that should be.
    mutating func look(atGate number: Number<Gate>) -> Verdict {
        scratch.texts.reset()
        return Verdict((truth(plan.gates[number].key.when, .none) == .yes) == plan.gates[number].isOpen)
    }

    /// Whether the alerts of a campaign were true whose gates are open.
    func look(atAlerts campaign: String) -> Verdict {
        let alerts = audiences.campaigns[campaign]?.following?.alerts ?? [:]
        return Verdict(alerts.values.allSatisfy { audiences.alerts[$0].wasTrue == plan.gates[audiences.alerts[$0].gate].isOpen })
    }

    /// Whether a row waits that is there, and has passed when its time is over. Since when it waits is memory, which follows from nothing.
    mutating func look(atWaiting number: Number<Waiting>, _ row: RowNumber, _ visited: inout Int) -> Verdict {
        let (key, decided) = (plan.waits[number].key, plan.waits[number].decided)
        let table = plan.conditions[key.condition].table
        let isIn = tables[table].isLive(row) && tables[table].memberships.contains(row, key.condition)
        let hasPassed = tables[table].memberships.contains(row, decided)
        let held = plan.waits[number].state.held(row, countingUpTo: AuditBounds.rows)
        guard isIn else { return held == nil && !hasPassed ? .nothing : .wrong }
        guard let held else { return .wrong }
        visited += held.counted ?? 0
        scratch.texts.reset()
        let isSameRowId = value(key.rowId, row).text.elementsEqual(plan.waits[number].state.text(held.rowId))
        let due = key.duration.after(held.since, in: zones[Int(key.zone)]) ?? .max
        let isTimeRight = held.since != .min && held.since <= clock && held.due == due
        let isOrderRight = held.isDue == (due > clock) && held.isInOrder == held.isDue
        let isCountRight = held.counted.map { $0 == held.count } ?? true
        return Verdict(isSameRowId && isTimeRight && isOrderRight && isCountRight && hasPassed == (due <= clock))
    }
}
