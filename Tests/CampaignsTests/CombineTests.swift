// Goal: combines are read and refused as contract §2.2, semantics §4 and decisions 39 and 40 say. Method: definitions in tables, with what
// they come to or the paths of their problems.

import Testing

@testable import Campaigns

@Suite struct CombineTests {
    private static func build(_ id: String, _ dimension: String = "customers") -> String {
        #"{"id": "\#(id)", "type": "build-audience", "dimension": "\#(dimension)", "filter": "TRUE"}"#
    }

    private static func combine(_ operation: String, _ from: String, _ more: String = "") -> String {
        #"{"id": "u", "type": "combine", "operation": "\#(operation)", "from": \#(from)\#(more)}"#
    }

    @Test(arguments: [
        ("union", "", Combine.Operation.union, ["x", "y", "z"], false),
        ("intersection", #", "complement": true"#, .intersection, ["x", "y", "z"], true),
        ("exclusion", #", "complement": false, "by": "key", "match": null"#, .exclusion, ["x", "y", "z"], false),
        ("union", #", "primary": "x.main""#, .union, ["x", "y", "z"], false),
        ("exclusion", #", "primary": "z""#, .exclusion, ["z", "x", "y"], false),
        ("intersection", #", "primary": "y", "by": null"#, .intersection, ["y", "x", "z"], false),
    ])
    func forms(_ word: String, _ more: String, _ operation: Combine.Operation, _ from: [String], _ hasComplement: Bool) throws {
        let builds = [Self.build("x"), Self.build("y"), Self.build("z")]
        let read = try ActivityDefinitions(builds[0], builds[1], builds[2], Self.combine(word, #"["x", "y.main", "z"]"#, more))
        let expected = Combine(id: "u", operation: operation, from: from.map { Transition(activity: $0) }, hasComplement: hasComplement)
        #expect(try read.activity("u") == .combine(expected))
    }

    @Test(arguments: [
        (#"["all"]"#, "union", "", ["from"]), (#""all""#, "union", "", ["from"]), ("[]", "union", "", ["from"]),
        ("null", "union", "", ["from"]),
        (#"["all", "nobody"]"#, "union", "", ["from[1]"]), (#"["all", 5]"#, "union", "", ["from[1]"]),
        (#"["all", "x.some"]"#, "union", "", ["from[1]"]), (#"["all", "x"]"#, "minus", #", "primary": "z""#, ["operation", "primary"]),
        (#"["all", "x"]"#, "union", #", "complement": true"#, ["complement"]),
        (#"["all", "x"]"#, "exclusion", #", "complement": 1"#, ["complement"]),
        (#"["all", "x"]"#, "union", #", "by": "value""#, ["by"]), (#"["all", "x"]"#, "union", #", "by": []"#, ["by"]),
        (#"["all", "x"]"#, "union", #", "by": [5]"#, ["by"]), (#"["all", "x"]"#, "union", #", "by": 5"#, ["by"]),
        (#"["all", "x"]"#, "union", #", "match": {"x": []}"#, ["match", "match.x"]),
        (#"["all", "x"]"#, "union", #", "columns": []"#, ["columns"]),
        (#"["all", "x"]"#, "exclusion", #", "primary": 5"#, ["primary"]), (#"["all", "products"]"#, "union", "", ["from"]),
        (#"["products", "all"]"#, "intersection", "", ["from"]), (#"["all", "x", "products"]"#, "exclusion", "", ["from"]),
    ])
    func problems(_ from: String, _ operation: String, _ more: String, _ paths: [String]) throws {
        let read = try ActivityDefinitions(Self.build("x"), Self.build("products", "products"), Self.combine(operation, from, more))
        #expect(read.paths == paths.map { "activities[3].\($0)" })
    }

    private static let alike = [build("x"), build("p", "purchases")]

    private static func read(_ operation: String, _ from: String, _ more: String) throws -> Combine {
        guard case .combine(let found) = try ActivityDefinitions(alike[0], alike[1], combine(operation, from, more)).activity("u") else {
            preconditionFailure("u is a combine")
        }
        return found
    }

    private static func purchase(_ source: String) throws -> Expression {
        try CampaignsTests.read(source, about: "purchases", in: Samples.shop)
    }

    /// Of each inbound as many expressions, in the order of the inbounds with the primary first.
    @Test func byColumns() throws {
        let same = try Self.read("union", #"["all", "x"]"#, #", "by": ["email", "age + 1"]"#)
        let columns = [try readCustomer("email"), try readCustomer("age + 1")]
        #expect(same.by == [columns, columns])
        let by = #", "by": ["id"], "primary": "p""#
        let other = try Self.read("intersection", #"["all", "p", "x"]"#, by)
        #expect(try other.by == [[Self.purchase("id")], [readCustomer("id")], [readCustomer("id")]])
        #expect(other.from.map(\.activity) == ["p", "all", "x"])
    }

    /// "Integer and double compare by value. A date beside an instant is that date's midnight": of three one instant is enough.
    @Test func whatMustBeEqualHasOneType() throws {
        func paths(_ a: String, _ b: String, _ c: String) throws -> (combine: Combine?, paths: [String]) {
            let columns = [("x", a), ("y", b), ("z", c)].map { ActivityDefinitions.column($0, "k", $1) }
            let read = try ActivityDefinitions(
                columns[0], columns[1], columns[2], Self.combine("exclusion", #"["x", "y", "z"]"#, #", "by": ["k"]"#))
            guard case .combine(let combine)? = read.campaign?.activities.last else { return (nil, read.paths) }
            return (combine, read.paths)
        }
        let (date, instant) = (Expression.carried("k", type: .date), Expression.carried("k", type: .datetime))
        #expect(
            try paths("birth", "seen", "birth").combine?.by == [[.midnight(date, zone: "UTC")], [instant], [.midnight(date, zone: "UTC")]])
        #expect(try paths("birth", "birth", "NULL").combine?.by == [[date], [date], [.carried("k", type: .null)]])
        #expect(
            try paths("age", "age * 1.0", "NULL").combine?.by
                == [[.carried("k", type: .integer)], [.carried("k", type: .double)], [.carried("k", type: .null)]])
        #expect(try paths("age", "NULL", "email").paths == ["activities[4].by[0]"])
        #expect(try paths("birth", "seen", "active").paths == ["activities[4].by[0]"])
    }

    @Test func matches() throws {
        let match = #", "match": {"p.main": [{"primary": "country", "other": "category"}, {"primary": "birth", "other": "at"}]}"#
        let expected = [
            Combine.Match(primary: try readCustomer("country"), other: try Self.purchase("category")),
            Combine.Match(primary: .midnight(try readCustomer("birth"), zone: "UTC"), other: try Self.purchase("at")),
        ]
        #expect(try Self.read("exclusion", #"["all", "p"]"#, match).matches == [expected])
        #expect(
            try Self.read("exclusion", #"["x", "all", "p", "p"]"#, match + #", "primary": "all""#).matches == [nil, expected, expected])
        #expect(try Self.read("exclusion", #"["all", "x"]"#, #", "match": {}"#).matches == [nil])
        let both = try Self.read("exclusion", #"["all", "x", "p"]"#, match + #", "by": ["id"]"#)
        #expect(try both.matches == [nil, expected] && both.by == [[readCustomer("id")], [readCustomer("id")], [Self.purchase("id")]])
    }

    @Test(arguments: [
        ("exclusion", #"["all", "p"]"#, #", "by": ["age", "id"]"#, ["by[0]"]),
        ("exclusion", #"["all", "p"]"#, #", "by": ["agee"]"#, ["by[0]", "by[0]"]),
        ("union", #"["all", "x"]"#, #", "by": ["email", "agee"]"#, ["by[1]"]), ("union", #"["all", "p"]"#, #", "by": ["id"]"#, ["from"]),
        ("intersection", #"["all", "p"]"#, #", "by": ["id"], "complement": true"#, ["from"]),
        ("intersection", #"["all", "p"]"#, #", "by": ["id"]"#, []),
        ("exclusion", #"["all", "p"]"#, #", "match": {"all": [{"primary": "id", "other": "id"}]}"#, ["from", "match"]),
        ("exclusion", #"["all", "x", "p"]"#, #", "match": {"x": []}"#, ["from", "match.x"]),
        ("exclusion", #"["all", "x"]"#, #", "match": {"x": null}"#, ["match.x"]),
        ("exclusion", #"["all", "x"]"#, #", "match": []"#, ["match"]),
        ("exclusion", #"["all", "x"]"#, #", "match": {"x": [5]}"#, ["match.x[0]"]),
        (
            "exclusion", #"["all", "p"]"#,
            #", "match": {"p": [{}, {"primary": "age", "other": "sku", "more": 1}, {"primary": "agee", "other": 5}]}"#,
            ["match.p[0].other", "match.p[0].primary", "match.p[1]", "match.p[1].more", "match.p[2].other", "match.p[2].primary"]
        ),
    ])
    func problemsOfColumnsAndMatch(_ operation: String, _ from: String, _ more: String, _ paths: [String]) throws {
        let read = try ActivityDefinitions(Self.alike[0], Self.alike[1], Self.combine(operation, from, more))
        #expect(read.paths == paths.map { "activities[3].\($0)" })
    }

    @Test func theComplementIsThereWhenItIsAskedFor() throws {
        func paths(_ more: String) throws -> [String] {
            try ActivityDefinitions(
                Self.build("x"), Self.combine("intersection", #"["all", "x"]"#, more), ActivityDefinitions.save(from: "u.complement")
            ).paths
        }
        #expect(try paths(#", "complement": true"#).isEmpty)
        #expect(try paths("") == ["activities[3].from"])
    }

    /// A column that one has is there in a union and an intersection; an exclusion has those of its primary.
    @Test(arguments: [
        ("union", "", "k", true), ("union", "", "l", true), ("intersection", "", "k", true), ("intersection", "", "l", true),
        ("exclusion", "", "k", true), ("exclusion", "", "l", false), ("exclusion", #", "primary": "y""#, "l", true),
        ("exclusion", #", "primary": "y""#, "k", false),
    ])
    func columns(_ operation: String, _ more: String, _ column: String, _ isThere: Bool) throws {
        let read = try ActivityDefinitions(
            ActivityDefinitions.column("x", "k", "age + 1"), ActivityDefinitions.column("y", "l", "country"),
            Self.combine(operation, #"["x", "y"]"#, more), ActivityDefinitions.save(from: "u", source: column))
        #expect(read.paths == (isThere ? [] : ["activities[4].attributes[0].source"]))
        if isThere { #expect(read.campaign?.saves[0].attributes[0].source == .carried(column, type: column == "k" ? .integer : .string)) }
    }

    @Test(arguments: [("union", ["activities[3].from"]), ("intersection", ["activities[3].from"]), ("exclusion", [])])
    func columnsOfOneNameHaveOneType(_ operation: String, _ paths: [String]) throws {
        let read = try ActivityDefinitions(
            ActivityDefinitions.column("x", "k", "age"), ActivityDefinitions.column("y", "k", "country"),
            Self.combine(operation, #"["x", "y"]"#))
        #expect(read.paths == paths)
    }

    @Test func whatHangsOnSomethingWrongIsNotBlamed() throws {
        let read = try ActivityDefinitions(
            ActivityDefinitions.column("x", "k", "agee"), ActivityDefinitions.column("y", "l", "country"),
            Self.combine("union", #"["x", "y"]"#),
            ActivityDefinitions.save(from: "u", source: "Lower(k)"))
        #expect(read.paths == ["activities[1].columns[0].value"])
        let nobody = try ActivityDefinitions(
            Self.combine("union", #"["nobody", "all"]"#), ActivityDefinitions.save(from: "u", source: "nothing"))
        #expect(nobody.paths == ["activities[1].from[0]"])
    }

    @Test func cyclesThroughSeveralInbounds() throws {
        let read = try ActivityDefinitions(Self.combine("union", #"["all", "e"]"#), ActivityDefinitions.column("e", "k", "age", from: "u"))
        #expect(Set(read.paths) == ["activities[1].from", "activities[2].from"])
    }
}
