// Goal: what the tests of the loop share: librdkafka's in-process broker with the topics of a deployment, and a sink that keeps what every
// transaction held beside sending it on.

import Campaigns
import Synchronization
import Testing

@testable import Daemon
@testable import Engine
@testable import Kafka
@testable import Wire

/// One commit of the sink: what it sent, in order.
struct Transaction {
    var events: [JSON] = []
    var deadLetters = 0
    var journal: [JournalRecord] = []
}

/// Keeps what goes through. The loop publishes on a thread of its own; the tests look from another.
final class KeepingSink: CommitSink {
    private let inner: any CommitSink
    private let committed = Mutex<[Transaction]>([])
    /// What was sent since the last begin; looked at once the loop has ended.
    private(set) var open = Transaction()
    private let begun = Mutex(0)
    /// This many commits fail as aborted first.
    private var failures: Int
    /// After so many transactions nothing more can be sent, as if the process were killed.
    private let lifetime: Int

    /// How often a transaction began.
    var begins: Int { begun.withLock { $0 } }
    var transactions: [Transaction] { committed.withLock { $0 } }

    init(_ inner: any CommitSink, failures: Int = 0, lifetime: Int = .max) {
        self.inner = inner
        self.failures = failures
        self.lifetime = lifetime
    }

    func begin() throws(SinkFailure) {
        if transactions.count == lifetime { throw .unknown("its life ends here") }
        open = Transaction()
        begun.withLock { $0 += 1 }
        try inner.begin()
    }

    func send(_ output: OutputBatch) throws(SinkFailure) {
        output.forEach { record in
            if record.topic == .deadLetters {
                open.deadLetters += 1
            } else {
                open.events.append(json(String(decoding: record.value!, as: UTF8.self)))
            }
        }
        try inner.send(output)
    }

    func send(journal record: [UInt8], sequence: Int64) throws(SinkFailure) {
        let read = record.withUnsafeBytes { JournalRecord(bytes: $0)! }
        precondition(read.sequence == sequence)
        open.journal.append(read)
        try inner.send(journal: record, sequence: sequence)
    }

    func outputEnds() throws(SinkFailure) -> TopicOffsets { try inner.outputEnds() }

    var journalEnd: Int64? { inner.journalEnd }

    func commit() throws(SinkFailure) {
        if failures > 0 {
            failures -= 1
            throw .abortable("on purpose")
        }
        try inner.commit()
        let open = open
        committed.withLock { $0.append(open) }
    }

    func rest() { inner.rest() }
    func abort() throws(SinkFailure) { try inner.abort() }
    func close() { inner.close() }

    func hasReached(_ barrier: String) -> Bool {
        transactions.contains { $0.events.contains { $0.text("type") == "barrier.reached" && $0.text("id") == barrier } }
    }
}

/// Members folded from the events of transactions, with what must hold of every one of them on the way.
func fold(_ transactions: [Transaction], into members: inout [String: String], from sequence: inout Int64) {
    for transaction in transactions {
        var journal: [Int64: JournalRecord] = [:]
        for record in transaction.journal {
            #expect(record.sequence == sequence + 1)
            sequence = record.sequence
            journal[record.sequence] = record
        }
        for event in transaction.events {
            guard case .integer(let number)? = event["sequence"], let record = journal[number] else {
                Issue.record("an event of another transaction: \(written(event))")
                continue
            }
            guard let status = event.text("status"), let id = event.text("identity", "id") else { continue }
            #expect((status == "realized") == (members[id] == nil), "\(id) \(status)")
            // What the commit says follows from what its journal record took in.
            if event.text("cause") == "change" { #expect(!record.changes.isEmpty, "\(written(event)): its record took in no change") }
            members[id] = status == "exited" ? nil : written(event["attributes"]!)
        }
    }
}

/// A deployment on a broker of its own.
final class Deployment {
    private(set) var broker: MockBroker
    private(set) var configuration: Configuration
    let client: ClientConfiguration
    /// Of all its lives.
    var metrics = Metrics()
    /// Who asks; nil: nobody.
    var interface: Interface?
    private(set) var counts: [String: Int]
    private var producer: PlainProducer
    private var destinations: [String: ProducerTopic] = [:]

    /// `data`: the data directory; without one there are no checkpoints and no snapshots.
    init(
        clock: Configuration.ClockSource = .events, clockAhead: Duration? = nil, data: String = "",
        checkpointsEvery: Duration = .seconds(60), countsTransitions: Bool = false
    ) throws {
        broker = try MockBroker()
        var configuration = Configuration(kafka: ["bootstrap.servers": .text(broker.bootstrapServers)], data: data)
        configuration.clock = clock
        configuration.clockAhead = clockAhead
        configuration.checkpoints.every = checkpointsEvery
        configuration.metrics.transitions = countsTransitions
        configuration.topics.prefix = "p."
        configuration.topics.changes = [Configuration.ChangeTopic(topic: "b"), Configuration.ChangeTopic(topic: "a", table: "people")]
        self.configuration = configuration
        client = ClientConfiguration(settings: ["bootstrap.servers": broker.bootstrapServers, "fetch.wait.max.ms": "20"])
        let topics = Topics(configuration)
        var counts = [topics.control: 1, topics.journal: 1, "p.a": 2, "p.b": 1]
        for output in OutputTopic.allCases { counts[topics.name(output)] = 1 }
        self.counts = counts
        for (name, count) in counts { try broker.createTopic(name, partitionCount: Int32(count)) }
        producer = try PlainProducer(configuration: client, name: "test", handlers: .silent)
    }

    func send(_ topic: String, partition: Int32 = 0, _ value: String, time: Int64) throws {
        try send(topic, partition: partition, Array(value.utf8), time: time)
    }

    func send(_ topic: String, partition: Int32 = 0, _ value: [UInt8], time: Int64) throws {
        if destinations[topic] == nil { destinations[topic] = try producer.openTopic(topic, timeout: .seconds(10)) }
        let destination = destinations[topic]!
        try value.withUnsafeBytes { bytes in
            try producer.produce(
                to: destination, partition: partition, key: nil, value: bytes, headers: RecordHeaders(), timestampMilliseconds: time)
        }
    }

    func flush() throws { try producer.flush(timeout: .seconds(10)) }

    func control(_ value: String, time: Int64) throws { try send("p.campaign-publish", value, time: time) }

    /// Gives the next life a group of its own, with a journal of these commits.
    func moveOn(to group: String, _ journal: [JournalRecord]) throws {
        configuration.group = group
        let topic = Topics(configuration).journal
        counts[topic] = 1
        try broker.createTopic(topic, partitionCount: 1)
        for record in journal { try send(topic, record.encoded, time: 0) }
        try flush()
    }

    /// Runs one life of the daemon; `step` is called before every round of the loop and ends it with true. `began` happens before the
    /// journal is repeated, `first` before the rounds.
    func run(
        _ makeSink: @escaping (any CommitSink) -> KeepingSink, began: (borrowing CommitLoop) throws -> Void = { _ in },
        first: (inout CommitLoop) throws -> Void = { _ in }, eventsPerCommit: Int = Limits.eventsPerCommit,
        until step: (KeepingSink) throws -> Bool
    ) throws -> KeepingSink {
        var kept: KeepingSink?
        var instance = Instance(name: "test")
        let kafka = KafkaSource(client: client, group: configuration.group, partitionCounts: counts)
        let surroundings = Surroundings(source: kafka, metrics: metrics, interface: interface) { topics, facts, takeover, ends in
            let sink = makeSink(try kafka.sink(topics, facts, takeover, ends))
            kept = sink
            return sink
        }
        var loop = try CommitLoop.start(configuration, in: surroundings, instance: &instance, eventsPerCommit: eventsPerCommit)
        try began(loop)
        try loop.replay(shouldStop: { false })
        let end = monotonicNanoseconds() + 20_000_000_000
        var failure: (any Error)?
        do {
            try first(&loop)
            try loop.run(shouldStop: {
                do { return try step(kept!) || monotonicNanoseconds() > end } catch {
                    failure = error
                    return true
                }
            })
        } catch {
            failure = error
        }
        loop.close()
        if let failure { throw failure }
        return kept!
    }

    /// What a life commits that ends with so many transactions, or when it has reached a barrier.
    func life(transactions: Int, eventsPerCommit: Int, until barrier: String) throws -> [Transaction] {
        var kept: KeepingSink?
        do {
            _ = try run(
                { inner in
                    let sink = KeepingSink(inner, lifetime: transactions)
                    kept = sink
                    return sink
                }, eventsPerCommit: eventsPerCommit, until: { $0.hasReached(barrier) })
        } catch {
            #expect("\(error)".contains("its life ends here"), "\(error)")
        }
        return try #require(kept).transactions
    }

    /// Inputs of the deployment's partitions, from the beginning.
    func inputs(rebuilding rebuilt: Set<String> = []) throws -> Inputs {
        let partitions = [
            Inputs.Partition(topic: "p.campaign-publish", table: nil, number: 0, position: 0, isWaiting: false),
            Inputs.Partition(topic: "p.a", table: "people", number: 0, position: 0, isWaiting: true),
            Inputs.Partition(topic: "p.a", table: "people", number: 1, position: 0, isWaiting: true),
            Inputs.Partition(topic: "p.b", table: nil, number: 0, position: 0, isWaiting: true),
        ]
        let kafka = KafkaSource(client: client, group: "test")
        return try Inputs(
            kafka, partitions: partitions, budget: MemoryBudget(memoryBytes: 1 << 30), rebuilt: rebuilt, asker: kafka.asker())
    }

    func close() {
        producer.close(deadline: .seconds(5))
        broker.stop()
    }
}
