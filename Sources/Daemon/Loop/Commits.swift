// The middle of the loop's pipeline: turns decoded batches into commits, and hands their outputs and journal records to the
// transactions. Reading and decoding (CommitLoop) go on meanwhile; whatever is no row change waits until this is done.
import Campaigns
import Engine
import Kafka
import Wire

/// `@unchecked Sendable`: one thread at a time has it, its stage's while a batch is in hand and the loop's in between.
final class Commits: @unchecked Sendable {
    let machine: StateMachine
    private let transactions: Stage<TransactionPart>
    private let fingerprint: JournalRecord.Fingerprint
    /// nil: nobody asks.
    private let interface: Interface?
    /// The journal's commits are repeated: nothing is sent, and where campaigns start or end is in its records.
    private(set) var isReplaying = true
    /// What is repeated is what was committed; else it is compared with that at the end.
    var isExact = true
    /// How many events of what is large each commit says once the journal is through.
    var eventsPerCommit = Limits.eventsPerCommit
    /// When an empty commit is due, unless something is handed over until then.
    private(set) var nextHeartbeat = Deadline(after: Patience.heartbeat)
    /// Reached barriers, which the commit carries that says the last of what was decided: the same one when the journal is repeated.
    private(set) var barriers: ReachedBarriers?
    /// Whether the commit that is repeated left something to say, whatever this program would.
    private var leavesEvents = false
    /// What rows were counted before, for the metrics.
    private var rows = RowTotals()
    private var nextGauges = Deadline(after: .zero)
    /// Where looking at rejected rows goes on.
    private var nextAudience = 0
    /// Journal records of the commits since.
    private var journal: [TransactionPart.JournalEntry] = []

    init(
        _ machine: StateMachine, fingerprint: JournalRecord.Fingerprint, transactions: Stage<TransactionPart>, interface: Interface?
    ) {
        self.interface = interface
        self.machine = machine
        self.fingerprint = fingerprint
        self.transactions = transactions
    }

    /// The journal is through: what is committed from now on is published.
    func endReplay() {
        isReplaying = false
        machine.eventsPerCommit = eventsPerCommit
        machine.tellsInSlices = true
        nextHeartbeat = Deadline(after: Patience.heartbeat)
        _ = machine.takeCounts()
        _ = rows.take(machine.engine.rowCounts)
    }

    /// Whether everything that was committed is handed over.
    var isHandedOver: Bool { journal.isEmpty }

    /// Commits a batch of changes, hands that over, and empties the batch.
    func take(_ batch: InputBatch) throws {
        if let record = batch.repeated { expect(record) } else { machine.eventsPerCommit = batch.eventLimit ?? eventsPerCommit }
        try stopOnTheWay(to: batch.clock)
        machine.apply(batch.decoded, clock: batch.clock)
        machine.commit()
        reach(batch.barriers)
        try endCommit(control: nil, changes: batch.ranges)
        if let record = batch.repeated { try checkRepeated(record) }
        machine.count { $0.take(batch) }
        batch.removeAll()
        if barriers != nil && !isReplaying { try sayAll() }
        try handOver()
        if !isReplaying { interface?.questions.answer(machine, isIdle: false) }
    }

    /// Barriers are reached with the commit that is about to end.
    func reach(_ reached: ReachedBarriers?) {
        guard let reached, barriers != nil || !reached.ids.isEmpty else { return }
        barriers = ReachedBarriers(ids: (barriers?.ids ?? []) + reached.ids, positions: reached.positions)
    }

    /// Commits until all that was decided is said.
    func sayAll() throws {
        precondition(!isReplaying, "the journal has those commits")
        while machine.isEmitting {
            ServiceManager.current.progress("saying what was decided")
            try handOver()
            machine.commit()
            try endCommit(control: nil, changes: [])
        }
    }

    /// The commit of a journal record comes next.
    func expect(_ record: JournalRecord) {
        // Where members are compared with what was committed at the end, nobody asks what waited when.
        machine.eventsPerCommit = isExact ? record.share?.limit ?? .max : .max
        machine.tellsInSlices = isExact && record.share?.isSliced ?? false
        leavesEvents = record.share?.leavesEvents ?? false
    }

    /// Throws when repeating the journal did not end in its commit.
    func checkRepeated(_ record: JournalRecord) throws(DaemonFailure) {
        let isSame =
            machine.lastLimit == record.share?.limit && machine.isEmitting == leavesEvents
            && machine.lastWasSliced == record.share?.isSliced ?? false
        guard machine.sequence == record.sequence, isSame || !isExact else {
            throw DaemonFailure(
                .fault, "the journal's commit \(record.sequence) became \(machine.sequence) when repeated: this program does not repeat it")
        }
    }

    /// Moves the clock, and commits what that changes: time comes before control.
    func moveClock(_ clock: Int64) throws {
        try stopOnTheWay(to: clock)
        machine.advance(to: clock)
        if isReplaying && !isExact {
            // Of rows that are gone, or by other rules, time may change what it did not change then: the journal has no commit of that.
            machine.settle()
        } else if machine.hasChanges {
            machine.commit()
            try endCommit(control: nil, changes: [])
        } else {
            machine.forgetDue()
        }
    }

    /// "Both instants are commits of their own": where campaigns start or end on the clock's way to an instant, a commit is made at the
    /// clock of that. The journal has them as records, which repeat them.
    private func stopOnTheWay(to instant: Int64) throws {
        if isReplaying { return }
        for stop in machine.engine.commitInstants(until: instant) {
            // Who starts or ends there does so when what came before is decided.
            try decideAll()
            machine.commit(at: stop)
            try endCommit(control: nil, changes: [])
        }
    }

    /// Commits until all that an instant has changed is decided.
    func decideAll() throws {
        precondition(!isReplaying, "the journal has those commits")
        while machine.engine.isCrossing {
            machine.commit()
            try endCommit(control: nil, changes: [])
        }
    }

    /// Follows all campaigns anew, in a commit at the engine's clock.
    func repair() throws {
        if !isReplaying { try decideAll() }
        machine.repair()
        try endCommit(control: nil, changes: [], isRepair: true)
    }

    /// Says how members differ from those that were committed, in a commit at the engine's clock. Returns the number of its events.
    func reconcile(with committed: [String: CommittedMembers]) throws -> Int {
        let before = machine.engine.statistics.memberEvents
        // The last commit of others may have left something to say, and nobody knows of which audience.
        machine.reconcile(with: committed, completes: leavesEvents)
        try endCommit(control: nil, changes: [], isRepair: true)
        return machine.engine.statistics.memberEvents - before
    }

    /// Notes the journal record of the commit just made. "Barriers … wait for the last": where nothing waits any more they end a part.
    func endCommit(
        control: JournalRecord.Range?, changes: [JournalRecord.Range], snapshots announced: [JournalRecord.Announcement] = [],
        isRepair: Bool = false
    ) throws {
        if isReplaying {
            machine.output.removeAll()
            if !leavesEvents { barriers = nil }
            return
        }
        let record = JournalRecord(
            sequence: machine.sequence, clock: machine.engine.clock, control: control, changes: changes, snapshots: announced,
            isRepair: isRepair,
            share: machine.lastLimit.map {
                JournalRecord.Share(limit: $0, leavesEvents: machine.isEmitting, isSliced: machine.lastWasSliced)
            }, fingerprint: fingerprint)
        journal.append((record.sequence, record.encoded))
        if barriers != nil && !machine.isEmitting { try handOver() }
    }

    /// What the commits since the last time add to the metrics. Now and then it is looked at what is held, too.
    private func takeCounts() -> CommitCounts {
        var counts = machine.takeCounts()
        counts.rows = rows.take(machine.engine.rowCounts)
        if nextGauges.hasPassed {
            nextGauges = Deadline(after: Patience.gauges)
            counts.held = HeldCounts(of: machine.engine, rejectedFrom: &nextAudience)
        }
        return counts
    }

    /// Hands over the commits since the last time.
    func handOver() throws {
        guard !journal.isEmpty else { return }
        let reached = machine.isEmitting ? nil : barriers
        if reached != nil { barriers = nil }
        let part = TransactionPart(
            output: machine.takeOutput(), journal: journal, barriers: reached.map(machine.events),
            change: machine.summarizes ? machine.takeChange() : nil, counts: takeCounts())
        journal = []
        nextHeartbeat = Deadline(after: Patience.heartbeat)
        try transactions.start(part)
    }
}
