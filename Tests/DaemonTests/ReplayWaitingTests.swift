// Goal: lines of `replay` wait for the schema of their topic, hold up nothing else, and are applied in their order (contract §3, §6).
// Method: small inputs, and random ones whose lines wait or not: what comes out must be what the same input gives with its schemas first.

import Campaigns
import Testing

@testable import Daemon
@testable import Storage

@Suite struct ReplayWaitingTests {
    private func wrapped(_ topic: String, _ value: String, time: Int64) -> String {
        #"{"topic":"\#(topic)","key":null,"value":\#(value),"time":\#(time)}"#
    }

    private func flat(_ id: String, n: Int) -> String { #"{"id":"\#(id)","email":"\#(id)@x","n":\#(n)}"# }

    /// Replays lines; members of an audience at the end, and the dead letters.
    private func replay(_ lines: [String]) throws -> (members: [String: [String: String]], deadLetters: [String], reached: [String]) {
        let (from, to) = (TemporaryFolder(), TemporaryFolder())
        try from.write("a.ndjson", lines.joined(separator: "\n") + "\n")
        var replay = try Replay(Replay.Options(input: from.path, output: to.path), zone: zones)
        _ = try replay.run(findingRuns: true)
        func read(_ file: String) throws -> [String] { try to.read(file).split(separator: "\n").map(String.init) }
        var members: [String: [String: String]] = [:]
        for line in try read("audience-members.ndjson") {
            let value = json(line)["value"]!
            let left = value.text("status") == "exited"
            members[value.text("audience")!, default: [:]][value.text("identity", "id")!] = left ? nil : written(value["attributes"]!)
        }
        let updated = try read("audience-updated.ndjson").map { json($0)["value"]! }
        return (members, try read("dlq.ndjson"), updated.filter { $0.text("type") == "barrier.reached" }.map { $0.text("id")! })
    }

    private let others = Sample.schema.replacing("people", with: "others")

    private func campaign(_ table: String) -> String {
        Sample.campaign(table, audience: table).replacing(#""dimension":"people""#, with: #""dimension":"\#(table)""#)
    }

    @Test func linesBeforeAnySchemaWait() throws {
        let found = try replay([
            Sample.row("1", n: 1, time: 1), "{broken", wrapped("people", flat("2", n: 1), time: 2), Sample.row("1", n: 5, time: 3),
            Sample.publish(time: 10), Sample.publish(campaign: campaign("people"), time: 11), Sample.barrier("end", time: 12),
        ])
        #expect(found.members == ["people": ["1@x": #"{"n":5}"#, "2@x": #"{"n":1}"#]])
        #expect(found.deadLetters.count == 1 && found.reached == ["end"])
    }

    @Test func aTopicWaitsForItsOwnSchema() throws {
        let lines = [
            Sample.publish(time: 1), wrapped("others", flat("1", n: 1), time: 2), Sample.row("1", n: 1, table: "others", time: 3),
            wrapped("elsewhere", Sample.row("2", n: 1), time: 4), Sample.publish(campaign: campaign("people"), time: 5),
        ]
        // Without its schema, also a refused one, the topic would never be read; a plain row of an unknown table is a dead letter at once.
        let refused = try replay(lines + [Sample.publish(schema: #"{"name":"others","fields":[]}"#, time: 6)])
        #expect(refused.members == ["people": ["2@x": #"{"n":1}"#]] && refused.deadLetters.count == 2)
        // A topic whose name no schema has is not mapped, and is read.
        #expect(try replay(lines).deadLetters.count == 2)
        let live = try replay(lines + [Sample.publish(schema: others, time: 6), Sample.publish(campaign: campaign("others"), time: 7)])
        #expect(live.members == ["people": ["2@x": #"{"n":1}"#], "others": ["1@x": #"{"n":1}"#]] && live.deadLetters.count == 1)
    }

    @Test func theEventMayBeWrittenWithEscapes() throws {
        let schema = Sample.publish(schema: others, time: 6).replacing("schema.published", with: #"schema\u002epublished"#)
        let found = try replay([
            Sample.publish(time: 1), wrapped("others", flat("1", n: 1), time: 2), schema,
            Sample.publish(campaign: campaign("others"), time: 7),
        ])
        #expect(found.members == ["others": ["1@x": #"{"n":1}"#]])
    }

    /// "Applied at the commit after the schema's", with the control lines of its time before them.
    @Test func aBarrierOfTheSchemasTimeDoesNotSeeThem() throws {
        let found = try replay([
            Sample.publish(time: 1), wrapped("others", flat("1", n: 1), time: 2), Sample.publish(schema: others, time: 5),
            Sample.publish(campaign: campaign("others"), time: 5), Sample.barrier("same", time: 5), Sample.barrier("later", time: 6),
        ])
        #expect(found.members == ["others": ["1@x": #"{"n":1}"#]] && found.reached == ["same", "later"])
    }

    /// Rows of three tables whose schemas come at any time, against the same with the schemas first: the last row of a key wins in both.
    @Test(arguments: 1...40 as ClosedRange<UInt64>) func theOrderOfATopicStays(seed: UInt64) throws {
        var random = SeededGenerator(seed)
        let tables = ["people", "others", "third"]
        var rows: [String] = []
        for time in Int64(1)...60 {
            let table = tables.randomElement(using: &random)!
            let row = flat("\(Int.random(in: 0..<4, using: &random))", n: Int.random(in: 0...3, using: &random))
            rows.append(wrapped(table, row, time: time * 10))
        }
        let campaigns = tables.map { Sample.publish(campaign: campaign($0), time: 1000) }
        func schema(_ table: String, _ time: Int64) -> String {
            Sample.publish(schema: Sample.schema.replacing("people", with: table), time: time)
        }
        let late = try replay(rows + tables.map { schema($0, .random(in: 1...600, using: &random)) } + campaigns)
        let early = try replay(tables.map { schema($0, 0) } + rows + campaigns)
        #expect(late.members == early.members && !late.members.isEmpty)
        #expect(late.deadLetters.isEmpty && early.deadLetters.isEmpty)
    }
}
