// The journal: one record per commit, in the transaction of the commit's outputs. It is the only truth about what was read: replaying
// its records from the first over the input topics gives the state, and nothing else decides the result.
//
// A record of format 3 is keyed by its sequence in decimal. Its value is a byte 3, and sections: a tag (one byte), the length of what
// follows (a number), and that. Sections are in the order of their tags, each at most once; a tag that is not known is of a program that
// is newer, and the record is not read. Numbers are LEB128 in the shortest form, signed ones zigzag; texts are a length and UTF-8.
//
//   1  the commit (always there): sequence, one more than that of the record before; the engine's clock, signed, milliseconds since the
//      Unix epoch, never less than in the record before; what the result depends on besides: the version of the rules; xxh3 of which table
//      each change topic is mapped to (8 bytes, little endian); the version of the time zone data, a text
//   2  the control record that the commit took in: from, length, records, hash; 1 where it was refused for what the daemon, not the
//      definitions, know (a barrier behind partitions that were not there), else 0
//   3  what it took in of change partitions, by topic name and partition: the topic, whole, with the prefix, a text; the number of its
//      ranges; of each partition, from, length, records, hash. Topics follow one another to the end of the section
//   4  the snapshots whose `audience.snapshot` is in the commit's outputs: audience, a text, and sequence, to the end of the section. No
//      replay repeats them; they say what a crash left unannounced
//   5  nothing: all campaigns were followed anew, after the audit had found something wrong, or beside what was committed by other rules
//   6  where something that was decided waited before it or waits behind it (Emission.swift): how many events the commit had at most; 1
//      where something waits behind it, and the barriers that are reached with that, else 0
//
// A range holds the records with from <= offset < from + length. Offsets between and behind them may belong to nobody (markers of
// transactions, aborted records), so their number is kept, and may be 0; a range begins where the last one of its partition ended, or
// later, with such offsets between them. `hash` is RecordHash over the records, 8 bytes, little endian. One whose range is gone or has
// another hash stops the start.
//
// Formats 1 and 2 were JSON (JournalRecord+JSON.swift). Besides these records the journal has those of takeovers: Takeover.swift.
import Storage

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
        var mapping: Mapping

        init(semantics: Int64 = Fingerprint.currentSemantics, timezones: String, mapping: Mapping) {
            self.semantics = semantics
            self.timezones = timezones
            self.mapping = mapping
        }

        /// For the footer of a checkpoint, and for people.
        var text: String { "semantics \(semantics), timezones \(timezones), mapping \(mapping.text ?? hexadecimal(mapping.hash))" }

        /// Whether topics that a footer's text names are mapped as there: rows depend on that, and on nothing else here.
        func isMapped(as text: String) -> Bool {
            guard let mark = text.firstRange(of: ", mapping ") else { return false }
            let now = (mapping.text ?? "").split(separator: ",")
            return text[mark.upperBound...].split(separator: ",").allSatisfy(now.contains)
        }
    }

    /// Which table each change topic is mapped to: `topic=table` pairs with commas between them, known by their hash.
    struct Mapping: Equatable, ExpressibleByStringLiteral {
        let hash: UInt64
        /// nil where only the hash was written.
        let text: String?

        init(_ text: String) {
            self.text = text
            hash = Array(text.utf8).withUnsafeBytes { ContentHash.of($0) }
        }

        init(stringLiteral text: String) { self.init(text) }

        init(hash: UInt64) {
            self.hash = hash
            text = nil
        }

        static func == (a: Mapping, b: Mapping) -> Bool { a.hash == b.hash }
    }

    /// A snapshot that the commit announced.
    struct Announcement: Equatable {
        var audience: String
        /// Of the commit that it shows.
        var sequence: Int64
    }

    /// A part of what was decided.
    struct Share: Equatable {
        /// How many events it had at most.
        var limit: Int
        /// The next commits go on, and barriers that were reached wait for the last of them.
        var leavesEvents: Bool
        /// Rows that time has passed were told in slices, as many for each event.
        var isSliced = false
    }

    /// What is written.
    static let currentFormat: Int64 = 3

    var format = JournalRecord.currentFormat
    var sequence: Int64
    var clock: Int64
    var control: Range?
    var changes: [Range]
    var snapshots: [Announcement]
    /// All campaigns were followed anew.
    var isRepair = false
    /// What it said of what was decided, where that was not all of it and nothing else.
    var share: Share?
    var fingerprint: Fingerprint

    /// Everything that the commit took in.
    var ranges: [Range] { changes + (control.map { [$0] } ?? []) }

    /// Whether the hashes of its ranges cover headers.
    var hashesHeaders: Bool { format > 1 }

    init(
        sequence: Int64, clock: Int64, control: Range?, changes: [Range], snapshots: [Announcement] = [], isRepair: Bool = false,
        share: Share? = nil, fingerprint: Fingerprint
    ) {
        self.sequence = sequence
        self.clock = clock
        self.control = control
        self.changes = changes
        self.snapshots = snapshots
        self.isRepair = isRepair
        self.share = share
        self.fingerprint = fingerprint
    }
}

/// 16 digits.
func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
