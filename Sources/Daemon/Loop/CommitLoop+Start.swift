// How the commit loop comes to where the last commit stood: what is there and fits, who else writes, and the journal's commits once more.
import Campaigns
import Kafka
import Wire

extension CommitLoop {
    /// Another process began to write while this one started, and is fenced by now: it may have read topics and partitions that were not
    /// there when this start asked for them, so the start begins again.
    struct WrittenMeanwhile: Error, CustomStringConvertible {
        var description: String { "another process took over while this one started" }
    }

    /// Starts up: topics, journal, fencing, takeover, inputs. `replay` comes next. `rebuilt` are topics of which the journal's records
    /// cannot be read again (`CompactedAway`). `eventsPerCommit`: of commits that are no repeated ones. `isFirst`: nothing of the process
    /// has been ready, so it may end where its state has no room.
    static func start(
        _ configuration: Configuration, in surroundings: Surroundings, instance: inout Instance, rebuilding rebuilt: Set<String> = [],
        eventsPerCommit: Int = Limits.eventsPerCommit, isFirst: Bool = true
    ) throws -> CommitLoop {
        surroundings.metrics.health.starts()
        let source = surroundings.source
        let topics = Topics(configuration)
        let fingerprint = JournalRecord.Fingerprint(timezones: surroundings.timeZones.version, mapping: .init(topics.mapping))
        let checkpoints = configuration.data.isEmpty ? nil : Checkpoints(configuration, surroundings)
        UnderWay.begin("looking for the newest checkpoint")
        let newest = try checkpoints?.open(fingerprint)
        if let newest, isFirst { try checkpoints?.requireRoom(for: newest) }
        UnderWay.begin("asking for the topics")
        let facts = try source.facts(of: topics) { try mentionedInputs(topics, source, newest) }
        // A start before this one may have met nobody; what keeps the daemon from being ready is the journal now.
        BrokerReach.current.answered()
        let partitionCounts = facts.partitionCounts
        let limits = try facts.outputLimits(topics, maximumSentBytes: source.maximumSentBytes)
        let asker = try source.asker()
        UnderWay.begin("loading the newest checkpoint")
        let loaded = try newest.flatMap { try checkpoints?.load($0, limits) }
        UnderWay.begin("reading the journal")
        var journal = try JournalReader(source, topic: topics.journal, after: loaded?.place, by: loaded?.program)
        try journal.readCommitted()
        try journal.requireBase()
        try instance.look(at: journal.lastTakeover)
        let writer = journal.lastTakeover?.offset
        // A predecessor is fenced before it is read where it got to; a successor of this process must not be.
        UnderWay.begin("taking over from a predecessor")
        let sink = try surroundings.makeSink(topics, facts, Takeover(by: instance.name, with: Program.text())) {
            try journal.readToEnd()
            try instance.takeOver(after: journal.lastTakeover)
            guard journal.lastTakeover?.offset == writer else { throw WrittenMeanwhile() }
            return try outputEnds(topics, partitionCounts, asker)
        }
        let records = journal.takeRecords()
        var committedMembers: CommittedMembersReader?
        if let reason = reasonToReconcile(loaded, records, fingerprint, rebuilt: rebuilt) {
            Log.warning(.reconciling, "members are compared with those that were committed", ["because": reason])
            let topic = topics.name(.members)
            committedMembers = try CommittedMembersReader(
                source, topic: topic, partitionCount: partitionCounts[topic] ?? 0, asker,
                configuration.memoryBudget)
        }
        let partitions = try partitions(topics, partitionCounts, loaded?.loop.inputs ?? [], facts.compacted, records, asker)
        var inputs = try Inputs(
            source, partitions: partitions, budget: configuration.memoryBudget, compacted: facts.compacted, rebuilt: rebuilt, asker: asker)
        // Before the records last read: a topic that was made anew says so more plainly.
        let watch = try InputWatch(
            source, known: loaded?.loop.anchors ?? [], workers: surroundings.workers, metrics: surroundings.metrics)
        try inputs.verify(loaded?.loop.inputs ?? [])
        let snapshots =
            configuration.data.isEmpty
            ? nil : try SnapshotKeeper(configuration, in: surroundings.files, workers: surroundings.workers)
        let machine =
            loaded?.machine
            ?? StateMachine(
                group: configuration.group, limits: limits, zoneNames: surroundings.timeZones.names, zone: surroundings.timeZones.rules)
        // Before the journal is repeated: it is a function of the commits.
        if machine.past == nil { machine.past = Past() }
        var loop = CommitLoop(
            configuration, topics, fingerprint, machine, sink, inputs, watch, snapshots, checkpoints, records, last: journal.last,
            surroundings.workers, surroundings.memory, surroundings.metrics, surroundings.interface)
        loop.commits.isExact = committedMembers == nil
        loop.commits.eventsPerCommit = min(eventsPerCommit, configuration.memoryBudget.eventsPerCommit)
        loop.committedMembers = committedMembers
        if let facts = loaded?.loop { loop.restore(facts) }
        return loop
    }

    /// The input topics that were read from, as the newest checkpoint and the journal say.
    private static func mentionedInputs(
        _ topics: Topics, _ source: any Source, _ newest: Checkpoints.Opened?
    ) throws -> Set<String> {
        var journal = try JournalReader(source, topic: topics.journal, after: newest?.place, by: newest?.program, isWhole: false)
        try journal.readCommitted()
        let read = journal.takeRecords().flatMap { record in record.ranges.map { $0.topic ?? topics.control } }
        return Set(read + (newest?.contents.loop.inputs.map(\.topic) ?? []))
    }

    /// Where the output partitions end before anything is written.
    private static func outputEnds(
        _ topics: Topics, _ partitionCounts: [String: Int], _ asker: any SourceReader
    ) throws -> TopicOffsets {
        var ends: TopicOffsets = [:]
        for topic in OutputTopic.allCases {
            let name = topics.name(topic)
            for partition in 0..<Int32(partitionCounts[name] ?? 0) {
                ends[name, default: [:]][partition] = try asker.watermarks(topic: name, partition: partition, timeout: Patience.answer).high
            }
        }
        return ends
    }

    /// The input partitions, each from where a checkpoint says that it was read to, from the first offset that the journal mentions, or
    /// from its beginning.
    private static func partitions(
        _ topics: Topics, _ partitionCounts: [String: Int], _ known: [LoopFacts.Input], _ compacted: Set<String>,
        _ records: [JournalRecord], _ asker: any SourceReader
    ) throws -> [Inputs.Partition] {
        var wanted = [Inputs.Partition(topic: topics.control, table: nil, number: 0, position: -1, isWaiting: false)]
        for change in topics.changes {
            for number in 0..<Int32(partitionCounts[change.name] ?? 0) {
                wanted.append(Inputs.Partition(topic: change.name, table: change.table, number: number, position: -1, isWaiting: true))
            }
        }
        var ends = [Int64](repeating: 0, count: wanted.count)
        func place(of name: String, _ partition: Int32) throws -> Int {
            if let place = wanted.firstIndex(where: { $0.topic == name && $0.number == partition }) { return place }
            if partitionCounts[name] != nil { throw InputFailure.gone(name) }
            throw DaemonFailure(
                .data, "\(name)/\(partition) was read, and is no input now", hint: "put it back into topics.changes")
        }
        for input in known {
            let place = try place(of: input.topic, input.partition)
            wanted[place].position = input.position
            wanted[place].journaled = input.journaled
            // Compaction takes records out of what was read: there the anchors must do.
            wanted[place].last = compacted.contains(input.topic) ? nil : input.last
            ends[place] = input.position
        }
        for record in records {
            for range in record.ranges {
                let place = try place(of: range.topic ?? topics.control, range.partition)
                if wanted[place].position < 0 { wanted[place].position = range.from }
                ends[place] = max(ends[place], range.to)
            }
        }
        for place in wanted.indices {
            let (topic, number, position) = (wanted[place].topic, wanted[place].number, wanted[place].position)
            let (low, high) = try asker.watermarks(topic: topic, partition: number, timeout: Patience.answer)
            if position < 0 {
                if place == Inputs.control && low > 0 {
                    throw DaemonFailure(
                        .data, "control topic \(topic) begins at offset \(low), so definitions are missing",
                        hint: "it must be kept for ever")
                }
                wanted[place].position = low
                wanted[place].journaled = low
            } else if low > position {
                throw InputFailure.begins(topic, number, at: low, neededFrom: position)
            } else if high < ends[place] {
                throw InputFailure.ends(topic, number, at: high, readUpTo: ends[place])
            } else if let last = wanted[place].last, low <= last.from {
                // To be read once more, and compared (`Inputs.verify`).
                wanted[place].position = last.from
            }
            wanted[place].taken = wanted[place].position
        }
        return wanted
    }

    /// Goes on where a checkpoint ended.
    private mutating func restore(_ facts: LoopFacts) {
        eventClock = facts.eventClock
        for barrier in facts.barriers { barriers.add(barrier) }
        snapshots?.restore(announced: facts.announced, isOwed: facts.owesSnapshots)
    }

    // The journal.

    /// Repeats the journal's commits and emits nothing: then the state is that of the last commit.
    mutating func replay(shouldStop: () -> Bool) throws {
        let started = monotonicNanoseconds()
        var nextReport = Deadline(after: Patience.replayReport)
        var rows = 0
        UnderWay.begin("repeating the journal's \(records.count) commits")
        for number in records.indices {
            try repeatCommit(records[number])
            try lookAtMemory()
            ServiceManager.current.progress("repeating commit \(number + 1) of \(records.count)")
            metrics.repeated(number + 1, of: records.count)
            rows += records[number].changes.reduce(0) { $0 + $1.records }
            if nextReport.hasPassed {
                nextReport = Deadline(after: Patience.replayReport)
                Log.information(
                    .replaying, "replaying", ["commits": "\(number + 1)/\(records.count)", "rows": String(rows)])
            }
            if shouldStop() { throw Stopped() }
        }
        try committing.finish()
        try applyRemains()
        commits.endReplay()
        beginMetrics()
        try reconcile()
        try snapshots?.begin(machine)
        UnderWay.end()
        BrokerReach.current.answered()
        Log.information(
            .ready, "ready",
            [
                "sequence": String(machine.sequence), "commits_replayed": String(records.count),
                "duration_ms": String((monotonicNanoseconds() - started) / 1_000_000),
            ])
        records = []
        ignored.tellNewMembers(machine.changes.ignoredMembers)
        metrics.health.lives(at: machine.sequence)
        // What a reconciliation said is shown once it is committed.
        try publishing.finish()
        interface?.begin(machine, inputs.wakeUp, controlOffset: inputs.controlPosition)
        ServiceManager.current.ready("following the inputs")
    }

    /// Repeats the commit of a journal record.
    mutating func repeatCommit(_ record: JournalRecord) throws {
        eventClock = max(eventClock, record.clock)
        if let range = record.control {
            try committing.finish()
            controlBatch.removeAll()
            commits.expect(record)
            // Of changes it has only ranges without records: what a barrier was reached by.
            for range in record.changes { try inputs.read(range, of: record, into: &controlBatch) }
            try inputs.read(range, of: record, into: &controlBatch)
            try handleControl(0, clock: record.clock, wasRefused: range.isRefused)
            machine.changes.expectNewDefinitions()
            try commits.checkRepeated(record)
        } else if record.isRepair {
            try committing.finish()
            commits.expect(record)
            machine.advance(to: record.clock)
            try commits.repair()
            try commits.checkRepeated(record)
        } else {
            let batch = batch
            for range in record.changes { try inputs.read(range, of: record, into: &batch.records) }
            decode()
            batch.clock = record.clock
            batch.repeated = record
            try startCommit(takeReachedBarriers())
        }
        snapshots?.note(record.snapshots)
    }
}
