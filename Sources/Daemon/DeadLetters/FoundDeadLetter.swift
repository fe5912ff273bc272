// A dead letter as it is read back from its topic: the refused record, and what the headers of Kafka Connect say of it (contract §4).
import Campaigns
import Kafka
import Wire

struct FoundDeadLetter {
    struct Header {
        let name: [UInt8]
        /// nil: null.
        let value: [UInt8]?
    }

    /// Where it lies in the topic of dead letters.
    let place: DeadLetterPlace
    /// The refused record's, in milliseconds since the Unix epoch; nil where it had none.
    let timestamp: Int64?
    /// Where the refused record was read: the whole name of its topic, partition and offset.
    let topic: String
    let partition: Int32
    let offset: Int64
    let origin: DeadLetterOrigin
    /// Why it was refused, in words, and as metrics count it; nil where an older or newer program had other words.
    let message: String
    let reason: RefusalKind?
    let key: [UInt8]?
    let value: [UInt8]?
    /// Those of the record itself.
    let headers: [Header]

    private static let prefix = Array("__connect.errors.".utf8)

    /// nil: the record is no dead letter of this program.
    init?(_ record: Record, in batch: borrowing RecordBatch) {
        var own: [Header] = []
        var about: [String: String] = [:]
        for number in 0..<record.headerCount {
            let header = batch.header(number, of: record)
            if header.name.starts(with: Self.prefix) {
                // A record that was a dead letter before has some of its own; what the last refusal says comes last.
                about[String(decoding: header.name.dropFirst(Self.prefix.count), as: UTF8.self)] =
                    header.value.map { String(decoding: $0, as: UTF8.self) }
            } else {
                own.append(Header(name: Array(header.name), value: header.value.map(Array.init)))
            }
        }
        guard let topic = about["topic"], let partition = about["partition"].flatMap({ Int32($0) }),
            let offset = about["offset"].flatMap({ Int64($0) }), let origin = about["stage"].flatMap(DeadLetterOrigin.init)
        else { return nil }
        place = DeadLetterPlace(partition: record.partition, offset: record.offset)
        timestamp = record.timestampMilliseconds < 0 ? nil : record.timestampMilliseconds
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.origin = origin
        message = about["exception.message"] ?? ""
        reason = RefusalKind(reason: message, origin: origin)
        key = record.key.map(Array.init)
        value = record.value.map(Array.init)
        headers = own
    }

    /// Whether the value was too large for the topic, so that only its size and hash are here; the record lies where it was read.
    var isShortened: Bool {
        guard let value, value.count < 256, case .object(let members)? = JSON(text: value) else { return false }
        return ["size", "sha256"].elementsEqual(members.prefix(2).map(\.name)) && members.dropFirst(2).allSatisfy { $0.name == "truncated" }
    }

    /// How many bytes of the record are here.
    var byteCount: Int {
        headers.reduce((key?.count ?? 0) + (value?.count ?? 0)) { $0 + $1.name.count + ($1.value?.count ?? 0) }
    }

    /// As the API shows it.
    /// - Parameter withValues: what may be of a person too: key, value and the record's own headers.
    func json(withValues: Bool) -> JSON {
        var members = [
            JSON.Member("place", .string("\(place)")), JSON.Member("time", timestamp.map(JSON.instant) ?? .null),
            JSON.Member("topic", .string(topic)), JSON.Member("partition", .integer(Int64(partition))),
            JSON.Member("offset", .integer(offset)), JSON.Member("stage", .string(origin.rawValue)),
            JSON.Member("reason", reason.map { .string($0.rawValue) } ?? .null), JSON.Member("message", .string(message)),
            JSON.Member("shortened", .boolean(isShortened)),
        ]
        if withValues {
            members.append(Self.member("key", key))
            members.append(Self.member("value", value))
            let shown = headers.map { header in
                JSON.object([
                    JSON.Member("name", .string(String(decoding: header.name, as: UTF8.self))), Self.member("value", header.value),
                ])
            }
            members.append(JSON.Member("headers", .array(shown)))
        }
        return .object(members)
    }

    /// A text as it is; bytes that are none as digits, in a member of another name.
    private static func member(_ name: String, _ bytes: [UInt8]?) -> JSON.Member {
        guard let bytes else { return JSON.Member(name, .null) }
        if let text = String(validating: bytes, as: UTF8.self) { return JSON.Member(name, .string(text)) }
        return JSON.Member("\(name)Hex", .string(HexText.text(of: bytes)))
    }
}
