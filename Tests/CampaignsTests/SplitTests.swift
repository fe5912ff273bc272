// Goal: splits are read and refused as contract §2.2 and semantics §4 say. Method: definitions in tables, with what they come to or the
// paths of their problems.

import Testing

@testable import Campaigns

@Suite struct SplitTests {
    private static func split(_ subsets: String, _ more: String = "", id: String = "s", from: String = "all") -> String {
        #"{"id": "\#(id)", "type": "split", "from": "\#(from)", "subsets": \#(subsets)\#(more)}"#
    }

    @Test func everyForm() throws {
        let subsets = """
            [{"name": "young", "filter": "age < 25", "code": "Y"}, {"name": "some", "sample": {"percent": 31.5}},
             {"name": "both", "filter": {"and": ["active", {"except": ["age > 3", "country = 'FR'"]}]}, "sample": {"percent": 100},
              "code": ""}]
            """
        let read = try ActivityDefinitions(Self.split(subsets, #", "overlap": true, "complement": true, "seed": "mine", "label": "Split""#))
        let tree = Expression.and([
            try readCustomer("active"), .except([try readCustomer("age > 3"), try readCustomer("country = 'FR'")]),
        ])
        let expected = Split(
            id: "s", from: Transition(activity: "all"),
            subsets: [
                .init(name: "young", filter: try readCustomer("age < 25"), code: "Y"), .init(name: "some", filter: nil, draws: 3150),
                .init(name: "both", filter: tree, draws: 10_000, code: ""),
            ], overlaps: true, hasComplement: true, seed: "mine")
        #expect(try read.activity("s") == .split(expected))
    }

    @Test func defaults() throws {
        let read = try ActivityDefinitions(
            Self.split(#"[{"name": "x", "filter": null, "sample": null, "code": null}]"#, #", "seed": null"#))
        let expected = Split(id: "s", from: Transition(activity: "all"), subsets: [.init(name: "x", filter: nil, code: "x")], seed: "c/s")
        #expect(try read.activity("s") == .split(expected))
    }

    /// Percentages are exact decimals (decision 42): of the draws 0 to 9,999 those below.
    @Test(arguments: [
        ("0", 0), ("-0.0", 0), ("100", 10_000), ("100.0", 10_000), ("1", 100), ("50", 5000), ("31.5", 3150), ("31.52", 3152), ("0.07", 7),
        ("0.29", 29), ("0.57", 57), ("28.57", 2857), ("1e1", 1000), ("1e-2", 1), ("0.001", 1), ("1e-7", 1), ("5e-324", 1), ("0.015", 2),
        ("0.0100001", 2), ("99.99", 9999), ("99.991", 10_000), ("33.333333333333336", 3334), ("99.99999999999999", 10_000),
    ])
    func draws(_ percent: String, _ draws: Int) throws {
        let read = try ActivityDefinitions(Self.split(#"[{"name": "x", "sample": {"percent": \#(percent)}}]"#))
        guard case .split(let split) = try read.activity("s") else { preconditionFailure("s is a split") }
        #expect(split.subsets.map(\.draws) == [draws])
    }

    @Test(arguments: [
        ("[]", "", ["subsets"]), ("null", "", ["subsets"]), (#""x""#, "", ["subsets"]), (#"["x"]"#, "", ["subsets[0]"]),
        ("[{}]", "", ["subsets[0].name"]), (#"[{"name": "1st"}]"#, "", ["subsets[0].name"]), (#"[{"name": 1}]"#, "", ["subsets[0].name"]),
        (#"[{"name": "main"}, {"name": "complement"}]"#, "", ["subsets[0].name", "subsets[1].name"]),
        (#"[{"name": "x"}, {"name": "y"}, {"name": "x"}]"#, "", ["subsets[2].name"]),
        (#"[{"name": "x", "filter": "agee > 1"}]"#, "", ["subsets[0].filter"]),
        (
            #"[{"name": "x"}, {"name": "y", "filter": {"and": ["active", {"or": ["agee > 1", "age"]}]}}]"#, "",
            ["subsets[1].filter.and[1].or[0]", "subsets[1].filter.and[1].or[1]"]
        ),
        (#"[{"name": "x", "sample": 5}]"#, "", ["subsets[0].sample"]),
        (#"[{"name": "x", "sample": {}}]"#, "", ["subsets[0].sample.percent"]),
        (#"[{"name": "x", "sample": {"percent": -1}}]"#, "", ["subsets[0].sample.percent"]),
        (#"[{"name": "x", "sample": {"percent": 101}}]"#, "", ["subsets[0].sample.percent"]),
        (#"[{"name": "x", "sample": {"percent": 100.00000000000001}}]"#, "", ["subsets[0].sample.percent"]),
        (#"[{"name": "x", "sample": {"percent": "5"}}]"#, "", ["subsets[0].sample.percent"]),
        (#"[{"name": "x", "sample": {"percent": true}}]"#, "", ["subsets[0].sample.percent"]),
        (#"[{"name": "x", "sample": {"percent": 5, "count": 1}}]"#, "", ["subsets[0].sample.count"]),
        (#"[{"name": "x", "size": 5}]"#, "", ["subsets[0].size"]), (#"[{"name": "x", "code": 5}]"#, "", ["subsets[0].code"]),
        (#"[{"name": "x"}]"#, #", "overlap": "yes", "complement": 1, "seed": 5, "more": 0"#, ["complement", "more", "overlap", "seed"]),
        (
            #"[{"name": "s", "limit": {}, "sample": {"percent": 101}, "filter": "nope"}]"#, "",
            ["subsets[0].filter", "subsets[0].limit", "subsets[0].sample.percent"]
        ),
    ])
    func problems(_ subsets: String, _ more: String, _ paths: [String]) throws {
        #expect(try ActivityDefinitions(Self.split(subsets, more)).paths == paths.map { "activities[1].\($0)" })
    }

    @Test(
        arguments: [
            (#""limit": {"count": 5}, "sort": {"by": "age"}"#, .count(5), false),
            (#""limit": {"count": 0}, "sort": {"by": "age", "order": "asc"}"#, .count(0), false),
            (#""limit": {"percent": 33.3}, "sort": {"by": "age", "order": "desc"}"#, .share(Percentage(.double(33.3))!), true),
            (#""limit": {"percent": 100, "count": null}, "sort": null"#, .share(Percentage(.integer(100))!), nil),
            (#""limit": null, "sort": {"by": "age"}"#, nil, false),
        ] as [(String, Split.Limit?, Bool?)])
    func limits(_ members: String, _ limit: Split.Limit?, _ isDescending: Bool?) throws {
        guard case .split(let split) = try ActivityDefinitions(Self.split(#"[{"name": "x", \#(members)}]"#)).activity("s") else {
            preconditionFailure("s is a split")
        }
        let sort = try isDescending.map { Sort(by: try readCustomer("age"), isDescending: $0) }
        #expect(split.subsets[0].limit == limit && split.subsets[0].sort == sort)
    }

    @Test(arguments: [
        (#""limit": {}"#, ["limit"]), (#""limit": {"count": 5, "percent": 5}"#, ["limit"]), (#""limit": 5"#, ["limit"]),
        (#""limit": {"count": -1}"#, ["limit", "limit.count"]), (#""limit": {"count": 1.5}"#, ["limit", "limit.count"]),
        (#""limit": {"count": "5", "more": 1}"#, ["limit", "limit.count", "limit.more"]),
        (#""limit": {"percent": 101}"#, ["limit", "limit.percent"]), (#""limit": {"count": 1, "percent": -1}"#, ["limit.percent"]),
        (#""sort": {}"#, ["sort.by"]), (#""sort": "age""#, ["sort"]),
        (#""sort": {"by": "agee", "order": "up", "more": 1}"#, ["sort.by", "sort.more", "sort.order"]),
        (#""sort": {"by": 5}"#, ["sort.by"]), (#""sort": {"by": "NOW()"}"#, ["sort.by"]),
    ])
    func problemsOfLimits(_ members: String, _ paths: [String]) throws {
        let read = try ActivityDefinitions(Self.split(#"[{"name": "x", \#(members)}]"#))
        #expect(read.paths == paths.map { "activities[1].subsets[0].\($0)" })
    }

    /// floor(p/100 × rows), exactly.
    @Test(arguments: [
        ("29", 100, 29), ("0.07", 10_000, 7), ("0.07", 9999, 6), ("33.3", 1000, 333), ("33.3", 10, 3), ("33.3", 3, 0), ("0", 5, 0),
        ("100", 5, 5),
        ("100", Int.max, Int.max), ("99.99999999999999", Int.max, 9_223_372_036_854_774_884), ("5e-324", Int.max, 0),
        ("1e-7", 1_000_000_000, 1),
        ("57.3", 1000, 573), ("1.1", 1000, 11), ("50", 0, 0), ("28.999999999999996", 100, 28),
    ])
    func shares(_ percent: String, _ rows: Int, _ expected: Int) throws {
        #expect(try #require(Percentage(JSON(percent))).of(rows) == expected)
    }

    @Test func outputs() throws {
        func paths(_ from: String, _ more: String = "") throws -> [String] {
            try ActivityDefinitions(Self.split(#"[{"name": "x"}, {"name": "y"}]"#, more), ActivityDefinitions.save(from: from)).paths
        }
        #expect(try paths("s.x").isEmpty && paths("s.y").isEmpty && paths("s.complement", #", "complement": true"#).isEmpty)
        for from in ["s", "s.main", "s.z", "s.complement"] { #expect(try paths(from) == ["activities[2].from"]) }
        let unknown = try ActivityDefinitions(Self.split(#"[{"name": "first"}]"#), ActivityDefinitions.save(from: "s.frist"))
        #expect(unknown.problems.map(\.hint) == ["did you mean first?"])
    }

    @Test func subsetsCarryTheirCodeAndTheComplementDoesNot() throws {
        func source(_ from: String, _ source: String = "segmentCode") throws -> ActivityDefinitions {
            try ActivityDefinitions(
                Self.split(#"[{"name": "x"}, {"name": "y"}]"#, #", "complement": true"#),
                ActivityDefinitions.save(from: from, source: source))
        }
        #expect(
            try source("s.x").campaign?.saves[0].attributes == [Attribute(name: "value", source: .carried("segmentCode", type: .string))])
        #expect(try source("s.complement").paths == ["activities[2].attributes[0].source"])
        #expect(try source("s.x", "segmentCod").problems.map(\.hint) == ["did you mean segmentCode?"])
    }

    @Test func whatHangsOnSomethingWrongIsNotBlamed() throws {
        let wrong = Self.split(#"[{"name": "x", "filter": "agee > 1"}, {"name": "y"}]"#)
        #expect(try ActivityDefinitions(wrong, ActivityDefinitions.save(from: "s.x")).paths == ["activities[1].subsets[0].filter"])
        let nobody = Self.split(#"[{"name": "x", "filter": "agee > 1"}]"#, from: "nobody")
        #expect(try ActivityDefinitions(nobody, ActivityDefinitions.save(from: "s.x", source: "nothing")).paths == ["activities[1].from"])
        let two = #"{"id": "s", "type": "split", "from": ["all", "all"], "subsets": [{"name": "x"}]}"#
        #expect(try ActivityDefinitions(two).paths == ["activities[1].from"])
    }

    @Test func subsetsAreBounded() throws {
        func paths(_ count: Int) throws -> [String] {
            try ActivityDefinitions(Self.split("[\((0..<count).map { #"{"name": "x\#($0)"}"# }.joined(separator: ","))]")).paths
        }
        #expect(try paths(900).isEmpty)
        #expect(try paths(1001) == ["activities[1]"])
    }
}
