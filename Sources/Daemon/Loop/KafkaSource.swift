// The source of the daemon: librdkafka's consumers, and its sink around the producer that takes the deployment over.
import Kafka
import Wire

/// Kafka as the daemon reads it.
struct KafkaSource: Source {
    let client: ClientConfiguration
    let group: String
    /// How many partitions each topic has, where that cannot be asked: the in-process broker takes everything.
    var partitionCounts: [String: Int]?

    var maximumSentBytes: Int { client.maximumSentBytes }

    func facts(of topics: Topics, mentioned: () throws -> Set<String>) throws -> TopicFacts {
        if let partitionCounts { return TopicFacts(partitionCounts: partitionCounts) }
        var admin = try Admin(configuration: client, handlers: kafkaHandlers)
        defer { admin.close(deadline: Patience.close) }
        return try topics.prepare(admin, mentioned: mentioned)
    }

    func reader(
        of assignment: [AssignedPartition], options: ConsumerOptions, wakeUp: WakeUp
    ) throws(KafkaError) -> any SourceReader {
        KafkaReader(
            try TopicConsumer(
                configuration: client, group: group, assignment: assignment, options: options, wakeUp: wakeUp, handlers: kafkaHandlers))
    }

    func deleteRecords(of partition: TopicPartition, before offset: Int64) throws(KafkaError) {
        var admin = try Admin(configuration: client, handlers: kafkaHandlers)
        defer { admin.close(deadline: Patience.close) }
        try admin.deleteRecords(of: partition, before: offset, timeout: Patience.answer)
    }

    /// Takes the deployment over (`MakeSink`).
    func sink(
        _ topics: Topics, _ facts: TopicFacts, _ takeover: Takeover, _ ends: () throws -> TopicOffsets
    ) throws -> any CommitSink {
        try KafkaSink(client, group: group, topics: topics, facts: facts, takeover: takeover, ends: ends)
    }
}

/// A consumer behind the seam.
private final class KafkaReader: SourceReader {
    private var consumer: TopicConsumer

    init(_ consumer: consuming TopicConsumer) { self.consumer = consumer }

    var topics: [String] { consumer.topics }
    var waitingRecords: Int { consumer.waitingRecords }
    func hold(_ isHeld: Bool, partition: Int) { consumer.hold(isHeld, partition: partition) }
    func listen() { consumer.listen() }
    func waitForSignal(timeout: Duration) { consumer.waitForSignal(timeout: timeout) }

    func poll(
        partition: Int, into batch: inout RecordBatch, maximumRecords: Int, maximumBytes: Int, timeout: Duration
    ) throws(KafkaError) -> Int {
        try consumer.poll(
            partition: partition, into: &batch, maximumRecords: maximumRecords, maximumBytes: maximumBytes, timeout: timeout)
    }

    func watermarks(topic: String, partition: Int32, timeout: Duration) throws(KafkaError) -> (low: Int64, high: Int64) {
        try consumer.watermarks(topic: topic, partition: partition, timeout: timeout)
    }

    func watermarks(of partitions: [TopicPartition], timeout: Duration) throws(KafkaError) -> [(low: Int64, high: Int64)] {
        try consumer.watermarks(of: partitions, timeout: timeout)
    }

    func offsets(of partitions: [TopicPartition], notOlderThan timestamps: [Int64], timeout: Duration) throws(KafkaError) -> [Int64?] {
        try consumer.offsets(of: partitions, notOlderThan: timestamps, timeout: timeout)
    }

    func beginnings(of topic: String, from first: Int32, timeout: Duration) throws(KafkaError) -> [Int64] {
        try consumer.beginnings(of: topic, from: first, timeout: timeout)
    }

    func partitionCount(of topic: String, timeout: Duration) throws(KafkaError) -> Int {
        try consumer.partitionCount(of: topic, timeout: timeout)
    }

    func commitOffsets(_ offsets: [GroupOffset]) throws(KafkaError) { try consumer.commitOffsets(offsets) }

    func close(deadline: Duration) { consumer.close(deadline: deadline) }
}
