// Goal: snapshots say what the events say (contract §5): snapshot(s0) plus the member events with s0 < sequence <= s1 is snapshot(s1), and
// CSV says what NDJSON says. Method: seeded histories, replayed up to each of their barriers; what was written is read back and compared.

import Campaigns
import Testing

@testable import Daemon
@testable import Storage

@Suite(.quiet) struct SnapshotTests {
    /// Members by identity: rows and attributes as JSON text.
    private typealias Members = [String: String]

    private struct Read {
        var sequence: Int64
        var manifest: JSON
        var members: Members
        var lines: [JSON]
        var csv: String
    }

    /// Replays up to an instant and reads back the snapshots by audience, and the lines of `audience-members`.
    private func replay(_ lines: [String], until: Int64) throws -> (snapshots: [String: Read], events: [JSON]) {
        let (from, to) = (TemporaryFolder(), TemporaryFolder())
        try from.write("a.ndjson", lines.joined(separator: "\n") + "\n")
        var options = Replay.Options(input: from.path, output: to.path)
        options.until = until
        options.writesSnapshots = true
        options.snapshotFormats = [.ndjson, .csv]
        var replay = try Replay(options, zone: zones)
        _ = try replay.run(findingRuns: false)
        let folder = SnapshotFolder(path: to.path + "/snapshots")
        var snapshots: [String: Read] = [:]
        for audience in try folder.audiences() {
            let sequence = try #require(try folder.sequences(of: audience).last)
            func file(_ format: String) throws -> String {
                let path = "\(folder.path)/\(audience)/\(sequence)/members.\(format).zst"
                return String(decoding: try Decompression.bytes(ofFile: path), as: UTF8.self)
            }
            let lines = try file("ndjson").utf8.split(separator: 0x0a).map { json(String($0)!) }
            var members: Members = [:]
            for line in lines { members[line.text("identity", "id")!] = state(line) }
            snapshots[audience] = Read(
                sequence: sequence, manifest: json(try folder.manifest(of: audience, sequence: sequence)), members: members, lines: lines,
                csv: try file("csv"))
        }
        let events = try to.read("audience-members.ndjson").utf8.split(separator: 0x0a).map { json(String($0)!)["value"]! }
        return (snapshots, events)
    }

    private func state(_ line: JSON) -> String { written(line["rows"]!) + written(line["attributes"]!) }

    private static let schema =
        #"{"name":"people","primaryKey":["id"],"identities":[{"field":"email","namespace":"Email"}],"fields":[{"name":"id","type":"string"},{"name":"email","type":"string"},{"name":"n","type":"integer"},{"name":"d","type":"double"},{"name":"b","type":"boolean"},{"name":"day","type":"date"},{"name":"at","type":"datetime"},{"name":"kind","type":"enum","values":["x","y"]},{"name":"note","type":"string"}]}"#

    private static let attributes = ["n", "d", "b", "day", "at", "kind", "note"]

    private func campaign(_ id: String, _ filter: String, attributes: [String] = SnapshotTests.attributes) -> String {
        let list = attributes.map { #"{"source":"\#($0)","name":"\#($0 == "note" ? #"a \"note\", or\nnone"# : $0)"}"# }.joined(
            separator: ",")
        return Sample.publish(
            campaign:
                #"{"id":"\#(id)","activities":[{"id":"b","type":"build-audience","dimension":"people","filter":"\#(filter)"},{"id":"s","type":"save-audience","from":"b","audience":{"id":"\#(id)"},"identity":{"field":"email","namespace":"Email"},"attributes":[\#(list)]}]}"#
        )
    }

    /// Changes, campaigns and barriers in random order; the barriers' instants.
    private func history(_ random: inout SeededGenerator) -> (lines: [String], barriers: [Int64]) {
        var lines = [
            Sample.publish(schema: SnapshotTests.schema, time: 0), timed(campaign("one", "n > 2"), 0),
            timed(campaign("two", "b = TRUE"), 0),
        ]
        var barriers: [Int64] = []
        for time in Int64(1)...Int64.random(in: 30...150, using: &random) {
            switch Int.random(in: 0...19, using: &random) {
            case 0...1:
                lines.append(Sample.barrier("b\(time)", time: time))
                barriers.append(time)
            case 2: lines.append(timed(campaign("one", "n > \(Int.random(in: 0...5, using: &random))", attributes: ["note", "n"]), time))
            case 3:
                lines.append(
                    #"{"type":"campaign.\#(Bool.random(using: &random) ? "stopped" : "deleted")","campaignId":"two","time":\#(time)}"#)
            case 4: lines.append(timed(campaign("two", "d > 0.5"), time))
            default: lines.append(row(time, &random))
            }
        }
        return (lines, barriers)
    }

    private func timed(_ event: String, _ time: Int64) -> String { "\(event.dropLast()),\"time\":\(time)}" }

    private func row(_ time: Int64, _ random: inout SeededGenerator) -> String {
        func maybe(_ value: String) -> String { Int.random(in: 0...4, using: &random) == 0 ? "null" : value }
        let notes = [#""""#, #""plain""#, #""with, comma""#, #""with \"quotes\"""#, #""two\r\nlines""#, #""\u0000é \\""#, #""\u2028""#]
        let id = Int.random(in: 0...12, using: &random)
        if Int.random(in: 0...9, using: &random) == 0 { return #"{"table":"people","op":"d","row":{"id":"\#(id)"},"time":\#(time)}"# }
        let email = Int.random(in: 0...9, using: &random)
        let members = [
            #""id":"\#(id)""#, #""email":\#(maybe("\"\(email)é,\\\"x\""))"#,
            "\"n\":\(maybe(String(Int.random(in: -1...7, using: &random))))",
            "\"d\":\(maybe(["1.5", "-0.25", "1e300", "3", "12345678901234567890"].randomElement(using: &random)!))",
            "\"b\":\(maybe(String(Bool.random(using: &random))))", #""day":\#(maybe(#""2026-02-28""#))"#,
            "\"at\":\(maybe(String(Int.random(in: 0...1_000_000, using: &random))))", #""kind":\#(maybe(#""y""#))"#,
            "\"note\":\(maybe(notes.randomElement(using: &random)!))",
        ]
        return #"{"table":"people","op":"u","row":{\#(members.joined(separator: ","))},"time":\#(time)}"#
    }

    @Test(arguments: 1...12) func aSnapshotAndTheEventsAfterItAreTheNextSnapshot(seed: UInt64) throws {
        var random = SeededGenerator(seed)
        let (lines, barriers) = history(&random)
        var before: [String: Read] = [:]
        for barrier in barriers {
            let (snapshots, events) = try replay(lines, until: barrier)
            for (audience, snapshot) in snapshots {
                var held = before[audience]?.members ?? [:]
                for event in events where event.text("audience") == audience {
                    guard case .integer(let sequence)? = event["sequence"] else { continue }
                    if sequence <= before[audience]?.sequence ?? 0 { continue }
                    #expect(sequence <= snapshot.sequence)
                    held[event.text("identity", "id")!] = event.text("status") == "exited" ? nil : state(event)
                }
                #expect(held == snapshot.members, "\(audience) at \(snapshot.sequence)")
                check(snapshot)
            }
            before = snapshots
        }
    }

    /// The manifest, and CSV against NDJSON.
    private func check(_ snapshot: Read) {
        let manifest = snapshot.manifest
        #expect(manifest["size"] == .integer(Int64(snapshot.lines.count)))
        let rows = snapshot.lines.reduce(Int64(0)) { sum, line in
            if case .integer(let rows)? = line["rows"] { sum + rows } else { sum }
        }
        #expect(manifest["rows"] == .integer(rows))
        guard case .array(let columns)? = manifest["columns"] else { return }
        func quoted(_ text: String) -> String { "\"" + text.replacing("\"", with: "\"\"") + "\"" }
        func field(_ value: JSON) -> String {
            switch value {
            case .null: ""
            case .string(let text): quoted(text)
            default: written(value)
            }
        }
        var wanted = columns.map { quoted($0.text("name")!) }.joined(separator: ",") + "\r\n"
        for line in snapshot.lines {
            guard case .object(let attributes)? = line["attributes"] else { continue }
            let own = [line["identity"]!["namespace"]!, line["identity"]!["id"]!, line["rows"]!]
            wanted += (own + attributes.map(\.value)).map(field).joined(separator: ",") + "\r\n"
        }
        #expect(Array(snapshot.csv.utf8) == Array(wanted.utf8))
    }

    @Test func theManifestNamesColumnsAndTypes() throws {
        let snapshot = try #require(
            try replay([Sample.publish(schema: SnapshotTests.schema, time: 0), timed(campaign("one", "n > 2"), 3)], until: 9).snapshots[
                "one"])
        let columns =
            #"[{"name":"_namespace","type":"string"},{"name":"_id","type":"string"},{"name":"_rows","type":"integer"},{"name":"n","type":"integer"},{"name":"d","type":"double"},{"name":"b","type":"boolean"},{"name":"day","type":"date"},{"name":"at","type":"datetime"},{"name":"kind","type":"string"},{"name":"a \"note\", or\nnone","type":"string"}]"#
        #expect(written(snapshot.manifest["columns"]!) == columns)
        guard case .object(let members) = snapshot.manifest else { return }
        #expect(
            members.map(\.name) == [
                "audience", "label", "namespace", "columns", "size", "rows", "campaign", "campaignVersion", "sequence", "time", "files",
            ])
        #expect(
            snapshot.csv.hasPrefix("\"_namespace\",\"_id\",\"_rows\",\"n\",") && snapshot.csv.hasSuffix("\"a \"\"note\"\", or\nnone\"\r\n"))
    }
}
