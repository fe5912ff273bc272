// Goal: the plain evaluator gives rows the columns of collections and joins as semantics §4 and decisions 28 and 45 say. Method: a few rows
// with what they must carry.
import Oracle
import Testing

@Suite struct EnrichmentTests {
    private static let all = #"{"id": "all", "type": "build-audience", "dimension": "customers"}"#

    private static func enrichment(_ members: String, from: String = "all") -> String {
        #"{"id": "e", "type": "enrichment", "from": "\#(from)", \#(members)}"#
    }

    @Test func collections() throws {
        let shop = try PlainShop(
            """
            {"customers": [{"id": "1", "household_id": "h"}, {"id": "2", "household_id": "h"}], "households": [{"id": "h"}],
             "purchases": [{"id": "p1", "customer_id": "1", "amount": 5}, {"id": "p2", "customer_id": "1", "amount": 9},
                           {"id": "p3", "customer_id": "1"}, {"id": "p4", "customer_id": "1", "amount": 9},
                           {"id": "p5", "customer_id": "1", "amount": -1}]}
            """)
        let collections = #"""
            "collections": [{"link": "purchases", "filter": "amount IS NULL OR amount > 0", "sort": {"by": "amount", "order": "desc"},
              "lines": 4, "fields": ["id", "amount"], "alias": "top"},
             {"link": "purchases", "sort": {"by": "amount"}, "lines": 1, "fields": ["id"], "alias": "low"},
             {"link": "purchases", "lines": 1, "fields": ["id"]}, {"link": "purchases", "lines": 0, "fields": ["id"], "alias": "none"},
             {"link": "household.customers.purchases", "lines": 1, "fields": ["id"]}]
            """#
        let found = try shop.populations(of: Self.all, Self.enrichment(collections))
        func expect(_ column: String, _ one: String, _ two: String = "null") throws {
            #expect(try found.values("e", column) == ["1 \(one)", "2 \(two)"])
        }
        try expect("top1_id", "p2")
        try expect("top2_id", "p4")
        try expect("top2_amount", "9")
        try expect("top3_id", "p1")
        try expect("top4_id", "p3")
        try expect("top4_amount", "null")
        try expect("low1_id", "p5")
        try expect("purchases1_id", "p1")
        try expect("household.customers.purchases1_id", "p1", "p1")
        #expect(try found.population("e").columns.count == 11)
    }

    @Test func aRowWithoutAKeyHasEmptyCollections() throws {
        let shop = try PlainShop(#"{"purchases": [{"id": "p"}]}"#)
        let found = try shop.populations(
            of: #"{"id": "p", "type": "build-audience", "dimension": "purchases"}"#,
            #"{"id": "d", "type": "change-dimension", "from": "p", "link": "customer"}"#,
            Self.enrichment(#""collections": [{"link": "purchases", "lines": 1, "fields": ["id"]}]"#, from: "d"))
        #expect(try found.values("e", "purchases1_id") == ["p> null"])
    }

    @Test func joins() throws {
        let shop = try PlainShop(
            """
            {"customers": [{"id": "1", "country": "FR"}, {"id": "2", "country": "BE"}, {"id": "3"}],
             "households": [{"id": "h2", "city": "FR", "income": 2}, {"id": "h1", "city": "FR", "income": 1}, {"id": "h3", "income": 3}],
             "purchases": [{"id": "p2", "customer_id": "1", "amount": 20, "category": "x"},
                           {"id": "p1", "customer_id": "1", "amount": 10, "category": "x"},
                           {"id": "p3", "customer_id": "2", "amount": 30, "category": "y"}]}
            """)
        let joins = #"""
            "joins": [{"from": "households", "on": [{"source": "country", "target": "city"}],
              "columns": [{"name": "income", "value": "income"}]},
             {"from": "p", "on": [{"source": "id", "target": "customer_id"}, {"source": "'x'", "target": "category"}],
              "columns": [{"name": "paid", "value": "amount * 2"}]}]
            """#
        let purchases = #"{"id": "p", "type": "build-audience", "dimension": "purchases"}"#
        let found = try shop.populations(of: Self.all, purchases, Self.enrichment(joins))
        #expect(try found.values("e", "income") == ["1 1", "2 null", "3 null"])
        #expect(try found.values("e", "paid") == ["1 20", "2 null", "3 null"])
        #expect(try found.population("e").ambiguous == 1, "one row, in both joins")
    }
}
