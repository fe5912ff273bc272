// Goal: the parts of the commit loop, and the loop itself over restarts, without a real Kafka (contract §2, §4, §7). Method: librdkafka's
// in-process broker with the topics made beforehand; a sink that keeps what every transaction held beside sending it on. What is folded
// from the member events must be what the same changes give without a loop.

import CRdkafka
import Campaigns
import Synchronization
import Testing

@testable import Engine
@testable import Kafka
@testable import Wire

@testable import Daemon

/// One commit of the sink: what it sent, in order.
private struct Transaction {
    var events: [JSON] = []
    var deadLetters = 0
    var journal: [JournalRecord] = []
}

/// Keeps what goes through. The loop publishes on a thread of its own; the tests look from another.
private final class KeepingSink: CommitSink {
    private let inner: any CommitSink
    private let committed = Mutex<[Transaction]>([])
    private var open = Transaction()
    /// So many commits fail as aborted first.
    private var failures: Int

    var transactions: [Transaction] { committed.withLock { $0 } }

    init(_ inner: any CommitSink, failures: Int = 0) {
        self.inner = inner
        self.failures = failures
    }

    func begin() throws(SinkFailure) {
        open = Transaction()
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
        let read = JournalRecord(json(String(decoding: record, as: UTF8.self)))!
        precondition(read.sequence == sequence)
        open.journal.append(read)
        try inner.send(journal: record, sequence: sequence)
    }

    func outputEnds() throws(SinkFailure) -> [String: [Int32: Int64]] { try inner.outputEnds() }

    func commit() throws(SinkFailure) {
        if failures > 0 {
            failures -= 1
            throw .abortable("on purpose")
        }
        try inner.commit()
        let open = open
        committed.withLock { $0.append(open) }
    }

    func abort() throws(SinkFailure) { try inner.abort() }
    func close() { inner.close() }

    func hasReached(_ barrier: String) -> Bool {
        transactions.contains { $0.events.contains { $0.text("type") == "barrier.reached" && $0.text("id") == barrier } }
    }
}

/// A deployment on a broker of its own.
private final class Deployment {
    private var broker: MockBroker
    let configuration: Configuration
    let client: ClientConfiguration
    private let counts: [String: Int]
    private var producer: PlainProducer
    private var destinations: [String: ProducerTopic] = [:]

    init(clock: Configuration.ClockSource = .events, clockAhead: Duration? = nil) throws {
        broker = try MockBroker()
        var configuration = Configuration(kafka: ["bootstrap.servers": .text(broker.bootstrapServers)], data: "")
        configuration.clock = clock
        configuration.clockAhead = clockAhead
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
        if destinations[topic] == nil { destinations[topic] = try producer.openTopic(topic, timeout: .seconds(10)) }
        let destination = destinations[topic]!
        try Array(value.utf8).withUnsafeBytes { bytes in
            try producer.produce(
                to: destination, partition: partition, key: nil, value: bytes, headers: RecordHeaders(), timestampMilliseconds: time)
        }
    }

    func flush() throws { try producer.flush(timeout: .seconds(10)) }

    func control(_ value: String, time: Int64) throws { try send("p.campaign-publish", value, time: time) }

    /// Runs one life of the daemon; `step` is called before every round of the loop and ends it with true. `first` happens before the rounds.
    func run(
        _ makeSink: (any CommitSink) -> KeepingSink, first: (inout Session) throws -> Void = { _ in }, until step: (KeepingSink) throws -> Bool
    ) throws -> KeepingSink {
        var kept: KeepingSink?
        var session = try Session.start(
            configuration, client: client,
            makeSink: {
                let sink = makeSink($0)
                kept = sink
                return sink
            }, prepare: { _ in TopicFacts(partitionCounts: counts) })
        try session.replay(shouldStop: { false })
        let end = monotonicNanoseconds() + 20_000_000_000
        var failure: (any Error)?
        do {
            try first(&session)
            try session.run(shouldStop: {
                do { return try step(kept!) || monotonicNanoseconds() > end } catch {
                    failure = error
                    return true
                }
            })
        } catch {
            failure = error
        }
        session.close()
        if let failure { throw failure }
        return kept!
    }

    /// Inputs of the deployment's partitions, from the beginning.
    func inputs() throws -> Inputs {
        let partitions = [
            Inputs.Partition(topic: "p.campaign-publish", table: nil, number: 0, position: 0),
            Inputs.Partition(topic: "p.a", table: "people", number: 0, position: 0),
            Inputs.Partition(topic: "p.a", table: "people", number: 1, position: 0),
            Inputs.Partition(topic: "p.b", table: nil, number: 0, position: 0),
        ]
        return try Inputs(client, group: "test", partitions: partitions)
    }

    func close() {
        producer.close(deadline: .seconds(5))
        broker.stop()
    }
}

@Suite(.serialized, .quiet) struct LoopTests {
    @Test func topicNames() {
        var configuration = Configuration(kafka: [:], data: "")
        var topics = Topics(configuration)
        #expect(topics.control == "campaign-publish" && topics.journal == "audienced.audienced.journal")
        #expect(topics.changes.map(\.name) == ["profile-changes"] && topics.mapping == "profile-changes=")
        #expect(OutputTopic.allCases.map { topics.name($0) } == OutputTopic.allCases.map(\.name))
        configuration.group = "g"
        configuration.topics.prefix = "p."
        configuration.topics.control = "c"
        configuration.topics.changes = ["é", "b", "B", "ba", "_"].map { .init(topic: $0, table: $0 == "b" ? "t" : nil) }
        topics = Topics(configuration)
        #expect(topics.control == "p.c" && topics.journal == "p.audienced.g.journal" && topics.name(.deadLetters) == "p.audienced.dlq")
        // In the order of UTF-8 bytes: it is the order within a commit.
        #expect(topics.changes.map(\.name) == ["p.B", "p._", "p.b", "p.ba", "p.é"])
        #expect(topics.mapping == "p.B=,p._=,p.b=t,p.ba=,p.é=")
    }

    @Test func theWallClockIsFollowed() {
        let before = wallMilliseconds()
        var clock = WallClock(largestStep: .seconds(300))
        var last = before
        for _ in 0..<1000 {
            let now = clock.now()
            #expect(now >= last && now <= wallMilliseconds())
            last = now
        }
        #expect(!clock.refusesStep)
    }

    /// What a predecessor still commits while a start reads where the outputs end would lie behind these ends.
    @Test func theOutputEndsAreReadOnlyBehindTheTakeover() throws {
        var broker = try MockBroker()
        let initProducerRequest: Int16 = 22
        broker.failNextRequests(ofKind: initProducerRequest, with: [RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED])
        let configuration = Configuration(kafka: [:], data: "")
        var wereAsked = false
        #expect(throws: KafkaError.self) {
            _ = try KafkaSink(
                ClientConfiguration(settings: ["bootstrap.servers": broker.bootstrapServers]), group: "g", topics: Topics(configuration),
                facts: TopicFacts(partitionCounts: [:])
            ) {
                wereAsked = true
                return [:]
            }
        }
        #expect(!wereAsked)
        broker.stop()
    }

    @Test func barriersWaitForTheirOffsets() throws {
        let deployment = try Deployment()
        var inputs = try deployment.inputs()
        func problems(_ after: [String: [Int32: Int64]], _ inputs: borrowing Inputs) -> [String] { Barriers.problems(after, inputs).map(\.path) }
        var found = problems(["p.a": [0: 5, 1: 5], "p.campaign-publish": [0: 1], "p.b": [:]], inputs)
        #expect(found == [])
        found = problems(["p.a": [2: 1, -1: 1], "a": [0: 1], "p.audience-members": [0: 1]], inputs)
        #expect(found == ["after.a.0", "after.p.a.-1", "after.p.a.2", "after.p.audience-members.0"])

        var barriers = Barriers()
        barriers.add(.init(id: "third", after: ["p.a": [0: 3, 1: 1]]))
        barriers.add(.init(id: "at once", after: [:]))
        barriers.add(.init(id: "from the start", after: ["p.b": [0: 0]]))
        barriers.add(.init(id: "second", after: ["p.a": [0: 2]]))
        var reached = barriers.takeReached(inputs)
        #expect(reached == ["at once", "from the start"])
        inputs.setPosition(1, to: 1)
        reached = barriers.takeReached(inputs)
        #expect(reached == [])
        inputs.setPosition(1, to: 3)
        reached = barriers.takeReached(inputs)
        #expect(reached == ["second"])
        inputs.setPosition(2, to: 1)
        reached = barriers.takeReached(inputs)
        #expect(reached == ["third"])
        reached = barriers.takeReached(inputs)
        #expect(reached == [])
        inputs.close()
        deployment.close()
    }

    @Test func aRangeIsReadAgainOrRefused() throws {
        let deployment = try Deployment()
        for number in 0..<5 { try deployment.send("p.a", partition: 1, "value \(number)", time: 1000 + Int64(number)) }
        try deployment.flush()
        var inputs = try deployment.inputs()
        var batch = RecordBatch()
        while batch.count < 5 { _ = try inputs.take(2, into: &batch, maximumRecords: 5, timeout: .milliseconds(100)) }
        let range = inputs.range(of: 0..<5, in: batch, partition: 2)
        #expect(range.topic == "p.a" && range.partition == 1 && range.from == 0 && range.to == 5 && range.records == 5)
        var positions = inputs.positions
        #expect(positions == ["p.campaign-publish": [0: 0], "p.a": [0: 0, 1: 5], "p.b": [0: 0]])
        inputs.close()

        for isTampered in [false, true] {
            inputs = try deployment.inputs()
            batch.removeAll()
            var wanted = range
            if isTampered { wanted.hash ^= 1 }
            do {
                try inputs.read(wanted, hashesHeaders: true, partition: 2, into: &batch)
                #expect(!isTampered && batch.count == 5)
                positions = inputs.positions
                #expect(positions["p.a"] == [0: 0, 1: 5])
            } catch let failure as CommandFailure {
                #expect(isTampered && failure.code == .data && failure.message.contains("p.a/1, offsets 0 to 5"))
            }
            inputs.close()
        }
        deployment.close()
    }

    /// Members folded from the events of transactions, with what must hold of every one of them on the way.
    private func fold(_ transactions: [Transaction], into members: inout [String: String], from sequence: inout Int64) {
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

    /// Random changes through two lives of the daemon, some transactions aborted; the oracle is the processor alone.
    @Test(arguments: [1, 2] as [UInt64]) func aLifeAndAnother(seed: UInt64) throws {
        var random = SeededGenerator(seed)
        let deployment = try Deployment()
        var rows: [String: Int] = [:]
        var time: Int64 = 1000
        try deployment.control(Sample.publish(), time: time)
        try deployment.control(Sample.publish(campaign: Sample.campaign("c", audience: "vip")), time: time)
        var members: [String: String] = [:]
        var sequence: Int64 = 0
        var offsets: [Int32: Int64] = [0: 0, 1: 0]
        for life in 0..<2 {
            for _ in 0..<200 {
                time += Int64.random(in: 0...5, using: &random)
                let person = Int.random(in: 0..<20, using: &random)
                let partition = Int32(person % 2)
                offsets[partition]! += 1
                switch Int.random(in: 0...9, using: &random) {
                case 0: try deployment.send("p.a", partition: partition, "{broken", time: time)
                case 1:
                    try deployment.send("p.a", partition: partition, Sample.row("\(person)", n: 0, op: "d"), time: time)
                    rows["\(person)"] = nil
                default:
                    let n = Int.random(in: 0...3, using: &random)
                    try deployment.send("p.a", partition: partition, Sample.row("\(person)", n: n), time: time)
                    rows["\(person)"] = n
                }
            }
            let barrier = #"{"type":"barrier.requested","id":"\#(life)","after":{"p.a":{"0":\#(offsets[0]!),"1":\#(offsets[1]!)}}}"#
            try deployment.control(barrier, time: time)
            try deployment.flush()
            let sink = try deployment.run({ KeepingSink($0, failures: life) }, until: { $0.hasReached("\(life)") })
            #expect(sink.hasReached("\(life)"))
            fold(sink.transactions, into: &members, from: &sequence)
            let expected = rows.filter { $0.value > 0 }.map { ("\($0.key)@x", #"{"n":\#($0.value)}"#) }
            #expect(members == Dictionary(uniqueKeysWithValues: expected))
        }
        deployment.close()
    }

    /// `startAt` and `endAt` are commits of their own, with journal records of their own, which the next life repeats.
    @Test func instantsOfACampaignAreJournalRecords() throws {
        let deployment = try Deployment()
        let campaign = Sample.campaign("c", audience: "vip").replacing(#"{"id":"c","#, with: #"{"id":"c","startAt":2000,"endAt":3000,"#)
        try deployment.control(Sample.publish(), time: 1000)
        try deployment.control(Sample.publish(campaign: campaign), time: 1000)
        var members: [String: String] = [:]
        var sequence: Int64 = 0
        var clocks: [Int64] = []
        var events: [JSON] = []
        for (life, (time, person)) in [(Int64(1500), "1"), (2500, "2"), (5000, "3"), (6000, "4")].enumerated() {
            try deployment.send("p.a", Sample.row(person, n: 1), time: time)
            try deployment.control(#"{"type":"barrier.requested","id":"\#(life)","after":{"p.a":{"0":\#(life + 1)}}}"#, time: 1200)
            try deployment.flush()
            let sink = try deployment.run({ KeepingSink($0) }, until: { $0.hasReached("\(life)") })
            #expect(sink.hasReached("\(life)"))
            fold(sink.transactions, into: &members, from: &sequence)
            clocks += sink.transactions.flatMap(\.journal).map(\.clock)
            events += sink.transactions.flatMap(\.events).filter { $0["status"] != nil }
        }
        #expect(members.keys.sorted() == ["1@x", "2@x"])
        #expect(events.map { $0.text("cause") } == ["time", "change"])
        #expect(clocks.filter { [2000, 2999].contains($0) } == [2000, 2999] && clocks == clocks.sorted() && clocks.last == 6000)
        deployment.close()
    }

    /// A schema that arrives while a batch with its rows is held: the rows beside them belong to the batch's own commit, not to the clock's.
    @Test func aSchemaThatArrivesWhileItsRowsAreHeld() throws {
        let deployment = try Deployment()
        try deployment.control(Sample.publish(), time: 1000)
        try deployment.control(Sample.publish(campaign: Sample.campaign("c", audience: "vip")), time: 1000)
        try deployment.flush()
        let other = Sample.schema.replacing("people", with: "others")
        let sink = try deployment.run(
            { KeepingSink($0) },
            first: { session in
                // The loop has looked at the control topic, and looks for changes next. So these are both there: rows of a known and an
                // unknown table, and a schema that came after.
                try session.takeControl(upTo: 2)
                try deployment.send("p.b", Sample.row("1", n: 1), time: 2000)
                try deployment.send("p.b", Sample.row("1", n: 1, table: "others"), time: 2000)
                try deployment.control(Sample.publish(schema: other), time: 2000)
                try deployment.control(#"{"type":"barrier.requested","id":"end","after":{"p.b":{"0":2}}}"#, time: 2000)
                try deployment.flush()
                while session.inputs.waitingRecords < 4 { pause(milliseconds: 10) }
                #expect(try session.takeChanges())
            }, until: { $0.hasReached("end") })
        #expect(sink.hasReached("end"))
        var members: [String: String] = [:]
        var sequence: Int64 = 0
        fold(sink.transactions, into: &members, from: &sequence)
        #expect(members == ["1@x": #"{"n":1}"#])
        #expect(sink.transactions.map(\.deadLetters).reduce(0, +) == 0)
        deployment.close()
    }

    @Test func withTheWallClockAClockEventIsRefused() throws {
        let deployment = try Deployment(clock: .wall)
        try deployment.control(#"{"type":"clock.advanced","to":0}"#, time: 1000)
        try deployment.control(#"{"type":"barrier.requested","id":"nowhere","after":{"a":{"0":0}}}"#, time: 1000)
        try deployment.control(#"{"type":"barrier.requested","id":"end"}"#, time: 1000)
        try deployment.flush()
        let before = wallMilliseconds()
        let sink = try deployment.run({ KeepingSink($0) }, until: { $0.hasReached("end") })
        let all = sink.transactions.flatMap(\.events)
        #expect(all.map { $0.text("type") } == ["campaign.rejected", "campaign.rejected", "barrier.reached"])
        let events = all.filter { $0["problems"] != nil }
        #expect(events.map { written($0["problems"]!).contains("\"path\":\"type\"") } == [true, false])
        #expect(events.count == 2 && written(events[1]["problems"]!).contains("\"path\":\"after.a.0\""))
        #expect(sink.transactions.map(\.deadLetters).reduce(0, +) == 2)
        #expect(sink.transactions.flatMap(\.journal).allSatisfy { $0.clock >= before })
        deployment.close()
    }

    /// "A record further ahead of the wall clock than `clock-ahead` is applied and counted but does not move it."
    @Test func aRecordFarAheadDoesNotMoveTheClock() throws {
        let deployment = try Deployment(clockAhead: .seconds(3600))
        let now = wallMilliseconds()
        try deployment.control(Sample.publish(), time: 1000)
        try deployment.control(Sample.publish(campaign: Sample.campaign("c", audience: "vip")), time: now - 5000)
        try deployment.send("p.a", Sample.row("1", n: 1), time: now + 7_200_000)
        try deployment.send("p.a", Sample.row("2", n: 1), time: now - 4000)
        try deployment.send("p.a", Sample.row("3", n: 1), time: 2000)
        try deployment.control(#"{"type":"barrier.requested","id":"end","after":{"p.a":{"0":3}}}"#, time: 500)
        try deployment.flush()
        let sink = try deployment.run({ KeepingSink($0) }, until: { $0.hasReached("end") })
        var members: [String: String] = [:]
        var sequence: Int64 = 0
        fold(sink.transactions, into: &members, from: &sequence)
        #expect(members.keys.sorted() == ["1@x", "2@x", "3@x"])
        let clocks = sink.transactions.flatMap(\.journal).map(\.clock)
        #expect(clocks == clocks.sorted())
        #expect([clocks.first.map { $0 - 1000 }, clocks.last.map { $0 - now }] == [0, -4000])
        deployment.close()
    }
}
