// What a consumer reads, and from where.

import CRdkafka

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
