// Goal: the words of a dead letter tell of which kind its refusal was. Method: a record of every kind through the decoders; the helper of
// all tests of changes looks at each reason too (RecordSupport).

import Campaigns
import Testing

@testable import Engine
@testable import Wire

@Suite struct DeadLetterReasonsTests {
    @Test func everyKindOfChangeIsTold() {
        let decoder = ChangeDecoder()
        decoder.publish(
            Schema("t", [Field(name: "id", type: .string), Field(name: "n", type: .integer)]), table: 0)
        let batch = ChangeBatch()
        let records: [(value: String?, headers: [(String, String)], mapped: String?, kind: RefusalKind)] = [
            ("{", [], nil, .malformed), (String(repeating: " ", count: Limits.inputRecordBytes + 1), [], nil, .tooLarge),
            ("[1]", [], nil, .noChange), (#"{"a":1}"#, [], nil, .noChange),
            (#"{"table":"t","op":"x","row":{}}"#, [], nil, .unknownOperation),
            (#"{"_change_request_type":"x"}"#, [], "t", .unknownOperation),
            (#"{"table":"nobody: null key;","op":"u","row":{}}"#, [], nil, .unknownTable),
            (#"{"op":"u","row":{}}"#, [], nil, .unknownTable),
            (#"{"table":5,"op":"u","row":{}}"#, [], nil, .unknownTable), (#"{"table":"t","op":"u","row":5}"#, [], nil, .noRow),
            (#"{"op":"d","source":{},"before":null}"#, [], "t", .noRow), (#"{"table":"t","op":"u","row":{"id":5}}"#, [], nil, .wrongValue),
            (#"{"table":"t","op":"u","row":{"id":"k","n":"x"}}"#, [], nil, .wrongValue),
            (#"{"table":"t","op":"u","row":{}}"#, [], nil, .nullKey), (nil, [], "t", .wrongTombstone),
            (#"{"specversion":"1.0"}"#, [("content-type", "application/cloudevents+json")], nil, .wrongEvent),
            ("[]", [("content-type", "application/cloudevents-batch+json")], nil, .wrongEvent),
        ]
        for (value, headers, mapped, kind) in records {
            guard let reason = decoder.reason(value, headers: headers, mapped: mapped, into: batch) else {
                Issue.record("\(value ?? "null") is not refused")
                continue
            }
            #expect(RefusalKind(reason: reason, origin: .change) == kind, "\(reason)")
        }
        let kinds = Set(records.map(\.kind))
        #expect(kinds.union([.noControlEvent, .rejected]) == Set(RefusalKind.allCases))
        #expect(RefusalKind(reason: "something of a newer program", origin: .change) == nil)
    }

    @Test func everyKindOfControlEventIsTold() {
        let records: [(String?, RefusalKind)] = [
            (nil, .noControlEvent), ("5", .noControlEvent), ("{}", .noControlEvent), (#"{"type":"x"}"#, .noControlEvent), ("{", .malformed),
        ]
        for (text, kind) in records {
            let refusal = text.map { text in withPadded(Array(text.utf8)) { ControlDecoder().decode($0) } } ?? ControlDecoder().decode(nil)
            guard case .failure(.unreadable(let refusal)) = refusal else {
                Issue.record("\(text ?? "null") is read")
                continue
            }
            #expect(refusal.kind == kind && RefusalKind(reason: refusal.reason, origin: .control) == kind, "\(refusal.reason)")
        }
        #expect(RefusalKind(reason: "activities[1].identity.field: unknown field of customers 'emial'", origin: .control) == .rejected)
    }
}
