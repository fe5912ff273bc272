// Goal: what the output topics carry, byte by byte (contract §4). Method: a tiny engine with one table and a campaign or two makes real
// differences; records are compared whole: topic, key, headers, value.

import Campaigns
import Testing

@testable import Engine
@testable import Wire

@Suite struct EventEncoderTests {
    private let clock: Int64 = 1_772_357_400_250
    private let time = "2026-03-01T09:30:00.250Z"

    private func event(_ topic: OutputTopic, _ key: String, _ type: String, _ number: String, _ value: String, time: String? = nil)
        -> PlainRecord
    {
        PlainRecord(
            topic: topic, key: key, value: value, timestamp: -1,
            headers: [
                "ce_specversion=1.0", "ce_id=\(number)", "ce_source=audienced/g", "ce_type=\(type)", "ce_time=\(time ?? self.time)",
                "content-type=application/json",
            ])
    }

    @Test func enteredUpdatedExited() {
        let world = World()
        #expect(world.publish("c", audience: "vip", label: "Very \\\"Important\\\"", sequence: 1, clock: clock) == 1)
        #expect(
            world.take() == [
                event(
                    .updated, "vip", "audience.updated", "1-0",
                    #"{"type":"audience.updated","audience":"vip","label":"Very \"Important\"","size":0,"rows":0,"entered":0,"updated":0,"exited":0,"rejected":0,"complete":true,"campaign":"c","campaignVersion":1,"sequence":1,"time":"2026-03-01T09:30:00.250Z"}"#
                )
            ])
        world.upsert("1", email: "a@x.fr", note: "é \\\"q\\\" |", n: 1)
        world.upsert("2", email: "a@x.fr", n: 2)
        world.upsert("3", email: nil, n: 3)
        world.upsert("4", email: "z@x.fr", n: 0)
        world.commit(sequence: 2, clock: clock)
        #expect(
            world.take() == [
                event(
                    .members, "vip|Email|a@x.fr", "audience.member.entered", "2-0",
                    #"{"audience":"vip","identity":{"namespace":"Email","id":"a@x.fr"},"status":"realized","attributes":{"note":"é \"q\" |","n":1},"rows":2,"cause":"change","campaign":"c","campaignVersion":1,"sequence":2,"time":"2026-03-01T09:30:00.250Z"}"#
                ),
                event(
                    .updated, "vip", "audience.updated", "2-1",
                    #"{"type":"audience.updated","audience":"vip","label":"Very \"Important\"","size":1,"rows":2,"entered":1,"updated":0,"exited":0,"rejected":1,"complete":true,"campaign":"c","campaignVersion":1,"sequence":2,"time":"2026-03-01T09:30:00.250Z"}"#
                ),
            ])
        world.upsert("2", email: "a@x.fr", n: 2, op: "d")
        world.commit(sequence: 3, clock: clock + 1000)
        let updated = world.take()
        #expect(
            updated.first
                == event(
                    .members, "vip|Email|a@x.fr", "audience.member.updated", "3-0",
                    #"{"audience":"vip","identity":{"namespace":"Email","id":"a@x.fr"},"status":"existing","attributes":{"note":"é \"q\" |","n":1},"rows":1,"cause":"change","campaign":"c","campaignVersion":1,"sequence":3,"time":"2026-03-01T09:30:01.250Z"}"#,
                    time: "2026-03-01T09:30:01.250Z"))
        #expect(updated.count == 2)
        world.upsert("1", email: "a@x.fr", n: -1)
        world.commit(sequence: 4, clock: clock + 1000)
        let exited = world.take()
        #expect(
            exited.first
                == event(
                    .members, "vip|Email|a@x.fr", "audience.member.exited", "4-0",
                    #"{"audience":"vip","identity":{"namespace":"Email","id":"a@x.fr"},"status":"exited","rows":0,"cause":"change","campaign":"c","campaignVersion":1,"sequence":4,"time":"2026-03-01T09:30:01.250Z"}"#,
                    time: "2026-03-01T09:30:01.250Z"))
        #expect(exited.last?.value?.contains(#""size":0,"rows":0,"entered":0,"updated":0,"exited":1,"rejected":1"#) == true)
    }

    /// "Partitioned by `namespace|identity`"; where there are topics a tombstone follows an exit, which has no number of its own.
    @Test func untilWhenSomebodyIsInIsSaidWhereItFollowsFromTheRow() {
        let world = World()
        _ = world.publish("c", audience: "vip", label: "v", filter: "ToDateTime(note) >= DaysAgo(1)", sequence: 1, clock: clock)
        _ = world.take()
        world.upsert("1", email: "a@x.fr", note: "2026-03-01T09:00:00Z", n: 1)
        world.commit(sequence: 2, clock: clock)
        let beginning = #"{"audience":"vip","identity":{"namespace":"Email","id":"a@x.fr"},"status":"#
        let entered = world.take().first?.value
        #expect(entered?.contains(#""rows":1,"cause":"change","validUntil":"2026-03-02T09:00:00.001Z","campaign":"c""#) == true)
        world.upsert("1", email: "a@x.fr", note: "2026-02-01T09:00:00Z", n: 1)
        world.commit(sequence: 3, clock: clock + 1)
        let left = world.take().first?.value
        #expect(left?.hasPrefix(beginning + #""exited","rows":0,"cause":"change","campaign":"c""#) == true)
    }

    @Test func whatASinkHasToKnow() {
        let world = World()
        _ = world.publish("c", audience: "vip", label: "V", sequence: 1, clock: clock)
        _ = world.take()
        func told() -> [String] {
            defer { world.output.removeAll() }
            var told: [String] = []
            world.output.forEach { record in
                let number = record.headers.first { text($0.name) == "ce_id" }.flatMap { text($0.value) }
                told.append("\(number ?? "") \(text(record.partitionKey) ?? "by its key")\(record.endsKey ? ", the last" : "")")
            }
            return told
        }
        world.upsert("1", email: "a|b@x", n: 1)
        world.upsert("2", email: "c@x", n: 1)
        world.commit(sequence: 2, clock: clock)
        #expect(told() == ["2-0 Email|a|b@x", "2-1 Email|c@x", "2-2 by its key"])
        world.upsert("1", email: "a|b@x", n: -1)
        world.upsert("2", email: "c@x", n: 5)
        world.commit(sequence: 3, clock: clock)
        #expect(told() == ["3-0 Email|a|b@x, the last", "3-1 Email|c@x", "3-2 by its key"])
    }

    @Test func whatLeavesAndReturnsSaysNothing() {
        let world = World()
        _ = world.publish("c", audience: "vip", label: "V", sequence: 1, clock: clock)
        world.upsert("1", email: "a", n: 1)
        world.commit(sequence: 2, clock: clock)
        _ = world.take()
        world.upsert("1", email: "a", n: 0)
        world.upsert("1", email: "a", n: 1)
        world.commit(sequence: 3, clock: clock)
        #expect(world.take().isEmpty)
    }

    @Test func theOrderOfACommit() {
        let world = World()
        _ = world.publish("c", audience: "b", label: "B", sequence: 1, clock: clock)
        _ = world.publish("d", audience: "B", label: "b", sequence: 2, clock: clock)
        _ = world.publish("e", audience: "a", label: "A", sequence: 3, clock: clock)
        _ = world.take()
        // By UTF-8 bytes: the last is beyond the first plane, where UTF-16 has another order.
        let identities = ["", "A", "a", "aa", "ab", "é", "\u{ffee}", "😀"]
        for (number, identity) in identities.shuffled().enumerated() { world.upsert("\(number)", email: identity, n: 1) }
        world.commit(sequence: 4, clock: clock)
        world.encoder.encode(barrier: "one", offsets: nil, outputs: nil, into: world.output)
        world.encoder.encode(barrier: "two", offsets: nil, outputs: nil, into: world.output)
        let records = world.take()
        let named = identities.filter { !$0.isEmpty }
        var expected: [String] = []
        for audience in ["B", "a", "b"] { expected += named.map { "\(audience)|Email|\($0)" } }
        #expect(records.map(\.key) == expected + ["B", "a", "b", "one", "two"])
        #expect(records.map { $0.header("ce_id") } == records.indices.map { "4-\($0)" })
        #expect(records.prefix(expected.count).allSatisfy { $0.topic == .members })
        #expect(records.dropFirst(expected.count).allSatisfy { $0.topic == .updated })
    }

    @Test func numbersBeginAgainWithEachCommit() {
        let world = World()
        _ = world.publish("c", audience: "vip", label: "V", sequence: 7, clock: clock)
        world.upsert("1", email: "a", n: 1)
        world.commit(sequence: 8, clock: clock)
        world.encoder.begin(sequence: 9, clock: clock)
        world.encoder.encode(liveSchema: "s", into: world.output)
        #expect(world.take().map { $0.header("ce_id") } == ["7-0", "8-0", "8-1", "9-0"])
    }

    @Test func definitionsLiveAndGone() {
        let world = World()
        let output = world.output
        world.encoder.begin(sequence: 5, clock: clock)
        world.encoder.encode(liveSchema: "people", into: output)
        world.encoder.encode(campaign: "c", version: 3, type: "campaign.live", into: output)
        world.encoder.encode(campaign: "c", version: 3, type: "campaign.stopped", into: output)
        world.encoder.encode(campaign: "c", version: 3, type: "campaign.deleted", into: output)
        let campaign = #""campaign":"c","campaignVersion":3,"sequence":5,"time":"2026-03-01T09:30:00.250Z"}"#
        #expect(
            world.take() == [
                event(
                    .updated, "people", "schema.live", "5-0", #"{"type":"schema.live","schema":"people","sequence":5,"time":"\#(time)"}"#),
                event(.updated, "c", "campaign.live", "5-1", #"{"type":"campaign.live",\#(campaign)"#),
                event(.updated, "c", "campaign.stopped", "5-2", #"{"type":"campaign.stopped",\#(campaign)"#),
                event(.updated, "c", "campaign.deleted", "5-3", #"{"type":"campaign.deleted",\#(campaign)"#),
            ])
    }

    @Test func aDeletedCampaignEmptiesAndRetires() {
        let world = World()
        _ = world.publish("c", audience: "vip", label: "V", sequence: 1, clock: clock)
        world.upsert("1", email: "a", n: 1)
        world.commit(sequence: 2, clock: clock)
        _ = world.take()
        world.delete("c", sequence: 3, clock: clock)
        let records = world.take()
        #expect(records.map { $0.header("ce_type") } == ["audience.member.exited", "audience.updated", "audience.retired"])
        #expect(records[0].value?.contains(#""status":"exited","rows":0,"cause":"stop""#) == true)
        #expect(
            records[2]
                == event(
                    .updated, "vip", "audience.retired", "3-2",
                    #"{"type":"audience.retired","audience":"vip","sequence":3,"time":"\#(time)"}"#))
    }

    @Test func aNewVersionSaysDefinition() {
        let world = World()
        world.upsert("1", email: "a", n: 1)
        world.commit(sequence: 1, clock: clock)
        #expect(world.publish("c", audience: "vip", label: "V", sequence: 2, clock: clock) == 1)
        #expect(
            world.take().first?.value?.contains(#""status":"realized","attributes":{"note":"","n":1},"rows":1,"cause":"publish""#) == true)
        #expect(world.publish("c", audience: "vip", label: "W", sequence: 3, clock: clock) == 2)
        let records = world.take()
        #expect(records.map { $0.header("ce_type") } == ["audience.updated"], "no member changed")
        #expect(
            records[0].value?.contains(#""label":"W","size":1,"#) == true && records[0].value?.contains(#""campaignVersion":2,"#) == true)
    }

    @Test func liveWithItsWarnings() {
        let world = World()
        world.encoder.begin(sequence: 5, clock: clock)
        let warning = Problem(path: "activities[0].filter", message: "is always \"null\"", hint: "c IS NULL")
        world.encoder.encode(campaign: "c", version: 2, type: "campaign.live", warnings: [warning], into: world.output)
        world.encoder.encode(campaign: "c", version: 3, type: "campaign.live", into: world.output)
        let start = #"{"type":"campaign.live","campaign":"c","campaignVersion":"#
        let end = #""sequence":5,"time":"\#(time)"}"#
        let warnings = #""warnings":[{"path":"activities[0].filter","message":"is always \"null\"","hint":"c IS NULL"}]"#
        #expect(world.take().map { $0.value ?? "" } == ["\(start)2,\(warnings),\(end)", "\(start)3,\(end)"])
    }

    @Test func rejectedWithEveryProblem() {
        let world = World()
        world.encoder.begin(sequence: 5, clock: clock)
        let problems = [
            Problem(path: "activities[2].filter", message: "no \"field\"", hint: "did you mean n?"),
            Problem(path: "", message: "is nothing"),
        ]
        world.encoder.encode(rejected: "c", isSchema: false, problems: problems, into: world.output)
        world.encoder.encode(rejected: nil, isSchema: true, problems: [], into: world.output)
        #expect(
            world.take() == [
                event(
                    .updated, "c", "campaign.rejected", "5-0",
                    #"{"type":"campaign.rejected","campaign":"c","problems":[{"path":"activities[2].filter","message":"no \"field\"","hint":"did you mean n?"},{"path":"","message":"is nothing","hint":null}],"sequence":5,"time":"\#(time)"}"#
                ),
                event(
                    .updated, "", "schema.rejected", "5-1",
                    #"{"type":"schema.rejected","schema":null,"problems":[],"sequence":5,"time":"\#(time)"}"#),
            ])
    }

    @Test func barriers() {
        let world = World()
        world.encoder.begin(sequence: 5, clock: clock)
        var (offsets, outputs) = (JSONText(), JSONText())
        offsets.append(json(#"{"in":{"0":3}}"#))
        outputs.append(json(#"{"out":{"0":9}}"#))
        world.encoder.encode(barrier: "b\n", offsets: nil, outputs: nil, into: world.output)
        world.encoder.encode(barrier: "b", offsets: offsets, outputs: outputs, into: world.output)
        #expect(
            world.take() == [
                event(.updated, "b\n", "barrier.reached", "5-0", #"{"type":"barrier.reached","id":"b\n","sequence":5,"time":"\#(time)"}"#),
                event(
                    .updated, "b", "barrier.reached", "5-1",
                    #"{"type":"barrier.reached","id":"b","offsets":{"in":{"0":3}},"outputs":{"out":{"0":9}},"sequence":5,"time":"\#(time)"}"#
                ),
            ])
    }

    @Test func aMemberEventOverOneMebibyteGoesWithoutAttributes() {
        let world = World()
        _ = world.publish("c", audience: "vip", label: "V", sequence: 1, clock: clock)
        _ = world.take()
        world.upsert("1", email: "a", note: "x", n: 1)
        world.commit(sequence: 2, clock: clock)
        let frame = world.take()[0].value!.utf8.count - 1
        let longest = 1_048_576 - frame
        world.upsert("1", email: "a", note: String(repeating: "x", count: longest), n: 1)
        world.commit(sequence: 3, clock: clock)
        let fits = world.take()
        #expect(fits[0].value?.utf8.count == 1_048_576 && fits[0].value?.contains(#""attributes":{"note":"xxx"#) == true)
        #expect(world.truncatedEvents == 0)
        world.upsert("1", email: "a", note: String(repeating: "x", count: longest + 1), n: 1)
        world.commit(sequence: 4, clock: clock)
        let records = world.take()
        #expect(
            records[0]
                == event(
                    .members, "vip|Email|a", "audience.member.updated", "4-0",
                    #"{"audience":"vip","identity":{"namespace":"Email","id":"a"},"status":"existing","truncated":true,"rows":1,"cause":"change","campaign":"c","campaignVersion":1,"sequence":4,"time":"\#(time)"}"#
                ))
        #expect(records[1].header("ce_id") == "4-1" && world.truncatedEvents == 1)
    }

    /// A topic that takes less than the contract's most.
    @Test func aMemberEventOverTheTopicsLimitGoesWithoutAttributes() {
        let world = World(limits: OutputLimits { $0 == .members ? 70_000 : .max })
        _ = world.publish("c", audience: "vip", label: "V", sequence: 1, clock: clock)
        _ = world.take()
        for (place, length) in [60_000, 70_000].enumerated() {
            world.upsert("1", email: "a", note: String(repeating: "x", count: length), n: 1)
            world.commit(sequence: Int64(2 + place), clock: clock)
            #expect(world.take()[0].value?.contains("truncated") == (length == 70_000))
        }
    }

    @Test func ofMoreProblemsThanFitTheFirstStayAndTheOthersAreCounted() {
        let world = World(limits: OutputLimits { _ in Limits.smallestTopicBytes })
        world.encoder.begin(sequence: 1, clock: clock)
        let problems = (0..<5000).map { Problem(path: "activities[\($0)]", message: "is wrong", hint: "fix it") }
        world.encoder.encode(rejected: String(repeating: "é", count: 5000), isSchema: false, problems: problems, into: world.output)
        world.encoder.encode(
            rejected: "c", isSchema: false, problems: [Problem(path: String(repeating: "\u{1}", count: 1 << 20), message: "m")],
            into: world.output)
        let records = world.take()
        #expect(records.allSatisfy { $0.value!.utf8.count + $0.key!.utf8.count < Limits.smallestTopicBytes - 500 })
        #expect(records[0].key == "" && world.truncatedEvents == 1)
        guard case .array(let shown)? = json(records[0].value!)["problems"] else { fatalError() }
        #expect(records[0].value!.utf8.count > 60_000 && shown[0]["path"] == .string("activities[0]"))
        #expect(shown.last?["message"] == .string("\(5000 - shown.count + 1) more problems do not fit"))
        guard case .array(let cut)? = json(records[1].value!)["problems"], case .string(let path)? = cut[0]["path"] else { fatalError() }
        #expect(path == String(repeating: "\u{1}", count: 4093) + "…")
    }

    @Test func aManifestThatDoesNotFitIsLeftOut() {
        let world = World(limits: OutputLimits { _ in Limits.smallestTopicBytes })
        world.encoder.begin(sequence: 1, clock: clock)
        for length in [60_000, 65_536] {
            world.encoder.encode(snapshot: "\"\(String(repeating: "x", count: length))\"", of: "vip", into: world.output)
            let value = json(world.take()[0].value!)
            #expect((value["snapshot"] == nil) == (length > 60_000) && (value["truncated"] == .boolean(true)) == (length > 60_000))
        }
    }

    @Test func anInstantIsWrittenWithMilliseconds() {
        let world = World()
        for (clock, text) in [
            (Int64(0), "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] {
            world.encoder.begin(sequence: 1, clock: clock)
            world.encoder.encode(liveSchema: "s", into: world.output)
            #expect(world.take()[0].header("ce_time") == text)
        }
    }
}
