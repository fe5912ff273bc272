// Goal: rows to changes (contract §3, plain format): order, duplicates, missing and unknown members, keys, deletes, tables. The other
// formats are in FormatTests. Method: one record at a time through the decoder; the whole batch compared.

import Campaigns
import Testing

@testable import Engine
@testable import Wire

@Suite struct ChangeDecoderTests {
    private let decoder = ChangeDecoder()
    private let batch = ChangeBatch()

    init() {
        let fields = [
            Field(name: "id", type: .string), Field(name: "n", type: .integer), Field(name: "d", type: .double),
            Field(name: "v", type: .integer),
        ]
        decoder.publish(Schema("t", fields, version: 3), table: 0)
        decoder.publish(
            Schema(
                "pairs", [Field(name: "a", type: .string), Field(name: "b", type: .integer), Field(name: "x", type: .string)], key: [1, 0]),
            table: 1)
    }

    private func row(_ row: String, op: String = "u", table: String = "t") -> String {
        #"{"table":"\#(table)","op":"\#(op)","row":\#(row)}"#
    }

    private func refusal(_ record: String, mapped: String? = nil) -> String? { decoder.refusal(record, mapped: mapped, into: batch) }

    private func upsert(_ id: String, _ n: Literal, _ d: Literal = .null, _ v: Literal = .null) -> PlainChange {
        PlainChange(cells: [.string(id), n, d, v])
    }

    @Test func membersInAnyOrder() {
        #expect(refusal(row(#"{"id":"a","n":1,"d":0.5,"v":9}"#)) == nil)
        #expect(refusal(row(#"{"v":9,"d":0.5,"n":1,"id":"a"}"#)) == nil)
        #expect(refusal(#"{"row":{"d":0.5,"id":"a","v":9,"n":1},"op":"u","table":"t"}"#) == nil)
        #expect(batch.plain == [PlainChange](repeating: upsert("a", .integer(1), .double(0.5), .integer(9)), count: 3))
    }

    @Test func missingMembersAreNull() {
        #expect(refusal(row(#"{"id":"a"}"#)) == nil)
        #expect(refusal(row(#"{"id":"a","n":null,"v":2}"#)) == nil)
        #expect(batch.plain == [upsert("a", .null), upsert("a", .null, .null, .integer(2))])
    }

    @Test func ofDuplicatesTheLastCounts() {
        #expect(refusal(row(#"{"id":"a","n":1,"id":"b","n":2,"n":null,"d":1}"#)) == nil)
        #expect(refusal(#"{"table":"no","op":"d","row":5,"table":"t","op":"u","row":{"id":"c"}}"#) == nil)
        #expect(refusal(#"{"table":"t","op":"u","row":{"id":"c"},"table":null}"#, mapped: "t") == nil)
        #expect(batch.plain == [upsert("b", .null, .double(1)), upsert("c", .null), upsert("c", .null)])
        #expect(refusal(row(#"{"id":"a","id":null}"#)) == "t.id: \(nullKey)")
    }

    /// The member that does not count is not read either.
    @Test func ofDuplicatesTheFirstMayBeOfTheWrongType() {
        #expect(refusal(row(#"{"id":"a","n":"x","n":2}"#)) == nil)
        #expect(batch.plain == [upsert("a", .integer(2))])
    }

    @Test func unknownMembersAreIgnoredAndCounted() {
        #expect(!decoder.sawUnknown)
        #expect(refusal(row(#"{"id":"a","x":[{"n":5}],"n":1,"":null,"N":7,"nn":1}"#)) == nil)
        #expect(decoder.ignoredMemberCount == 4 && decoder.sawUnknown)
        #expect(refusal(row(#"{"id":"b","y":{"id":"no"}}"#)) == nil)
        #expect(decoder.ignoredMemberCount == 5)
        #expect(batch.plain == [upsert("a", .integer(1)), upsert("b", .null)])
        // Beside the row, members mean nothing and are not counted.
        #expect(refusal(#"{"table":"t","op":"u","row":{"id":"c"},"time":5,"more":{}}"#) == nil)
        #expect(decoder.ignoredMemberCount == 5)
    }

    @Test func keysAreNotNull() {
        for text in ["{}", #"{"id":null}"#, #"{"n":1}"#] {
            #expect(refusal(row(text)) == "t.id: \(nullKey)")
            #expect(refusal(row(text, op: "d")) == "t.id: \(nullKey)")
        }
        #expect(refusal(row(#"{"a":"x","x":"y"}"#, table: "pairs")) == "pairs.b: \(nullKey)")
        #expect(refusal(row(#"{"b":1}"#, table: "pairs")) == "pairs.a: \(nullKey)")
        #expect(refusal(row(#"{"a":"","b":0}"#, table: "pairs")) == nil)
        #expect(batch.plain == [PlainChange(table: 1, cells: [.string(""), .integer(0), .null])])
    }

    @Test func aDeleteReadsKeyAndVersionOnly() {
        #expect(refusal(row(#"{"id":"a","n":"not a number","d":[],"v":4}"#, op: "d")) == nil)
        #expect(refusal(row(#"{"id":"a","n":7}"#, op: "d")) == nil)
        #expect(
            batch.plain == [
                PlainChange(isDelete: true, cells: [.string("a"), .null, .null, .integer(4)]),
                PlainChange(isDelete: true, cells: [.string("a"), .null, .null, .null]),
            ])
        #expect(refusal(row(#"{"id":"a","v":"x"}"#, op: "d")) == "t.v: a whole number of 64 bits is expected, not a text")
        #expect(refusal(row(#"{"id":1}"#, op: "d")) == "t.id: a text is expected, not a number")
    }

    @Test func theRecordsTableGoesBeforeTheMapping() {
        #expect(refusal(#"{"op":"u","row":{"id":"a"}}"#, mapped: "t") == nil)
        #expect(refusal(#"{"table":null,"op":"u","row":{"id":"a"}}"#, mapped: "t") == nil)
        #expect(refusal(#"{"table":"","op":"u","row":{"id":"a"}}"#, mapped: "t") == nil)
        #expect(refusal(#"{"table":"pairs","op":"u","row":{"a":"x","b":1}}"#, mapped: "t") == nil)
        #expect(batch.plain.map(\.table) == [0, 0, 0, 1])
        #expect(refusal(#"{"op":"u","row":{"id":"a"}}"#) == "the record names no table and its topic is mapped to none")
        #expect(refusal(#"{"table":5,"op":"u","row":{"id":"a"}}"#, mapped: "t") == "the table is a text")
    }

    @Test func unknownTables() {
        #expect(refusal(row(#"{"id":"a"}"#, table: "gone")) == #"unknown table "gone"; publish its schema first"#)
        #expect(decoder.sawUnknown && batch.count == 0)
        #expect(refusal(#"{"op":"u","row":{"id":"a"}}"#, mapped: "later") == #"unknown table "later"; publish its schema first"#)
        decoder.publish(Schema("gone", [Field(name: "id", type: .string)]), table: 2)
        #expect(refusal(row(#"{"id":"a"}"#, table: "gone")) == nil)
        #expect(batch.plain == [PlainChange(table: 2, cells: [.string("a")])])
    }

    @Test func anExtendedSchemaIsReadAtOnce() {
        #expect(refusal(row(#"{"id":"a","e":"x"}"#)) == nil)
        #expect(decoder.ignoredMemberCount == 1)
        let fields = [
            Field(name: "id", type: .string), Field(name: "n", type: .integer), Field(name: "d", type: .double),
            Field(name: "v", type: .integer), Field(name: "e", type: .string),
        ]
        decoder.publish(Schema("t", fields, version: 3), table: 0)
        #expect(refusal(row(#"{"id":"a","e":"x"}"#)) == nil)
        #expect(batch.plain.map(\.cells.count) == [4, 5] && batch.plain[1].cells[4] == .string("x"))
        #expect(decoder.ignoredMemberCount == 1)
    }

    @Test func tablesTakeTurns() {
        for _ in 0..<3 {
            #expect(refusal(row(#"{"id":"a"}"#)) == nil)
            #expect(refusal(row(#"{"a":"x","b":1}"#, table: "pairs")) == nil)
        }
        #expect(batch.plain.map(\.table) == [0, 1, 0, 1, 0, 1])
    }

    @Test(arguments: [#""x""#, #""U""#, #""D""#, #""""#, #""ud""#, "1", "null", "[]", "true"])
    func otherOperations(op: String) {
        #expect(refusal(#"{"table":"t","op":\#(op),"row":{"id":"a"}}"#) == #"unknown op; it is "u" or "d""#)
        #expect(batch.count == 0)
    }

    @Test func whatIsNoChange() {
        for record in ["5", "null", #""text""#, "[]", #"[{"table":"t","op":"u","row":{"id":"a"}}]"#, "true"] {
            #expect(
                refusal(record) == #"a change is a JSON object: {"table": …, "op": "u", "row": {…}}, or what a connector writes"#,
                "\(record)")
        }
        for record in ["{}", #"{"table":"t"}"#, #"{"table":"t","op":"u"}"#, #"{"table":"t","row":{"id":"a"}}"#] {
            #expect(
                refusal(record) == "not a change event: it has no op and row; flat rows need a topic that is mapped to a table", "\(record)"
            )
        }
        for text in ["null", "[]", "5", #""x""#] {
            #expect(refusal(row(text)) == "row: an object with the fields of t is expected")
            #expect(refusal(row(text, op: "d")) == "row: an object with the fields of t is expected")
        }
        #expect(batch.count == 0)
    }

    @Test func aRefusedChangeLeavesNothing() {
        #expect(refusal(row(#"{"id":"a","n":1}"#)) == nil)
        let cells = batch.cells.count
        for text in [#"{"id":"b","n":"x"}"#, #"{"n":2,"d":0.5}"#, #"{"id":"b","v":true}"#, "{}"] {
            #expect(refusal(row(text)) != nil)
            #expect(batch.count == 1 && batch.cells.count == cells)
        }
        #expect(refusal(row(#"{"id":"c","n":3}"#)) == nil)
        #expect(batch.plain == [upsert("a", .integer(1)), upsert("c", .integer(3))])
        batch.removeAll()
        #expect(batch.count == 0 && batch.plain.isEmpty)
        #expect(refusal(row(#"{"id":"d"}"#)) == nil)
        #expect(batch.plain == [upsert("d", .null)])
    }
}
