// A topic that a producer may send to, and where its keys go.

import CRdkafka

/// A topic that a producer may send to: made by its `openTopic`.
public struct ProducerTopic: Sendable, Hashable {
    /// Its place in the producer.
    let index: Int
    /// How many partitions it had when it was opened.
    public let partitionCount: Int

    /// The partition to which Java's default partitioner (murmur2) sends a key of these bytes: for records that another key places.
    public func partition(of key: UnsafeRawBufferPointer) -> Int32 {
        rd_kafka_msg_partitioner_murmur2(nil, key.baseAddress, key.count, Int32(partitionCount), nil, nil)
    }
}
