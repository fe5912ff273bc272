// Goal: the plain evaluator deduplicates as semantics §4 and decision 44 say. Method: a few rows, whose order by `h` is known, with what
// must stay.
import Testing

@Suite struct DeduplicationTests {
    private static let all = #"{"id": "all", "type": "build-audience", "dimension": "customers"}"#

    private func expect(
        _ rows: String, _ members: String, _ kept: [String], fields: String = #"["country"]"#,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let shop = try PlainShop(#"{"customers": [\#(rows)]}"#)
        let deduplication = #"{"id": "d", "type": "deduplication", "from": "all", "fields": \#(fields), "complement": true\#(members)}"#
        let found = try shop.populations(of: Self.all, deduplication)
        #expect(try found.ids("d") == kept, sourceLocation: sourceLocation)
        #expect(try Set(found.ids("d.complement")) == Set(found.ids("all")).subtracting(kept), sourceLocation: sourceLocation)
    }

    @Test(arguments: [
        (#", "method": {"lowest": "age"}"#, ["2", "5"]), (#", "method": {"highest": "age"}, "keep": 2"#, ["1", "2", "4", "5"]),
        (#", "keep": 0"#, ["1", "2", "3", "4", "5"]), (#", "keep": 3, "method": {"highest": "age"}"#, ["1", "2", "3", "4", "5"]),
        (#", "method": {"lowest": "country"}, "keep": 9"#, ["1", "2", "3", "4", "5"]),
    ])
    func lowestAndHighest(_ members: String, _ kept: [String]) throws {
        let rows = """
            {"id": "1", "country": "FR", "age": 30}, {"id": "2", "country": "FR", "age": 20}, {"id": "3", "country": "FR"},
            {"id": "4", "country": "BE"}, {"id": "5", "country": "BE", "age": 40}
            """
        try expect(rows, members, kept)
    }

    @Test(arguments: [
        ("", ["3", "8"]), (#", "seed": "mine", "keep": 2"#, ["2", "3", "4", "8"]), (#", "method": "random", "nulls": "keep""#, ["3", "8"]),
    ])
    func stableOrder(_ members: String, _ kept: [String]) throws {
        let rows = """
            {"id": "1", "country": "FR"}, {"id": "2", "country": "FR"}, {"id": "3", "country": "FR"}, {"id": "4", "country": "BE"},
            {"id": "8", "country": "BE"}, {"id": "9", "country": "FR"}
            """
        try expect(rows, members, kept)
    }

    /// By stable order: 5, 1, 2, 6 of FR and 7, 3 of BE.
    @Test(arguments: [
        (#"{"nonEmpty": "phone"}"#, ["1", "7"]), (#"{"values": {"of": "tier", "order": ["gold", "silver"]}}"#, ["2", "3"]),
        (#"{"values": {"of": "tier", "order": ["nothing"]}}"#, ["5", "7"]), (#"{"values": {"of": "tier", "order": []}}"#, ["5", "7"]),
    ])
    func nonEmptyAndValues(_ method: String, _ kept: [String]) throws {
        let rows = """
            {"id": "5", "country": "FR", "phone": ""}, {"id": "6", "country": "FR"},
            {"id": "1", "country": "FR", "phone": "+1", "tier": "bronze"}, {"id": "2", "country": "FR", "phone": "+2", "tier": "gold"},
            {"id": "7", "country": "BE"}, {"id": "3", "country": "BE", "phone": "", "tier": "silver"}
            """
        try expect(rows, #", "method": \#(method)"#, kept)
    }

    @Test(arguments: [
        (#"{"values": {"of": "age", "order": [3.0, 1, 3, 2]}}"#, ["3", "4"]),
        (#"{"values": {"of": "age + 0.5", "order": [2.5, 9.5, 2]}}"#, ["2", "5"]),
        (#"{"values": {"of": "birth", "order": ["2001-01-01"]}}"#, ["1", "5"]),
    ])
    func valuesHaveTheTypeOfTheirExpression(_ method: String, _ kept: [String]) throws {
        let rows = """
            {"id": "1", "country": "FR", "age": 1, "birth": "2001-01-01"}, {"id": "2", "country": "FR", "age": 2},
            {"id": "3", "country": "FR", "age": 3}, {"id": "4", "country": "BE", "age": 3, "birth": "2000-01-01"},
            {"id": "5", "country": "BE", "age": 2, "birth": "2001-01-01"}
            """
        try expect(rows, #", "method": \#(method)"#, kept)
    }

    @Test(arguments: [("keep", ["1", "3", "4"]), ("group", ["1", "3"]), ("drop", ["1"])])
    func nulls(_ nulls: String, _ kept: [String]) throws {
        let rows =
            #"{"id": "1", "country": "FR", "age": 1}, {"id": "2", "country": "FR", "age": 2}, {"id": "3", "age": 3}, {"id": "4", "age": 4}"#
        try expect(rows, #", "method": {"lowest": "age"}, "nulls": "\#(nulls)""#, kept)
    }

    @Test func severalFieldsAreATuple() throws {
        let rows =
            #"{"id": "1", "country": "FR", "age": 1}, {"id": "2", "country": "FR", "age": 2}, {"id": "3", "age": 1}, {"id": "4", "age": 1}"#
        try expect(rows, #", "method": {"lowest": "id"}, "nulls": "group""#, ["1", "2", "3"], fields: #"["country", "age * 1.0"]"#)
        try expect(rows, #", "method": {"lowest": "id"}, "nulls": "drop""#, ["1", "2"], fields: #"["id", "country"]"#)
    }
}
