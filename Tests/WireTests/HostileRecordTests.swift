// Goal: a record costs no more than its size, and what is said of it fits beside it in a message (Limits). Method: large records, of
// which each takes minutes where something in them meets everything else, and hours when it is as large as one may be; names and texts far
// beyond what they are for.

import Campaigns
import Testing

@testable import Engine
@testable import Wire

@Suite struct HostileRecordTests {
    private func repeated(_ text: String, _ count: Int) -> String {
        Array(repeating: text, count: count).joined(separator: ",")
    }

    /// Each of many instants, which are one field again and again, looks for its description among many of other fields.
    @Test func manyValuesBesideManyDescriptions() {
        let decoder = ChangeDecoder()
        decoder.publish(Schema("t", [Field(name: "id", type: .string), Field(name: "at", type: .datetime)]), table: 0)
        let schema = #"{"fields":[{"field":"after","fields":[\#(repeated(#"{"field":"x"}"#, 50_000))]}]}"#
        let batch = ChangeBatch()
        let row = #"{"id":"k",\#(repeated(#""at":1"#, 50_000)),"at":2}"#
        #expect(decoder.reason(#"{"schema":\#(schema),"payload":{"op":"u","source":{"table":"t"},"after":\#(row)}}"#, into: batch) == nil)
        #expect(batch.plain.map(\.cells) == [[.string("k"), .instant(2)]])
    }

    /// Members that are not known, beside many fields; then values that cannot be read and come again at the end, rightly.
    @Test func manyMembersBesideManyFields() {
        let decoder = ChangeDecoder()
        let numbers = (1..<Limits.fields).map { Field(name: "f\($0)", type: .integer) }
        decoder.publish(Schema("t", [Field(name: "id", type: .string)] + numbers), table: 0)
        let wrong = numbers.map { #""\#($0.name)":"x""# }.joined(separator: ",")
        let right = numbers.map { #""\#($0.name)":1"# }.joined(separator: ",")
        let others = repeated(#""q":1"#, 200_000)
        let batch = ChangeBatch()
        #expect(decoder.reason(#"{"table":"t","op":"u","row":{"id":"k",\#(wrong),\#(others),\#(right)}}"#, into: batch) == nil)
        #expect(batch.plain.map(\.cells) == [[.string("k")] + numbers.map { _ in .integer(1) }])
        #expect(decoder.ignoredMemberCount == 200_000)
        // Of those that are wrong in the end, the first is named.
        let last = decoder.reason(
            #"{"table":"t","op":"u","row":{"id":"k","f1":"x","f3":"x",\#(right),"f2":"y","f3":"z","f2":"x"}}"#, into: batch)
        #expect(last == "t.f3: a whole number of 64 bits is expected, not a text")
    }

    @Test func whatIsSaidOfARecordFitsInItsHeaders() {
        let decoder = ChangeDecoder()
        let values = (0..<10).map { "\($0)" + String(repeating: "v", count: 100_000) }
        decoder.publish(Schema("t", [Field(name: "id", type: .string), Field(name: "e", type: .enum, values: values)]), table: 0)
        let reason = decoder.reason(#"{"table":"t","op":"u","row":{"id":"k","e":"x"}}"#, into: ChangeBatch())!
        let output = OutputBatch()
        withRecord(value: "{}") { output.append(deadLetter: $0, origin: .change, reason: reason) }
        let header = output.plain[0].header("__connect.errors.exception.message")!
        #expect(header.utf8.count == Limits.reasonBytes)
        #expect(header.hasPrefix("t.e: one of 0vvv") && header.hasSuffix("v…"))
    }

    @Test func longNamesStayOutOfEvents() {
        let long = String(repeating: "n", count: 1_000_000)
        for type in ["campaign.stopped", "barrier.requested"] {
            let member = type == "campaign.stopped" ? "campaignId" : "id"
            let event = #"{"type":"\#(type)","\#(member)":"\#(long)"}"#
            do throws(ControlRefusal) {
                _ = try withPadded(Array(event.utf8)) { (bytes) throws(ControlRefusal) in try ControlDecoder().decode(bytes).get() }
                Issue.record("\(type) with a long id is read")
            } catch {
                guard case .rejected(_, let subject, let problems) = error else {
                    Issue.record("\(error)")
                    return
                }
                #expect(
                    problems == [Problem(path: member, message: "has 1000000 bytes", hint: "at most \(Limits.keyTextBytes) are allowed")])
                var encoder = EventEncoder(group: "g")
                let output = OutputBatch()
                encoder.begin(sequence: 1, clock: 0)
                encoder.encode(rejected: subject, isSchema: false, problems: problems, into: output)
                #expect(output.byteCount < 1000 && output.plain[0].key == "" && output.plain[0].value!.contains(#""campaign":null"#))
            }
        }
    }

    @Test func manyUnknownMembers() {
        let members = (0..<100_000).map { #""m\#($0)":1"# }.joined(separator: ",")
        let event = #"{"type":"campaign.stopped","campaignId":"c",\#(members)}"#
        do throws(ControlRefusal) {
            _ = try withPadded(Array(event.utf8)) { (bytes) throws(ControlRefusal) in try ControlDecoder().decode(bytes).get() }
            Issue.record("it is read")
        } catch {
            guard case .rejected(_, let subject, let problems) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(subject == "c" && problems.first?.path == "m0")
            #expect(problems.last?.message == "there are more problems than are told")
            var encoder = EventEncoder(group: "g")
            let output = OutputBatch()
            encoder.begin(sequence: 1, clock: 0)
            encoder.encode(rejected: subject, isSchema: false, problems: problems, into: output)
            #expect(output.byteCount < Limits.memberEventBytes)
        }
    }
}
