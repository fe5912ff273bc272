// Goal: `startAt` and `endAt` are commits of their own in `replay` (contract §2.2, decision 6): what lies before one is committed at it,
// what lies after it is not. Method: small inputs through `replay`; the member events with clock and cause in short.

import Campaigns
import Testing

@testable import Daemon
@testable import Storage

@Suite struct ReplayValidityTests {
    /// `012 c change 1@x realized`: milliseconds of the commit's clock, campaign, cause, identity and status.
    private func story(_ lines: [String]) throws -> [String] {
        let (from, to) = (TemporaryFolder(), TemporaryFolder())
        try from.write("a.ndjson", lines.joined(separator: "\n") + "\n")
        var replay = try Replay(Replay.Options(input: from.path, output: to.path), zone: zones)
        let result = try replay.run(findingRuns: false)
        #expect(result.refused == lines.count { $0.contains("broken") })
        return try to.read("audience-members.ndjson").split(separator: "\n").map { line in
            let event = json(String(line))
            let value = event["value"]!
            let time = event.text("headers", "ce_time")!.suffix(4).dropLast()
            return "\(time) \(value.text("campaign")!) \(value.text("cause")!) \(value.text("identity", "id")!) \(value.text("status")!)"
        }
    }

    private func publish(_ id: String, _ validity: String, audience: String = "vip", ifExists: String = "fail", time: Int64) -> String {
        let campaign = Sample.campaign(id, audience: audience)
            .replacing(#"{"id":"\#(id)","#, with: #"{"id":"\#(id)",\#(validity),"#, maxReplacements: 1)
            .replacing(#""type":"save-audience""#, with: #""type":"save-audience","ifExists":"\#(ifExists)""#)
        return Sample.publish(campaign: campaign, time: time)
    }

    private var schema: String { Sample.publish(time: 0) }

    @Test func linesBeforeAnInstantAreCommittedAtIt() throws {
        let lines = [
            schema, publish("c", #""startAt":20,"endAt":30"#, time: 1), Sample.row("1", n: 1, time: 10), Sample.row("2", n: 1, time: 20),
            Sample.row("1", n: 0, time: 25), Sample.row("3", n: 1, time: 29), Sample.row("2", n: 0, time: 30),
            Sample.row("4", n: 1, time: 31),
        ]
        // The row of 20 comes when the campaign has started; those of 30 and 31 when it is over.
        #expect(
            try story(lines) == [
                "020 c time 1@x realized", "029 c change 1@x exited", "029 c change 2@x realized", "029 c change 3@x realized",
            ])
    }

    @Test func oneLinePassesBothInstants() throws {
        let lines = [
            schema, publish("c", #""startAt":20,"endAt":30"#, time: 1), Sample.row("1", n: 1, time: 10), Sample.row("2", n: 1, time: 50),
            Sample.barrier("b", time: 51),
        ]
        #expect(try story(lines) == ["020 c time 1@x realized"])
        let clock = [lines[0], lines[1], lines[2], #"{"type":"clock.advanced","to":50,"time":11}"#, Sample.row("1", n: 0, time: 60)]
        #expect(try story(clock) == ["020 c time 1@x realized"])
    }

    /// A dead letter is looked at when it is written, with the reader that has read the line at hand.
    @Test func aRefusedLineBeforeAnInstantHarmsNoLineAfterIt() throws {
        let lines = [
            schema, publish("c", #""startAt":20,"endAt":30"#, time: 1), Sample.row("1", n: 1, time: 10), #"{"broken":1,"time":11}"#,
            Sample.row("2", n: 1, time: 21), #"{"broken":2,"time":22}"#, #"{"type":"campaign.stopped","campaignId":"c","time":40}"#,
            Sample.row("3", n: 1, time: 41),
        ]
        #expect(try story(lines) == ["020 c time 1@x realized", "029 c change 2@x realized"])
    }

    @Test func stoppedCampaignsHaveNoInstants() throws {
        let lines = [
            schema, publish("c", #""startAt":20"#, time: 1), Sample.row("1", n: 1, time: 10),
            #"{"type":"campaign.stopped","campaignId":"c","time":15}"#, Sample.row("2", n: 1, time: 25), Sample.barrier("b", time: 26),
            publish("c", #""startAt":20"#, time: 27),
        ]
        #expect(try story(lines) == ["027 c definition 1@x realized", "027 c definition 2@x realized"])
    }

    @Test func aMergedAudienceGoesOnWhenOneContributionEnds() throws {
        let lines = [
            schema, publish("c", #""endAt":30"#, ifExists: "merge", time: 1), publish("d", #""startAt":20"#, ifExists: "merge", time: 2),
            Sample.row("1", n: 1, time: 10), Sample.row("1", n: 0, time: 40), Sample.row("2", n: 1, time: 41),
        ]
        // At 20 both have it; from 30 on what c gave stays, so that 1@x stays when d loses it.
        #expect(
            try story(lines) == ["020 c time 1@x realized", "041 c change 1@x existing", "041 c change 2@x realized"])
    }
}
