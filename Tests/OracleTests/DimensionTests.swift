// Goal: the plain evaluator changes dimensions and reconciles as semantics §4 and decisions 46 and 47 say. Method: a few rows with what
// must come out.
import Oracle
import Testing

@Suite struct DimensionTests {
    private static func build(_ id: String, _ dimension: String) -> String {
        #"{"id": "\#(id)", "type": "build-audience", "dimension": "\#(dimension)"}"#
    }

    private static func change(_ id: String, from: String, _ link: String) -> String {
        #"{"id": "\#(id)", "type": "change-dimension", "from": "\#(from)", "link": "\#(link)"}"#
    }

    /// A row per linked record; none where there is none, which is unmatched.
    @Test func oneToManyAndPathsOfBothKinds() throws {
        let shop = try PlainShop(
            """
            {"households": [{"id": "h1"}, {"id": "h2"}], "cards": [{"customer": "1", "points": 5}],
             "customers": [{"id": "1", "household_id": "h1"}, {"id": "2", "household_id": "h1"}, {"id": "3", "household_id": "gone"}],
             "purchases": [{"id": "p1", "customer_id": "1"}, {"id": "p2", "customer_id": "1"}, {"id": "p3", "customer_id": "3"}]}
            """)
        let found = try shop.populations(
            of: Self.build("h", "households"), Self.build("p", "purchases"), Self.change("one", from: "h", "customers"),
            Self.change("two", from: "h", "customers.purchases"), Self.change("back", from: "p", "customer.household.customers.card"))
        #expect(try found.ids("one") == ["h1>1", "h1>2", "h2>"])
        #expect(try found.population("one").unmatched == 1)
        #expect(try found.ids("two") == ["h1>1>p1", "h1>1>p2", "h1>2>", "h2>>"])
        #expect(
            try found.ids("back") == ["p1>1>h1>1>1", "p1>1>h1>2>", "p2>1>h1>1>1", "p2>1>h1>2>", "p3>3>>>"])
        #expect(try found.population("back").unmatched == 3)
    }

    private static let stock = """
        {"purchases": [{"id": "p1", "category": "FR", "qty": 5, "amount": 1}, {"id": "p2", "category": "FR", "qty": 6, "amount": 2},
                       {"id": "p3", "qty": 7, "amount": 3}, {"id": "p4", "category": "BE", "qty": 8, "amount": -4}],
         "customers": [{"id": "2", "country": "FR", "age": 5}, {"id": "1", "country": "FR", "age": 5}, {"id": "3", "age": 7},
                       {"id": "4", "country": "BE", "age": 8}]}
        """

    private static func reconciliation(_ rules: String, _ more: String = "") -> String {
        #"{"id": "r", "type": "reconciliation", "from": "p", "dimension": "customers", "complement": true, "rules": [\#(rules)]\#(more)}"#
    }

    @Test func rowsGetTheKeyOfTheRecordThatIsEqual() throws {
        let rules = #"{"source": "Upper(category)", "target": "country"}, {"source": "qty", "target": "age"}"#
        let found = try PlainShop(Self.stock).populations(
            of: Self.build("p", "purchases"), Self.reconciliation(rules, #", "filter": "amount > 0""#))
        #expect(try found.ids("r") == ["p1>1", "p2>", "p3>", "p4>"] && found.ids("r.complement") == ["p2>", "p3>", "p4>"])
        #expect(try found.population("r").unmatched == 3 && found.population("r").ambiguous == 1)
        #expect(try found.population("r.complement").ambiguous == 0)
        #expect(try found.values("r", "qty") == ["p1>1 5", "p2> 6", "p3> 7", "p4> 8"])
        #expect(try found.values("r", "category") == ["p1>1 FR", "p2> FR", "p3> null", "p4> BE"])
        #expect(try found.population("r").columns == ["qty", "category"] && found.population("r").dimension == "customers")
    }

    @Test func othersGoWhenTheyAreNotKept() throws {
        let found = try PlainShop(Self.stock).populations(
            of: Self.build("p", "purchases"),
            Self.reconciliation(#"{"source": "qty * 1.0", "target": "age"}"#, #", "keepUnreconciled": false"#))
        #expect(try found.ids("r") == ["p1>1", "p3>3", "p4>4"] && found.ids("r.complement") == ["p2>"])
    }

    @Test func aDateIsItsMidnightOnEitherSide() throws {
        let shop = try PlainShop(
            """
            {"purchases": [{"id": "p1", "at": "2026-03-01T23:00:00Z"}],
             "customers": [{"id": "1", "birth": "2026-03-02", "seen": "2026-03-01T23:00:00Z"}]}
            """)
        for rule in [#"{"source": "at", "target": "birth"}"#, #"{"source": "ToDate(at)", "target": "seen"}"#] {
            let found = try shop.populations(of: Self.build("p", "purchases"), Self.reconciliation(rule), timezone: "Europe/Paris")
            #expect(try found.ids("r") == ["p1>1"])
        }
    }
}
