// Goal: what one person's events are in Kafka: all in the partition of namespace|identity, with a tombstone behind each exit in the same
// transaction (contract §4). Method: records as the encoder leaves them, through the daemon's sink, to librdkafka's in-process broker and
// back.

import CRdkafka
import Testing

@testable import Daemon
@testable import Engine
@testable import Kafka
@testable import Wire

@Suite(.serialized, .waiting) struct KafkaSinkTests {
    private static let partitionCount = 5

    /// A record of an output topic: its partition, `key value` and the number of its headers.
    private struct Seen: Equatable, Comparable {
        var partition: Int32
        var text: String
        var headerCount: Int

        static func < (a: Seen, b: Seen) -> Bool { (a.text, a.partition) < (b.text, b.partition) }
    }

    private let topics = Topics(Configuration(kafka: [:], data: ""))

    /// A sink on a broker with its topics.
    private func sink(_ broker: borrowing MockBroker, _ client: ClientConfiguration) throws -> KafkaSink {
        for topic in OutputTopic.allCases { try broker.createTopic(topics.name(topic), partitionCount: Int32(Self.partitionCount)) }
        try broker.createTopic(topics.journal, partitionCount: 1)
        return try KafkaSink(client, group: "g", topics: topics, facts: TopicFacts(partitionCounts: [:]), takeover: Takeover(by: "test")) {
            [:]
        }
    }

    /// Else a barrier would say that all of its commit is to be read below an offset that is too low.
    @Test func endsThatNoAcknowledgementToldAreNotToldEither() throws {
        var broker = try MockBroker()
        defer { broker.stop() }
        let sink = try sink(broker, ClientConfiguration(settings: ["bootstrap.servers": broker.bootstrapServers]))
        defer { sink.close() }
        func areUnknown() -> Bool {
            do throws(SinkFailure) {
                _ = try sink.outputEnds()
                return false
            } catch {
                guard case .unknown = error else { return false }
                return true
            }
        }
        try sink.begin()
        let produceRequest: Int16 = 0
        broker.failNextRequests(ofKind: produceRequest, with: [RD_KAFKA_RESP_ERR_DUPLICATE_SEQUENCE_NUMBER])
        try sink.send(Self.events)
        #expect(areUnknown())
        try sink.commit()
        #expect(areUnknown())
        try sink.begin()
        #expect(areUnknown())
    }

    @Test func aPersonsEventsLieTogetherAndATombstoneFollowsAnExit() throws {
        var broker = try MockBroker()
        defer { broker.stop() }
        let client = ClientConfiguration(settings: ["bootstrap.servers": broker.bootstrapServers, "fetch.wait.max.ms": "20"])
        let sink = try sink(broker, client)
        try sink.begin()
        try sink.send(Self.events)
        let ends = try sink.outputEnds()
        try sink.commit()
        sink.close()

        let seen = try Self.read(topics.name(.members), client)
        let ada = ProducerTopic(index: 0, partitionCount: Self.partitionCount).partition(ofText: "Email|ada@x")
        let other = ProducerTopic(index: 0, partitionCount: Self.partitionCount).partition(ofText: "Email|bob|@x")
        #expect(
            seen == [
                Seen(partition: ada, text: "one|Email|ada@x exited", headerCount: 6),
                Seen(partition: ada, text: "one|Email|ada@x null", headerCount: 0),
                Seen(partition: other, text: "one|Email|bob|@x realized", headerCount: 6),
                Seen(partition: ada, text: "two|Email|ada@x realized", headerCount: 6),
            ])
        // The ends are behind the tombstone.
        #expect(ends[topics.name(.members)]?.values.reduce(0, +) == 4)
        // Other topics are partitioned by their whole key.
        let updated = try Self.read(topics.name(.updated), client)
        #expect(
            updated.count == 1
                && updated[0].partition == ProducerTopic(index: 0, partitionCount: Self.partitionCount).partition(ofText: "one"))
    }

    /// Of audience one Ada leaves and Bob enters; of audience two Ada enters; and a schema is live.
    private static var events: OutputBatch {
        let output = OutputBatch()
        for (key, status) in [("one|Email|ada@x", "exited"), ("one|Email|bob|@x", "realized"), ("two|Email|ada@x", "realized")] {
            let whole = output.append(key)
            let headers = output.headers.count
            for number in 0..<6 { output.headers.append(.init(name: output.append("h\(number)"), value: output.append("x"))) }
            output.records.append(
                .init(
                    topic: .members, key: whole, partitionKey: whole.lowerBound + 4..<whole.upperBound, value: output.append(status),
                    frame: output.add(.init(headers: headers..<headers + 6)), timestamp: -1, endsKey: status == "exited"))
        }
        // A value that is put together of what it shares and what is its own.
        let frame = output.add(.init(headers: 0..<0, beginning: output.append("{"), end: output.append("}")))
        output.records.append(.init(topic: .updated, key: output.append("one"), value: 0..<0, frame: frame, timestamp: -1))
        return output
    }

    private static func read(_ topic: String, _ client: ClientConfiguration) throws -> [Seen] {
        let assignment = (0..<partitionCount).map { AssignedPartition(topic: topic, partition: Int32($0), start: .beginning) }
        var consumer = try TopicConsumer(configuration: client, group: "test", assignment: assignment, handlers: .silent)
        var batch = RecordBatch()
        let end = monotonicNanoseconds() + 10_000_000_000
        var quiet = 0
        while quiet < 10 && monotonicNanoseconds() < end {
            _ = consumer.waitForRecords(timeout: .milliseconds(50))
            let before = batch.count
            for partition in 0..<partitionCount {
                _ = try consumer.poll(partition: partition, into: &batch, maximumRecords: 1000, maximumBytes: 1 << 20, timeout: .zero)
            }
            quiet = batch.count > 0 && batch.count == before ? quiet + 1 : 0
        }
        func text(_ bytes: UnsafeRawBufferPointer?) -> String { bytes.map { String(decoding: $0, as: UTF8.self) } ?? "null" }
        return (0..<batch.count).map { number in
            let record = batch[number]
            return Seen(partition: record.partition, text: "\(text(record.key)) \(text(record.value))", headerCount: record.headerCount)
        }.sorted()
    }
}

extension ProducerTopic {
    fileprivate func partition(ofText text: String) -> Int32 {
        Array(text.utf8).withUnsafeBytes { partition(of: $0) }
    }
}
