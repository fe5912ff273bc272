// What the loop tells the metrics beside what its commits do: where it begins, and what hangs on no commit.
import Campaigns
import Engine
import Kafka
import Wire

/// What the metrics were told last.
struct ToldMetrics {
    fileprivate var next = Deadline(after: .zero)
    fileprivate var audit = (rows: 0, drift: 0)
    fileprivate var clockStep: Int64 = 0
    private var ignoredMembers: [String: Int] = [:]
    /// Audiences that wait for a snapshot, as far as they have been looked at, and the next one.
    fileprivate var pending = (found: 0, next: 0)
    /// The campaign whose transitions were counted last, and when the next is looked at.
    fileprivate var transitions = (last: "", next: Deadline(after: .zero))

    /// Notes in a batch how many members of rows were ignored in it: what was counted of a table since the batch before.
    mutating func note(_ counts: [(table: String, count: Int)], in batch: InputBatch) {
        for (table, count) in counts {
            let before = ignoredMembers.updateValue(count, forKey: table) ?? 0
            if count > before { batch.ignoredMembers[table] = count - before }
        }
    }

    /// What the journal's rows had counts for nothing.
    fileprivate mutating func skip(_ counts: [(table: String, count: Int)]) {
        for (table, count) in counts { ignoredMembers[table] = count }
    }
}

extension CommitLoop {
    /// So many audiences are looked at at once.
    private static let audiencesAtOnce = 500

    /// The journal is through: what there is now is where counting begins.
    mutating func beginMetrics() {
        let machine = machine
        told.skip(machine.changes.ignoredMemberCounts)
        var next = 0
        let audiences = (0..<machine.engine.audienceCount).map { number in
            let state = machine.engine.audience(number)
            return CommitCounts.AudienceChange(
                number: number, id: state.id, size: state.size, rejected: state.rejected, isRetired: state.isRetired,
                clock: machine.engine.clock)
        }
        let rows = machine.engine.rowCounts.map { CommitCounts.Rows(table: $0.table, held: $0.held, applied: 0, stale: 0) }
        metrics.begin(
            audiences: audiences, rows: rows, held: HeldCounts(of: machine.engine, rejectedFrom: &next), clock: machine.engine.clock,
            followsWallClock: configuration.clock == .wall)
        tellUpkeep()
    }

    /// Tells now and then what hangs on no commit.
    mutating func tellMetrics() throws {
        guard told.next.hasPassed, committing.isIdle else { return }
        told.next = Deadline(after: Patience.gauges)
        try committing.finish()
        let total = audit.total
        metrics.audited(rows: total.rows - told.audit.rows, drift: total.drift - told.audit.drift)
        told.audit = total
        countPendingSnapshots()
        try countTransitions()
        tellUpkeep()
    }

    /// Counts the rows of the next campaign's transitions, if that is asked for. However long that takes, the next is looked at so late
    /// that it stays a small part of a core.
    private mutating func countTransitions() throws {
        guard configuration.metrics.transitions, told.transitions.next.hasPassed else { return }
        try finish()
        if machine.hasChanges || machine.isEmitting { return }
        let start = monotonicNanoseconds()
        let followed = machine.engine.followedCampaigns
        for campaign in Set(metrics.campaignsWithTransitions).subtracting(followed) { metrics.transitions(of: campaign, nil) }
        if let campaign = followed.first(where: { told.transitions.last < $0 }) ?? followed.first {
            let counts = machine.engine.transitionCounts(of: campaign).map { (transition: $0.key.text, rows: $0.value.rows) }
            metrics.transitions(of: campaign, counts.sorted { $0.transition < $1.transition })
            told.transitions.last = campaign
        }
        let taken = Duration.nanoseconds(Int64(monotonicNanoseconds() - start))
        told.transitions.next = Deadline(after: taken * (Patience.auditPause / Patience.auditSlice))
    }

    private func tellUpkeep() {
        metrics.snapshots(last: snapshots?.lastWritten, pending: nil)
        metrics.checkpoint(checkpoints?.newestFacts, failure: checkpoints?.newestFailure)
    }

    /// Looks at some audiences; once all were looked at, how many wait is told.
    private mutating func countPendingSnapshots() {
        guard let snapshots else { return }
        let count = machine.engine.audienceCount
        let end = min(count, told.pending.next + Self.audiencesAtOnce)
        for audience in told.pending.next..<max(end, told.pending.next) where snapshots.isDue(audience, machine) { told.pending.found += 1 }
        told.pending.next = end
        guard end == count else { return }
        metrics.snapshots(last: nil, pending: told.pending.found)
        told.pending = (0, 0)
    }

    /// A step of the wall clock that is not taken must be seen (contract §7).
    mutating func tellClockStep() {
        if clock.stepMilliseconds == told.clockStep { return }
        told.clockStep = clock.stepMilliseconds
        metrics.clockStands(off: clock.stepMilliseconds)
    }

    // What is counted of records.

    func reading(of range: JournalRecord.Range, _ records: Range<Int>, _ batch: borrowing RecordBatch) -> CommitCounts.Reading {
        let last = batch.timestampMilliseconds(of: records.upperBound - 1)
        return CommitCounts.Reading(
            topic: range.topic ?? topics.control, partition: range.partition, records: range.records,
            bytes: batch.byteCount(of: records), end: range.to, lastTimestamp: last < 0 ? nil : last)
    }

    /// Notes when some records of a batch came; neighbours mostly came in the same millisecond.
    func noteArrivals(of records: Range<Int>, in batch: InputBatch) {
        var (timestamp, count) = (Int64.min, 0)
        for number in records {
            let next = batch.records.timestampMilliseconds(of: number)
            if next == timestamp {
                count += 1
                continue
            }
            if count > 0 && timestamp >= 0 { batch.arrivals.append(.init(timestamp: timestamp, records: count)) }
            (timestamp, count) = (next, 1)
        }
        if count > 0 && timestamp >= 0 { batch.arrivals.append(.init(timestamp: timestamp, records: count)) }
    }
}
