// Partitions in plain values, and lists of them as librdkafka takes them.

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

/// A native list of partitions for the time of one call.
func withNativePartitions<Result>(
    count: Int, _ body: (UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) throws(KafkaError) -> Result
) throws(KafkaError) -> Result {
    guard let list = rd_kafka_topic_partition_list_new(Int32(count)) else { preconditionFailure("librdkafka has no memory left") }
    defer { rd_kafka_topic_partition_list_destroy(list) }
    return try body(list)
}
