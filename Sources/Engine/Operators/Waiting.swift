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

/// Who waits, since when, and until when.
struct WaitingState: ~Copyable {
    struct RowId: BitwiseCopyable {
        var since: Int64 = .min
        var due: Int64 = .max
        /// How many rows of it there are.
        var count: Int32 = 0
        /// It is in the order of what is due.
        var isDue = false
    }

    private var texts = TextDictionary()
    private var rowIds = Vector<RowId>()
    private var order = OrderedRows<DueWait>()
    /// The row id that each row has, and the rows of each.
    private var rowIdOfRow = PerRow<RowNumber>()
    private var rows = RowChains()
    /// Row ids whose number of rows has changed.
    private var touched = Vector<Int32>()

    /// The next instant at which a wait is over; nil when none waits.
    var nextDue: Int64? { order.atOrAfter(DueWait(due: .min, rowId: .min)).map { order[$0].due } }

    /// A row has a row id now, or (nil) is not there any more.
    mutating func set(_ row: RowNumber, _ text: UnsafeRawBufferPointer?) {
        let new = text.map { texts.intern($0, hash: textHash($0)) }
        let old = rowIdOfRow[row, default: .none].orNil?.value
        guard new != old else { return }
        rowIdOfRow.grow(toHold: row, filling: .none)
        if let old {
            rows.remove(row, under: RowNumber(old))
            rowIds[old].count -= 1
            touched.append(old)
        }
        rowIdOfRow[row] = new.map { RowNumber($0) } ?? .none
        guard let new else { return }
        rows.insert(row, under: RowNumber(new))
        rowIds.grow(to: Int(new) + 1, filling: RowId())
        rowIds[new].count += 1
        touched.append(new)
    }

    /// Row ids that have come begin to wait at an instant, or since the one that is remembered; those that have gone are forgotten.
    mutating func settle(at clock: Int64, remembered: WaitingMemory, due: (_ since: Int64) -> Int64?) {
        for place in 0..<touched.count {
            let number = touched[place]
            let isThere = rowIds[number].count > 0
            if !isThere { forget(number) }
            guard isThere, rowIds[number].since == .min else { continue }
            let since = remembered.isEmpty ? clock : remembered[Array(texts.text(number))] ?? clock
            rowIds[number].since = since
            rowIds[number].due = due(since) ?? .max
            rowIds[number].isDue = rowIds[number].due > clock
            if rowIds[number].isDue { order.insert(DueWait(due: rowIds[number].due, rowId: number)) }
        }
        touched.removeAll()
    }

    private mutating func forget(_ number: Int32) {
        if rowIds[number].isDue { order.remove(DueWait(due: rowIds[number].due, rowId: number)) }
        rowIds[number] = RowId()
    }

    /// Takes out a row id whose wait is over at an instant, and appends its rows; false when there is none.
    mutating func takeDue(at clock: Int64, into found: inout Vector<RowNumber>) -> Bool {
        guard let first = order.atOrAfter(DueWait(due: .min, rowId: .min)), order[first].due <= clock else { return false }
        let due = order[first]
        order.remove(due)
        rowIds[due.rowId].isDue = false
        var next = rows.first(under: RowNumber(due.rowId))
        while let row = next {
            found.append(row)
            next = rows.next(row)
        }
        return true
    }

    /// Whether the row is there, and its row id has waited until an instant.
    func hasWaited(_ row: RowNumber, until clock: Int64) -> Bool {
        guard let rowId = rowIdOfRow[row, default: .none].orNil else { return false }
        return rowIds[rowId.value].due <= clock
    }

    // For an audit (Audit/PlainGates.swift).

    /// What is kept of the row id of a row.
    struct Held {
        var rowId: Int32
        var since: Int64
        var due: Int64
        var count: Int32
        /// Whether it is said to be in the order of what is due, and whether it is.
        var isDue: Bool
        var isInOrder: Bool
        /// How many rows it has, asked of its first row; nil: of another row, or of too many.
        var counted: Int?
    }

    /// What is kept of a row; nil when it does not wait.
    func held(_ row: RowNumber, countingUpTo most: Int) -> Held? {
        guard let number = rowIdOfRow[row, default: .none].orNil?.value else { return nil }
        let (rowId, entry) = (rowIds[number], DueWait(due: rowIds[number].due, rowId: number))
        return Held(
            rowId: number, since: rowId.since, due: rowId.due, count: rowId.count, isDue: rowId.isDue,
            isInOrder: order.atOrAfter(entry).map { order[$0] == entry } ?? false, counted: count(from: row, of: number, upTo: most))
    }

    private func count(from row: RowNumber, of number: Int32, upTo most: Int) -> Int? {
        var next = rows.first(under: RowNumber(number))
        guard next == row else { return nil }
        var count = 0
        while let row = next, count <= most {
            count += 1
            next = rows.next(row)
        }
        return count > most ? nil : count
    }

    /// The text of a row id.
    func text(_ rowId: Int32) -> UnsafeRawBufferPointer { texts.text(rowId) }

    /// What the next version is told.
    var memory: WaitingMemory {
        var all: WaitingMemory = [:]
        for number in 0..<Int32(rowIds.count) where rowIds[number].count > 0 {
            all[Array(texts.text(number))] = rowIds[number].since
        }
        return all
    }
}

/// All waits, by what they say.
struct Waits: ~Copyable {
    private var waits = Vector<Waiting>()
    private var numbers: [WaitingKey: Number<Waiting>] = [:]
    /// Those that somebody asks for.
    var live = NumberList<Waiting>()

    @inline(__always)
    subscript(number: Number<Waiting>) -> Waiting {
        unsafeAddress { UnsafePointer(waits.address(Int(number.value))) }
        unsafeMutableAddress { waits.address(Int(number.value)) }
    }

    var nextNumber: Number<Waiting> { waits.nextNumber }

    func find(_ key: WaitingKey) -> Number<Waiting>? { numbers[key] }

    mutating func add(_ waiting: consuming Waiting) {
        numbers[waiting.key] = waits.nextNumber
        waits.append(waiting)
    }
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

    mutating func openWaiting(_ number: Number<Waiting>) {
        let key = plan.waits[number].key
        retainCondition(key.condition)
        plan.operators.open(plan.waits[number].number, reading: retain(key.rowId))
        plan.waits.live.insert(number)
        addTaker(.operation(plan.waits[number].number), of: key.condition, isLinked: plan.waits[number].isLinked)
        let (table, decided) = (plan.conditions[key.condition].table, plan.waits[number].decided)
        for row in tables[table].rows where tables[table].memberships.contains(row, key.condition) {
            statistics.rowsVisitedByPublish += 1
            setRowId(number, row)
        }
        settleRowIds(number, remembered: audiences.memories.waits(of: key.campaign, activity: key.activity))
        for row in tables[table].rows where plan.waits[number].state.hasWaited(row, until: clock) {
            tables[table].memberships.set(row, decided, 0)
        }
    }

    mutating func closeWaiting(_ number: Number<Waiting>) {
        let key = plan.waits[number].key
        removeTaker(.operation(plan.waits[number].number), of: key.condition, isLinked: plan.waits[number].isLinked)
        plan.operators.close(plan.waits[number].number)
        plan.waits.live.remove(number)
        release(key.rowId)
        forgetDecided(plan.waits[number].decided)
        plan.waits[number].state = WaitingState()
        releaseCondition(key.condition)
    }

    /// Marks the waits in which one is over at the clock.
    mutating func markDueWaits() {
        for place in 0..<plan.waits.live.count {
            let number = plan.waits.live[place]
            guard let due = plan.waits[number].state.nextDue, due <= clock, !Omission.markingWaits.isOn else { continue }
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
        settleRowIds(number, remembered: [:])
        var rows = Vector<RowNumber>()
        swap(&rows, &scratch.rows)
        while plan.waits[number].state.takeDue(at: clock, into: &rows) {}
        swap(&rows, &scratch.rows)
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

    private mutating func settleRowIds(_ number: Number<Waiting>, remembered: WaitingMemory) {
        let (duration, zone) = (plan.waits[number].key.duration, zones[Int(plan.waits[number].key.zone)])
        plan.waits[number].state.settle(at: clock, remembered: remembered) { duration.after($0, in: zone) }
    }
}
