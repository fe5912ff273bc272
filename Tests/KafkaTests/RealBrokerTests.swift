// What only a real broker can show; run when AUDIENCED_TEST_BOOTSTRAP names one.

import Glibc
import Testing

@testable import Kafka

@Suite(.enabled(if: realBroker != nil), .serialized) struct RealBrokerTests {
    let bootstrap = realBroker ?? ""
    let handlers = ClientHandlers.silent

    private func createTopic(_ purpose: String, partitionCount: Int32 = 1, settings: [String: String] = [:]) throws -> String {
        let name = uniqueName(purpose)
        let admin = try Admin(configuration: configuration(bootstrap), handlers: handlers)
        let outcome = try admin.create(
            topics: [NewTopic(name: name, partitionCount: partitionCount, settings: settings)], timeout: .seconds(20))
        #expect(outcome == [TopicCreation(name: name, outcome: .created)])
        return name
    }

    private func reader(_ topic: String, _ isolation: IsolationLevel, start: StartPosition = .beginning) throws -> TopicConsumer {
        try TopicConsumer(
            configuration: configuration(bootstrap), group: uniqueName("group"),
            assignment: [AssignedPartition(topic: topic, partition: 0, start: start)],
            options: ConsumerOptions(isolation: isolation, reportsPartitionEnd: true), handlers: handlers)
    }

    private func producer(_ identifier: String, maximumBatchBytes: Int? = nil) throws -> TransactionalProducer {
        var producer = try TransactionalProducer(
            configuration: configuration(bootstrap), transactionalIdentifier: identifier, maximumBatchBytes: maximumBatchBytes,
            handlers: handlers)
        let deadline = Deadline(after: .seconds(30))
        while try producer.initTransactions(timeout: .seconds(5)) != .finished, !deadline.hasPassed {}
        return producer
    }

    @Test func onePartitionIsAskedAboutSeveralInstants() throws {
        let name = try createTopic("instants")
        var writer = try PlainProducer(configuration: configuration(bootstrap), name: "instants", handlers: handlers)
        let topic = try writer.openTopic(name, timeout: .seconds(10))
        // The last is older than those before.
        let now: Int64 = 1_772_357_400_000
        for instant in [now, now + 1000, now + 2000, now - 5000] {
            try writer.produce(to: topic, key: nil, value: nil, timestampMilliseconds: instant)
        }
        try writer.flush(timeout: .seconds(10))
        let reader = try reader(name, .readCommitted)
        let instants = [now + 500, now - 10_000, now + 3000, now + 1500, now + 500]
        let found = try reader.offsets(
            of: instants.map { _ in TopicPartition(topic: name, partition: 0) }, notOlderThan: instants, timeout: .seconds(10))
        #expect(found == [1, 0, nil, 2, 1])
    }

    @Test func whatIsAbortedOrOpenIsInvisibleAndTheStableEndFollows() throws {
        let name = try createTopic("isolation")
        var writer = try producer(uniqueName("writer"))
        let topic = try writer.openTopic(name, timeout: .seconds(10))
        try writer.begin()
        try writer.send(topic, "k", "committed")
        #expect(writer.commit(timeout: .seconds(10)) == .committed)
        #expect(writer.deliveredOffsets.map(\.offset) == [0])
        try writer.begin()
        try writer.send(topic, "k", "committed late")
        var outcome = writer.commit(timeout: .zero)
        if case .unfinished = outcome { outcome = writer.commit(timeout: .seconds(10)) }
        #expect(outcome == .committed)
        try writer.begin()
        try writer.send(topic, "k", "aborted")
        usleep(200_000)
        #expect(try writer.abort(timeout: .seconds(10)) == .finished)
        try writer.begin()
        try writer.send(topic, "k", "open")
        usleep(200_000)

        // Offsets: 0 committed, 2 committed late, 4 aborted, 6 open; 1, 3 and 5 are markers.
        var committed = try reader(name, .readCommitted)
        var everything = try reader(name, .readUncommitted)
        let stable = try committed.watermarks(topic: name, partition: 0, timeout: .seconds(10))
        let high = try everything.watermarks(topic: name, partition: 0, timeout: .seconds(10))
        #expect(stable == (0, 6))
        #expect(high == (0, 7))
        let seen = try committed.collect(2, ends: 1)
        #expect(seen.map(\.value) == ["committed", "committed late"])
        let all = try everything.collect(4, ends: 1)
        #expect(all.map(\.value) == ["committed", "committed late", "aborted", "open"])

        #expect(writer.commit(timeout: .seconds(10)) == .committed)
        let stableAfter = try committed.watermarks(topic: name, partition: 0, timeout: .seconds(10))
        let highAfter = try everything.watermarks(topic: name, partition: 0, timeout: .seconds(10))
        #expect(stableAfter == (0, 8) && highAfter == (0, 8))
        let rest = try committed.collect(1)
        #expect(rest.map(\.value) == ["open"])
        #expect(rest.map(\.offset) == [6])
    }

    @Test func theEndThatAReaderReportsIsBehindTheMarkers() throws {
        let name = try createTopic("ends")
        var writer = try producer(uniqueName("writer"))
        let topic = try writer.openTopic(name, timeout: .seconds(10))
        try writer.begin()
        try writer.send(topic, "k", "v")
        #expect(writer.commit(timeout: .seconds(10)) == .committed)
        var committed = try reader(name, .readCommitted)
        var batch = RecordBatch()
        let deadline = Deadline(after: .seconds(10))
        while batch.partitionEnds.last?.offset != 2, !deadline.hasPassed {
            try committed.poll(partition: 0, into: &batch, maximumRecords: 10, maximumBytes: 1_000, timeout: .milliseconds(50))
        }
        #expect(batch.partitionEnds.last == PartitionEnd(topicIndex: 0, partition: 0, offset: 2))
        #expect(batch.count == 1)
    }

    @Test func aSuccessorFencesAZombieAndEndsItsTransaction() throws {
        let name = try createTopic("zombie")
        let identifier = uniqueName("same")
        var zombie = try producer(identifier)
        let zombieTopic = try zombie.openTopic(name, timeout: .seconds(10))
        try zombie.begin()
        try zombie.send(zombieTopic, "k", "zombie")
        usleep(200_000)
        var successor = try producer(identifier)
        let topic = try successor.openTopic(name, timeout: .seconds(10))
        try zombie.send(zombieTopic, "k", "zombie again")
        guard case .fenced(let error) = zombie.commit(timeout: .seconds(10)) else {
            Issue.record("not fenced")
            return
        }
        #expect(error.errorClass == .fenced && error.object == identifier)
        try successor.begin()
        try successor.send(topic, "k", "successor")
        #expect(successor.commit(timeout: .seconds(10)) == .committed)
        var committed = try reader(name, .readCommitted)
        let seen = try committed.collect(1, ends: 1)
        #expect(seen.map(\.value) == ["successor"])
        zombie.close(deadline: .seconds(5))
    }

    @Test func topicsAreCreatedAndDescribed() throws {
        let admin = try Admin(configuration: configuration(bootstrap), handlers: handlers)
        let name = uniqueName("described")
        let missing = uniqueName("missing")
        let wanted = NewTopic(
            name: name, partitionCount: 3,
            settings: ["cleanup.policy": "compact", "min.compaction.lag.ms": "604800000", "max.message.bytes": "2000000"])
        let wrong = NewTopic(name: uniqueName("wrong"), partitionCount: 1, settings: ["cleanup.policy": "sometimes"])
        let first = try admin.create(topics: [wanted, wrong], timeout: .seconds(20))
        #expect(first.first?.outcome == .created)
        guard case .failed(let error) = first.last?.outcome else {
            Issue.record("an impossible setting was accepted")
            return
        }
        #expect(error.codeName == "INVALID_CONFIG" && error.object == wrong.name)
        #expect(try admin.create(topics: [wanted], timeout: .seconds(20)).map(\.outcome) == [.alreadyExisted])

        for _ in 0..<2 {
            let described = try admin.describe(topics: [missing, name], timeout: .seconds(20))
            #expect(described.map(\.exists) == [false, true])
            #expect(described[1].partitionCount == 3)
            #expect(described[1].settings["cleanup.policy"] == "compact")
            #expect(described[1].settings["min.compaction.lag.ms"] == "604800000")
            #expect(described[1].settings["max.message.bytes"] == "2000000")
            #expect(described[1].settings["retention.ms"] != nil)
        }
    }

    @Test func askingForATopicDoesNotCreateIt() throws {
        let missing = uniqueName("missing")
        var writer = try PlainProducer(configuration: configuration(bootstrap), name: "x", handlers: handlers)
        for _ in 0..<3 {
            let error = #expect(throws: KafkaError.self) { _ = try writer.openTopic(missing, timeout: .seconds(10)) }
            #expect(error?.errorClass == .fatal)
            usleep(300_000)
        }
        let admin = try Admin(configuration: configuration(bootstrap), handlers: handlers)
        #expect(try admin.describe(topics: [missing], timeout: .seconds(20)).map(\.exists) == [false])
    }

    @Test func aRecordOverTheTopicsLimitIsPoison() throws {
        let name = try createTopic("limited", settings: ["max.message.bytes": "2000"])
        var writer = try producer(uniqueName("writer"))
        let topic = try writer.openTopic(name, timeout: .seconds(10))
        try writer.begin()
        try writer.send(topic, "k", "small")
        usleep(200_000)
        try writer.send(topic, "k", String(repeating: "x", count: 5_000))
        guard case .refused = writer.commit(timeout: .seconds(10)) else {
            Issue.record("not refused")
            return
        }
        let failure = writer.firstFailedDelivery
        #expect(failure?.recordIndex == 1 && failure?.error.errorClass == .poison)
        #expect(try writer.abort(timeout: .seconds(10)) == .finished)
    }

    /// A flush does not wait for records that are no longer sent.
    @Test func aFlushEndsWhenARecordIsRefused() throws {
        let name = try createTopic("limited", settings: ["max.message.bytes": "2000"])
        var writer = try producer(uniqueName("writer"))
        let topic = try writer.openTopic(name, timeout: .seconds(10))
        try writer.begin()
        try writer.send(topic, "k", String(repeating: "x", count: 5_000))
        let error = #expect(throws: KafkaError.self) {
            while true {
                try writer.send(topic, "k", "next")
                try writer.flush(timeout: .seconds(600))
            }
        }
        let refused = writer.firstFailedDelivery
        #expect(error != nil && refused?.error.errorClass == .poison)
        #expect(try writer.abort(timeout: .seconds(10)) == .finished)
    }

    @Test func whatATopicTakesOneByOneItTakesTogether() throws {
        let name = try createTopic("limited", settings: ["max.message.bytes": "20000"])
        var writer = try producer(uniqueName("writer"), maximumBatchBytes: 20_000)
        let topic = try writer.openTopic(name, timeout: .seconds(10))
        try writer.begin()
        for _ in 0..<200 { try writer.send(topic, "k", String(repeating: "x", count: 1_000)) }
        try writer.send(topic, "k", String(repeating: "x", count: 20_000 - 98))
        #expect(writer.commit(timeout: .seconds(10)) == .committed)
    }

    @Test func groupOffsetsAreSent() throws {
        let name = try createTopic("offsets")
        var feeder = try PlainProducer(configuration: configuration(bootstrap), name: "x", handlers: handlers)
        let topic = try feeder.openTopic(name, timeout: .seconds(10))
        for number in 0..<10 { try feeder.send(topic, nil, "\(number)") }
        try feeder.flush(timeout: .seconds(10))
        let consumer = try reader(name, .readCommitted)
        let partition = TopicPartition(topic: name, partition: 0)
        let before = try consumer.committedOffset(of: partition, timeout: .seconds(20))
        #expect(before == nil)
        try consumer.commitOffsets([GroupOffset(topic: name, partition: 0, offset: 7)])
        var after: Int64?
        let deadline = Deadline(after: .seconds(10))
        while after == nil, !deadline.hasPassed { after = try consumer.committedOffset(of: partition, timeout: .seconds(20)) }
        #expect(after == 7)
    }
}
