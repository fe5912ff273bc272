// Goal: every format of contract §3 is told from the others in the order of its table, and means what the contract says. Method: records
// in, the changes in short out; for each refusal its reason.

import Campaigns
import Testing

@testable import Engine
@testable import Wire

@Suite struct FormatTests {
    private let decoder = ChangeDecoder()
    private let batch = ChangeBatch()

    init() {
        let fields = [Field(name: "id", type: .string), Field(name: "n", type: .integer), Field(name: "v", type: .integer)]
        decoder.publish(Schema("t", fields, version: 2), table: 0)
        decoder.publish(
            Schema(
                "pairs", [Field(name: "a", type: .integer), Field(name: "b", type: .string), Field(name: "x", type: .string)], key: [0, 1]),
            table: 1)
    }

    /// What a record becomes: its change in short, nothing, or why it is refused.
    private func read(_ value: String?, key: String? = nil, mapped: String? = nil, _ headers: (String, String)...) -> String {
        batch.removeAll()
        if let reason = decoder.reason(value, key: key, headers: headers, mapped: mapped, into: batch) {
            #expect(batch.count == 0)
            return "refused: \(reason)"
        }
        return batch.story(["t", "pairs"]).first ?? "nothing"
    }

    @Test func tombstones() {
        #expect(read(nil, key: #"{"id":"a"}"#, mapped: "t") == "d t a null null")
        #expect(read(nil, key: #"{"schema":{"type":"struct"},"payload":{"id":"a"}}"#, mapped: "t") == "d t a null null")
        #expect(read(nil, key: #"{"payload":{"id":"a"},"schema":null}"#, mapped: "t") == "d t a null null")
        #expect(read(nil, key: #"{"b":"x","a":7}"#, mapped: "pairs") == "d pairs 7 x null")
        #expect(decoder.ignoredRecords.isEmpty)
        #expect(read(nil, key: #"{"id":"a"}"#) == "nothing")
        #expect(read(nil) == "nothing")
        #expect(decoder.ignored(.tombstone) == 2)
    }

    @Test func tombstonesWithoutAWholeKey() {
        #expect(read(nil, mapped: "t") == "refused: t: a tombstone has a key")
        for key in [#""a""#, "1", "[]", "null"] {
            #expect(
                read(nil, key: key, mapped: "t") == "refused: t: the key of a tombstone is an object with the fields of the primary key")
        }
        let noEnvelopes = [
            #"{"payload":{"id":"a"}}"#, #"{"schema":1,"payload":{"id":"a"}}"#, #"{"schema":{},"payload":{"id":"a"},"x":1}"#,
            #"{"schema":{},"payload":[]}"#,
        ]
        for key in ["{}", #"{"n":1}"#, #"{"id":null}"#] + noEnvelopes {
            #expect(read(nil, key: key, mapped: "t") == "refused: t.id: \(nullKey)", "\(key)")
        }
        #expect(read(nil, key: #"{"a":1}"#, mapped: "pairs") == "refused: pairs.b: \(nullKey)")
        #expect(
            read(nil, key: #"{"a":"1","b":"x"}"#, mapped: "pairs") == "refused: pairs.a: a whole number of 64 bits is expected, not a text")
        for key in ["", "a", "{", #"{"id":"a"} x"#] {
            #expect(
                read(nil, key: key, mapped: "t").hasPrefix(
                    "refused: t: the key of a tombstone is the JSON of the primary key: malformed JSON"))
        }
        #expect(read(nil, key: #"{"id":"a"}"#, mapped: "gone") == #"refused: unknown table "gone"; publish its schema first"#)
        #expect(decoder.sawUnknown)
    }

    @Test func changeRequests() {
        for letter in ["u", "U"] {
            #expect(read(#"{"_change_request_type":"\#(letter)","id":"a","n":1}"#, mapped: "t") == "u t a 1 null")
        }
        for letter in ["d", "D"] {
            #expect(read(#"{"id":"a","n":"no number","v":3,"_change_request_type":"\#(letter)"}"#, mapped: "t") == "d t a null 3")
        }
        for value in ["null", #""i""#, #""""#, #""ud""#, "1"] {
            #expect(
                read(#"{"_change_request_type":\#(value),"id":"a"}"#, mapped: "t")
                    == #"refused: unknown _change_request_type; it is "u", "U", "d" or "D""#)
        }
        #expect(
            read(#"{"_change_request_type":"u","id":"a","table":"t"}"#)
                == "refused: the record names no table and its topic is mapped to none")
        // Strict, as plain rows are.
        #expect(
            read(#"{"_change_request_type":"u","id":"a","n":"1"}"#, mapped: "t")
                == "refused: t.n: a whole number of 64 bits is expected, not a text")
        // Its own member is not one of the row.
        #expect(decoder.ignoredMemberCount == 0)
    }

    @Test func theOrderOfTheTable() {
        // A change request before a plain change, that before Debezium, that before a flat row.
        #expect(
            read(#"{"table":"pairs","op":"u","row":{"a":1,"b":"x"},"_change_request_type":"u","id":"a"}"#, mapped: "t") == "u t a null null"
        )
        #expect(
            read(#"{"op":"d","row":{"id":"a"},"before":{"id":"b"},"after":{"id":"b"},"source":{"table":"gone"}}"#, mapped: "t")
                == "d t a null null")
        #expect(read(#"{"op":"c","source":{},"after":{"id":"b"},"id":"a"}"#, mapped: "t") == "u t b null null")
        #expect(read(#"{"op":"c","after":{"id":"b"},"id":"a"}"#, mapped: "t") == "u t a null null")
        #expect(read(#"{"op":"c","id":"a"}"#, mapped: "t") == "u t a null null")
        #expect(read(#"{"before":{},"after":{},"id":"a"}"#, mapped: "t") == "u t a null null")
        // The formats that stand first are no payload of an envelope, and an envelope holds no other.
        #expect(read(#"{"schema":null,"payload":{"op":"u","row":{"id":"b"},"id":"a"}}"#, mapped: "t") == "u t a null null")
        #expect(read(#"{"schema":{},"payload":{"_change_request_type":"d","id":"a"}}"#, mapped: "t") == "u t a null null")
        #expect(read(#"{"schema":{},"payload":{"schema":{},"payload":{"id":"b"},"id":"a"}}"#, mapped: "t") == "u t a null null")
        #expect(read(#"{"schema":{},"payload":{"id":"b"},"_change_request_type":"d","id":"a"}"#, mapped: "t") == "d t a null null")
        // What is beside an envelope is no column of it.
        #expect(read(#"{"schema":{},"payload":{"id":"b"},"id":"a"}"#, mapped: "t") == "u t b null null")
        for payload in [#""x""#, "null", "[]"] {
            #expect(read(#"{"schema":{},"payload":\#(payload),"id":"a"}"#, mapped: "t") == "u t a null null")
        }
        for schema in [#""public""#, "5", "true", "[]"] {
            #expect(read(#"{"schema":\#(schema),"payload":{"id":"b"},"id":"a"}"#, mapped: "t") == "u t a null null")
        }
        #expect(read(#"{"payload":{"id":"b"},"id":"a"}"#, mapped: "t") == "u t a null null")
    }

    @Test func debezium() {
        for op in ["c", "u", "r"] {
            #expect(read(#"{"before":null,"after":{"id":"a","n":1,"v":2},"op":"\#(op)","source":{"table":"t"}}"#) == "u t a 1 2")
        }
        // Of a delete only the key is read.
        #expect(read(#"{"before":{"id":"a","n":"?","v":"1970"},"after":null,"op":"d","source":{"table":"t"}}"#) == "d t a null null")
        #expect(read(#"{"before":null,"after":null,"op":"t","source":{"table":"pairs"}}"#) == "t pairs")
        #expect(read(#"{"schema":{},"payload":{"after":{"id":"a"},"op":"c","source":{"table":"t"}}}"#) == "u t a null null")
        #expect(read(#"{"schema":null,"payload":{"after":{"id":"a"},"op":"c","source":{"table":"t"}}}"#) == "u t a null null")
        #expect(
            read(#"{"payload":{"after":{"id":"a"},"op":"c","source":{"table":"t"}}}"#).hasPrefix(
                "refused: not a change event: it has no op and row; a connector's `payload` stands beside its `schema`"))
        #expect(decoder.ignoredRecords.isEmpty)
        #expect(read(#"{"op":"m","source":{"table":""},"message":{}}"#) == "nothing")
        #expect(read(#"{"op":"m","source":{"table":5}}"#, mapped: "gone") == "nothing")
        #expect(decoder.ignored(.message) == 2 && decoder.ignoredMemberCount == 0)
    }

    @Test func theTableOfDebezium() {
        // That of a mapped topic goes before what the record says, of every operation.
        for table in [#""t""#, #""gone""#, "5", "null"] {
            let source = #"{"table":\#(table)}"#
            #expect(read(#"{"after":{"a":1,"b":"x"},"op":"c","source":\#(source)}"#, mapped: "pairs") == "u pairs 1 x null")
            #expect(read(#"{"before":{"a":1,"b":"x"},"op":"d","source":\#(source)}"#, mapped: "pairs") == "d pairs 1 x null")
            #expect(read(#"{"op":"t","source":\#(source)}"#, mapped: "pairs") == "t pairs")
        }
        #expect(read(#"{"table":"t","op":"u","row":{"id":"a"}}"#, mapped: "pairs") == "u t a null null")
        #expect(read(#"{"table":null,"op":"u","row":{"id":"a"}}"#, mapped: "t") == "u t a null null")
        #expect(read(#"{"table":5,"op":"u","row":{"id":"a"}}"#, mapped: "t") == "refused: the table is a text")
        for source in ["{}", #"{"table":null}"#, #"{"table":""}"#] {
            #expect(read(#"{"after":{"id":"a"},"op":"c","source":\#(source)}"#, mapped: "t") == "u t a null null")
            #expect(
                read(#"{"after":{"id":"a"},"op":"c","source":\#(source)}"#)
                    == "refused: the record names no table and its topic is mapped to none")
        }
        #expect(read(#"{"after":{"id":"a"},"op":"c","source":{"table":["t"]}}"#) == "refused: the table is a text")
        for op in ["c", "d", "t"] {
            #expect(
                read(#"{"before":null,"op":"\#(op)","source":{"table":"gone"}}"#)
                    == #"refused: unknown table "gone"; publish its schema first"#)
        }
    }

    @Test func whatIsNoDebezium() {
        #expect(read(#"{"before":null,"after":null,"op":"c","source":{"table":"t"}}"#) == "refused: t: no row in `after`")
        #expect(
            read(#"{"after":{"id":"a"},"op":"d","source":{"table":"t"}}"#).hasPrefix(
                "refused: t: no row in `before`; the source must write the key"))
        // Another op is a column, and so is one without an object as source.
        for op in [#""x""#, #""""#, "null", "1", #""cu""#, #""C""#] {
            let event = #"{"after":{"id":"b"},"op":\#(op),"source":{"table":"t"},"id":"a"}"#
            #expect(read(event).hasPrefix("refused: not a change event: it has no op and row; Debezium's events have an op"), "\(op)")
            #expect(read(event, mapped: "t") == "u t a null null")
        }
        for source in [#""t""#, "null", "[]", "1"] {
            let event = #"{"after":{"id":"b"},"op":"c","source":\#(source),"id":"a"}"#
            #expect(read(event).hasPrefix("refused: not a change event"))
            #expect(read(event, mapped: "t") == "u t a null null")
        }
        #expect(read(#"{"after":{"id":null},"op":"c","source":{"table":"t"}}"#) == "refused: t.id: \(nullKey)")
    }

    /// Decision 69: on any topic, bare or beside a Connect schema.
    @Test func recordsThatAreNoRows() {
        let mark = #""status":"BEGIN","id":"5","event_count":null"#
        let kinds: [(IgnoredRecords.Kind, [String])] = [
            (.heartbeat, [#"{"ts_ms":1}"#, #"{"ts_ms":1,"ts_ms":null}"#]),
            (.transactionMark, ["{\(mark)}", #"{\#(mark),"ts_ms":1,"data_collections":[]}"#, #"{"status":"END","id":1,"event_count":1}"#]),
            (.schemaChange, [#"{"source":{"table":"t"},"ddl":"DROP","ts_ms":1}"#, #"{"id":"a","source":{},"tableChanges":null}"#]),
            (.message, [#"{"op":"m","source":{"table":"gone"},"id":"a"}"#]),
        ]
        for (kind, records) in kinds {
            for record in records {
                for mapped in [nil, "t"] {
                    let before = decoder.ignored(kind)
                    #expect(read(record, mapped: mapped) == "nothing", "\(record)")
                    #expect(read(#"{"schema":null,"payload":\#(record)}"#, mapped: mapped) == "nothing")
                    #expect(decoder.ignored(kind) == before + 2)
                }
            }
        }
        #expect(decoder.ignoredRecords.map(\.kind) == [.heartbeat, .transactionMark, .schemaChange, .message])
        // With other columns they are rows.
        for row in [
            #"{"ts_ms":1,"id":"a"}"#, #"{"status":"BEGIN","id":"a"}"#, #"{\#(mark),"n":null,"id":"a"}"#,
            #"{"status":"open","event_count":1,"id":"a"}"#,
            #"{"status":["BEGIN"],"event_count":1,"id":"a"}"#, #"{"source":"web","ddl":"x","id":"a"}"#,
            #"{"ddl":"x","tableChanges":[],"id":"a"}"#,
        ] {
            #expect(read(row, mapped: "t") == "u t a null null", "\(row)")
            #expect(read(row).hasPrefix("refused: not a change event"))
        }
    }

    @Test func flatRows() {
        #expect(read(#"{"id":"a","n":1}"#, mapped: "t") == "u t a 1 null")
        #expect(read(#"{"schema":{"fields":[]},"payload":{"id":"a"}}"#, mapped: "t") == "u t a null null")
        for deleted in ["true", #""true""#] {
            #expect(read(#"{"id":"a","n":"?","v":1,"__deleted":\#(deleted)}"#, mapped: "t") == "d t a null null")
            #expect(read(#"{"schema":{},"payload":{"id":"a","__deleted":\#(deleted)}}"#, mapped: "t") == "d t a null null")
        }
        for deleted in ["false", #""false""#, "null", #""True""#, "1"] {
            #expect(read(#"{"__deleted":\#(deleted),"id":"a","v":1}"#, mapped: "t") == "u t a null 1")
        }
        #expect(decoder.ignoredMemberCount == 0)
        #expect(read(#"{"n":1}"#, mapped: "t") == "refused: t.id: \(nullKey)")
        #expect(
            read(#"{"id":"a"}"#) == "refused: not a change event: it has no op and row; flat rows need a topic that is mapped to a table")
        #expect(read("{}", mapped: "t") == "refused: t.id: \(nullKey)")
    }

    /// Contract §10, and that data never traps, for every format and for keys.
    @Test func malformedAnywhere() {
        let (bad, deep) = (
            [UInt8](#"{"id":"a"#.utf8) + [0xff] + [UInt8](#""}"#.utf8),
            String(repeating: "[", count: 70) + String(repeating: "]", count: 70)
        )
        let text = #"{"op":"c","source":{"table":"t"},"after":"#
        #expect(
            decoder.reason(bytes: [UInt8](text.utf8) + bad + [UInt8("}".utf8.first!)], into: batch)?.hasPrefix("malformed JSON") == true)
        #expect(decoder.reason(bytes: bad, mapped: "t", into: batch)?.hasPrefix("malformed JSON") == true)
        #expect(decoder.reason(bytes: nil, key: bad, mapped: "t", into: batch)?.hasPrefix("t: the key of a tombstone") == true)
        #expect(decoder.reason(bytes: nil, key: [0xff], into: batch) == nil)
        #expect(read(nil, key: #"{"id":"a","x":\#(deep)}"#, mapped: "t").hasPrefix("refused: t: the key of a tombstone"))
        #expect(read(#"{"id":"a","x":\#(deep)}"#, mapped: "t").hasPrefix("refused: malformed JSON"))
        let long = #"{"id":"a","x":""# + String(repeating: "x", count: Limits.inputRecordBytes) + #""}"#
        #expect(read(long, mapped: "t").hasPrefix("refused: the record has"))
        #expect(read(nil, key: long, mapped: "t").contains("the record has"))
        #expect(batch.count == 0)
    }
}
