// Goal: the plain evaluator combines by columns and by `match` as semantics §4 and decisions 39 and 40 say. Method: a few rows with what
// must come out.
import Oracle
import Testing

@Suite struct CombineTests {
    private static func build(_ id: String, _ filter: String = "TRUE", of dimension: String = "customers") -> String {
        #"{"id": "\#(id)", "type": "build-audience", "dimension": "\#(dimension)", "filter": "\#(filter)"}"#
    }

    private static func column(_ id: String, _ name: String, _ value: String, from: String) -> String {
        #"{"id": "\#(id)", "type": "enrichment", "from": "\#(from)", "columns": [{"name": "\#(name)", "value": "\#(value)"}]}"#
    }

    private static func combine(_ id: String, _ operation: String, _ from: String, _ more: String) -> String {
        let complement = operation == "union" ? "" : #", "complement": true"#
        return #"{"id": "\#(id)", "type": "combine", "operation": "\#(operation)", "from": \#(from)\#(complement), \#(more)}"#
    }

    @Test func nullEqualsNothing() throws {
        let shop = try PlainShop(
            """
            {"customers": [{"id": "1", "country": "FR", "age": 1}, {"id": "2", "country": "fr", "age": 1},
                           {"id": "3", "country": "BE", "age": 2}, {"id": "4", "age": 1}, {"id": "5", "age": 2},
                           {"id": "6", "country": "IT", "age": 1}]}
            """)
        let by = #""by": ["Upper(country)"]"#
        let found = try shop.populations(
            of: Self.build("x", "age = 1"), Self.build("y", "age = 2 OR id = '2' OR id = '4'"),
            Self.combine("u", "union", #"["y", "x"]"#, by), Self.combine("i", "intersection", #"["x", "y"]"#, by),
            Self.combine("e", "exclusion", #"["x", "y"]"#, by))
        #expect(try found.ids("u") == ["2", "3", "4", "4", "5", "6"])
        #expect(try found.ids("i") == ["1"] && found.ids("i.complement") == ["3", "4", "4", "5", "6"])
        #expect(try found.ids("e") == ["4", "6"] && found.ids("e.complement") == ["1", "2"])
    }

    /// Numbers are equal by value, and a date beside an instant is its midnight, in the zone of the campaign.
    @Test(arguments: [
        (#""by": ["country", "n"]"#, ["2", "4", "5"], ["1", "3"]), (#""by": ["t"]"#, ["2", "3", "4", "5"], ["1"]),
        (#""by": ["n"]"#, ["2"], ["1", "3", "4", "5"]),
    ])
    func valuesOfDifferentTypes(_ by: String, _ kept: [String], _ removed: [String]) throws {
        let shop = try PlainShop(
            """
            {"customers": [{"id": "1", "country": "FR", "age": 2, "birth": "2026-03-02"}, {"id": "2", "country": "FR", "age": 3},
                           {"id": "3", "country": "BE", "age": 2, "birth": "2026-03-01"}, {"id": "4", "age": 2},
                           {"id": "5", "country": "IT", "age": 2}],
             "purchases": [{"id": "p1", "category": "FR", "amount": 2.0, "at": "2026-03-01T23:00:00Z"},
                           {"id": "p2", "category": "BE", "amount": 2}, {"id": "p3", "category": "FR", "amount": 2.5},
                           {"id": "p4", "amount": 2.0}]}
            """)
        func columns(_ id: String, _ country: String, _ n: String, _ t: String) -> String {
            let columns = [("country", country), ("n", n), ("t", t)].map { #"{"name": "\#($0)", "value": "\#($1)"}"# }
            return #"{"id": "\#(id)e", "type": "enrichment", "from": "\#(id)", "columns": [\#(columns.joined(separator: ", "))]}"#
        }
        let found = try shop.populations(
            of: Self.build("x"), Self.build("y", of: "purchases"), columns("x", "country", "age", "birth"),
            columns("y", "category", "amount", "at"), Self.combine("e", "exclusion", #"["xe", "ye"]"#, by), timezone: "Europe/Paris")
        #expect(try found.ids("e") == kept && found.ids("e.complement") == removed)
    }

    @Test func matchGoesByInboundAndTheOthersByKey() throws {
        let shop = try PlainShop(
            """
            {"customers": [{"id": "1", "country": "FR"}, {"id": "2", "country": "BE"}, {"id": "3"}, {"id": "4", "country": "IT"}],
             "purchases": [{"id": "p1", "customer_id": "4", "category": "fr"}, {"id": "p2", "customer_id": "nobody"},
                           {"id": "p3", "customer_id": "1"}]}
            """)
        let match = #""match": {"p": [{"primary": "Lower(country)", "other": "category"}]}"#
        let found = try shop.populations(
            of: Self.build("x"), Self.build("y", "id = '2'"), Self.build("p", of: "purchases"),
            #"{"id": "d", "type": "change-dimension", "from": "p", "link": "customer"}"#,
            Self.combine("e", "exclusion", #"["x", "p"]"#, match), Self.combine("f", "exclusion", #"["d", "y", "p"]"#, match),
            Self.combine("g", "exclusion", #"["d", "p"]"#, match))
        #expect(try found.ids("e") == ["2", "3", "4"] && found.ids("e.complement") == ["1"])
        // Those without a key go where another inbound is matched by it, and stay where none is.
        #expect(try found.ids("f") == ["p1>4"] && found.ids("f.complement") == ["p3>1"])
        #expect(try found.ids("g") == ["p1>4", "p2>"] && found.ids("g.complement") == ["p3>1"])
    }

    /// Two rows of one row id, one of each inbound: what follows takes that of the primary.
    @Test(arguments: [("x", ["1 a", "1 b"], ["1 a"]), ("y", ["1 b", "1 a"], ["1 b"])])
    func rowsOfOneRowIdKeepTheOrderOfTheInbounds(_ primary: String, _ union: [String], _ first: [String]) throws {
        let shop = try PlainShop(#"{"customers": [{"id": "1"}]}"#)
        let found = try shop.populations(
            of: Self.build("all"), Self.column("x", "k", "'a'", from: "all"), Self.column("y", "k", "'b'", from: "all"),
            Self.combine("u", "union", #"["x", "y"]"#, #""by": ["k"], "primary": "\#(primary)""#),
            #"{"id": "d", "type": "deduplication", "from": "u", "fields": ["id"]}"#,
            Self.combine("v", "union", #"["u", "u"]"#, #""by": "key""#),
            #"{"id": "s", "type": "split", "from": "u", "subsets": [{"name": "one", "limit": {"count": 1}, "sort": {"by": "id"}}]}"#,
            #"{"id": "j", "type": "enrichment", "from": "all", "joins": [{"from": "u", "on": [{"source": "id", "target": "id"}], "columns": [{"name": "k", "value": "k"}]}]}"#
        )
        #expect(try found.values("u", "k") == union)
        for transition in ["d", "v", "s.one", "j"] { #expect(try found.values(transition, "k") == first) }
        #expect(try found.population("j").ambiguous == 1)
    }

    /// The row with the lowest row id of the first inbound that has the values; a column it lacks is that of the next that has both.
    @Test func theRowOfEachIsThatOfTheFirstInbound() throws {
        let shop = try PlainShop(
            #"{"customers": [{"id": "1", "country": "FR", "age": 1}, {"id": "2", "country": "FR", "age": 2}, {"id": "3", "country": "BE", "age": 3}]}"#
        )
        let found = try shop.populations(
            of: Self.build("a", "age = 2"), Self.build("b", "age != 2"), Self.column("x", "k", "age", from: "a"),
            Self.column("y", "l", "age", from: "b"), Self.combine("u", "union", #"["x", "y"]"#, #""by": ["country"]"#))
        #expect(try found.values("u", "k") == ["2 2", "3 null"])
        #expect(try found.values("u", "l") == ["2 1", "3 3"])
    }
}
