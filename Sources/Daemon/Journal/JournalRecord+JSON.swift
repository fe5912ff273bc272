// Journal records of formats 1 and 2, which are read for ever and no longer written. One was a JSON object:
//
//   format     2; of 1 the hashes of ranges do not cover the records' headers, though these decide how a record is read
//   sequence, clock
//   control    null, or the control record: {"from", "to", "records", "hash"}; with "refused": true where it was refused
//   changes    [{"topic", "partition", "from", "to", "records", "hash"}]
//   semantics, timezones, mapping    what the result depends on besides
//   snapshots  left out when there are none: [{"audience", "sequence"}]
//   repair     true, or left out
//
// A hash is 16 hexadecimal digits. A checkpoint has ranges as these records had them (LoopFacts.swift).
import Campaigns

extension JournalRecord {
    /// Reads a record; nil when it is none of format 1 or 2.
    init?(_ tree: JSON) {
        guard case .integer(let format)? = tree["format"], (1...2).contains(format),
            case .integer(let sequence)? = tree["sequence"],
            case .integer(let clock)? = tree["clock"], case .array(let items)? = tree["changes"],
            case .integer(let semantics)? = tree["semantics"], case .string(let timezones)? = tree["timezones"],
            case .string(let mapping)? = tree["mapping"], let controlItem = tree["control"]
        else { return nil }
        var control: Range?
        if controlItem != .null {
            guard let range = Range(controlItem, isControl: true) else { return nil }
            control = range
        }
        let changes = items.compactMap { Range($0, isControl: false) }
        if changes.count != items.count { return nil }
        var snapshots: [Announcement] = []
        if let announced = tree["snapshots"] {
            guard case .array(let items) = announced else { return nil }
            snapshots = items.compactMap(Announcement.init)
            if snapshots.count != items.count { return nil }
        }
        self.init(
            sequence: sequence, clock: clock, control: control, changes: changes, snapshots: snapshots,
            isRepair: tree["repair"] == .boolean(true),
            fingerprint: Fingerprint(semantics: semantics, timezones: timezones, mapping: Mapping(mapping)))
        self.format = format
    }
}

extension JournalRecord.Announcement {
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
