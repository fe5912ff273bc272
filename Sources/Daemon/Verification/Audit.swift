// The audit of a running daemon, all the time and within 2 % of a core, in two ways that take turns. A few records are evaluated by the
// plain evaluator, which shares nothing with the engine but definitions and tables (RecordAudit). And the engine decides anew what it
// keeps, one thing after the other, from what lies beneath that (Engine/Audit): so also what many rows, memory or other audiences decide
// is looked at.
import Engine
import Kafka

struct Audit {
    /// So many rows are visited before the clock is looked at.
    private static let visits = 100

    /// What is wrong.
    enum Finding: Equatable {
        /// What a record gives to an audience.
        case record(campaign: String, audience: String)
        /// What is kept.
        case kept(Drift)
    }

    /// What was done since the last report.
    struct Counts: Equatable {
        /// Of records.
        var records = RecordAudit.Counts()
        /// Of what is kept.
        var kept = AuditCounts()
        /// How much was wrong of either.
        var drift = 0
    }

    private(set) var records = RecordAudit()
    private var kept = AuditCounts()
    private var drift = 0
    /// What earlier reports have said, together.
    private var reported = (rows: 0, drift: 0)
    /// The round at hand.
    private var walk: AuditWalk?
    private var nextRound = Deadline(after: .zero)
    private var nextReport = Deadline(after: Patience.auditReport)
    private var isRecordsTurn = false

    /// Looks at a few things until a deadline, or until there is nothing left of a round. Returns the first that is wrong. Changes and time
    /// are committed before.
    mutating func look(at machine: StateMachine, until deadline: Deadline) -> Finding? {
        if machine.hasChanges { return nil }
        isRecordsTurn.toggle()
        for isOfRecords in [isRecordsTurn, !isRecordsTurn] {
            let found = isOfRecords ? lookAtRecords(machine, deadline) : lookAtKept(machine, deadline)
            if let found {
                drift += 1
                return found
            }
            if deadline.hasPassed { return nil }
        }
        return nil
    }

    private mutating func lookAtRecords(_ machine: StateMachine, _ deadline: Deadline) -> Finding? {
        records.look(at: machine, until: deadline).map { .record(campaign: $0.campaign, audience: $0.audience) }
    }

    private mutating func lookAtKept(_ machine: StateMachine, _ deadline: Deadline) -> Finding? {
        if walk == nil {
            guard nextRound.hasPassed else { return nil }
            nextRound = Deadline(after: Patience.auditRound)
            walk = machine.engine.beginAudit()
        }
        guard var walk else { return nil }
        var found: Drift?
        repeat {
            found = machine.engine.audit(&walk, visiting: Audit.visits)
        } while found == nil && !walk.isThrough && !deadline.hasPassed
        kept.add(walk.takeCounts())
        self.walk = walk.isThrough ? nil : walk
        return found.map { .kept($0) }
    }

    /// How many records were evaluated anew and decisions made anew since the beginning, and how much was wrong.
    var total: (rows: Int, drift: Int) {
        (reported.rows + records.counts.records + kept.decisions, reported.drift + drift)
    }

    /// What was done since the last report.
    var counts: Counts { Counts(records: records.counts, kept: kept, drift: drift) }

    /// What is said now and then: how much was looked at since the last time. nil: it is not time yet.
    mutating func takeReport() -> Counts? {
        guard nextReport.hasPassed else { return nil }
        nextReport = Deadline(after: Patience.auditReport)
        defer {
            reported = total
            records.forgetCounts()
            (kept, drift) = (AuditCounts(), 0)
        }
        return counts
    }
}
