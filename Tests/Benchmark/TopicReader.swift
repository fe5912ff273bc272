// Reads all partitions of an output topic, committed records only.
import Glibc
import Kafka

final class TopicReader {
    private let client: ClientConfiguration
    private let name: String
    private var consumer: TopicConsumer
    private let partitions: Int
    private var batch = RecordBatch()

    /// Reads from those offsets on, one per partition; from the beginning when the topic was not there when they were asked for.
    init(_ client: ClientConfiguration, _ name: String, from offsets: [Int64]) throws {
        self.client = client
        self.name = name
        partitions = try TopicReader.ends(of: name, client).count
        let assignment = (0..<partitions).map {
            AssignedPartition(topic: name, partition: Int32($0), start: offsets.isEmpty ? .beginning : .offset(offsets[$0]))
        }
        consumer = try TopicConsumer(configuration: client, group: "benchmark", assignment: assignment, handlers: .silent)
    }

    /// Where a topic's partitions end; empty when there is no such topic.
    static func ends(of name: String, _ client: ClientConfiguration) throws -> [Int64] {
        var admin = try Admin(configuration: client, handlers: .silent)
        defer { admin.close(deadline: .seconds(5)) }
        guard let described = try admin.describe(topics: [name], timeout: .seconds(30)).first, described.exists else { return [] }
        let asker = try TopicConsumer(configuration: client, group: "benchmark", assignment: [], handlers: .silent)
        return try (0..<described.partitionCount).map {
            try asker.watermarks(topic: name, partition: Int32($0), timeout: .seconds(30)).high
        }
    }

    /// Waits for records and takes what has come. Returns how many.
    func take(timeout: Duration) throws -> Int {
        _ = consumer.waitForRecords(timeout: timeout)
        batch.removeAll()
        for partition in 0..<partitions {
            _ = try consumer.poll(partition: partition, into: &batch, maximumRecords: 10_000, maximumBytes: 8 << 20, timeout: .zero)
        }
        return batch.count
    }

    /// The values of what was taken.
    func forEachValue(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
        for number in 0..<batch.count {
            if let value = batch[number].value { try body(value) }
        }
    }
}
