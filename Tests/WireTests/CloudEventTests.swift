// Goal: every event may be plain JSON, a structured or a binary CloudEvent (contract §1), changes and control events alike. Method:
// records with headers, and lines of `replay`, in; what they become out.

import Campaigns
import Testing

@testable import Engine
@testable import Wire

@Suite struct CloudEventTests {
    private let decoder = ChangeDecoder()
    private let batch = ChangeBatch()
    private let structured = ("content-type", "application/cloudevents+json")

    init() {
        decoder.publish(Schema("t", [Field(name: "id", type: .string), Field(name: "type", type: .string)]), table: 0)
    }

    private func read(_ value: String?, key: String? = nil, mapped: String? = nil, _ headers: (String, String)...) -> String {
        batch.removeAll()
        let reason = decoder.reason(value, key: key, headers: headers, mapped: mapped, into: batch)
        return reason.map { "refused: \($0)" } ?? batch.story(["t"]).first ?? "nothing"
    }

    /// What a line of `replay` becomes.
    private func line(_ text: String) -> String {
        batch.removeAll()
        let reader = ReplayLineReader(changes: decoder, control: ControlDecoder())
        return withPadded(Array(text.utf8)) { bytes in
            let line = reader.read(bytes)
            do {
                if line.isControl { return "\(try reader.decodeControl().get())" }
                try reader.decodeChange(into: batch)
                return batch.story(["t"]).first ?? "nothing"
            } catch let error as Refusal {
                return "refused: \(error.reason)"
            } catch {
                return "\(error)"
            }
        }
    }

    private let plain = #"{"table":"t","op":"u","row":{"id":"a"}}"#
    private let different = "refused: the type of the CloudEvent and of its data differ"

    @Test func structuredByContentType() {
        let event = #"{"specversion":"1.0","id":"1","source":"s","type":"row","data":\#(plain)}"#
        #expect(read(event, structured) == "u t a null")
        for type in ["application/cloudevents+json; charset=UTF-8", "Application/CloudEvents+JSON ;charset=utf-8"] {
            #expect(read(event, ("content-type", type)) == "u t a null")
        }
        // Without a content-type its shape tells, on every topic.
        #expect(read(event) == "u t a null" && read(event, mapped: "t") == "u t a null")
        for headers in [[("content-type", "application/json")], [("content-type", "application/cloudevents+jsonp")]] {
            let reason = decoder.reason(event, headers: headers, into: batch)
            #expect(reason?.contains("send it with content-type: application/cloudevents+json") == true, "\(headers)")
        }
        #expect(read(#"[{}]"#, ("content-type", "application/cloudevents-batch+json")).contains("one event per record"))
        #expect(read(#"{"specversion":"1.0"}"#, structured) == "refused: a structured CloudEvent has data, as JSON")
        #expect(
            read(#"{"specversion":"1.0","data":"x"}"#, structured)
                == #"refused: a change is a JSON object: {"table": …, "op": "u", "row": {…}}, or what a connector writes"#)
        #expect(read(#"{"data":null}"#, key: #"{"id":"a"}"#, mapped: "t", structured) == "d t a null")
        #expect(read(#"{"data":{"id":"a"}}"#, mapped: "t", structured) == "u t a null")
    }

    @Test func debeziumsOwn() {
        func event(_ op: String, _ data: String, table: String = #""t""#) -> String {
            #"{"specversion":"1.0","type":"io.debezium.DataChangeEvent","iodebeziumop":\#(op),"iodebeziumtable":\#(table),"data":\#(data)}"#
        }
        for headers in [[], [structured]] {
            func read(_ value: String, mapped: String? = nil) -> String {
                batch.removeAll()
                let reason = decoder.reason(value, headers: headers, mapped: mapped, into: batch)
                return reason.map { "refused: \($0)" } ?? batch.story(["t"]).first ?? "nothing"
            }
            #expect(read(event(#""r""#, #"{"before":null,"after":{"id":"a"}}"#)) == "u t a null")
            #expect(read(event(#""c""#, #"{"schema":{},"payload":{"before":null,"after":{"id":"a"}}}"#)) == "u t a null")
            #expect(read(event(#""d""#, #"{"before":{"id":"a"},"after":null}"#)) == "d t a null")
            #expect(read(event(#""t""#, #"{"before":null}"#)) == "t t")
            #expect(read(event(#""m""#, "{}")) == "nothing")
            #expect(read(event(#""c""#, #"{"after":{"id":"a"}}"#, table: "null"), mapped: "t") == "u t a null")
            #expect(read(event("1", #"{"after":{"id":"a"}}"#)).hasPrefix("refused: unknown iodebeziumop"))
        }
    }

    /// Another content-type than that of CloudEvents makes columns of their members (contract §1, decision 35).
    @Test func columnsOfARow() {
        for content in ["application/json", "application/json; charset=utf-8", ""] {
            let header = ("content-type", content)
            #expect(read(#"{"specversion":"1.0","data":{"id":"b"},"id":"a","type":"x"}"#, mapped: "t", header) == "u t a x")
            #expect(read(#"{"specversion":"1.0","data":null,"id":"a"}"#, mapped: "t", header) == "u t a null")
            #expect(
                read(#"{"specversion":"1.0","iodebeziumop":"d","data":{"before":{"id":"b"}},"id":"a"}"#, mapped: "t", header)
                    == "u t a null")
        }
        #expect(
            read(#"{"specversion":"1.0","id":"a"}"#, mapped: "t") == "u t a null"
                && read(#"{"data":{},"id":"a"}"#, mapped: "t") == "u t a null")
        // Inside an event too.
        #expect(read(#"{"specversion":"1.0","data":{"specversion":"1.0","data":{"id":"b"},"id":"a"}}"#, mapped: "t") == "u t a null")
    }

    @Test func debeziumsOwnInBinaryMode() {
        let (json, table) = (("content-type", "application/json"), ("ce_iodebeziumtable", "t"))
        func op(_ code: String) -> (String, String) { ("ce_iodebeziumop", code) }
        #expect(read(#"{"before":null,"after":{"id":"a"}}"#, json, op("r"), table) == "u t a null")
        #expect(read(#"{"schema":{},"payload":{"before":null,"after":{"id":"a"}}}"#, op("c"), table) == "u t a null")
        #expect(read(#"{"payload":{"after":{"id":"b"}},"after":{"id":"a"}}"#, op("c"), table) == "u t a null")
        #expect(read(#"{"before":{"id":"a"},"after":null}"#, op("d"), table) == "d t a null" && read("{}", op("t"), table) == "t t")
        // Its own members do not count, and the type is that of the event alone.
        #expect(
            read(
                #"{"op":"d","row":{},"source":{},"type":"x","_change_request_type":"d","after":{"id":"a"}}"#, ("ce_type", "y"), op("u"),
                table)
                == "u t a null")
        // A mapped topic goes before the header; without either the record names no table.
        #expect(read(#"{"after":{"id":"a"}}"#, mapped: "t", op("c"), ("ce_iodebeziumtable", "gone")) == "u t a null")
        #expect(read(#"{"after":{"id":"a"}}"#, op("c"), ("ce_iodebeziumtable", "gone")).hasPrefix(#"refused: unknown table "gone""#))
        #expect(read(#"{"after":{"id":"a"}}"#, op("c"), ("ce_iodebeziumtable", "")).hasPrefix("refused: the record names no table"))
        #expect(read(#"{"after":{"id":"a"}}"#, op("c")).hasPrefix("refused: the record names no table"))
        #expect(read(#"{"after":{"id":"a"}}"#, op("create"), table).hasPrefix("refused: unknown iodebeziumop"))
        #expect(read("{}", op("m"), ("ce_iodebeziumtable", "gone")) == "nothing" && decoder.ignored(.message) == 1)
        #expect(read(nil, key: #"{"id":"a"}"#, mapped: "t", op("d"), table) == "d t a null")
        #expect(read("[]", op("c"), table).hasPrefix("refused: a change is a JSON object"))
        // A structured event goes by its own attributes.
        let event = #"{"specversion":"1.0","iodebeziumop":"c","iodebeziumtable":"t","data":{"before":{"id":"b"},"after":{"id":"a"}}}"#
        #expect(read(event, structured, op("d"), table) == "u t a null")
    }

    @Test func theTypesAgree() {
        #expect(read(#"{"type":"x","data":{"id":"a","type":"x"}}"#, mapped: "t", structured) == "u t a x")
        #expect(read(#"{"type":null,"data":{"id":"a","type":"x"}}"#, mapped: "t", structured) == "u t a x")
        #expect(read(#"{"type":"y","data":{"id":"a","type":"x"}}"#, mapped: "t", structured) == different)
        #expect(read(#"{"type":1,"data":{"id":"a","type":"x"}}"#, mapped: "t", structured) == different)
        #expect(read(#"{"type":1,"data":{"table":"t","op":"u","row":{"id":"a"},"type":1}}"#, structured) == "u t a null")
        #expect(read(#"{"type":"\u00e9","data":{"id":"a","type":"e\u0301"}}"#, mapped: "t", structured) == different)
        // Binary.
        #expect(read(plain, ("ce_type", "row"), ("ce_specversion", "1.0"), ("content-type", "application/json")) == "u t a null")
        #expect(read(#"{"type":"x","id":"a"}"#, mapped: "t", ("ce_type", "x")) == "u t a x")
        #expect(read(#"{"type":"x","id":"a"}"#, mapped: "t", ("ce_type", "y")) == different)
        #expect(read(#"{"type":5,"id":"a"}"#, mapped: "t", ("ce_type", "5")) == different)
    }

    @Test func controlEvents() {
        let control = ControlDecoder()
        func read(_ text: String, _ headers: (String, String)...) -> String {
            var content = ContentHeaders()
            return withPadded(headers.flatMap { Array($0.0.utf8) + Array($0.1.utf8) }) { bytes in
                var at = 0
                func take(_ count: Int) -> UnsafeRawBufferPointer {
                    defer { at += count }
                    return UnsafeRawBufferPointer(rebasing: bytes[at..<at + count])
                }
                for (name, value) in headers { content.take(name: take(name.utf8.count), value: take(value.utf8.count)) }
                return withPadded(Array(text.utf8)) { bytes in
                    do throws(ControlRefusal) { return "\(try control.decode(bytes, headers: content).get())" } catch { return "\(error)" }
                }
            }
        }
        let stop = #"{"type":"campaign.stopped","campaignId":"c"}"#
        let stopped = #"campaignStopped("c")"#
        func event(_ type: String) -> String { #"{"specversion":"1.0","type":\#(type),"data":\#(stop)}"# }
        #expect(read(event(#""campaign.stopped""#), structured) == stopped)
        #expect(read(event("null"), structured) == stopped)
        #expect(read(event(#""campaign.deleted""#), structured).contains("differ"))
        #expect(read(#"{"data":5}"#, structured).contains("a control event is a JSON object"))
        #expect(read(#"{"specversion":"1.0"}"#, structured).contains("a structured CloudEvent has data"))
        #expect(read(event(#""campaign.stopped""#)) == stopped && read(event(#""campaign.deleted""#)).contains("differ"))
        #expect(read(event(#""campaign.stopped""#), ("content-type", "application/json")).contains("send it with content-type"))
        #expect(read("[]", ("content-type", "application/cloudevents-batch+json")).contains("one event per record"))
        #expect(read(stop, ("ce_type", "campaign.stopped")) == stopped)
        #expect(read(stop, ("ce_type", "campaign.deleted")).contains("differ"))
    }

    /// Decision 35: in `replay` whatever its content type. A topic is mapped to the table of its name.
    @Test func linesOfReplay() {
        #expect(line(#"{"specversion":"1.0","type":"row","data":\#(plain)}"#) == "u t a null")
        #expect(line(#"{"topic":"x","value":{"specversion":"1.0","type":"row","data":\#(plain)}}"#) == "u t a null")
        #expect(line(#"{"topic":"t","key":"{\"id\":\"k\"}","value":{"specversion":"1.0","data":null}}"#) == "d t k null")
        #expect(line(#"{"topic":"t","key":"{\"id\":\"k\"}","value":null}"#) == "d t k null")
        #expect(line(#"{"topic":"t","key":{"id":"k"},"value":null}"#) == "d t k null")
        #expect(line(#"{"topic":"t","key":null,"value":null}"#) == "refused: t: a tombstone has a key")
        #expect(line(#"{"topic":"t","value":null}"#) == "refused: t: a tombstone has a key")
        #expect(line(#"{"topic":"t","key":"k","value":null}"#).hasPrefix("refused: t: the key of a tombstone is the JSON"))
        #expect(line(#"{"topic":"x","key":"k","value":null}"#) == "nothing")
        #expect(line(#"{"topic":"t","value":{"id":"a"}}"#) == "u t a null")
        let stop = #"{"type":"campaign.stopped","campaignId":"c"}"#
        #expect(line(#"{"specversion":"1.0","type":"campaign.stopped","data":\#(stop)}"#) == #"campaignStopped("c")"#)
        #expect(line(#"{"topic":"campaign-publish","value":{"specversion":"1.0","data":\#(stop)}}"#) == #"campaignStopped("c")"#)
        #expect(line(#"{"specversion":"1.0","type":"campaign.deleted","data":\#(stop)}"#).contains("differ"))
    }
}
