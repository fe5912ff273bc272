// Dead letters (contract §4): the refused record as it was, with headers of Kafka Connect that say where it came from and why.
import Campaigns

/// A record as it came in.
public struct InputRecord {
    public var topic: String
    public var partition: Int32
    public var offset: Int64
    /// Milliseconds since the Unix epoch; -1 = none.
    public var timestamp: Int64
    public var key: UnsafeRawBufferPointer?
    public var value: UnsafeRawBufferPointer?
    public var headers: [(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer?)]

    public init(
        topic: String, partition: Int32, offset: Int64, timestamp: Int64, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
        headers: [(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer?)] = []
    ) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.timestamp = timestamp
        self.key = key
        self.value = value
        self.headers = headers
    }
}

extension OutputBatch {
    /// Where in the work a record was refused.
    public enum Stage: String, Sendable {
        case control = "CONTROL"
        case change = "CHANGE"
    }

    /// Appends the dead letter of a refused record.
    public func append(deadLetter record: InputRecord, stage: Stage, reason: String) {
        let key = record.key.map { append($0) }
        let value = record.value.map { append($0) }
        let first = headers.count
        for header in record.headers { headers.append(Header(name: append(header.name), value: header.value.map { append($0) })) }
        let about = [
            ("topic", record.topic), ("partition", String(record.partition)), ("offset", String(record.offset)), ("stage", stage.rawValue),
            ("exception.message", reason.cut(toBytes: Limits.reasonBytes)),
        ]
        for (name, text) in about { headers.append(Header(name: append("__connect.errors.\(name)"), value: append(text))) }
        records.append(
            Record(topic: .deadLetters, key: key, value: value, headers: first..<headers.count, timestamp: record.timestamp))
    }
}
