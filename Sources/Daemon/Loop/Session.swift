// One life of the daemon's loop: from the journal to the last commit, then live. It ends with a stop, or with what makes another start
// necessary; the loop itself is in CommitLoop.swift.
import Campaigns
import Engine
import Kafka
import Wire

struct Session: ~Copyable {
    let configuration: Configuration
    let topics: Topics
    private let fingerprint: JournalRecord.Fingerprint
    let processor: Processor
    var inputs: Inputs
    let sink: any CommitSink
    let commits: Commits
    let committing: Stage<InputBatch>
    let publishing: Stage<TransactionPart>
    /// nil where there is no data directory (the demo).
    let snapshots: SnapshotKeeper?
    var barriers = Barriers()
    var clock: WallClock
    /// With `clock: events`, the largest record timestamp seen.
    var eventClock = Int64.min
    /// One is being filled; the others wait for the committing thread, or are in its hands.
    let batches = (0..<3).map { _ in InputBatch() }
    var current = 0
    var controlBatch = RecordBatch()

    /// The journal's records from the first; emptied by `replay`.
    private var records: [JournalRecord]

    /// Starts up (design, "Start-up"): topics, fencing, journal, inputs. `replay` comes next. `prepare` sees to the topics and says what they
    /// are like.
    static func start(
        _ configuration: Configuration, client: ClientConfiguration, makeSink: (any CommitSink) -> any CommitSink,
        prepare: (Topics) throws -> TopicFacts
    ) throws -> Session {
        let topics = Topics(configuration)
        let facts = try prepare(topics)
        let partitionCounts = facts.partitionCounts
        let limits = try facts.outputLimits(topics, client)
        let asker = try TopicConsumer(configuration: client, group: configuration.group, assignment: [], handlers: kafkaHandlers)
        // Fence a predecessor before reading where it got to.
        let sink = makeSink(
            try KafkaSink(client, group: configuration.group, topics: topics, facts: facts) {
                try outputEnds(topics, partitionCounts, asker)
            })
        let records = try readJournal(client, topics, group: configuration.group)
        let partitions = try partitions(topics, partitionCounts, records, asker)
        let inputs = try Inputs(client, group: configuration.group, partitions: partitions)
        let snapshots = configuration.data.isEmpty ? nil : try SnapshotKeeper(configuration)
        return Session(configuration, topics, limits, sink, inputs, snapshots, records)
    }

    private init(
        _ configuration: Configuration, _ topics: Topics, _ limits: OutputLimits, _ sink: any CommitSink, _ inputs: consuming Inputs,
        _ snapshots: SnapshotKeeper?, _ records: [JournalRecord]
    ) {
        self.configuration = configuration
        self.topics = topics
        self.sink = sink
        self.inputs = inputs
        self.snapshots = snapshots
        self.records = records
        fingerprint = JournalRecord.Fingerprint(timezones: TimeZones.systemVersion, mapping: topics.mapping)
        let processor = Processor(group: configuration.group, limits: limits, zoneNames: TimeZones.names, zone: TimeZones.system)
        let transactions = Transactions(sink, processor)
        let publishing = Stage<TransactionPart>(mostWaiting: 8) { parts in try transactions.publish(parts) }
        let commits = Commits(processor, fingerprint: fingerprint, transactions: publishing)
        self.processor = processor
        self.publishing = publishing
        self.commits = commits
        committing = Stage { batches in for batch in batches { try commits.take(batch) } }
        clock = WallClock(largestStep: configuration.clockStep)
    }

    /// Where the output partitions end before anything is written.
    private static func outputEnds(
        _ topics: Topics, _ partitionCounts: [String: Int], _ asker: borrowing TopicConsumer
    ) throws -> [String: [Int32: Int64]] {
        var ends: [String: [Int32: Int64]] = [:]
        for topic in OutputTopic.allCases {
            let name = topics.name(topic)
            for partition in 0..<Int32(partitionCounts[name] ?? 0) {
                ends[name, default: [:]][partition] = try asker.watermarks(topic: name, partition: partition, timeout: .seconds(30)).high
            }
        }
        return ends
    }

    /// The input partitions, each from the first offset that the journal mentions, or from its beginning.
    private static func partitions(
        _ topics: Topics, _ partitionCounts: [String: Int], _ records: [JournalRecord], _ asker: borrowing TopicConsumer
    ) throws -> [Inputs.Partition] {
        var wanted = [Inputs.Partition(topic: topics.control, table: nil, number: 0, position: -1)]
        for change in topics.changes {
            for number in 0..<Int32(partitionCounts[change.name] ?? 0) {
                wanted.append(Inputs.Partition(topic: change.name, table: change.table, number: number, position: -1))
            }
        }
        for record in records {
            for range in record.changes + (record.control.map { [$0] } ?? []) {
                let name = range.topic ?? topics.control
                guard let place = wanted.firstIndex(where: { $0.topic == name && $0.number == range.partition }) else {
                    throw CommandFailure(
                        .data, "the journal mentions \(name)/\(range.partition), which is no input now; put it back into topics.changes")
                }
                if wanted[place].position < 0 { wanted[place].position = range.from }
            }
        }
        for place in wanted.indices {
            let partition = wanted[place]
            let low = try asker.watermarks(topic: partition.topic, partition: partition.number, timeout: .seconds(30)).low
            if partition.position < 0 {
                if place == Inputs.control && low > 0 {
                    throw CommandFailure(
                        .data, "control topic \(partition.topic) begins at offset \(low), so definitions are missing; it must be kept for ever")
                }
                wanted[place].position = low
            } else if low > partition.position {
                throw CommandFailure(
                    .data,
                    """
                    \(partition.topic)/\(partition.number) begins at offset \(low), but the journal needs it from \(partition.position). The state \
                    of the last commit cannot be rebuilt: restore the topic, or start a new deployment (another `group`, empty output topics), \
                    and keep input topics for ever (retention.ms=-1).
                    """)
            }
        }
        return wanted
    }

    /// Repeats the journal's commits and emits nothing: then the state is that of the last commit.
    mutating func replay(shouldStop: () -> Bool) throws {
        let started = monotonicNanoseconds()
        if let last = records.last, last.fingerprint != fingerprint {
            Log.warning(
                "the program, time zone data or mapping differ from those of the last commit: members committed before may differ from now on",
                ["then": "\(last.fingerprint)", "now": "\(fingerprint)"])
        }
        var shown = started
        var rows = 0
        for number in records.indices {
            try repeatCommit(records[number])
            ServiceManager.current.progress("repeating commit \(number + 1) of \(records.count)")
            rows += records[number].changes.reduce(0) { $0 + $1.records }
            if monotonicNanoseconds() - shown > 5_000_000_000 {
                shown = monotonicNanoseconds()
                Log.information(
                    "replaying", ["commits": "\(number + 1)/\(records.count)", "rows": String(rows)])
            }
            if shouldStop() { throw Stopped() }
        }
        try committing.finish()
        commits.endReplay()
        try snapshots?.begin(processor)
        Log.information(
            "ready",
            [
                "sequence": String(processor.sequence), "commits_replayed": String(records.count),
                "milliseconds": String((monotonicNanoseconds() - started) / 1_000_000),
            ])
        records = []
        ServiceManager.current.ready("at commit \(processor.sequence)")
    }

    /// The batch that is being filled.
    var batch: InputBatch { batches[current] }

    /// SIGTERM before the start was through.
    struct Stopped: Error {}

    /// A start that failed half way leaves no threads behind.
    deinit {
        committing.close()
        publishing.close()
    }

    mutating func close() {
        committing.close()
        publishing.close()
        snapshots?.close()
        try? sink.abort()
        sink.close()
        inputs.close()
    }
}

/// Reads the whole journal. A transaction that hangs before its end was aborted when the producer took over, so the end is near.
private func readJournal(_ client: ClientConfiguration, _ topics: Topics, group: String) throws -> [JournalRecord] {
    var reader = try TopicConsumer(
        configuration: client, group: group,
        assignment: [AssignedPartition(topic: topics.journal, partition: 0, start: .beginning)],
        options: ConsumerOptions(reportsPartitionEnd: true), handlers: kafkaHandlers)
    let open = try TopicConsumer(
        configuration: client, group: group, assignment: [], options: ConsumerOptions(isolation: .readUncommitted), handlers: kafkaHandlers)
    var batch = RecordBatch()
    var records: [JournalRecord] = []
    let parser = JSONReader()
    let start = monotonicNanoseconds()
    while true {
        ServiceManager.current.progress("reading the journal, \(records.count) commits so far")
        batch.removeAll()
        _ = try reader.poll(partition: 0, into: &batch, maximumRecords: 10_000, maximumBytes: 8 << 20, timeout: .milliseconds(200))
        for number in 0..<batch.count {
            guard let value = batch[number].value, let tree = parser.tree(value), let record = JournalRecord(tree) else {
                throw CommandFailure(
                    .data, "\(topics.journal)/0 offset \(batch[number].offset): not a journal record of format 1 to \(JournalRecord.currentFormat)")
            }
            if let last = records.last, record.sequence != last.sequence + 1 || record.clock < last.clock {
                throw CommandFailure(
                    .data,
                    "\(topics.journal)/0 offset \(batch[number].offset): sequence \(record.sequence) follows \(last.sequence); two deployments share a group?")
            }
            records.append(record)
        }
        if let end = batch.partitionEnds.last {
            let stable = try reader.watermarks(topic: topics.journal, partition: 0, timeout: .seconds(30)).high
            let high = try open.watermarks(topic: topics.journal, partition: 0, timeout: .seconds(30)).high
            if end.offset >= stable && stable >= high { return records }
        }
        if monotonicNanoseconds() - start > 300_000_000_000 {
            throw CommandFailure(.unavailable, "\(topics.journal): a transaction hangs before its end")
        }
    }
}
