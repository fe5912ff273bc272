// Goal: definitions and commits in the deterministic middle (contract §2, §4): what each control event says, what a refusal leaves as it
// was, and how commits are numbered. Method: events as texts into one state machine; its output records in short.

import Campaigns
import Testing

@testable import Daemon
@testable import Engine
@testable import Wire

@Suite struct StateMachineTests {
    private let house = House()

    private func goLive() {
        house.control(Sample.publish())
        house.control(Sample.publish(campaign: Sample.campaign("c", audience: "vip")))
        house.machine.output.removeAll()
    }

    @Test func eachDefinitionIsACommit() {
        #expect(house.sequence == 0)
        #expect(house.control(Sample.publish()) == "nothing")
        #expect(house.news() == ["1-0 schema.live"] && house.isTable("people") && !house.isTable("vip"))
        house.control(Sample.publish(campaign: Sample.campaign("c", audience: "vip")))
        #expect(house.news() == ["2-0 audience.updated", "2-1 campaign.live"])
        house.change(Sample.row("1", n: 1))
        house.commit()
        #expect(house.news() == ["3-0 audience.member.entered", "3-1 audience.updated"])
        house.control(#"{"type":"campaign.stopped","campaignId":"c"}"#)
        #expect(house.news() == ["4-0 campaign.stopped"])
        house.control(#"{"type":"campaign.deleted","campaignId":"c"}"#)
        #expect(house.news() == ["5-0 audience.member.exited", "5-1 audience.updated", "5-2 audience.retired", "5-3 campaign.deleted"])
        #expect(house.deadLetters == 0 && house.rejected == 0)
    }

    @Test func barriersAndTheClockAreTheCallers() {
        goLive()
        #expect(house.control(#"{"type":"barrier.requested","id":"b","after":{"t":{"0":1}}}"#) == "barrier b 1")
        #expect(house.control(#"{"type":"clock.advanced","to":77}"#) == "clock 77")
        #expect(house.sequence == 2 && house.take().isEmpty)
    }

    /// A record of a journal may say that a commit had any number of events.
    @Test func noNumberOfEventsIsTooLarge() {
        goLive()
        (house.machine.eventsPerCommit, house.machine.tellsInSlices) = (.max, true)
        house.machine.advance(to: 5000)
        house.machine.commit()
        #expect(!house.machine.isEmitting)
    }

    @Test func aStoppedCampaignFollowsNothing() {
        goLive()
        house.change(Sample.row("1", n: 1))
        house.commit()
        house.control(#"{"type":"campaign.stopped","campaignId":"c"}"#)
        house.machine.output.removeAll()
        house.change(Sample.row("1", n: 0))
        house.change(Sample.row("2", n: 1))
        house.apply(clock: 2000)
        #expect(!house.hasChanges)
        house.machine.commit()
        #expect(house.take().isEmpty && house.sequence == 5)
        // Stopped again: accepted. Published again: a new version, and the difference at once.
        house.control(#"{"type":"campaign.stopped","campaignId":"c"}"#)
        #expect(house.news() == ["6-0 campaign.stopped"])
        house.control(Sample.publish(campaign: Sample.campaign("c", audience: "vip")))
        let records = house.take()
        #expect(records.map { $0.value.text("identity", "id") } == ["1@x", "2@x", nil, nil])
        #expect(records.map { $0.value.text("status") } == ["exited", "realized", nil, nil])
        #expect(records.allSatisfy { $0.value["campaignVersion"] == .integer(2) })
    }

    @Test func aNewVersionEmitsTheDifferenceOnly() {
        goLive()
        for (id, n) in [("1", 1), ("2", 2), ("3", 3)] { house.change(Sample.row(id, n: n)) }
        house.commit()
        house.machine.output.removeAll()
        house.control(Sample.publish(campaign: Sample.campaign("c", audience: "vip", filter: "n > 1")))
        let records = house.take()
        #expect(records.map(\.type) == ["audience.member.exited", "audience.updated", "campaign.live"])
        #expect(records[0].value.text("identity", "id") == "1@x" && records[0].value.text("cause") == "definition")
        #expect(records[1].value["size"] == .integer(2) && records[2].value["campaignVersion"] == .integer(2))
    }

    @Test func aRefusedSchemaChangesNothing() {
        house.control(Sample.publish())
        house.machine.output.removeAll()
        let other = #"{"name":"people","primaryKey":["id"],"fields":[{"name":"id","type":"integer"}]}"#
        house.control(Sample.publish(schema: other))
        let records = house.take()
        #expect(records.map { "\($0.id) \($0.type)" } == ["2-0 schema.rejected", "dlq CONTROL"])
        #expect(records[0].value.text("schema") == "people")
        #expect(records[1].value == json(Sample.publish(schema: other)), "the dead letter is the event as it was")
        #expect(house.deadLetters == 1 && house.rejected == 1)
        house.change(Sample.row("1", n: 1, v: 1))
        house.commit()
        #expect(house.rowCount(of: "people") == 1)
    }

    @Test func aRefusedCampaignNamesEveryProblem() {
        goLive()
        let wrong =
            #"{"id":"w","activities":[{"id":"b","type":"build-audience","dimension":"nowhere"},{"id":"s","type":"save-audience","from":"x","audience":{"id":"a"},"identity":{"field":"email","namespace":"E"}}],"more":1}"#
        house.control(Sample.publish(campaign: wrong))
        let records = house.take()
        #expect(records.map { "\($0.id) \($0.type)" } == ["3-0 campaign.rejected", "dlq CONTROL"])
        guard case .array(let problems)? = records[0].value["problems"] else {
            Issue.record("no problems")
            return
        }
        let paths = problems.map { $0.text("path")! }
        #expect(Set(paths).isSuperset(of: ["activities[0].dimension", "activities[1].from", "more"]))
        #expect(problems.allSatisfy { $0.text("message")?.isEmpty == false && $0["hint"] != nil })
        #expect(!house.isLive("w"))
    }

    @Test func labelsAndAudiencesBelongToOne() {
        goLive()
        house.control(Sample.publish(campaign: Sample.campaign("d", audience: "other", label: "vip")))
        house.control(Sample.publish(campaign: Sample.campaign("e", audience: "vip", label: "V")))
        let rejected = house.take().filter { $0.type == "campaign.rejected" }
        #expect(rejected.map { $0.value.text("campaign") } == ["d", "e"])
        let paths = rejected.map { record -> String? in
            guard case .array(let problems)? = record.value["problems"] else { return nil }
            return problems.map { $0.text("path")! }.joined(separator: " ")
        }
        #expect(paths == ["activities[1].audience.label", "activities[1].audience.id"])
        // Once its campaign is gone, both are free.
        house.control(#"{"type":"campaign.deleted","campaignId":"c"}"#)
        house.control(Sample.publish(campaign: Sample.campaign("d", audience: "other", label: "vip")))
        #expect(house.take().last?.type == "campaign.live")
    }

    @Test(arguments: ["campaign.stopped", "campaign.deleted"]) func unknownCampaigns(type: String) {
        goLive()
        house.control(#"{"type":"\#(type)","campaignId":"gone"}"#)
        let records = house.take()
        #expect(records.map { "\($0.id) \($0.type)" } == ["3-0 campaign.rejected", "dlq CONTROL"])
        #expect(records[0].value.text("campaign") == "gone")
        #expect(written(records[0].value["problems"]!) == #"[{"path":"campaignId","message":"no such campaign","hint":null}]"#)
    }

    @Test func anUnreadableEventIsADeadLetterAndNothingElse() {
        goLive()
        for text in [#"{"type":"nothing"}"#, "{oops", "5", "{}"] {
            house.control(text)
            #expect(house.news() == ["dlq CONTROL"])
        }
        #expect(house.sequence == 2 && house.deadLetters == 4 && house.rejected == 0)
        house.control(#"{"type":"campaign.stopped"}"#)
        #expect(house.news() == ["3-0 campaign.rejected", "dlq CONTROL"])
    }

    @Test func anUnknownZoneIsRefused() {
        goLive()
        let campaign = Sample.campaign("z", audience: "z").replacing(
            "{\"id\":\"z\",\"act", with: "{\"id\":\"z\",\"timezone\":\"Mars/Olympus\",\"act")
        house.control(Sample.publish(campaign: campaign))
        let records = house.take()
        #expect(records.first?.type == "campaign.rejected")
        #expect(written(records[0].value["problems"]!).contains(#""path":"timezone""#))
    }

    @Test func anOlderVersionIsIgnored() {
        goLive()
        house.change(Sample.row("1", n: 1, v: 5))
        house.change(Sample.row("1", n: 9, v: 4))
        house.commit()
        #expect(house.take().first?.value["attributes"] == json(#"{"n":1}"#))
        house.change(Sample.row("1", n: 2, v: 5))
        house.commit()
        #expect(house.take().first?.value["attributes"] == json(#"{"n":2}"#))
        house.change(Sample.row("1", n: 0, v: 4, op: "d"))
        house.commit()
        #expect(house.take().isEmpty)
        house.change(Sample.row("1", n: 0, v: 6, op: "d"))
        house.change(Sample.row("1", n: 3, v: 5))
        house.commit()
        #expect(house.news() == ["6-0 audience.member.exited", "6-1 audience.updated"])
        #expect(house.staleRows == 3)
    }

    @Test func everyCommitHasItsNumber() {
        goLive()
        for expected: Int64 in 3...6 {
            house.commit()
            #expect(house.sequence == expected)
        }
        #expect(house.take().isEmpty)
        house.machine.commit(barrier: "b")
        #expect(house.news() == ["7-0 barrier.reached"])
        house.machine = StateMachine(group: "g", sequence: 41, zone: zones)
        house.control(Sample.publish())
        #expect(house.news() == ["42-0 schema.live"])
    }

    @Test func barriersAreTheLastOfACommit() {
        goLive()
        house.change(Sample.row("1", n: 1))
        house.apply(clock: 1000)
        house.machine.commit(barrier: "b")
        #expect(house.news() == ["3-0 audience.member.entered", "3-1 audience.updated", "3-2 barrier.reached"])
        // Made apart, they go on where the commit ended, and again when they are made again.
        house.change(Sample.row("2", n: 1))
        house.commit()
        let barriers = house.machine.events(of: ReachedBarriers(ids: ["x", "y"], positions: ["in": [0: 1]]))
        for _ in 0..<2 {
            let records = House.records(barriers.records(outputs: [:]))
            #expect(records.map(\.id) == ["4-2", "4-3"])
            #expect(records.map { $0.value.text("id") } == ["x", "y"])
            #expect(records.allSatisfy { $0.value["offsets"] == json(#"{"in":{"0":1}}"#) && $0.value["outputs"] == json("{}") })
        }
    }

    @Test func timeAlonePutsMembersInAndOut() {
        house.control(
            Sample.publish(
                schema:
                    #"{"name":"people","primaryKey":["id"],"identities":[{"field":"email","namespace":"Email"}],"fields":[{"name":"id","type":"string"},{"name":"email","type":"string"},{"name":"at","type":"datetime"}]}"#
            ))
        let campaign = Sample.campaign("c", audience: "vip", filter: "at >= SubHours(NOW(), 1)").replacing(
            #"[{"source":"n","name":"n"}]"#, with: "[]")
        house.machine.advance(to: 0)
        house.control(Sample.publish(campaign: campaign))
        #expect(house.take().last?.type == "campaign.live")
        house.change(#"{"table":"people","op":"u","row":{"id":"1","email":"1@x","at":0}}"#)
        house.commit(clock: 1000)
        #expect(house.take().first?.value.text("cause") == "change")
        house.commit(clock: 3_600_000)
        #expect(house.take().isEmpty)
        house.commit(clock: 3_600_001)
        let records = house.take()
        #expect(records.first?.value.text("status") == "exited" && records.first?.value.text("cause") == "time")
        // An earlier instant moves nothing.
        house.commit(clock: 0)
        #expect(house.take().isEmpty && house.clock == 3_600_001)
    }

    /// Refuses a record of this many bytes of key, value and header value; what its dead letter holds of them.
    private func letter(key: Int, value: Int?, header: Int, limit: Int?) -> (key: Int?, headers: Int, value: JSON?) {
        let limits = limit.map { limit in OutputLimits { _ in limit } } ?? .none
        let house = House(limits: limits)
        func text(_ count: Int) -> String { String(repeating: "x", count: count) }
        withPadded(text(key)) { key in
            withPadded(text(value ?? 0)) { body in
                withPadded(text(header)) { header in
                    let record = InputRecord(
                        topic: "t", partition: 0, offset: 0, timestamp: 0, key: key, value: value.map { _ in body },
                        headers: [(UnsafeRawBufferPointer(rebasing: key[..<1]), header)])
                    house.machine.refuse(record, origin: .change, Refusal(.rejected, "long"))
                }
            }
        }
        #expect(house.deadLetters == 1 && house.machine.output.count == 1)
        var found: (key: Int?, headers: Int, value: JSON?) = (nil, 0, nil)
        house.machine.output.forEach { record in
            #expect(record.about("exception.message") == "long" && record.about("topic") == "t")
            found = (record.key?.count, record.headers.count - 5, nil)
            if let value = record.value {
                let isWhole = value.allSatisfy { $0 == UInt8(ascii: "x") }
                found.value = isWhole ? .integer(Int64(value.count)) : json(String(decoding: value, as: UTF8.self))
            }
        }
        return found
    }

    @Test func aDeadLetterThatDoesNotFitNamesWhatItLeavesOut() {
        let largest = Limits.inputRecordBytes
        // Without topics the bound is that of input records.
        #expect(letter(key: 3, value: largest, header: 4, limit: nil).value == .integer(Int64(largest)))
        let named = #"{"size":10485761,"sha256":"e2be3b83c289189dd311afb0db7a79ec8cfbb993ca5267315b437e41edccec98"}"#
        var found = letter(key: 3, value: largest + 1, header: 4, limit: nil)
        #expect(written(found.value!) == named && found.key == 3 && found.headers == 1)

        let limit = 100_000
        // The overhead of the batch, six headers, and what these are called and say.
        let room = limit - 97 - 60 - (22 + 26 + 23 + 22 + 34) - (1 + 1 + 1 + 6 + 4) - 1
        #expect(letter(key: 3, value: room - 7, header: 4, limit: limit).value == .integer(Int64(room - 7)))
        found = letter(key: 3, value: room - 6, header: 4, limit: limit)
        #expect(
            found.key == 3 && found.headers == 1 && found.value?["size"] == .integer(Int64(room - 6)) && found.value?["truncated"] == nil)
        found = letter(key: 3, value: 5, header: room, limit: limit)
        #expect(found.key == 3 && found.headers == 0 && found.value?["size"] == .integer(5))
        #expect(found.value?["truncated"] == .array([.string("headers")]))
        found = letter(key: room, value: nil, header: 4, limit: limit)
        #expect(found.key == nil && found.headers == 0 && found.value?["size"] == .integer(0))
        #expect(found.value?["truncated"] == .array([.string("headers"), .string("key")]))
    }
}
