// The journal: one record per commit, in the transaction of the commit's outputs. It is the only truth about what was read: replaying
// its records from the first over the input topics gives the state, and nothing else decides the result.
//
// A record is one JSON object, keyed by its sequence in decimal:
//   format     2; of 1 the hashes of ranges do not cover the records' headers, though these decide how a record is read. Records of
//              format 1 are read for ever and no longer written
//   sequence   of the commit, one more than the record before
//   clock      the engine's clock, milliseconds since the Unix epoch; never less than in the record before
//   control    null, or the control record that the commit took in: {"from", "to", "records", "hash"}; with "refused": true where it was
//              refused for what the daemon, not the definitions, know: a barrier behind partitions that were not there
//   changes    what it took in of each change partition, by topic name and partition:
//              [{"topic", "partition", "from", "to", "records", "hash"}]; topic names are whole, with the prefix
//   semantics, timezones, mapping    what the result depends on besides: the version of the rules, of the time zone data, and which
//              table each change topic is mapped to
//   snapshots  left out when there are none: the snapshots whose `audience.snapshot` is in the commit's outputs,
//              [{"audience", "sequence"}]. No replay repeats them; they say what a crash left unannounced
//   repair     true where all campaigns were followed anew, after the audit had found something wrong; else left out
//
// A range holds the records with from <= offset < to. Offsets between and behind them may belong to nobody (markers of transactions,
// aborted records), so their number is kept, and may be 0; a range begins where the last one of its partition ended, or later, with such
// offsets between them. `hash` is RecordHash over the records, 16 hexadecimal digits. One whose range is gone or has another hash stops
// the start.
//
// Besides these records the journal has those of takeovers: Takeover.swift.
import Campaigns

struct JournalRecord: Equatable {
    /// A range of one partition.
    struct Range: Equatable {
        /// Whole name; nil for the control topic.
        var topic: String?
        var partition: Int32
        var from: Int64
        var to: Int64
        var records: Int
        var hash: UInt64
        /// A control record that was refused, whatever it says.
        var isRefused = false
    }

    /// What the result depends on besides input and clock.
    struct Fingerprint: Equatable {
        /// Raised when the same input gives another result than before.
        static let currentSemantics: Int64 = 1

        var semantics = Fingerprint.currentSemantics
        var timezones: String
        var mapping: String

        /// For the footer of a checkpoint.
        var text: String { "semantics \(semantics), timezones \(timezones), mapping \(mapping)" }

        /// Whether topics that a footer's text names are mapped as there: rows depend on that, and on nothing else here.
        func isMapped(as text: String) -> Bool {
            guard let mark = text.firstRange(of: ", mapping ") else { return false }
            let now = mapping.split(separator: ",")
            return text[mark.upperBound...].split(separator: ",").allSatisfy(now.contains)
        }
    }

    /// A snapshot that the commit announced.
    struct Announcement: Equatable {
        var audience: String
        /// Of the commit that it shows.
        var sequence: Int64
    }

    /// What is written.
    static let currentFormat: Int64 = 2

    var format = JournalRecord.currentFormat
    var sequence: Int64
    var clock: Int64
    var control: Range?
    var changes: [Range]
    var snapshots: [Announcement]
    /// All campaigns were followed anew.
    var isRepair = false
    var fingerprint: Fingerprint

    /// Everything that the commit took in.
    var ranges: [Range] { changes + (control.map { [$0] } ?? []) }

    /// The record's bytes.
    var encoded: [UInt8] {
        var members = [
            JSON.Member("format", .integer(format)), JSON.Member("sequence", .integer(sequence)),
            JSON.Member("clock", .integer(clock)), JSON.Member("control", control.map { $0.json } ?? .null),
            JSON.Member("changes", .array(changes.map(\.json))), JSON.Member("semantics", .integer(fingerprint.semantics)),
            JSON.Member("timezones", .string(fingerprint.timezones)), JSON.Member("mapping", .string(fingerprint.mapping)),
        ]
        if !snapshots.isEmpty { members.append(JSON.Member("snapshots", .array(snapshots.map(\.json)))) }
        if isRepair { members.append(JSON.Member("repair", .boolean(true))) }
        var text = JSONText()
        text.append(.object(members))
        return text.bytes
    }

    /// Whether the hashes of its ranges cover headers.
    var hashesHeaders: Bool { format > 1 }

    /// Reads a record; nil when it is none of a known format.
    init?(_ tree: JSON) {
        guard case .integer(let format)? = tree["format"], (1...JournalRecord.currentFormat).contains(format),
            case .integer(let sequence)? = tree["sequence"],
            case .integer(let clock)? = tree["clock"], case .array(let changes)? = tree["changes"],
            case .integer(let semantics)? = tree["semantics"], case .string(let timezones)? = tree["timezones"],
            case .string(let mapping)? = tree["mapping"], let control = tree["control"]
        else { return nil }
        self.format = format
        self.sequence = sequence
        self.clock = clock
        if control != .null {
            guard let range = Range(control, isControl: true) else { return nil }
            self.control = range
        }
        self.changes = changes.compactMap { Range($0, isControl: false) }
        if self.changes.count != changes.count { return nil }
        snapshots = []
        if let announced = tree["snapshots"] {
            guard case .array(let items) = announced else { return nil }
            snapshots = items.compactMap(Announcement.init)
            if snapshots.count != items.count { return nil }
        }
        isRepair = tree["repair"] == .boolean(true)
        fingerprint = Fingerprint(semantics: semantics, timezones: timezones, mapping: mapping)
    }

    init(
        sequence: Int64, clock: Int64, control: Range?, changes: [Range], snapshots: [Announcement] = [], isRepair: Bool = false,
        fingerprint: Fingerprint
    ) {
        self.sequence = sequence
        self.clock = clock
        self.control = control
        self.changes = changes
        self.snapshots = snapshots
        self.isRepair = isRepair
        self.fingerprint = fingerprint
    }
}

extension JournalRecord.Announcement {
    fileprivate var json: JSON { .object([JSON.Member("audience", .string(audience)), JSON.Member("sequence", .integer(sequence))]) }

    fileprivate init?(_ tree: JSON) {
        guard case .string(let audience)? = tree["audience"], case .integer(let sequence)? = tree["sequence"] else { return nil }
        self.audience = audience
        self.sequence = sequence
    }
}

extension JournalRecord.Range {
    var json: JSON {
        var members: [JSON.Member] = []
        if let topic { members += [JSON.Member("topic", .string(topic)), JSON.Member("partition", .integer(Int64(partition)))] }
        members += [
            JSON.Member("from", .integer(from)), JSON.Member("to", .integer(to)), JSON.Member("records", .integer(Int64(records))),
            JSON.Member("hash", .string(hexadecimal(hash))),
        ]
        if isRefused { members.append(JSON.Member("refused", .boolean(true))) }
        return .object(members)
    }

    init?(_ tree: JSON, isControl: Bool) {
        guard case .integer(let from)? = tree["from"], case .integer(let to)? = tree["to"], case .integer(let records)? = tree["records"],
            case .string(let text)? = tree["hash"], let hash = UInt64(text, radix: 16), hexadecimal(hash) == text, from >= 0, from <= to,
            records >= 0
        else { return nil }
        if isControl {
            partition = 0
            isRefused = tree["refused"] == .boolean(true)
        } else {
            guard case .string(let topic)? = tree["topic"], case .integer(let wide)? = tree["partition"],
                let partition = Int32(exactly: wide),
                partition >= 0
            else { return nil }
            self.topic = topic
            self.partition = partition
        }
        self.from = from
        self.to = to
        self.records = Int(records)
        self.hash = hash
    }
}

/// 16 digits.
func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
