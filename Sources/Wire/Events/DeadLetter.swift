// Dead letters (contract §4): the refused record as it was, with headers of Kafka Connect that say where it came from and why.
import Campaigns

/// A record as it came in.
public struct InputRecord {
    /// Its whole name.
    public var topic: String
    /// From 0.
    public var partition: Int32
    /// Its place in the partition.
    public var offset: Int64
    /// Milliseconds since the Unix epoch; -1 = none.
    public var timestamp: Int64
    /// nil = null.
    public var key: UnsafeRawBufferPointer?
    /// nil = null: a tombstone.
    public var value: UnsafeRawBufferPointer?
    /// In their order; a value may be null.
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

/// What a record was refused as.
public enum DeadLetterOrigin: String, Sendable {
    /// Of the control topic.
    case control = "CONTROL"
    /// Of a topic of changes.
    case change = "CHANGE"
}

extension OutputBatch {
    fileprivate static let aboutPrefix = "__connect.errors."

    /// Appends the dead letter of a refused record, unless it is larger than its topic takes. Returns whether it is there. Of a reason
    /// of more than `Limits.reasonBytes` the beginning is kept.
    @discardableResult
    public func append(deadLetter record: InputRecord, origin: DeadLetterOrigin, reason: String, limits: OutputLimits = .none) -> Bool {
        let about = [
            ("topic", record.topic), ("partition", String(record.partition)), ("offset", String(record.offset)), ("stage", origin.rawValue),
            ("exception.message", reason.cut(toBytes: Limits.reasonBytes)),
        ].map { (name: OutputBatch.aboutPrefix + $0.0, text: $0.1) }
        var size = (record.key?.count ?? 0) + (record.value?.count ?? 0)
        for header in record.headers { size += header.name.count + (header.value?.count ?? 0) + OutputLimits.headerOverheadBytes }
        for header in about { size += header.name.utf8.count + header.text.utf8.count + OutputLimits.headerOverheadBytes }
        if size > limits.contentBytes(of: .deadLetters) { return false }

        deadLetters += 1
        let key = record.key.map { append($0) }
        let value = record.value.map { append($0) }
        let first = headers.count
        for header in record.headers { headers.append(Header(name: append(header.name), value: header.value.map { append($0) })) }
        for header in about { headers.append(Header(name: append(header.name), value: append(header.text))) }
        records.append(
            Record(topic: .deadLetters, key: key, value: value, headers: first..<headers.count, timestamp: record.timestamp))
        return true
    }
}

extension OutputBatch.View {
    /// What a dead letter says about itself: `topic`, `partition`, `offset`, `stage` or `exception.message`. A record's own header of the
    /// same name, which a dead letter that was sent again has, comes before it.
    public func about(_ name: String) -> String? {
        let header = headers.last { $0.name.elementsEqual((OutputBatch.aboutPrefix + name).utf8) }
        return header?.value.map { String(decoding: $0, as: UTF8.self) }
    }
}
