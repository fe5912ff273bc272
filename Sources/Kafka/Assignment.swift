// What a consumer reads and from where, in plain values.

import CRdkafka

/// A partition of a topic.
public struct TopicPartition: Sendable, Hashable {
    /// Its name.
    public let topic: String
    /// From 0.
    public let partition: Int32

    public init(topic: String, partition: Int32) {
        self.topic = topic
        self.partition = partition
    }
}

/// Where reading begins.
public enum StartPosition: Sendable, Hashable {
    /// The oldest record that is still there.
    case beginning
    /// After the newest record.
    case end
    /// The record with this offset, or the next one that there is; out of the partition's range is an error at the first poll.
    case offset(Int64)

    var native: Int64 {
        switch self {
        case .beginning: Int64(RD_KAFKA_OFFSET_BEGINNING)
        case .end: Int64(RD_KAFKA_OFFSET_END)
        case .offset(let offset): offset
        }
    }
}

/// One partition to read.
public struct AssignedPartition: Sendable, Hashable {
    /// The topic's name.
    public let topic: String
    /// From 0.
    public let partition: Int32
    /// Where its first record is.
    public let start: StartPosition

    public init(topic: String, partition: Int32, start: StartPosition) {
        if case .offset(let offset) = start { precondition(offset >= 0, "an offset is not negative") }
        self.topic = topic
        self.partition = partition
        self.start = start
    }
}

/// An offset of a consumer group: the next record it would read.
public struct GroupOffset: Sendable, Hashable {
    /// The topic's name.
    public let topic: String
    /// From 0.
    public let partition: Int32
    /// Of the next record.
    public let offset: Int64

    public init(topic: String, partition: Int32, offset: Int64) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
    }
}

/// What a reader sees of transactions.
public enum IsolationLevel: String, Sendable {
    /// Committed records only, up to the first open transaction.
    case readCommitted = "read_committed"
    /// Everything, also what was or will be aborted.
    case readUncommitted = "read_uncommitted"
}

/// How a consumer reads.
public struct ConsumerOptions: Sendable {
    /// What it sees of transactions.
    public var isolation: IsolationLevel
    /// Whether batches tell when the end of a partition is met.
    public var reportsPartitionEnd: Bool
    /// How long a broker waits for records before it answers that there are none, which is when the end of a partition is told; nil is
    /// the operator's wish.
    public var fetchWait: Duration?

    public init(isolation: IsolationLevel = .readCommitted, reportsPartitionEnd: Bool = false, fetchWait: Duration? = nil) {
        self.isolation = isolation
        self.reportsPartitionEnd = reportsPartitionEnd
        self.fetchWait = fetchWait
    }
}

/// A native list of partitions for the time of one call.
func withNativePartitions<Result>(
    count: Int, _ body: (UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) throws(KafkaError) -> Result
) throws(KafkaError) -> Result {
    guard let list = rd_kafka_topic_partition_list_new(Int32(count)) else { preconditionFailure("librdkafka has no memory left") }
    defer { rd_kafka_topic_partition_list_destroy(list) }
    return try body(list)
}
