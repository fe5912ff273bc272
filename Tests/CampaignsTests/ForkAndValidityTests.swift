// Goal: forks, validity and ifExists are read and refused as contract §2.2 says. Method: definitions about the shop of the conformance
// suite, in tables of what stands in them and the paths (and hints) of problems.

import Testing

@testable import Campaigns

@Suite struct ForkAndValidityTests {
    private func read(
        _ members: String, _ activities: String...
    ) throws -> (campaign: Campaign?, problems: [Problem], warnings: [Problem]) {
        let build = #"{"id": "b", "type": "build-audience", "dimension": "customers"}"#
        let text = #"{"id": "c"\#(members), "activities": [\#(([build] + activities).joined(separator: ", "))]}"#
        return readCampaign(try JSON(text), catalog: try catalog(Samples.shop), zones: zone)
    }

    private func fork(_ outputs: String, from: String = "b", id: String = "f") -> String {
        #"{"id": "\#(id)", "type": "fork", "from": "\#(from)", "outputs": \#(outputs)}"#
    }

    private func save(_ id: String, from: String, _ more: String = "") -> String {
        #"""
        {"id": "\#(id)", "type": "save-audience", "from": "\#(from)", "audience": {"id": "\#(id)"},
         "identity": {"field": "email", "namespace": "Email"}\#(more)}
        """#
    }

    @Test func eachOutputOfAForkIsTheInbound() throws {
        let campaign = try #require(
            try read(
                "", save("s", from: "g.y"), fork(#"["x", "main", "unused"]"#), fork(#"["y", "z"]"#, from: "f.x", id: "g"),
                save("t", from: "f")
            )
            .campaign)
        #expect(campaign.activities.map(\.id) == ["b", "f", "g", "t", "s"])
        #expect(campaign.saves.map(\.from) == [Transition(activity: "g", output: "y"), Transition(activity: "f")])
    }

    @Test(arguments: [
        (#"["x", "y"]"#, "f.x", [], ""), (#"["x", "y"]"#, "f.z", ["activities[2].from"], "did you mean x?"),
        (#"["first", "second"]"#, "f.secnod", ["activities[2].from"], "did you mean second?"),
        (#"["first", "second"]"#, "f", ["activities[2].from"], "known: first, second"),
        (#"["x"]"#, "f.x", ["activities[1].outputs"], ""), (#"[]"#, "f.x", ["activities[1].outputs"], ""),
        (#"["x", "x"]"#, "f.x", ["activities[1].outputs"], ""), (#"["x", 5]"#, "f.x", ["activities[1].outputs"], ""),
        (#""x""#, "f.x", ["activities[1].outputs"], ""), ("null", "f.x", ["activities[1].outputs"], ""),
        (#"["x", "not good", "é"]"#, "f.x", ["activities[1].outputs[1]", "activities[1].outputs[2]"], ""),
        (#"["x", "\#(String(repeating: "y", count: 129))"]"#, "f.x", ["activities[1].outputs[1]"], ""),
    ])
    func outputs(_ outputs: String, from: String, paths: [String], hint: String) throws {
        let problems = try read("", fork(outputs), save("s", from: from)).problems
        #expect(problems.map(\.path) == paths)
        if !hint.isEmpty { #expect(problems.last?.hint == hint) }
    }

    @Test func aForkOfSomethingWrongIsNotBlamed() throws {
        let problems = try read("", fork(#"["x", "y"]"#, from: "nobody"), save("s", from: "f.x"), save("t", from: "f.w")).problems
        #expect(problems.map(\.path) == ["activities[1].from", "activities[3].from"])
        let two = #"{"id": "f", "type": "fork", "from": ["b", "b"], "outputs": ["x", "y"], "more": 1}"#
        #expect(try read("", two).problems.map(\.path) == ["activities[1].from", "activities[1].more"])
        #expect(try read("", #"{"id": "f", "type": "fork"}"#).problems.map(\.path) == ["activities[1].from", "activities[1].outputs"])
    }

    @Test(arguments: [
        (#""startAt": "2026-02-01T00:00:00Z", "endAt": "2026-02-01T00:00:00.001Z""#, []),
        (#""startAt": 1, "endAt": 2"#, []), (#""startAt": null"#, []), (#""endAt": "2020-01-01T00:00:00+01:00""#, []),
        (#""startAt": "2026-02-01T00:00:00Z", "endAt": "2026-02-01T01:00:00+01:00""#, ["endAt"]),
        (#""startAt": 3, "endAt": 2"#, ["endAt"]), (#""startAt": "tomorrow""#, ["startAt"]),
        (#""startAt": "2026-02-01", "endAt": true"#, ["startAt", "endAt"]), (#""endAt": 9223372036854775807"#, ["endAt"]),
        (#""endAt": 1.5"#, ["endAt"]), (#""startsAt": 1"#, ["startsAt"]),
    ])
    func validity(_ members: String, paths: [String]) throws {
        #expect(try read(", " + members).problems.map(\.path) == paths)
    }

    @Test func validityFromStartInclusiveToEndExclusive() throws {
        let campaign = try #require(try read(#", "startAt": 10, "endAt": 20"#).campaign)
        #expect([Int64.min, 9, 10, 19, 20, .max].map(campaign.validity) == [.scheduled, .scheduled, .live, .live, .completed, .completed])
        #expect(try #require(try read("").campaign).validity(at: .min) == .live)
    }

    @Test(arguments: [("replace", IfExists.replace), ("merge", .merge), ("fail", .fail)])
    func ifExists(_ word: String, _ expected: IfExists) throws {
        #expect(try read("", save("s", from: "b", #", "ifExists": "\#(word)""#)).campaign?.saves.map(\.ifExists) == [expected])
    }

    @Test func ifExistsOfAnotherWordIsRefused() throws {
        let problem = try #require(try read("", save("s", from: "b", #", "ifExists": "mergee""#)).problems.first)
        #expect(problem.path == "activities[1].ifExists" && problem.hint == "did you mean merge?")
        #expect(try read("", save("s", from: "b")).campaign?.saves.map(\.ifExists) == [.fail])
    }
}
