// Goal: deduplications are read and refused as contract §2.2, semantics §4 and decision 44 say. Method: definitions in tables, with what
// they come to or the paths of their problems.

import Testing

@testable import Campaigns

@Suite struct DeduplicationTests {
    private static func deduplication(_ fields: String, _ more: String = "") -> String {
        #"{"id": "d", "type": "deduplication", "from": "all", "fields": \#(fields)\#(more)}"#
    }

    private static func read(_ fields: String, _ more: String = "") throws -> Deduplication {
        let read = try ActivityDefinitions(deduplication(fields, more))
        guard case .deduplication(let found) = try read.activity("d") else { preconditionFailure("d is a deduplication") }
        return found
    }

    @Test func everyForm() throws {
        let more = #", "keep": 2, "method": {"lowest": "age"}, "nulls": "drop", "complement": true, "seed": "mine", "label": "Once""#
        let expected = Deduplication(
            id: "d", from: Transition(activity: "all"), fields: [try readCustomer("age + 1"), try readCustomer("household.city")],
            keep: 2,
            method: .lowest(try readCustomer("age")), nulls: .drop, hasComplement: true, seed: "mine")
        #expect(try Self.read(#"["age + 1", "household.city"]"#, more) == expected)
    }

    @Test func defaults() throws {
        let nulls = #", "keep": null, "method": null, "nulls": null, "complement": null, "seed": null"#
        let expected = Deduplication(id: "d", from: Transition(activity: "all"), fields: [try readCustomer("email")], seed: "c/d")
        #expect(try Self.read(#"["email"]"#) == expected)
        #expect(try Self.read(#"["email"]"#, nulls) == expected)
        #expect(try Self.read(#"["email"]"#, #", "keep": 0, "method": "random""#).keep == nil)
    }

    @Test func methods() throws {
        func method(_ text: String) throws -> Deduplication.Method { try Self.read(#"["email"]"#, #", "method": \#(text)"#).method }
        let age = try readCustomer("age")
        #expect(try method(#"{"lowest": "age"}"#) == .lowest(age) && method(#"{"highest": "age"}"#) == .highest(age))
        #expect(try method(#"{"nonEmpty": "age"}"#) == .nonEmpty(age) && method(#""random""#) == .random)
        #expect(try method(#"{"nonEmpty": "email"}"#) == .nonEmpty(readCustomer("email")))
    }

    /// "Literals have the type of `of` (integer and double mix; dates and instants in their JSON forms) […]; one that is there twice counts
    /// at its first place."
    @Test(
        arguments: [
            ("tier", #"["gold", "silver", "gold", ""]"#, [.string("gold"), .string("silver"), .string("")]),
            ("age", "[3.5, 1, 3, 3.5, 1e300, 1]", [.double(3.5), .integer(1), .integer(3), .double(1e300)]),
            ("age * 0.5", "[1, 0.5, 1.0]", [.integer(1), .double(0.5)]),
            ("active", "[false, true, false]", [.boolean(false), .boolean(true)]),
            ("birth", #"["1970-01-02", "1970-01-02"]"#, [.date(1)]),
            ("seen", #"["1970-01-01T00:00:00.005Z", 5, 6]"#, [.instant(5), .instant(6)]),
            ("age", "[]", []), ("NULL", "[5, null]", []),
        ] as [(String, String, [Literal])])
    func values(_ of: String, _ order: String, _ expected: [Literal]) throws {
        let method = try Self.read(#"["email"]"#, #", "method": {"values": {"of": "\#(of)", "order": \#(order)}}"#).method
        #expect(method == .values(of: try readCustomer(of), order: expected))
    }

    @Test(arguments: [
        ("[]", "", ["fields"]), ("null", "", ["fields"]), (#""email""#, "", ["fields"]), ("[5]", "", ["fields"]),
        (#"["country", "cuntry"]"#, #", "method": "best", "nulls": "maybe", "keep": -1"#, ["fields[1]", "keep", "method", "nulls"]),
        (#"["email"]"#, #", "keep": 1.5, "complement": 0, "seed": 5, "more": 1"#, ["complement", "keep", "more", "seed"]),
        (#"["email"]"#, #", "keep": true, "method": {}"#, ["keep", "method"]), (#"["NOW()"]"#, "", ["fields[0]"]),
        (#"["email"]"#, #", "method": {"lowest": "age", "highest": "age"}"#, ["method"]), (#"["email"]"#, #", "method": 5"#, ["method"]),
        (#"["email"]"#, #", "method": {"lowest": 5}"#, ["method.lowest"]),
        (#"["email"]"#, #", "method": {"lowest": "agee"}"#, ["method.lowest"]),
        (#"["email"]"#, #", "method": {"values": "age"}"#, ["method.values"]),
        (#"["email"]"#, #", "method": {"values": {}}"#, ["method.values.of", "method.values.order"]),
        (#"["email"]"#, #", "method": {"values": {"of": "nothing", "order": [], "more": 1}}"#, ["method.values.more", "method.values.of"]),
        (#"["email"]"#, #", "method": {"values": {"of": "age", "order": 5}}"#, ["method.values.order"]),
    ])
    func problems(_ fields: String, _ more: String, _ paths: [String]) throws {
        #expect(try ActivityDefinitions(Self.deduplication(fields, more)).paths == paths.map { "activities[1].\($0)" })
    }

    @Test(arguments: [
        ("age", #"[1, "2"]"#), ("active", "[true, 1]"), ("country", #"["FR", null]"#), ("birth", #"["2000-01-01", "2000-13-01"]"#),
        ("seen", #"["2026-01-01"]"#), ("seen", "[1.5]"), ("age * 0.5", "[true]"), ("birth", "[5]"),
    ])
    func valuesOfOtherTypes(_ of: String, _ order: String) throws {
        let more = #", "method": {"values": {"of": "\#(of)", "order": \#(order)}}"#
        #expect(try ActivityDefinitions(Self.deduplication(#"["email"]"#, more)).paths == ["activities[1].method.values.order"])
    }

    @Test func outputsCarryWhatTheInboundDoes() throws {
        func paths(_ from: String, _ more: String = "") throws -> [String] {
            let column = ActivityDefinitions.column("all2", "k", "age")
            let deduplication = Self.deduplication(#"["k"]"#, more).replacing(#""all""#, with: #""all2""#)
            return try ActivityDefinitions(column, deduplication, ActivityDefinitions.save(from: from, source: "k + 1")).paths
        }
        #expect(try paths("d").isEmpty && paths("d.complement", #", "complement": true"#).isEmpty)
        #expect(try paths("d.complement") == ["activities[3].from"])
    }
}
