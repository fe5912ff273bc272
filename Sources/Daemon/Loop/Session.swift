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
    let watch: InputWatch
    let sink: any CommitSink
    let commits: Commits
    let committing: Stage<InputBatch>
    let publishing: Stage<TransactionPart>
    /// nil where there is no data directory (the demo).
    let snapshots: SnapshotKeeper?
    var barriers = Barriers()
    var ignored = IgnoredInput()
    var clock: WallClock
    /// With `clock: events`, the largest record timestamp seen.
    var eventClock = Int64.min
    /// One is being filled; the others wait for the committing thread, or are in its hands.
    let batches = (0..<3).map { _ in InputBatch() }
    var current = 0
    var controlBatch = RecordBatch()

    /// The journal's records from the first; emptied by `replay`.
    private var records: [JournalRecord]

    /// Starts up: topics, journal, fencing, takeover, inputs. `replay` comes next. `prepare` sees to the topics and says what
    /// they are like; it is handed what tells the inputs that the journal mentions.
    static func start(
        _ configuration: Configuration, client: ClientConfiguration, instance: inout Instance, makeSink: (any CommitSink) -> any CommitSink,
        prepare: (_ topics: Topics, _ mentioned: () throws -> Set<String>) throws -> TopicFacts
    ) throws -> Session {
        let topics = Topics(configuration)
        UnderWay.begin("asking for the topics")
        let facts = try prepare(topics) { try mentionedInputs(topics, client, group: configuration.group) }
        let partitionCounts = facts.partitionCounts
        let limits = try facts.outputLimits(topics, client)
        let asker = try TopicConsumer(configuration: client, group: configuration.group, assignment: [], handlers: kafkaHandlers)
        UnderWay.begin("reading the journal")
        var journal = try JournalReader(client, topic: topics.journal, group: configuration.group)
        try journal.readCommitted()
        try instance.look(at: journal.lastTakeover)
        // A predecessor is fenced before it is read where it got to; a successor of this process must not be.
        UnderWay.begin("taking over from a predecessor")
        let sink = makeSink(
            try KafkaSink(client, group: configuration.group, topics: topics, facts: facts, takeover: Takeover(by: instance.name)) {
                try journal.readToEnd()
                try instance.look(at: journal.lastTakeover)
                return try outputEnds(topics, partitionCounts, asker)
            })
        let records = journal.takeRecords()
        let partitions = try partitions(topics, partitionCounts, records, asker)
        let inputs = try Inputs(client, group: configuration.group, partitions: partitions, asker: asker)
        let watch = try InputWatch(client, group: configuration.group)
        let snapshots = configuration.data.isEmpty ? nil : try SnapshotKeeper(configuration)
        return Session(configuration, topics, limits, sink, inputs, watch, snapshots, records)
    }

    private init(
        _ configuration: Configuration, _ topics: Topics, _ limits: OutputLimits, _ sink: any CommitSink, _ inputs: consuming Inputs,
        _ watch: InputWatch, _ snapshots: SnapshotKeeper?, _ records: [JournalRecord]
    ) {
        self.configuration = configuration
        self.topics = topics
        self.sink = sink
        self.inputs = inputs
        self.watch = watch
        self.snapshots = snapshots
        self.records = records
        fingerprint = JournalRecord.Fingerprint(timezones: TimeZones.systemVersion, mapping: topics.mapping)
        let processor = Processor(group: configuration.group, limits: limits, zoneNames: TimeZones.names, zone: TimeZones.system)
        let transactions = Transactions(sink)
        let publishing = Stage<TransactionPart>(maximumWaiting: 8) { parts in try transactions.publish(parts) }
        let commits = Commits(processor, fingerprint: fingerprint, transactions: publishing)
        self.processor = processor
        self.publishing = publishing
        self.commits = commits
        committing = Stage { batches in for batch in batches { try commits.take(batch) } }
        clock = WallClock(maximumStep: configuration.clockStep)
    }

    /// The input topics that the journal has read from.
    private static func mentionedInputs(_ topics: Topics, _ client: ClientConfiguration, group: String) throws -> Set<String> {
        var journal = try JournalReader(client, topic: topics.journal, group: group)
        try journal.readCommitted()
        return Set(journal.takeRecords().flatMap { record in record.ranges.map { $0.topic ?? topics.control } })
    }

    /// Where the output partitions end before anything is written.
    private static func outputEnds(
        _ topics: Topics, _ partitionCounts: [String: Int], _ asker: borrowing TopicConsumer
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

    /// The input partitions, each from the first offset that the journal mentions, or from its beginning.
    private static func partitions(
        _ topics: Topics, _ partitionCounts: [String: Int], _ records: [JournalRecord], _ asker: borrowing TopicConsumer
    ) throws -> [Inputs.Partition] {
        var wanted = [Inputs.Partition(topic: topics.control, table: nil, number: 0, position: -1, isWaiting: false)]
        for change in topics.changes {
            for number in 0..<Int32(partitionCounts[change.name] ?? 0) {
                wanted.append(Inputs.Partition(topic: change.name, table: change.table, number: number, position: -1, isWaiting: true))
            }
        }
        var ends = [Int64](repeating: 0, count: wanted.count)
        for record in records {
            for range in record.ranges {
                let name = range.topic ?? topics.control
                guard let place = wanted.firstIndex(where: { $0.topic == name && $0.number == range.partition }) else {
                    if partitionCounts[name] != nil { throw InputFailure.gone(name) }
                    throw DaemonFailure(
                        .data, "the journal mentions \(name)/\(range.partition), which is no input now",
                        hint: "put it back into topics.changes")
                }
                if wanted[place].position < 0 { wanted[place].position = range.from }
                ends[place] = range.to
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
            }
        }
        return wanted
    }

    /// Repeats the journal's commits and emits nothing: then the state is that of the last commit.
    mutating func replay(shouldStop: () -> Bool) throws {
        let started = monotonicNanoseconds()
        if let last = records.last, last.fingerprint != fingerprint {
            Log.warning(
                """
                the program, time zone data or mapping differ from those of the last commit: members committed before may differ from \
                now on
                """,
                ["then": "\(last.fingerprint)", "now": "\(fingerprint)"])
        }
        var nextReport = Deadline(after: Patience.replayReport)
        var rows = 0
        UnderWay.begin("repeating the journal's \(records.count) commits")
        for number in records.indices {
            try repeatCommit(records[number])
            ServiceManager.current.progress("repeating commit \(number + 1) of \(records.count)")
            rows += records[number].changes.reduce(0) { $0 + $1.records }
            if nextReport.hasPassed {
                nextReport = Deadline(after: Patience.replayReport)
                Log.information(
                    "replaying", ["commits": "\(number + 1)/\(records.count)", "rows": String(rows)])
            }
            if shouldStop() { throw Stopped() }
        }
        try committing.finish()
        commits.endReplay()
        try snapshots?.begin(processor)
        UnderWay.end()
        BrokerReach.current.answered()
        Log.information(
            "ready",
            [
                "sequence": String(processor.sequence), "commits_replayed": String(records.count),
                "milliseconds": String((monotonicNanoseconds() - started) / 1_000_000),
            ])
        records = []
        ignored.tellNewMembers(processor.changes.ignoredMembers)
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
        watch.close()
    }

    mutating func close() {
        UnderWay.begin("closing the connections to Kafka")
        committing.close()
        publishing.close()
        watch.close()
        snapshots?.close()
        try? sink.abort()
        sink.close()
        inputs.close()
    }
}
