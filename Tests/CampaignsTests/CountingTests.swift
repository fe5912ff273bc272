// Goal: what counts rows, and-join, test and alert, is read and refused as contract §2.2 and semantics §4 say. Method: definitions in
// tables, with what they come to or the paths of their problems.

import Testing

@testable import Campaigns

@Suite struct CountingTests {
    private let count = Expression.carried(RecordCount.name, type: .integer)

    private func test(_ conditions: String, _ more: String = "") -> String {
        #"{"id": "t", "type": "test", "from": "all", "conditions": [\#(conditions)]\#(more)}"#
    }

    private func condition(_ name: String, _ when: String) -> String { #"{"name": "\#(name)", "when": "\#(when)"}"# }

    @Test func outputsOfATest() throws {
        let two = test(condition("many", "recCount >= 10") + ", " + condition("main", "[recCount] = 0"))
        let read = try ActivityDefinitions(
            two, ActivityDefinitions.save("a", from: "t.many"), ActivityDefinitions.save("b", from: "t"),
            ActivityDefinitions.save("c", from: "t.default"))
        let expected = Test(
            id: "t", from: Transition(activity: "all"),
            conditions: [
                .init(name: "many", when: .compare(.greaterOrEqual, count, .literal(.integer(10)))),
                .init(name: "main", when: .compare(.equal, count, .literal(.integer(0)))),
            ])
        #expect(try read.activity("t") == .test(expected))
    }

    @Test(arguments: [
        (#", "default": false"#, "t.default", ["activities[2].from"]), (#", "default": true"#, "t.default", []),
        ("", "t", ["activities[2].from"]),
        ("", "t.mny", ["activities[2].from"]), (#", "default": "yes""#, "t.many", ["activities[1].default"]),
        (#", "more": 1"#, "t.many", ["activities[1].more"]),
    ])
    func whatIsTakenOfATest(_ more: String, _ from: String, _ paths: [String]) throws {
        let read = try ActivityDefinitions(test(condition("many", "recCount > 1"), more), ActivityDefinitions.save(from: from))
        #expect(read.paths == paths)
    }

    @Test(
        arguments: [
            ("", ["conditions"]), ("5", ["conditions[0]"]), (#"{"name": "x"}"#, ["conditions[0].when"]),
            (#"{"when": "TRUE"}"#, ["conditions[0].name"]),
            (#"{"name": "not good", "when": "TRUE"}"#, ["conditions[0].name"]), (#"{"name": "default", "when": "TRUE"}"#, ["conditions"]),
            (#"{"name": "x", "when": "TRUE"}, {"name": "x", "when": "TRUE"}"#, ["conditions"]),
            (#"{"name": "x", "when": "recCount"}"#, ["conditions[0].when"]),
            (#"{"name": "x", "when": "country = 'FR'"}"#, ["conditions[0].when"]),
            (#"{"name": "x", "when": "recount > 1"}"#, ["conditions[0].when"]),
            (#"{"name": "x", "when": {"and": ["TRUE"]}}"#, ["conditions[0].when"]),
            (#"{"name": "x", "when": "recCount = 'a'"}"#, ["conditions[0].when"]),
            (#"{"name": "x", "when": "COUNT(purchases) > 1"}"#, ["conditions[0].when"]),
            (#"{"name": "x", "when": "NOW() > recCount"}"#, ["conditions[0].when"]),
            (#"{"name": "x", "when": "recCount > "}"#, ["conditions[0].when"]),
            (#"{"name": "x", "when": "recCount > 1", "more": 1}"#, ["conditions[0].more"]), (#"{"name": "x", "when": "NULL"}"#, []),
            (#"{"name": "x", "when": "Hour(NOW()) >= 9 AND recCount % 2 = 1 OR NOT recCount IN (1, 2)"}"#, []),
            (#"{"name": "x", "when": "CASE WHEN recCount > 1 THEN TRUE END"}"#, []),
            (#"{"name": "x", "when": "DaysAgo(3) < DATE '2026-01-01'"}"#, []),
        ] as [(String, [String])])
    func conditions(_ conditions: String, _ paths: [String]) throws {
        #expect(try ActivityDefinitions(test(conditions)).paths == paths.map { "activities[1].\($0)" })
    }

    @Test func aNameThatIsNoCountIsHinted() throws {
        let problem = try #require(try ActivityDefinitions(test(condition("x", "recCuont > 1"))).problems.first)
        #expect(problem.hint == "did you mean recCount?")
    }

    /// "What hangs on a broken activity is not blamed for it", but is looked at all the same.
    @Test func conditionsAreReadWhateverComesIn() throws {
        let test = #"{"id": "t", "type": "test", "from": "nobody", "conditions": [{"name": "x", "when": "y"}]}"#
        #expect(
            try ActivityDefinitions(test, ActivityDefinitions.save(from: "t.x")).paths == [
                "activities[1].conditions[0].when", "activities[1].from",
            ])
    }

    @Test func anAndJoinCarriesItsPrimary() throws {
        let column = ActivityDefinitions.column("e", "k", "age")
        func paths(_ primary: String) throws -> [String] {
            let join = #"{"id": "j", "type": "and-join", "from": ["all", "e"]\#(primary)}"#
            let read = try ActivityDefinitions(column, join, ActivityDefinitions.save(from: "j", source: "k"))
            return read.paths
        }
        #expect(try paths("") == ["activities[3].attributes[0].source"])
        #expect(try paths(#", "primary": "e.main""#) == [])
        #expect(try paths(#", "primary": "f""#) == ["activities[2].primary", "activities[3].attributes[0].source"])
        let join = #"{"id": "j", "type": "and-join", "from": ["all", "e"], "primary": "e"}"#
        let from = ["e", "all"].map { Transition(activity: $0) }
        #expect(try ActivityDefinitions(column, join).activity("j") == .andJoin(AndJoin(id: "j", from: from)))
    }

    @Test(arguments: [
        (#""from": "all""#, ["activities[1].from"]), (#""from": ["all"]"#, ["activities[1].from"]),
        (#""from": []"#, ["activities[1].from"]),
        ("\"more\": 1", ["activities[1].from", "activities[1].more"]), (#""from": ["all", "all"]"#, []),
        (#""from": ["all", "nobody"]"#, ["activities[1].from[1]"]),
    ])
    func inboundsOfAnAndJoin(_ members: String, _ paths: [String]) throws {
        #expect(try ActivityDefinitions(#"{"id": "j", "type": "and-join", \#(members)}"#).paths == paths)
    }

    @Test func anAlertSaysWhatItIs() throws {
        let read = try ActivityDefinitions(
            #"{"id": "a", "type": "alert", "from": "all", "title": "Few", "message": "Too few", "when": "recCount < 3"}"#,
            #"{"id": "b", "type": "alert", "from": "a", "when": null}"#, ActivityDefinitions.save(from: "b"))
        let when = Expression.compare(.less, count, .literal(.integer(3)))
        let from = Transition(activity: "all")
        #expect(try read.activity("a") == .alert(Alert(id: "a", from: from, title: "Few", message: "Too few", when: when)))
        let usual = Expression.compare(.greater, count, .literal(.integer(0)))
        #expect(try read.activity("b") == .alert(Alert(id: "b", from: Transition(activity: "a"), when: usual)))
    }

    @Test(arguments: [
        (#""title": 5"#, ["title"]), (#""message": ["x"]"#, ["message"]), (#""when": "recCount""#, ["when"]),
        (#""when": {"or": ["TRUE"]}"#, ["when"]),
        (#""when": true"#, ["when"]), (#""when": "age > 3""#, ["when"]), (#""more": 1, "title": null"#, ["more"]),
    ])
    func problemsOfAnAlert(_ members: String, _ paths: [String]) throws {
        let read = try ActivityDefinitions(#"{"id": "a", "type": "alert", "from": "all", \#(members)}"#)
        #expect(read.paths == paths.map { "activities[1].\($0)" })
    }
}
