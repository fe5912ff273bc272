// Dead letters (contract §4): the refused record as it was, with headers of Kafka Connect that say where it came from and why. It is
// caught where it is decoded (CommitLoop+Changes, Replay); StateMachine.refuse makes one smaller that does not fit.
import Campaigns

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
            Record(
                topic: .deadLetters, key: key, value: value, frame: add(Frame(headers: first..<headers.count)), timestamp: record.timestamp)
        )
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
