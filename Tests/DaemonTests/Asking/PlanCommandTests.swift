// Goal: `plan` tells what the server answers, ends with the code of the thresholds, and `publish --plan` publishes what was planned or
// nothing (contract §6). Method: the program against a server whose answers are known.
import Campaigns
import HTTP
import Testing

@testable import Daemon
@testable import Storage

@Suite(.serialized) struct PlanCommandTests {
    /// Of campaign c, from version 3 on.
    static let plan =
        #"{"formatVersion":1,"sequence":8123,"clock":"2026-03-01T09:30:00.250Z","campaigns":[{"campaign":"c","baseVersion":3,"version":4,"state":"live","sha256":"\#(sha256)","warnings":[],"transitions":{"b":{"now":{"rows":12431},"then":{"rows":11802}}}},{"campaign":"new","baseVersion":null,"version":1,"state":"scheduled","sha256":"\#(sha256)","warnings":[],"transitions":{}}],"entered":131,"updated":48,"left":602,"audiences":[{"audience":"big","label":"Big","now":{"members":9811},"then":{"members":9340},"entered":131,"updated":48,"left":602,"retired":false,"asked":{"left":301,"entered":131,"updated":0},"reasons":[{"status":"left","reason":"b asks that n is 1","members":300},{"status":"left","reason":"c removes it: d has it\u001b[31m","members":1},{"status":"entered","reason":"b asks that n is 2","members":131}],"examples":[{"identity":{"namespace":"Email","id":"ben\u001b[31m@x"},"status":"left","now":{"reason":"A member, by customers 1.","attributes":{"n":1}},"then":{"reason":"Not a member.","attributes":null}},{"identity":{"namespace":"Email","id":"ada@x"},"status":"updated","now":{"reason":"A member, by customers 2.","attributes":{"n":1}},"then":{"reason":"A member, by customers 2.","attributes":{"n":2}}}]},{"audience":"none","label":"None","now":null,"then":{"members":0},"entered":0,"updated":0,"left":0,"retired":false,"examples":[]}],"requests":[{"campaign":"c","activity":"mail","channel":"email","category":"marketing","count":2}],"alerts":[{"campaign":"c","activity":"bell","title":"Many","message":null,"rows":3}],"cost":{"stateBytes":-1622016,"rowsToVisit":1043000,"seconds":0.0213,"tables":[{"table":"purchases","now":3,"then":5},{"table":"customers","now":7,"then":7}]}}"#

    /// Of the definition of c below.
    private static let sha256 = PlannedCampaigns.sha256(of: json(definition))
    private static let definition = #"{"id":"c","activities":[]}"#

    private func run(_ line: String, _ server: CannedServer?) throws -> ProgramRun {
        try ProgramRun(line.split(separator: " ").map(String.init), against: server)
    }

    @Test func aPlanIsTold() throws {
        let server = try CannedServer()
        let folder = TemporaryFolder()
        try folder.write("c.json", "{ \"id\": \"c\",\n \"activities\": [] }")
        let told = try run("plan \(folder.path)/c.json --save \(folder.path)/plan.json", server)
        #expect(told.code == 0 && told.errors.isEmpty)
        #expect(
            told.output == """
                Plan for c, version 3 → 4
                Plan for new, new, version 1, scheduled
                As of commit 8,123, 2026-03-01T09:30:00.250Z. Nothing is published.

                AUDIENCE      NOW   THEN  LEAVE  ENTER  CHANGE
                big         9,811  9,340    602    131      48
                none (new)      –      0      0      0       0

                WHY, big     MEMBERS  REASON
                leave     about 99 %  b asks that n is 1
                leave      under 1 %  c removes it: d has it\u{fffd}[31m
                enter            131  b asks that n is 2

                − ben\u{fffd}[31m@x leaves big
                    now   A member, by customers 1.
                    then  Not a member.
                ~ ada@x changes in big
                    now   A member, by customers 2.  {"n":1}
                    then  A member, by customers 2.  {"n":2}
                  … 2 of 781 shown

                TRANSITION     NOW    THEN  DIFFERENCE
                b           12,431  11,802        −629

                c mail sends 2 at once (marketing email)
                c bell is raised: Many

                state −1.5 MiB  publishing looks at 1,043,000 rows, about 0.021 s
                a change of purchases is looked at by 5 parts of the plan (+2)

                Plan: 602 leave, 131 enter, 48 change.

                """)
        #expect(server.requests.map { "\($0.line) \($0.body)" } == ["POST /api/v1/campaigns:plan [\(Self.definition)]"])
        let answer = try run("plan \(folder.path)/c.json --json", server).output
        #expect(answer == written(json(Self.plan)) + "\n")
        #expect(try folder.read("plan.json") == answer)
    }

    @Test(arguments: [
        ("", 0), ("--detailed-exitcode", 2), ("--max-leave 602", 0), ("--max-leave 601", 3), ("--max-leave 6.2%", 0),
        ("--max-leave 6.1%", 3), ("--max-enter 131 --max-leave 7% --min-size 0", 0), ("--max-enter 130", 3), ("--max-enter 1%", 3),
        ("--min-size 1", 3), ("--max-cost 2", 0), ("--max-cost 1", 3), ("--max-cost 1 --detailed-exitcode", 3), ("--max-leave -1", 64),
        ("--max-leave 5p", 64), ("--max-enter nan%", 64), ("--min-size x", 64),
    ])
    func thresholdsHaveTheirCodes(options: String, code: Int32) throws {
        let server = try CannedServer()
        let folder = TemporaryFolder()
        try folder.write("c.json", Self.definition)
        let found = try run("plan \(folder.path)/c.json \(options)", server)
        #expect(found.code == code)
        #expect(found.output.contains(" is exceeded: ") == (code == 3))
    }

    @Test func whatCannotBePlannedIsSaid() throws {
        let server = try CannedServer()
        let folder = TemporaryFolder()
        try folder.write("wrong.json", #"{"id":"wrong","activities":[]}"#)
        try folder.write("schema.json", #"{"name":"s","fields":[]}"#)
        let wrong = try run("plan \(folder.path)/wrong.json", server)
        #expect(wrong.code == 1 && wrong.output.isEmpty && wrong.errors.contains("activities[0].filter"))
        let schema = try run("plan \(folder.path)/schema.json", server)
        #expect(schema.code == 1 && schema.errors.contains("schema s, published — schemas only add"))
        #expect(try run("plan", server).code == 64)
        #expect(try run("plan \(folder.path)/none.json", server).code == 65)
        #expect(try run("plan \(folder.path)/wrong.json --server http://127.0.0.1:1", nil).code == 69)
        #expect(server.requests.count == 1)
    }

    /// `replay --plan` on some lines says what the same lines say with the campaign published behind them.
    @Test func aReplayPlansTheEnd() throws {
        let folder = TemporaryFolder()
        let campaign = Sample.campaign("c", audience: "vip", filter: "n > 2")
        try folder.write("c.json", campaign)
        try folder.write("wrong.json", Sample.campaign("c", audience: "vip", filter: "m > 2"))
        let before = [Sample.publish(time: 0), Sample.publish(campaign: Sample.campaign("c", audience: "vip"), time: 0)]
        let rows = (0..<9).map { Sample.row("\($0)", n: $0 % 4, time: 10) }
        for (name, last) in [("planned", []), ("published", [Sample.publish(campaign: campaign, time: 11)])] {
            try Folders.create("\(folder.path)/\(name)")
            try folder.write("\(name)/lines.ndjson", (before + rows + last).joined(separator: "\n") + "\n")
        }
        func replay(_ name: String, _ options: String) throws -> ProgramRun {
            try run("replay --input \(folder.path)/\(name) --output \(folder.path)/out \(options)", nil)
        }
        let planned = try replay("planned", "--plan \(folder.path)/c.json --json")
        let plan = try #require(JSON(text: Array(planned.output.utf8)))
        let audience = try #require(plan.elements("audiences").first)
        #expect(planned.code == 0 && plan.integer("sequence") == 3)
        #expect(try replay("planned", "--plan \(folder.path)/c.json").output.hasSuffix("\nPlan: 4 leave, 0 enter, 0 change.\n"))
        let wrong = try replay("planned", "--plan \(folder.path)/wrong.json")
        #expect(wrong.code == 1 && wrong.output.isEmpty && wrong.errors.contains("activities[0].filter"))
        #expect(try replay("published", "").code == 0)
        let updates = try folder.read("out/audience-updated.ndjson").split(separator: "\n").map { json(String($0))["value"] ?? .null }
        let last = try #require(updates.last { $0.text("type") == "audience.updated" })
        #expect(audience.integer("left") == last.integer("exited") && audience.integer("entered") == last.integer("entered"))
        #expect(audience["then"]?.integer("members") == last.integer("size") && last.integer("exited") == 4)
    }

    @Test func onlyWhatWasPlannedIsPublished() throws {
        let server = try CannedServer()
        let folder = TemporaryFolder()
        try folder.write("c.json", Self.definition)
        try folder.write("other.json", #"{"id":"c","activities":[],"name":"other"}"#)
        try folder.write("stop.json", #"{"type":"campaign.stopped","campaignId":"c"}"#)
        func saved(_ campaigns: String) throws -> String {
            try folder.write("plan.json", "{\"formatVersion\":1,\"campaigns\":[\(campaigns)]}")
            return "\(folder.path)/plan.json"
        }
        let one = #"{"campaign":"c","baseVersion":3,"sha256":"\#(Self.sha256)"}"#
        let path = try saved(one)
        for (file, message) in [("other", "another definition than the one in"), ("stop", "is not in")] {
            let found = try run("publish \(folder.path)/\(file).json --plan \(path)", server)
            #expect(found.code == 1 && found.errors.contains(message), "\(found.errors)")
        }
        #expect(try run("publish \(folder.path)/c.json --plan \(path) --if-version 3", server).code == 64)
        _ = try saved(one + #",{"campaign":"d","baseVersion":null,"sha256":""}"#)
        let missing = try run("publish \(folder.path)/c.json --plan \(path)", server)
        #expect(missing.code == 1 && missing.errors.contains("for campaign d too"))
        try folder.write("plan.json", #"{"formatVersion":2}"#)
        #expect(try run("publish \(folder.path)/c.json --plan \(path)", server).errors.contains("format 2, and this program reads 1"))
        try folder.write("plan.json", "{")
        #expect(try run("publish \(folder.path)/c.json --plan \(path)", server).code == 65)
        #expect(server.requests.isEmpty)

        _ = try saved(one)
        #expect(try run("publish \(folder.path)/c.json --plan \(path)", server).code == 0)
        _ = try saved(one.replacing(":3", with: ":null"))
        #expect(try run("publish \(folder.path)/c.json --plan \(path)", server).code == 0)
        #expect(server.requests.map { $0.headers["If-Match"] ?? $0.headers["If-None-Match"] } == ["\"3\"", "*"])
    }
}
