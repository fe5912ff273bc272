// Goal: dead letters keep the record as it was, and every output line of replay reads back as what it was made of. Method: records of
// awkward bytes in; headers compared, lines parsed again.

import Campaigns
import Testing

@testable import Wire

@Suite struct OutputTests {
    private let about = ["topic", "partition", "offset", "stage", "exception.message"].map { "__connect.errors.\($0)" }

    @Test func aDeadLetterIsTheRecordAndWhy() {
        let output = OutputBatch()
        withRecord(
            topic: "p.changes", partition: 3, offset: 42, timestamp: 1_772_357_400_250, key: "k", value: "{oops",
            headers: [("a", "1"), ("a", nil), ("", ""), ("ce_type", "x")]
        ) { output.append(deadLetter: $0, origin: .change, reason: "malformed: é\n") }
        let headers =
            ["a=1", "a=null", "=", "ce_type=x"] + zip(about, ["p.changes", "3", "42", "CHANGE", "malformed: é\n"]).map { "\($0)=\($1)" }
        #expect(
            output.plain == [PlainRecord(topic: .deadLetters, key: "k", value: "{oops", timestamp: 1_772_357_400_250, headers: headers)])
    }

    @Test func nullsStayNulls() {
        let output = OutputBatch()
        withRecord { output.append(deadLetter: $0, origin: .control, reason: "") }
        withRecord(key: "", value: "") { output.append(deadLetter: $0, origin: .control, reason: "") }
        let records = output.plain
        #expect(records[0].key == nil && records[0].value == nil && records[0].timestamp == -1)
        #expect(records[1].key == "" && records[1].value == "")
        #expect(records[1].headers == zip(about, ["profile-changes", "0", "0", "CONTROL", ""]).map { "\($0)=\($1)" })
    }

    @Test func aBatchIsUsedAgain() {
        let output = OutputBatch()
        for round in 0..<3 {
            for number in 0...round {
                withRecord(offset: Int64(number), value: "\(round)-\(number)") {
                    output.append(deadLetter: $0, origin: .change, reason: "r")
                }
            }
            #expect(output.count == round + 1)
            #expect(output.plain.map(\.value) == (0...round).map { "\(round)-\($0)" })
            #expect(output.plain.allSatisfy { $0.headers.count == 5 })
            output.removeAll()
            #expect(output.count == 0 && output.byteCount == 0 && output.plain.isEmpty)
        }
    }

    @Test func anErrorEndsTheWalk() {
        struct Stop: Error {}
        let output = OutputBatch()
        for _ in 0..<3 { withRecord { output.append(deadLetter: $0, origin: .change, reason: "r") } }
        var seen = 0
        #expect(throws: Stop.self) {
            try output.forEach { _ throws(Stop) in
                seen += 1
                if seen == 2 { throw Stop() }
            }
        }
        #expect(seen == 2)
    }

    @Test func topicNames() {
        #expect(OutputTopic.allCases.map(\.name) == ["audience-members", "audience-updated", "channel-requests", "audienced.dlq"])
        #expect(OutputTopic.allCases.map(\.rawValue) == [0, 1, 2, 3])
    }

    /// The lines of a batch, whole.
    private func lines(_ output: OutputBatch) -> [String] {
        let reader = JSONReader()
        var lines: [String] = []
        output.forEach { record in
            var text = JSONText()
            record.appendLine(to: &text) { value in withPadded(Array(value)) { reader.isJSON($0) } }
            lines.append(String(decoding: text.bytes, as: UTF8.self))
        }
        return lines
    }

    @Test func linesReadBack() throws {
        let output = OutputBatch()
        let values: [String?] = [
            #"{"a":[1,"x"]}"#, "{oops", "", nil, "5", #""text""#, "[", "1e999", "\u{1}\"\\\n", #""\ud800""#,
            String(repeating: "[", count: 70),
        ]
        for value in values {
            withRecord(topic: "t\"", offset: 1, key: "k\"\n", value: value, headers: [("h", nil), ("é", "\\")]) {
                output.append(deadLetter: $0, origin: .change, reason: "why")
            }
        }
        let lines = lines(output)
        #expect(lines.count == values.count)
        for (line, value) in zip(lines, values) {
            #expect(line.hasSuffix("}\n") && line.dropLast().allSatisfy { $0 != "\n" })
            let tree = json(line)
            #expect(tree["key"] == .string("k\"\n"))
            #expect(tree["headers"]?["h"] == .null && tree["headers"]?["é"] == .string("\\"))
            #expect(tree["headers"]?["__connect.errors.topic"] == .string("t\""))
            switch value {
            case nil: #expect(tree["value"] == .null)
            case #"{"a":[1,"x"]}"#: #expect(tree["value"] == json(value!))
            case "5": #expect(tree["value"] == .integer(5))
            case #""text""#: #expect(tree["value"] == .string("text"))
            case "1e999": #expect(line.hasSuffix("\"value\":1e999}\n"))
            default: #expect(tree["value"] == .string(value!))
            }
        }
    }

    @Test func theExactLine() {
        let output = OutputBatch()
        var encoder = EventEncoder(group: "replay")
        encoder.begin(sequence: 1, clock: 0)
        encoder.encode(liveSchema: "s", into: output)
        let headers =
            #"{"ce_specversion":"1.0","ce_id":"1-0","ce_source":"audienced/replay","ce_type":"schema.live","ce_time":"1970-01-01T00:00:00.000Z","content-type":"application/json"}"#
        #expect(
            lines(output) == [
                #"{"key":"s","headers":\#(headers),"value":{"type":"schema.live","schema":"s","sequence":1,"time":"1970-01-01T00:00:00.000Z"}}"#
                    + "\n"
            ])
    }
}
