// The commit loop: take what has come, apply it, and publish the difference with the journal record in one transaction. Control events
// that have come go before changes; each definition is a commit of its own (contract §4).
//
// Three threads work on successive batches: this one reads and decodes, `committing` applies and encodes (Commits), `publishing` waits for
// Kafka (Transactions). Control events, time and snapshots are handled on this one, once `committing` has nothing in hand.
import Engine
import Kafka
import Wire

/// One life of the loop, which a process may have several of: from the journal to the last commit, then live. It ends with a stop, or with
/// what makes another start necessary.
struct CommitLoop: ~Copyable {
    let configuration: Configuration
    let topics: Topics
    let fingerprint: JournalRecord.Fingerprint
    let machine: StateMachine
    var inputs: Inputs
    let watch: InputWatch
    let sink: any CommitSink
    let commits: Commits
    let committing: Stage<InputBatch>
    let publishing: Stage<TransactionPart>
    /// nil where there is no data directory (the demo).
    let snapshots: SnapshotKeeper?
    /// nil there too.
    let checkpoints: Checkpoints?
    let transactions: Transactions
    /// nil: nobody asks.
    let planMaker: PlanMaker?
    /// nil: nobody asks.
    let interface: Interface?
    var barriers = Barriers()
    /// Some are reached, and wait for the last of what was decided.
    var isBarrierPending = false
    var ignored = IgnoredInput()
    var audit = Audit()
    var nextAudit = Deadline(after: Patience.auditPause)
    var nextRepair = Deadline(after: .zero)
    /// Until when changes are expected that would wait behind what is being said.
    var othersChange = Deadline(after: .zero)
    var clock: WallClock
    var memoryWatch: MemoryWatch
    let metrics: Metrics
    /// What the metrics were told last, and when they are told again.
    var told = ToldMetrics()
    /// With `clock: events`, the largest record timestamp seen.
    var eventClock = Int64.min
    /// One is being filled; the others wait for the committing thread, or are in its hands.
    let batches: [InputBatch]
    var current = 0
    var controlBatch = RecordBatch()

    /// The journal's records from the first, or from the checkpoint on; emptied by `replay`.
    var records: [JournalRecord]
    /// What members are compared with when the journal is through; nil when it is repeated exactly.
    var committedMembers: CommittedMembersReader?

    /// `last`: where the last of the records stands, or the commit of the checkpoint.
    init(
        _ configuration: Configuration, _ topics: Topics, _ fingerprint: JournalRecord.Fingerprint, _ machine: StateMachine,
        _ sink: any CommitSink, _ inputs: consuming Inputs, _ watch: InputWatch, _ snapshots: SnapshotKeeper?, _ checkpoints: Checkpoints?,
        _ records: [JournalRecord], last: JournalPlace?, _ workers: Workers, _ memory: ProcessMemory?, _ metrics: Metrics,
        _ interface: Interface?
    ) {
        self.metrics = metrics
        let budget = configuration.memoryBudget
        self.configuration = configuration
        self.topics = topics
        self.sink = sink
        let wakeUp = inputs.wakeUp
        self.inputs = inputs
        self.watch = watch
        self.snapshots = snapshots
        self.checkpoints = checkpoints
        self.records = records
        self.fingerprint = fingerprint
        self.interface = interface
        planMaker = interface.map { PlanMaker($0.plans, configuration, workers, memory) }
        let transactions = Transactions(sink, last: last, metrics, interface)
        self.transactions = transactions
        let publishing = Stage<TransactionPart>(
            maximumWaiting: 8, maximumBytes: budget.outputBytes, bytes: \.byteCount, workers: workers,
            whenDone: wakeUp.signal
        ) { parts in
            try transactions.publish(parts)
        }
        let commits = Commits(machine, fingerprint: fingerprint, transactions: publishing, interface: interface)
        self.machine = machine
        self.publishing = publishing
        self.commits = commits
        committing = Stage(workers: workers, whenDone: wakeUp.signal) { batches in for batch in batches { try commits.take(batch) } }
        batches = (0..<3).map { _ in InputBatch(budget) }
        memoryWatch = MemoryWatch(memory, memoryBytes: configuration.memoryBytes)
        clock = WallClock(maximumStep: configuration.clockStep)
    }

    /// The batch that is being filled.
    var batch: InputBatch { batches[current] }

    /// SIGTERM before the start was through.
    struct Stopped: Error {}

    /// A start that failed half way leaves no threads behind.
    deinit {
        committing.close()
        publishing.close()
        watch.close()
    }

    mutating func close() {
        interface?.end()
        UnderWay.begin("closing the connections to Kafka")
        committing.close()
        publishing.close()
        watch.close()
        snapshots?.close()
        planMaker?.close(machine)
        checkpoints?.giveUp(machine)
        try? sink.abort()
        sink.close()
        inputs.close()
    }
}

extension CommitLoop {
    /// Runs until `shouldStop` says so, which is asked at every tick.
    mutating func run(shouldStop: () -> Bool) throws {
        // What the journal's definitions let begin needs no line.
        beginTopics()
        // "At every start this topic is read up to its end, as it was at that moment, before any change that is not committed yet."
        try takeControl(upTo: try inputs.controlEnd())
        for (topic, table) in inputs.waitingTopics {
            let schema = table.map { "the schema of \($0)" } ?? "a schema"
            Log.information(.topicWaits, "a topic waits for \(schema); nothing of it is read until that is published", ["topic": topic])
        }
        noteReadings()
        var nextReport = Deadline(after: Patience.positions)
        var isReported = true
        while !shouldStop() {
            try gather()
            try publishing.check()
            try growInputs()
            let tookControl = try takeControl()
            let tookChanges = try takeChanges()
            if !tookControl && !tookChanges { try moveOn() }
            let passedEnds = try passEnds()
            if tookControl || tookChanges || passedEnds { isReported = false }
            try serveSnapshots()
            try takeAuditSlice()
            try serveCheckpoint()
            try servePlan()
            try lookAtMemory()
            try tellMetrics()
            if !isReported && nextReport.hasPassed {
                try finish()
                inputs.reportPositions()
                noteReadings()
                nextReport = Deadline(after: Patience.positions)
                isReported = true
            }
        }
        try finish()
        try finishSnapshots()
        // Their announcements moved the clock.
        try sayLast()
        try takeLastCheckpoint()
        if !isReported { inputs.reportPositions() }
        ignored.tellCounts(machine.changes)
    }

    /// Whether somebody waits for an answer.
    private var isQuestioned: Bool { isPlanWaiting || interface?.questions.isWaiting ?? false }

    /// How many commits may wait for a transaction while what was decided is said: what comes meanwhile waits behind them.
    private var commitsAhead: Int { othersChange.hasPassed ? 3 : 1 }

    /// Fills the batch with changes as they come, until it may go. While a commit is under way they wait for the next one, unless there
    /// is enough to work on already: batches grow with the load, and the journal has one record for each.
    mutating func gather() throws {
        let batch = batch
        let tick = Deadline(after: Patience.tick)
        while true {
            inputs.listen()
            try inputs.takeChanges(into: &batch.records)
            if inputs.isEnough(batch.records) { return }
            // In this order: what the first hands over is the second's before it is idle.
            let isFree = committing.isIdle && publishing.isIdle
            // While something waits to be said the next commits are made beside the transaction of the last.
            if committing.isIdle && publishing.waitingCount < commitsAhead && machine.isEmitting { return }
            if isFree && (batch.records.count > 0 || inputs.hasNews || tick.hasPassed || isQuestioned) { return }
            if committing.isIdle && BrokerReach.current.isAway, let questions = interface?.questions, questions.isWaiting {
                // Of what is committed: that goes on without Kafka.
                try committing.finish()
                questions.answer(machine, isIdle: false)
            }
            inputs.waitForSignal(isFree ? tick.remaining : Patience.tick)
        }
    }

    /// What was decided is said before a stop, if that does not take long; else the next start goes on with it.
    private func sayLast() throws {
        let deadline = Deadline(after: Patience.lastEvents)
        UnderWay.begin("saying what was decided")
        while machine.isEmitting && !deadline.hasPassed {
            machine.commit()
            try commits.endCommit(control: nil, changes: [])
            try commits.handOver()
        }
        try finish()
        UnderWay.end()
    }

    /// Waits until everything applied is committed: then the state machine, and what the sink says, are this thread's.
    func finish() throws {
        try committing.finish()
        try commits.handOver()
        try publishing.finish()
    }

    // Time.

    /// Nothing came: time may still change something, what was decided is said, and now and then an empty commit is due.
    private mutating func moveOn() throws {
        try committing.finish()
        if machine.engine.clock == Int64.min { metrics.health.waitsForTime() }
        if machine.isEmitting {
            batch.clock = nextClock()
            return try commitBatch()
        }
        try commits.moveClock(nextClock())
        if commits.isHandedOver && machine.engine.clock != Int64.min && commits.nextHeartbeat.hasPassed {
            machine.beat()
            try commits.endCommit(control: nil, changes: [])
        }
        try commits.handOver()
        interface?.questions.answer(machine, isIdle: true)
    }

    /// The clock of the next commit; `newest` is the largest timestamp that it takes in and that may move the clock.
    mutating func nextClock(_ newest: Int64 = .min) -> Int64 {
        switch configuration.clock {
        case .wall:
            defer { tellClockStep() }
            return clock.now()
        case .events:
            eventClock = max(eventClock, newest)
            return eventClock
        }
    }

    /// The largest timestamp of some records that is not too far ahead of the wall clock.
    func newest(of batch: borrowing RecordBatch, _ records: Range<Int>) -> Int64 {
        let limit = configuration.clockAhead.map { wallMilliseconds() + $0.components.seconds * 1000 } ?? Int64.max
        var newest = Int64.min
        for number in records where batch[number].timestampMilliseconds <= limit {
            newest = max(newest, batch[number].timestampMilliseconds)
        }
        return newest
    }
}
