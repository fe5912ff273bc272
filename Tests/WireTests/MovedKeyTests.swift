// Goal: an update that moves a row to another key deletes the row of `before`, as one change with the upsert of `after` (contract §3,
// decision 68). Method: Debezium's records decoded and applied to an engine; the tables afterwards.

import Campaigns
import Testing

@testable import Engine
@testable import Wire

@Suite struct MovedKeyTests {
    private static let schema = Schema(
        "t",
        [
            Field(name: "a", type: .string), Field(name: "b", type: .integer), Field(name: "v", type: .integer),
            Field(name: "n", type: .integer),
            Field(name: "at", type: .datetime),
        ], key: [0, 1], version: 2)

    private static func update(_ before: String, _ after: String, op: String = "u") -> String {
        #"{"op":"\#(op)","source":{"table":"t"},"before":\#(before),"after":\#(after)}"#
    }

    /// A table in which the rows p, q and r are at version 9.
    private static func rows() -> Rows {
        var rows = Rows([schema])
        for key in ["p", "q", "r"] {
            #expect(rows.apply(#"{"table":"t","op":"u","row":{"a":"\#(key)","b":1,"v":9,"n":1}}"#) == nil)
        }
        return rows
    }

    private static func left(after record: String) -> (rows: [String], reason: String?) {
        var rows = rows()
        let reason = rows.apply(record)
        return (rows.all(0), reason)
    }

    private static let others = ["a=q b=1 v=9 n=1", "a=r b=1 v=9 n=1"]
    private static let all = ["a=p b=1 v=9 n=1"] + others

    @Test func theRowOfBeforeGoes() {
        // Of before only the key is read, in the forms that connectors write.
        for before in [#"{"a":"p","b":1}"#, #"{"a":"p","b":"1","v":0,"n":"?","x":1}"#, #"{"b":7,"a":"p","b":1}"#] {
            let (rows, reason) = Self.left(after: Self.update(before, #"{"a":"p2","b":1,"v":10,"n":2}"#))
            #expect(reason == nil && rows == ["a=p2 b=1 v=10 n=2"] + Self.others)
        }
        // One field of the key is enough, and the key of a row that is there already.
        #expect(Self.left(after: Self.update(#"{"a":"p","b":1}"#, #"{"a":"p","b":2,"v":1}"#)).rows == ["a=p b=2 v=1"] + Self.others)
        #expect(
            Self.left(after: Self.update(#"{"a":"p","b":1}"#, #"{"a":"q","b":1,"v":9,"n":5}"#)).rows == ["a=q b=1 v=9 n=5", Self.others[1]])
    }

    @Test func theSameKeyMovesNothing() {
        for before in [#"{"a":"p","b":1}"#, #"{"a":"p","b":"1.0"}"#, #"{"a":"p","b":{"scale":0,"value":"AQ=="}}"#, "null", "[]", #""x""#] {
            #expect(Self.left(after: Self.update(before, #"{"a":"p","b":1,"v":10,"n":2}"#)).rows == ["a=p b=1 v=10 n=2"] + Self.others)
        }
        for op in ["c", "r"] {
            let (rows, _) = Self.left(after: Self.update(#"{"a":"p","b":1}"#, #"{"a":"p2","b":1}"#, op: op))
            #expect(rows == [Self.all[0], "a=p2 b=1"] + Self.others)
        }
    }

    /// A before without a whole key says nothing, whatever else it says.
    @Test func halfAKeySaysNothing() {
        let unavailable = #""__debezium_unavailable_value""#
        for before in ["{}", #"{"a":"p"}"#, #"{"a":"p","b":null}"#, #"{"a":\#(unavailable),"b":"?"}"#, #"{"b":[],"a":null}"#] {
            let (rows, reason) = Self.left(after: Self.update(before, #"{"a":"p2","b":1}"#))
            #expect(reason == nil && rows == [Self.all[0], "a=p2 b=1"] + Self.others, "\(before)")
        }
    }

    @Test func whatIsRefusedChangesNothing() {
        for (before, after, wanted) in [
            (#"{"a":"p","b":1}"#, #"{"a":"p2","b":null}"#, "t.b: \(nullKey)"), (#"{"a":"p","b":1}"#, "null", "t: no row in `after`"),
            (#"{"a":"p","b":1}"#, #"{"a":"p2","b":1,"n":"x"}"#, "t.n: "), (#"{"a":"p","b":"x"}"#, #"{"a":"p2","b":1}"#, "t.b: "),
            (#"{"a":7,"b":1}"#, #"{"a":"p2","b":1}"#, "t.a: a text is expected"),
        ] {
            let (rows, reason) = Self.left(after: Self.update(before, after))
            #expect(reason?.hasPrefix(wanted) == true && rows == Self.all, "\(reason ?? "")")
        }
        let (decoder, batch) = (ChangeDecoder(), ChangeBatch())
        decoder.publish(Self.schema, table: 0)
        #expect(decoder.reason(Self.update(#"{"a":"p","b":"x"}"#, #"{"a":"p2","b":1}"#), into: batch) != nil)
        #expect(batch.count == 0 && batch.cells.count == 0)
    }

    /// "The row of `before` goes whatever `after`'s version does; an unavailable value is that of the row held under the key of `after`."
    @Test func theVersionAndWhatIsKept() {
        var rows = Self.rows()
        #expect(rows.apply(Self.update(#"{"a":"p","b":1}"#, #"{"a":"q","b":1,"v":8,"n":5}"#)) == nil)
        #expect(rows.all(0) == Self.others && rows.engine.statistics.rowsStale == 1)
        #expect(rows.apply(Self.update(#"{"a":"q","b":1}"#, #"{"a":"r","b":1,"v":9,"n":"__debezium_unavailable_value"}"#)) == nil)
        #expect(rows.all(0) == ["a=r b=1 v=9 n=1"])
        // The versions of the rows that went are held.
        #expect(rows.apply(#"{"table":"t","op":"u","row":{"a":"p","b":1,"v":8}}"#) == nil)
        #expect(rows.all(0) == ["a=r b=1 v=9 n=1"])
    }

    /// Instants in a key are compared as values: each image has its description.
    @Test func theDescriptionOfEachImage() {
        let schema = Schema("k", [Field(name: "at", type: .datetime), Field(name: "n", type: .integer)])
        func fields(_ image: String, _ name: String) -> String {
            #"{"field":"\#(image)","fields":[{"field":"at","name":"\#(name)"}]}"#
        }
        let (milliseconds, microseconds) = ("io.debezium.time.Timestamp", "io.debezium.time.MicroTimestamp")
        for (name, count, isMoved) in [(milliseconds, 5, false), (microseconds, 5000, false), (microseconds, 5, true)] {
            let (decoder, batch) = (ChangeDecoder(), ChangeBatch())
            decoder.publish(schema, table: 0)
            let described = #"{"fields":[\#(fields("before", name)),\#(fields("after", milliseconds))]}"#
            let event = #"{"op":"u","source":{"table":"k"},"before":{"at":\#(count)},"after":{"at":5,"n":1}}"#
            #expect(decoder.reason(#"{"schema":\#(described),"payload":\#(event)}"#, into: batch) == nil)
            #expect(batch.story(["k"]) == (isMoved ? ["d k 0 null"] : []) + ["u k 5 1"])
        }
    }
}
