// What the broker acknowledged of the records sent since the ledger was last cleared, and the first one that it refused.

import CRdkafka

/// A record that will not reach its topic.
public struct FailedDelivery: Sendable, Equatable {
    /// Which record: the number of `produce` calls before it, since the transaction began (or the producer was made).
    public let recordIndex: Int
    /// What the broker said. `poison`: the same bytes will be refused again.
    public let error: KafkaError
}

/// Where the last record of a partition landed.
public struct DeliveredOffset: Sendable, Hashable {
    /// The topic's name.
    public let topic: String
    /// From 0.
    public let partition: Int32
    /// The highest offset that was acknowledged.
    public let offset: Int64
}

struct DeliveryLedger {
    /// Per topic of the producer, per partition: the highest offset, -1 none.
    private var highest: [[Int64]] = []
    private(set) var firstFailure: FailedDelivery?
    /// An idempotent producer that had to send again may get an acknowledgement without an offset.
    private(set) var hasUnknownOffsets = false

    mutating func addTopic(partitionCount: Int) {
        highest.append(Array(repeating: -1, count: partitionCount))
    }

    mutating func clear() {
        for topic in highest.indices {
            for partition in highest[topic].indices { highest[topic][partition] = -1 }
        }
        firstFailure = nil
        hasUnknownOffsets = false
    }

    /// The opaque value of a message: which topic and which record it is.
    static func mark(topicIndex: Int, recordIndex: Int) -> UnsafeMutableRawPointer? {
        UnsafeMutableRawPointer(bitPattern: (topicIndex + 1) << 40 | recordIndex & (1 << 40 - 1))
    }

    mutating func record(_ message: rd_kafka_message_t) {
        let mark = Int(bitPattern: message._private)
        let topicIndex = mark >> 40 - 1
        guard highest.indices.contains(topicIndex) else { return }
        if message.err != RD_KAFKA_RESP_ERR_NO_ERROR {
            recordFailure(of: message, recordIndex: mark & (1 << 40 - 1))
            return
        }
        guard message.offset >= 0, message.partition >= 0 else {
            hasUnknownOffsets = true
            return
        }
        let partition = Int(message.partition)
        while highest[topicIndex].count <= partition { highest[topicIndex].append(-1) }
        if message.offset > highest[topicIndex][partition] { highest[topicIndex][partition] = message.offset }
    }

    /// What an abort throws out of the queue did not fail.
    private mutating func recordFailure(of message: rd_kafka_message_t, recordIndex: Int) {
        let wasPurged = message.err == RD_KAFKA_RESP_ERR__PURGE_QUEUE || message.err == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT
        guard firstFailure == nil, !wasPurged else { return }
        let topic = message.rkt.map { String(cString: rd_kafka_topic_name($0)) } ?? "?"
        firstFailure = FailedDelivery(
            recordIndex: recordIndex,
            error: KafkaError(operation: "deliver record", object: "\(topic)/\(message.partition)", code: message.err))
    }

    func offsets(topicNames: [String]) -> [DeliveredOffset] {
        var delivered: [DeliveredOffset] = []
        for (topic, partitions) in zip(topicNames, highest) {
            for (partition, offset) in partitions.enumerated() where offset >= 0 {
                delivered.append(DeliveredOffset(topic: topic, partition: Int32(partition), offset: offset))
            }
        }
        return delivered
    }
}
