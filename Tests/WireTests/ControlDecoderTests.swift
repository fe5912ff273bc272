// Goal: control events (contract §2): each type, and every problem of its members with its path, in one answer. Method: texts in, one line
// of text per event or refusal out.

import Campaigns
import Testing

@testable import Wire

@Suite struct ControlDecoderTests {
    private let decoder = ControlDecoder()

    /// What an event is, or why it is none: `schema {…}`, `barrier b {…}`, `unreadable: …`, `rejected campaign c: path message; …`.
    private func read(_ text: String) -> String {
        do throws(ControlRefusal) {
            switch try withPadded(Array(text.utf8), { decoder.decode($0) }).get() {
            case .schemaPublished(let definition): return "schema \(written(definition))"
            case .campaignPublished(let definition): return "campaign \(written(definition))"
            case .campaignStopped(let id): return "stopped \(id)"
            case .campaignDeleted(let id): return "deleted \(id)"
            case .clockAdvanced(let instant): return "clock \(instant)"
            case .barrierRequested(let id, let after):
                let offsets = after.sorted { $0.key < $1.key }.map { topic, partitions in
                    "\(topic): " + partitions.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
                }
                return "barrier \(id) {\(offsets.joined(separator: "; "))}"
            }
        } catch {
            switch error {
            case .unreadable(let refusal): return "unreadable: \(refusal.reason)"
            case .rejected(let isSchema, let subject, let problems):
                let list = problems.map { "\($0.path) \($0.message)" }.joined(separator: "; ")
                return "rejected \(isSchema ? "schema" : "campaign") \(subject ?? "?"): \(list)"
            }
        }
    }

    private func written(_ value: JSON) -> String {
        var text = JSONText()
        text.append(value)
        return String(decoding: text.bytes, as: UTF8.self)
    }

    @Test func aNullValueIsNoEvent() {
        guard case .failure(.unreadable(let refusal)) = decoder.decode(nil) else {
            Issue.record("it is one")
            return
        }
        #expect(refusal.reason == "a control event has a value")
    }

    @Test func eachType() {
        #expect(read(#"{"type":"schema.published","schema":{"name":"t"}}"#) == #"schema {"name":"t"}"#)
        #expect(read(#"{"campaign":{"id":"c","x":[1.5,-0.0]},"type":"campaign.published"}"#) == #"campaign {"id":"c","x":[1.5,0]}"#)
        #expect(read(#"{"type":"campaign.stopped","campaignId":"c"}"#) == "stopped c")
        #expect(read(#"{"type":"campaign.deleted","campaignId":"c"}"#) == "deleted c")
        #expect(read(#"{"type":"barrier.requested","id":"b"}"#) == "barrier b {}")
        #expect(read(#"{"type":"clock.advanced","to":"2026-03-01T10:30:00+01:00"}"#) == "clock 1772357400000")
        #expect(read(#"{"type":"clock.advanced","to":1772357400000}"#) == "clock 1772357400000")
    }

    @Test func everyEventMayCarryATime() {
        #expect(read(#"{"type":"campaign.stopped","campaignId":"c","time":"2026-03-01T09:30:00Z"}"#) == "stopped c")
        #expect(read(#"{"type":"campaign.stopped","campaignId":"c","time":0}"#) == "stopped c")
        for time in [#""now""#, "1.5", "null", "true", "[]", "253402300800000", #""2026-03-01T09:30:00""#] {
            #expect(
                read(#"{"type":"campaign.stopped","campaignId":"c","time":\#(time)}"#) == "rejected campaign c: time must be an instant")
        }
    }

    /// Decision 72.
    @Test func everyEventMayNameItsSchema() {
        for schema in [#""https://x/event.json""#, #""""#, "null"] {
            #expect(
                read(#"{"$schema":\#(schema),"type":"campaign.stopped","campaignId":"c"}"#)
                    == read(#"{"type":"campaign.stopped","campaignId":"c"}"#))
        }
        for schema in ["1", "{}", "[]", "true"] {
            #expect(
                read(#"{"$schema":\#(schema),"type":"campaign.stopped","campaignId":"c"}"#) == "rejected campaign c: $schema must be a text"
            )
        }
    }

    @Test func ofDuplicatesTheLastCounts() {
        #expect(read(#"{"type":"nothing","type":"campaign.stopped","campaignId":5,"campaignId":"c"}"#) == "stopped c")
        #expect(read(#"{"type":"campaign.published","campaign":{"id":"a","id":"b"}}"#) == #"campaign {"id":"b"}"#)
        #expect(read(#"{"type":"barrier.requested","id":"b","after":{"t":{"0":1,"0":2}}}"#) == "barrier b {t: 0=2}")
    }

    @Test func unknownMembersWithTheirPaths() {
        #expect(
            read(#"{"type":"campaign.published","campaign":{"id":"c"},"extra":1,"id":"x"}"#)
                == "rejected campaign c: extra unknown member; id unknown member")
        #expect(read(#"{"type":"schema.published","schema":{"name":"t"},"after":{}}"#) == "rejected schema t: after unknown member")
        #expect(read(#"{"type":"clock.advanced","to":0,"campaignId":"c"}"#) == "rejected campaign c: campaignId unknown member")
    }

    @Test func missingMembers() {
        #expect(read(#"{"type":"schema.published"}"#) == "rejected schema ?: schema is required")
        #expect(read(#"{"type":"campaign.published","campaign":null}"#) == "rejected campaign ?: campaign is required")
        #expect(read(#"{"type":"campaign.stopped"}"#) == "rejected campaign ?: campaignId is required")
        #expect(read(#"{"type":"campaign.deleted","campaignId":null}"#) == "rejected campaign ?: campaignId is required")
        #expect(read(#"{"type":"barrier.requested"}"#) == "rejected campaign ?: id is required")
        #expect(read(#"{"type":"clock.advanced"}"#) == "rejected campaign ?: to is required")
    }

    @Test func membersOfTheWrongType() {
        for value in ["5", "true", "[]", "{}"] {
            #expect(read(#"{"type":"campaign.stopped","campaignId":\#(value)}"#) == "rejected campaign ?: campaignId must be a text")
            #expect(read(#"{"type":"campaign.deleted","campaignId":\#(value)}"#) == "rejected campaign ?: campaignId must be a text")
            #expect(read(#"{"type":"barrier.requested","id":\#(value)}"#) == "rejected campaign ?: id must be a text")
        }
        for value in [#""soon""#, "1.5", "true", "{}", "1e999", "9223372036854775807"] {
            #expect(read(#"{"type":"clock.advanced","to":\#(value)}"#) == "rejected campaign ?: to must be an instant")
        }
    }

    @Test func everyProblemAtOnce() {
        #expect(
            read(#"{"type":"barrier.requested","more":1,"time":"x","id":5}"#)
                == "rejected campaign ?: more unknown member; time must be an instant; id must be a text")
        #expect(
            read(#"{"type":"campaign.published","more":1,"time":"x"}"#)
                == "rejected campaign ?: more unknown member; campaign is required; time must be an instant")
    }

    @Test func theOffsetsOfABarrier() {
        func after(_ text: String) -> String { read(#"{"type":"barrier.requested","id":"b","after":\#(text)}"#) }
        #expect(after("null") == "barrier b {}")
        #expect(after("{}") == "barrier b {}")
        #expect(after(#"{"t":{}}"#) == "barrier b {}")
        #expect(
            after(#"{"p.x":{"0":5,"11":0},"a":{"2147483647":9223372036854775807}}"#)
                == "barrier b {a: 2147483647=9223372036854775807; p.x: 0=5,11=0}")
        for text in ["5", "[]", #""t""#, "true"] { #expect(after(text) == "rejected campaign ?: after must be an object") }
        for text in ["5", "[]", "null"] { #expect(after(#"{"t":\#(text)}"#) == "rejected campaign ?: after.t must be an object") }
        for (name, value) in [
            ("x", "1"), ("", "1"), ("-1", "1"), ("2147483648", "1"), ("1.0", "1"), (" 1", "1"), ("0", "-1"), ("0", "1.5"), ("0", #""1""#),
            ("0", "null"),
        ] {
            #expect(after(#"{"t":{"\#(name)":\#(value)}}"#) == "rejected campaign ?: after.t.\(name) must be a partition and an offset")
        }
        #expect(
            after(#"{"t":{"x":1,"0":1,"y":2},"u":7}"#)
                == "rejected campaign ?: after.t.x must be a partition and an offset; after.t.y must be a partition and an offset; "
                + "after.u must be an object")
    }

    /// It is the key of its event.
    @Test func theIdOfABarrierHasAtMost1024Bytes() {
        func reading(bytes: Int) -> String { read(#"{"type":"barrier.requested","id":"\#(String(repeating: "é", count: bytes / 2))"}"#) }
        #expect(reading(bytes: 1024).hasPrefix("barrier é"))
        #expect(reading(bytes: 1026) == "rejected campaign ?: id has 1026 bytes")
    }

    /// Kafka's tools write a partition as its decimal digits; one partition must not have two names.
    @Test(arguments: ["+1", "01", "-0"])
    func aPartitionHasOneName(name: String) {
        #expect(
            read(#"{"type":"barrier.requested","id":"b","after":{"t":{"\#(name)":7}}}"#)
                == "rejected campaign ?: after.t.\(name) must be a partition and an offset")
    }

    @Test func whatIsNoEvent() {
        for text in ["5", "null", "[]", #""x""#, #"[{"type":"campaign.stopped","campaignId":"c"}]"#] {
            #expect(read(text) == "unreadable: a control event is a JSON object")
        }
        for text in ["{}", #"{"type":5}"#, #"{"type":null}"#, #"{"campaignId":"c"}"#] {
            #expect(read(text) == "unreadable: a control event has a type")
        }
        for text in ["", "{", #"{"type":"campaign.stopped","campaignId":"\ud800"}"#, #"{"type":"campaign.stopped","campaignId":"c"}}"#] {
            #expect(read(text).hasPrefix("unreadable: malformed JSON: "), "\(text)")
        }
    }

    @Test func anUnknownTypeNamesTheKnownOnes() {
        let known = "barrier.requested, campaign.deleted, campaign.published, campaign.stopped, clock.advanced, schema.published"
        for type in ["nothing", "", "Campaign.stopped", "campaign.stopped "] {
            #expect(read(#"{"type":"\#(type)","campaignId":"c"}"#) == "unreadable: unknown event type \"\(type)\"; known: \(known)")
        }
        let long = String(repeating: "x", count: 1000)
        #expect(read(#"{"type":"\#(long)"}"#).utf8.count < 400)
    }
}
