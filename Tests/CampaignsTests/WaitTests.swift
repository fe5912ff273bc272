// Goal: waits and ends are read and refused as contract §2.2 and semantics §4 say. Method: definitions in tables, with what they come to
// or the paths of their problems.

import Testing

@testable import Campaigns

@Suite struct WaitTests {
    @Test(
        arguments: [
            (#""2026-01-02T00:00:00Z""#, 1_767_312_000_000), (#""2026-01-02T01:00:00+01:00""#, 1_767_312_000_000),
            ("1767312000000", 1_767_312_000_000),
        ] as [(String, Int64)])
    func until(_ text: String, _ instant: Int64) throws {
        let read = try ActivityDefinitions(#"{"id": "w", "type": "wait", "from": "all", "until": \#(text), "duration": null}"#)
        #expect(try read.activity("w") == .wait(Wait(id: "w", from: Transition(activity: "all"), period: .until(instant))))
    }

    @Test(arguments: [
        ("", ["activities[1]"]), (#", "until": null"#, ["activities[1]"]), (#", "until": 5, "duration": "PT1H""#, ["activities[1]"]),
        (#", "until": "tomorrow""#, ["activities[1].until"]), (#", "until": "2026-01-02""#, ["activities[1].until"]),
        (#", "duration": "PT0S""#, ["activities[1].duration"]), (#", "duration": "1h""#, ["activities[1].duration"]),
        (#", "duration": 5"#, ["activities[1].duration"]), (#", "until": true"#, ["activities[1].until"]),
        (#", "until": 5, "more": 1"#, ["activities[1].more"]),
    ])
    func problems(_ members: String, _ paths: [String]) throws {
        #expect(try ActivityDefinitions(#"{"id": "w", "type": "wait", "from": "all"\#(members)}"#).paths == paths)
    }

    @Test func duration() throws {
        let read = try ActivityDefinitions(#"{"id": "w", "type": "wait", "from": "all", "duration": "P1DT1H"}"#)
        let period = Wait.Period.duration(CalendarDuration(days: 1, milliseconds: 3_600_000), timezone: "UTC")
        #expect(try read.activity("w") == .wait(Wait(id: "w", from: Transition(activity: "all"), period: period)))
    }

    @Test func aWaitCarriesWhatItTakes() throws {
        let wait = #"{"id": "w", "type": "wait", "from": "e.main", "until": 5}"#
        let save = ActivityDefinitions.save(from: "w.main", source: "k")
        #expect(try ActivityDefinitions(ActivityDefinitions.column("e", "k", "age"), wait, save).paths.isEmpty)
        #expect(
            try ActivityDefinitions(ActivityDefinitions.column("e", "l", "age"), wait, save).paths == ["activities[3].attributes[0].source"]
        )
    }

    @Test func anEndSaysNothingAndHasNoOutput() throws {
        let end = #"{"id": "n", "type": "end", "from": "all", "label": "End"}"#
        #expect(try #require(try ActivityDefinitions(end).campaign).activities.map(\.id) == ["all"])
        #expect(try ActivityDefinitions(end, ActivityDefinitions.save(from: "n")).paths == ["activities[2].from"])
        #expect(try ActivityDefinitions(#"{"id": "n", "type": "end"}"#).paths == ["activities[1].from"])
        #expect(
            try ActivityDefinitions(#"{"id": "n", "type": "end", "from": "nobody", "more": 1}"#).paths == [
                "activities[1].from", "activities[1].more",
            ])
    }
}
