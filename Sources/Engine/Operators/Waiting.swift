// Waits by duration: "a row (by row id) passes once it has been in the inbound without a break for the duration, by the clock; leaving ends
// it". What is remembered moves at commits: a row that leaves and comes back within one was never gone. Rows of one row id wait as one.
//
// Kept: 40 bytes a row id, 16 in the order of what is due, 12 a row; and the text of the row id.
// A change: a mark. Settling: a step in the order for each row id that begins or ends, and the rows of those that are due.
// Publishing: everyone starts, but for those whom the version before remembers: a look a row, and one sort.
import Campaigns

struct WaitingKey: Hashable {
    /// Whose memory it is.
    var campaign: String
    var activity: String
    var duration: CalendarDuration
    var zone: Int32
    /// Who waits.
    var condition: Number<Condition>
    var rowId: NodeNumber
}

/// Since when each row id waits, by its text; what one version hands to the next.
typealias WaitingMemory = [[UInt8]: Int64]

struct Waiting: ~Copyable {
    let key: WaitingKey
    let number: OperatorNumber
    /// The condition of those that have waited.
    let decided: Number<Condition>
    let isLinked: Bool
    fileprivate(set) var state = WaitingState()

    init(key: WaitingKey, number: OperatorNumber, decided: Number<Condition>, isLinked: Bool) {
        self.key = key
        self.number = number
        self.decided = decided
        self.isLinked = isLinked
    }
}

/// When the wait of a row id is over.
struct DueWait: BitwiseCopyable, Comparable {
    var due: Int64
    var rowId: Int32

    static func < (a: DueWait, b: DueWait) -> Bool { a.due < b.due || a.due == b.due && a.rowId < b.rowId }
}

extension Engine {
    /// The condition of the rows that have waited long enough, new if need be.
    mutating func waited(_ key: WaitingKey) -> Number<Condition> {
        if let found = plan.waits.find(key) { return plan.waits[found].decided }
        let number = plan.operators.add(.waiting(plan.waits.nextNumber))
        let decided = newDecidedCondition(of: plan.conditions[key.condition].table, by: number)
        plan.waits.add(
            Waiting(key: key, number: number, decided: decided, isLinked: plan.nodes[key.rowId].linkCount > 0))
        return decided
    }

    /// The waiting that says which rows meet a condition.
    func waiting(deciding condition: Number<Condition>) -> Number<Waiting> {
        guard let number = plan.conditions[condition].decidedBy, case .waiting(let waiting) = plan.operators[number].kind else {
            preconditionFailure("a wait by duration is decided by a waiting")
        }
        return waiting
    }

    mutating func openWaiting(_ number: Number<Waiting>) {
        let key = plan.waits[number].key
        retainCondition(key.condition)
        plan.operators.open(plan.waits[number].number, reading: retain(key.rowId))
        addTaker(.operation(plan.waits[number].number), of: key.condition, isLinked: plan.waits[number].isLinked)
        let (table, decided) = (plan.conditions[key.condition].table, plan.waits[number].decided)
        for block in tables[table].blocks {
            for row in tables[table].memberships.rows(block, with: key.condition) {
                statistics.rowsVisitedByPublish += 1
                setRowId(number, row)
            }
        }
        settleRowIds(number, remembered: waitingMemory(number))
        plan.waits.schedule(number)
        for row in tables[table].rows where plan.waits[number].state.hasWaited(row, until: clock) {
            tables[table].memberships.set(row, decided, 0)
        }
    }

    mutating func closeWaiting(_ number: Number<Waiting>) {
        let key = plan.waits[number].key
        removeTaker(.operation(plan.waits[number].number), of: key.condition, isLinked: plan.waits[number].isLinked)
        plan.operators.close(plan.waits[number].number)
        release(key.rowId)
        forgetRows(of: plan.waits[number].decided)
        plan.waits[number].state = WaitingState()
        plan.waits.schedule(number)
        releaseCondition(key.condition)
    }

    /// Marks the waits in which one is over at the clock.
    mutating func markDueWaits(since before: Int64) {
        if Omission.markingWaits.isOn { return }
        for number in plan.waits.due(at: clock) {
            noteDue(max(before, plan.waits[number].state.nextDue ?? before))
            mark(plan.waits[number].number, .none)
        }
    }

    mutating func settle(_ number: Number<Waiting>) {
        let decided = plan.waits[number].decided
        let base = scratch.rows.count
        while let mark = pending.marks.take(of: plan.waits[number].number) {
            pending.cause = mark.cause
            if let row = mark.item.orNil {
                setRowId(number, row)
                scratch.rows.append(row)
            }
        }
        settleRowIds(number, remembered: waitingMemory(number))
        var rows = Vector<RowNumber>()
        swap(&rows, &scratch.rows)
        while plan.waits[number].state.takeDue(at: clock, into: &rows) {}
        swap(&rows, &scratch.rows)
        plan.waits.schedule(number)
        statistics.rowsVisitedBySettling += scratch.rows.count - base
        for place in base..<scratch.rows.count {
            decide(decided, scratch.rows[place], plan.waits[number].state.hasWaited(scratch.rows[place], until: clock))
        }
        scratch.rows.truncate(to: base)
    }

    private mutating func setRowId(_ number: Number<Waiting>, _ row: RowNumber) {
        let key = plan.waits[number].key
        guard tables[plan.conditions[key.condition].table].memberships.contains(row, key.condition) else {
            return plan.waits[number].state.set(row, nil)
        }
        scratch.texts.reset()
        plan.waits[number].state.set(row, value(key.rowId, row).text)
    }

    /// Since when row ids wait that come while a version opens, or while an engine is made from facts.
    private func waitingMemory(_ number: Number<Waiting>) -> WaitingMemory {
        audiences.memories.waits(of: plan.waits[number].key.campaign, activity: plan.waits[number].key.activity)
    }

    private mutating func settleRowIds(_ number: Number<Waiting>, remembered: WaitingMemory) {
        let (duration, zone) = (plan.waits[number].key.duration, zones[Int(plan.waits[number].key.zone)])
        plan.waits[number].state.settle(at: clock, remembered: remembered) { duration.after($0, in: zone) }
    }
}
