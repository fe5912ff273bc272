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
