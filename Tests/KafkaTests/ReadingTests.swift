// Records go out and come back whole: through the mock broker, with everything that may be null or empty.

import Testing

@testable import Kafka

@Suite(.waiting) struct ReadingTests {
    let handlers = ClientHandlers.silent

    @Test func everyKindOfRecordComesBackWhole() throws {
        var broker = try MockBroker()
        defer { broker.stop() }
        try broker.createTopic("changes", partitionCount: 1)
        let configuration = configuration(broker.bootstrapServers)
        var producer = try PlainProducer(configuration: configuration, name: "test", handlers: handlers)
        let topic = try producer.openTopic("changes", timeout: .seconds(10))
        #expect(topic.partitionCount == 1)
        var headers = RecordHeaders()
        headers.append("ce_type", "audience.member.entered")
        headers.append("nothing", nil)
        headers.append("empty", text: "")
        try producer.send(topic, "k1", "v1", timestampMilliseconds: 1_772_000_000_123)
        try producer.send(topic, "k2", nil)
        try producer.send(topic, nil, "v3", headers: headers)
        try producer.send(topic, nil, nil)
        try producer.send(topic, "", "")
        try producer.flush(timeout: .seconds(10))
        let delivered = producer.deliveredOffsets
        #expect(delivered == [DeliveredOffset(topic: "changes", partition: 0, offset: 4)])

        var consumer = try TopicConsumer(
            configuration: configuration, group: "test",
            assignment: [AssignedPartition(topic: "changes", partition: 0, start: .beginning)],
            options: ConsumerOptions(reportsPartitionEnd: true), handlers: handlers)
        let topics = consumer.topics
        #expect(topics == ["changes"])
        var batch = RecordBatch(capacityBytes: 0)
        let deadline = Deadline(after: .seconds(10))
        while batch.partitionEnds.isEmpty, !deadline.hasPassed {
            try consumer.poll(partition: 0, into: &batch, maximumRecords: 100, maximumBytes: 1_000, timeout: .milliseconds(100))
        }
        #expect(
            textRecords(batch) == [
                TextRecord(offset: 0, key: "k1", value: "v1"),
                TextRecord(offset: 1, key: "k2", value: nil),
                TextRecord(offset: 2, key: nil, value: "v3", headers: ["ce_type=audience.member.entered", "nothing=null", "empty="]),
                TextRecord(offset: 3, key: nil, value: nil),
                TextRecord(offset: 4, key: "", value: ""),
            ])
        #expect(batch.partitionEnds == [PartitionEnd(topicIndex: 0, partition: 0, offset: 5)])
        #expect(batch[0].timestampMilliseconds == 1_772_000_000_123)
        #expect(batch[1].timestampMilliseconds > 1_772_000_000_123)
        let value = try #require(batch[0].value?.baseAddress)
        let behind = UnsafeRawBufferPointer(start: value, count: batch.byteCount - 2 + RecordBatch.slackBytes)
        #expect(behind.suffix(RecordBatch.slackBytes).allSatisfy { $0 == 0 })
        producer.close(deadline: .seconds(5))
        consumer.close(deadline: .seconds(5))
    }

    @Test func readsFromTheOffsetsItIsGivenAndTellsTopicsApart() throws {
        var broker = try MockBroker()
        defer { broker.stop() }
        try broker.createTopic("first", partitionCount: 2)
        try broker.createTopic("second", partitionCount: 1)
        let configuration = configuration(broker.bootstrapServers)
        var producer = try PlainProducer(configuration: configuration, name: "test", handlers: handlers)
        let first = try producer.openTopic("first", timeout: .seconds(10))
        let second = try producer.openTopic("second", timeout: .seconds(10))
        for number in 0..<5 {
            try producer.send(first, nil, "a\(number)", partition: 0)
            try producer.send(first, nil, "b\(number)", partition: 1)
            try producer.send(second, nil, "c\(number)", partition: 0)
        }
        try producer.flush(timeout: .seconds(10))
        var consumer = try TopicConsumer(
            configuration: configuration, group: "test",
            assignment: [
                AssignedPartition(topic: "second", partition: 0, start: .offset(3)),
                AssignedPartition(topic: "first", partition: 1, start: .offset(4)),
                AssignedPartition(topic: "first", partition: 0, start: .end),
            ],
            handlers: handlers)
        let topics = consumer.topics
        #expect(topics == ["second", "first"])
        let records = try consumer.collect(3, from: 0..<3).sorted { ($0.topicIndex, $0.offset) < ($1.topicIndex, $1.offset) }
        #expect(
            records == [
                TextRecord(topicIndex: 0, offset: 3, value: "c3"),
                TextRecord(topicIndex: 0, offset: 4, value: "c4"),
                TextRecord(topicIndex: 1, partition: 1, offset: 4, value: "b4"),
            ])
        let range = try consumer.watermarks(topic: "first", partition: 1, timeout: .seconds(10))
        #expect(range == (0, 5))
        let partitionCount = try consumer.partitionCount(of: "first", timeout: .seconds(10))
        #expect(partitionCount == 2)
    }

    @Test func everyPartitionHasAQueueOfItsOwnAndAnyWakesUpTheReader() throws {
        var broker = try MockBroker()
        defer { broker.stop() }
        try broker.createTopic("control", partitionCount: 1)
        try broker.createTopic("changes", partitionCount: 1)
        let configuration = configuration(broker.bootstrapServers)
        var producer = try PlainProducer(configuration: configuration, name: "test", handlers: handlers)
        let control = try producer.openTopic("control", timeout: .seconds(10))
        let changes = try producer.openTopic("changes", timeout: .seconds(10))
        var consumer = try TopicConsumer(
            configuration: configuration, group: "test",
            assignment: [
                AssignedPartition(topic: "control", partition: 0, start: .beginning),
                AssignedPartition(topic: "changes", partition: 0, start: .beginning),
            ],
            handlers: handlers)
        func drained(_ consumer: inout TopicConsumer) throws -> Bool {
            var batch = RecordBatch()
            let deadline = Deadline(after: .seconds(10))
            while consumer.waitForRecords(timeout: .milliseconds(50)), !deadline.hasPassed {
                try consumer.poll(partition: 0, into: &batch, maximumRecords: 10, maximumBytes: 100, timeout: .zero)
                try consumer.poll(partition: 1, into: &batch, maximumRecords: 10, maximumBytes: 100, timeout: .zero)
            }
            return batch.count == 0 && !deadline.hasPassed
        }
        #expect(try drained(&consumer))

        for round in 0..<5 {
            try producer.send(changes, nil, "change \(round)")
            try producer.flush(timeout: .seconds(10))
            let wasWokenByChange = consumer.waitForRecords(timeout: .seconds(10))
            let valuesOfChanges = try consumer.collect(1, from: 1..<2).map(\.value)
            #expect(valuesOfChanges == ["change \(round)"])
            #expect(try wasWokenByChange && drained(&consumer))

            try producer.send(control, nil, "control \(round)")
            try producer.flush(timeout: .seconds(10))
            let wasWokenByControl = consumer.waitForRecords(timeout: .seconds(10))
            let valuesOfControl = try consumer.collect(1, from: 0..<1).map(\.value)
            #expect(valuesOfControl == ["control \(round)"])
            #expect(try wasWokenByControl && drained(&consumer))
        }
    }

    @Test func aPollKeepsToItsBoundsAndLosesNothing() throws {
        var broker = try MockBroker()
        defer { broker.stop() }
        try broker.createTopic("changes", partitionCount: 1)
        let configuration = configuration(broker.bootstrapServers)
        var producer = try PlainProducer(configuration: configuration, name: "test", handlers: handlers)
        let changes = try producer.openTopic("changes", timeout: .seconds(10))
        for number in 0..<5_000 { try producer.send(changes, "key", "value \(number)") }
        try producer.flush(timeout: .seconds(10))
        var consumer = try TopicConsumer(
            configuration: configuration, group: "test",
            assignment: [AssignedPartition(topic: "changes", partition: 0, start: .beginning)], handlers: handlers)
        var batch = RecordBatch()
        var next: Int64 = 0
        let deadline = Deadline(after: .seconds(20))
        while next < 5_000, !deadline.hasPassed {
            batch.removeAll()
            let count = try consumer.poll(partition: 0, into: &batch, maximumRecords: 37, maximumBytes: 1 << 20, timeout: .seconds(1))
            #expect(count <= 37 && count == batch.count)
            for index in 0..<batch.count {
                #expect(batch[index].offset == next && text(batch[index].value) == "value \(next)")
                next += 1
            }
        }
        #expect(next == 5_000)
    }

    @Test func anOffsetThatIsNotThereIsAnErrorNotAJump() throws {
        var broker = try MockBroker()
        defer { broker.stop() }
        try broker.createTopic("changes", partitionCount: 1)
        var consumer = try TopicConsumer(
            configuration: configuration(broker.bootstrapServers), group: "test",
            assignment: [AssignedPartition(topic: "changes", partition: 0, start: .offset(1_000))], handlers: handlers)
        let error = #expect(throws: KafkaError.self) { _ = try consumer.collect(1) }
        #expect(error?.errorClass == .fatal)
        #expect(error?.object.hasPrefix("changes/0") == true)
        #expect(error?.hint.contains("retention") == true)
    }

    @Test func aPartitionThatIsHeldWakesNobody() throws {
        var broker = try MockBroker()
        defer { broker.stop() }
        try broker.createTopic("changes", partitionCount: 2)
        let configuration = configuration(broker.bootstrapServers)
        var producer = try PlainProducer(configuration: configuration, name: "test", handlers: handlers)
        let topic = try producer.openTopic("changes", timeout: .seconds(10))
        try producer.send(topic, "k", "held", partition: 0)
        try producer.flush(timeout: .seconds(10))
        var consumer = try TopicConsumer(
            configuration: configuration, group: "test",
            assignment: (0..<2).map { AssignedPartition(topic: "changes", partition: $0, start: .offset(0)) },
            options: ConsumerOptions(reportsPartitionEnd: true), handlers: handlers)
        consumer.hold(true, partition: 0)
        // What librdkafka says of an empty partition when it begins.
        _ = try consumer.collect(0, ends: 1, from: 1..<2)
        var (isAwake, waiting) = (consumer.waitForRecords(timeout: .milliseconds(500)), consumer.waitingRecords)
        #expect(!isAwake && waiting == 0)
        try producer.send(topic, "k", "free", partition: 1)
        try producer.flush(timeout: .seconds(10))
        isAwake = consumer.waitForRecords(timeout: .seconds(10))
        waiting = consumer.waitingRecords
        #expect(isAwake && waiting >= 1)
        let free = try consumer.collect(1, from: 1..<2)
        #expect(free.map(\.value) == ["free"])
        consumer.hold(false, partition: 0)
        let held = try consumer.collect(1)
        #expect(held.map(\.value) == ["held"])
        producer.close(deadline: .seconds(5))
        consumer.close(deadline: .seconds(5))
    }

    @Test func rangesAreAskedForTogether() throws {
        var broker = try MockBroker()
        defer { broker.stop() }
        try broker.createTopic("changes", partitionCount: 3)
        let configuration = configuration(broker.bootstrapServers)
        var producer = try PlainProducer(configuration: configuration, name: "test", handlers: handlers)
        let topic = try producer.openTopic("changes", timeout: .seconds(10))
        for number in 0..<5 { try producer.send(topic, "k", "\(number)", partition: 2) }
        try producer.flush(timeout: .seconds(10))
        var asker = try TopicConsumer(configuration: configuration, group: "test", assignment: [], handlers: handlers)
        let places = (0..<3).map { TopicPartition(topic: "changes", partition: $0) }
        let ranges = try asker.watermarks(of: places, timeout: .seconds(10))
        #expect(ranges.map(\.low) == [0, 0, 0] && ranges.map(\.high) == [0, 0, 5])
        let added = try asker.beginnings(of: "changes", from: 1, timeout: .seconds(10))
        #expect(added == [0, 0])
        let none = try asker.beginnings(of: "changes", from: 3, timeout: .seconds(10))
        #expect(none == [])
        producer.close(deadline: .seconds(5))
        asker.close(deadline: .seconds(5))
    }
}
