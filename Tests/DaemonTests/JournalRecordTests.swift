// Goal: what a journal record says is read back as it was written, and nothing else is taken for one. Method: seeded random records through
// bytes and back, and bytes that are almost one; then one good record of the formats that were JSON with each member left out or of
// another type.

import Campaigns
import Testing

@testable import Daemon

@Suite struct JournalRecordTests {
    private func randomRange(topic: Bool, _ random: inout SeededGenerator) -> JournalRecord.Range {
        let from = Int64.random(in: 0...(.max / 2), using: &random)
        let count = Int64.random(in: 0...1_000_000, using: &random)
        let isRefused = !topic && Bool.random(using: &random)
        return JournalRecord.Range(
            topic: topic ? ["a", "p.x", "é\"\\\n", ""].randomElement(using: &random) : nil,
            partition: topic ? Int32.random(in: 0...Int32.max, using: &random) : 0, from: from, to: from + count,
            records: Int(Int64.random(in: 0...count, using: &random)),
            hash: Bool.random(using: &random)
                ? UInt64.random(in: 0...UInt64.max, using: &random) : UInt64.random(in: 0...15, using: &random),
            isRefused: isRefused)
    }

    @Test(arguments: 1...20) func roundTrip(seed: UInt64) {
        var random = SeededGenerator(seed)
        for _ in 0..<20 {
            var changes: [JournalRecord.Range] = []
            for _ in 0..<Int.random(in: 0...5, using: &random) { changes.append(randomRange(topic: true, &random)) }
            let record = JournalRecord(
                sequence: Int64.random(in: 1...Int64.max, using: &random), clock: Int64.random(in: Int64.min...Int64.max, using: &random),
                control: Bool.random(using: &random) ? randomRange(topic: false, &random) : nil, changes: changes,
                isRepair: Bool.random(using: &random),
                share: [nil, 1, 8192, Int.max].randomElement(using: &random)!.map {
                    .init(limit: $0, leavesEvents: $0 == 8192, isSliced: $0 == 1)
                },
                fingerprint: JournalRecord.Fingerprint(
                    semantics: Int64.random(in: 0...9, using: &random), timezones: ["", "2026a"].randomElement(using: &random)!,
                    mapping: .init(["", "p.a=t,p.b="].randomElement(using: &random)!)))
            let back = read(record.encoded)
            #expect(back == record)
            #expect(back?.encoded == record.encoded)
        }
    }

    private func read(_ bytes: [UInt8]) -> JournalRecord? { bytes.withUnsafeBytes { JournalRecord(bytes: $0) } }

    /// Whatever bytes are, they are refused, or a record that would be written as they are.
    @Test(arguments: 1...20) func bytesThatMayBeAnything(seed: UInt64) {
        var random = SeededGenerator(seed)
        var accepted = 0
        var whole = full
        whole.snapshots = [.init(audience: "vip", sequence: 6), .init(audience: "é", sequence: 5)]
        whole.isRepair = true
        whole.share = .init(limit: 300, leavesEvents: true)
        for trial in 0..<20_000 {
            var bytes = whole.encoded
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
                default: bytes.remove(at: place)
                }
            }
            if trial % 10 == 0 { bytes = Array(bytes.prefix(Int.random(in: 0..<bytes.count, using: &random))) }
            guard let record = read(bytes) else { continue }
            accepted += 1
            #expect(record.encoded == bytes)
        }
        #expect(accepted > 100)
        for count in 0..<whole.encoded.count {
            // A record whose last sections are missing is one: each of them may be.
            if let record = read(Array(whole.encoded.prefix(count))) { #expect(record.encoded.count == count) }
        }
    }

    private func bytes(_ parts: [UInt8]...) -> [UInt8] { parts.flatMap(\.self) }

    /// Journals are kept for ever.
    @Test func theBytesOfFormat3() {
        var record = full
        record.snapshots = [.init(audience: "vip", sequence: 300)]
        record.isRepair = true
        record.share = .init(limit: 300, leavesEvents: true)
        record.control!.isRefused = true
        let commit = bytes([7], [128, 215, 221, 139, 149, 103], [1], [25, 99, 193, 244, 112, 185, 7, 154], [5], Array("2026a".utf8))
        let control = bytes([3, 1, 1], [255, 0, 0, 0, 0, 0, 0, 0], [1])
        let changes = bytes([2], Array("in".utf8), [1], [2, 10, 5, 3], [UInt8](repeating: 255, count: 8))
        let snapshots = bytes([3], Array("vip".utf8), [0xac, 2])
        func section(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] { [tag, UInt8(content.count)] + content }
        let first = bytes([3], section(1, commit), section(2, control), section(3, changes))
        let written = bytes(first, section(4, snapshots), [5, 0], [6, 3, 0xac, 2, 1])
        #expect(record.encoded == written)
        #expect(read(written) == record)
        // Of a newer program: another section, another format.
        #expect(read(written + [7, 0]) == nil && read([4] + written.dropFirst()) == nil && read(written + [5, 0]) == nil)
        // A longer form of a number, a section out of order, nothing.
        #expect(read([3] + section(1, [0x87, 0] + commit.dropFirst())) == nil && read([3, 5, 0] + section(1, commit)) == nil)
        #expect(read([3] + section(1, commit) + [6, 2, 0, 0]) == nil, "no limit is none at all")
        #expect(read([]) == nil && read([3]) == nil && read([3] + section(1, commit)) != nil)
    }

    private let full = JournalRecord(
        sequence: 7, clock: 1_772_357_400_000, control: .init(topic: nil, partition: 0, from: 3, to: 4, records: 1, hash: 255),
        changes: [.init(topic: "in", partition: 2, from: 10, to: 15, records: 3, hash: .max)],
        fingerprint: JournalRecord.Fingerprint(timezones: "2026a", mapping: "in=t"))

    private static let text =
        #"{"format":2,"sequence":7,"clock":1772357400000,"control":{"from":3,"to":4,"records":1,"hash":"00000000000000ff"},"changes":[{"topic":"in","partition":2,"from":10,"to":15,"records":3,"hash":"ffffffffffffffff"}],"semantics":1,"timezones":"2026a","mapping":"in=t"}"#
    private let tree = json(JournalRecordTests.text)

    /// Journals are kept for ever.
    @Test(arguments: 1...2) func theTextsOfFormats1And2(format: Int64) {
        var record = full
        record.format = format
        let read = JournalRecord(json(JournalRecordTests.text.replacing("\"format\":2", with: "\"format\":\(format)")))
        #expect(read == record && read?.hashesHeaders == (format == 2))
        #expect(full.format == 3 && full.hashesHeaders)
    }

    @Test func announcedSnapshotsStandBehindTheRest() {
        var record = full
        record.format = 2
        record.snapshots = [.init(audience: "vip", sequence: 6), .init(audience: "é", sequence: 5)]
        let begun = JournalRecordTests.text.dropLast() + ",\"snapshots\":"
        #expect(JournalRecord(json(begun + #"[{"audience":"vip","sequence":6},{"audience":"é","sequence":5}]}"#)) == record)
        for wrong in ["1", "[1]", #"[{"audience":"vip"}]"#, #"[{"audience":"vip","sequence":"6"}]"#] {
            #expect(JournalRecord(json(begun + wrong + "}")) == nil)
        }
    }

    /// The tree with one member, at a path of names and places, replaced or (nil) left out.
    private func changing(_ tree: JSON, _ path: ArraySlice<String>, to value: JSON?) -> JSON {
        guard let name = path.first else { return value! }
        switch tree {
        case .array(var items):
            let place = Int(name)!
            items[place] = changing(items[place], path.dropFirst(), to: value)
            return .array(items)
        case .object(let members):
            return .object(
                members.compactMap { member in
                    if member.name != name { return member }
                    if path.count == 1 && value == nil { return nil }
                    return JSON.Member(name, changing(member.value, path.dropFirst(), to: value))
                })
        default: return tree
        }
    }

    private func isRefused(_ path: String, _ value: JSON?) -> Bool {
        let changed = changing(tree, path.split(separator: "/").map(String.init)[...], to: value)
        #expect(changed != tree, "\(path) changes nothing")
        return JournalRecord(changed) == nil
    }

    private let wrong: [JSON] = [.null, .boolean(true), .double(1.5), .array([]), .object([])]

    @Test(arguments: ["format", "sequence", "clock", "semantics"]) func wholeNumbers(path: String) {
        #expect(isRefused(path, nil))
        for value in wrong + [.string("1")] { #expect(isRefused(path, value), "\(path): \(value)") }
    }

    @Test(arguments: ["timezones", "mapping"]) func texts(path: String) {
        #expect(isRefused(path, nil))
        for value in wrong + [.integer(1)] { #expect(isRefused(path, value), "\(path): \(value)") }
    }

    @Test func lists() {
        #expect(isRefused("changes", nil) && isRefused("control", nil))
        for value in [.null, .boolean(true), .integer(1), .string(""), .object([])] as [JSON] { #expect(isRefused("changes", value)) }
        for value in [.boolean(true), .integer(1), .string(""), .array([]), .object([])] as [JSON] { #expect(isRefused("control", value)) }
        for value in wrong + [.string(""), .integer(1)] { #expect(isRefused("changes/0", value)) }
    }

    @Test(arguments: ["control", "changes/0"], ["from", "to", "records"]) func offsets(range: String, member: String) {
        #expect(isRefused("\(range)/\(member)", nil))
        for value in wrong + [.string("1"), .integer(-1)] { #expect(isRefused("\(range)/\(member)", value), "\(value)") }
    }

    @Test(arguments: ["control", "changes/0"]) func anEndBeforeTheBeginning(range: String) {
        #expect(isRefused("\(range)/to", .integer(2)))
    }

    @Test(arguments: ["control", "changes/0"]) func hashes(range: String) {
        #expect(isRefused("\(range)/hash", nil))
        for value in wrong + [.integer(1), .string(""), .string("g"), .string("10000000000000000"), .string("-1")] {
            #expect(isRefused("\(range)/hash", value), "\(value)")
        }
    }

    /// "16 hexadecimal digits."
    @Test(arguments: ["ff", "+0000000000000ff"]) func aHashHas16Digits(text: String) {
        #expect(isRefused("changes/0/hash", .string(text)))
    }

    /// A range of changes that does not say of what would be taken for one of the control topic.
    @Test func aRangeOfChangesNamesItsTopicAndPartition() {
        #expect(isRefused("changes/0/topic", nil) && isRefused("changes/0/partition", nil))
        for value in wrong + [.integer(1)] { #expect(isRefused("changes/0/topic", value), "topic: \(value)") }
        for value in wrong + [.string("1"), .integer(-1), .integer(2_147_483_648)] {
            #expect(isRefused("changes/0/partition", value), "partition: \(value)")
        }
    }

    @Test func otherFormats() {
        for format: Int64 in [0, 3, -1, .max] { #expect(isRefused("format", .integer(format))) }
        for text in ["null", "1", "[]", "{}", #""{}""#] { #expect(JournalRecord(json(text)) == nil) }
    }

    @Test func unknownMembersMeanNothing() {
        guard case .object(let members) = tree else { return }
        let read = JournalRecord(tree)
        #expect(read != nil && JournalRecord(.object(members + [JSON.Member("later", .integer(1))])) == read)
        #expect(JournalRecord(.object(members.reversed())) == read)
    }

    @Test func hexadecimalHas16Digits() {
        #expect(hexadecimal(0) == "0000000000000000" && hexadecimal(.max) == "ffffffffffffffff" && hexadecimal(0xabc) == "0000000000000abc")
    }
}
