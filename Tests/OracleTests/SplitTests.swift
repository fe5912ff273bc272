// Goal: the plain evaluator limits subsets as semantics §4 says. Method: a few rows, whose order by `h` is known, with what each subset
// must take.
import Testing

@Suite struct SplitTests {
    private static let all = #"{"id": "all", "type": "build-audience", "dimension": "customers"}"#

    private static func split(_ subsets: String, _ more: String = "") -> String {
        #"{"id": "s", "type": "split", "from": "all", "complement": true, "subsets": [\#(subsets)]\#(more)}"#
    }

    private func shop() throws -> PlainShop {
        try PlainShop(
            """
            {"customers": [{"id": "1", "age": 50}, {"id": "2", "age": 40}, {"id": "3", "age": 40}, {"id": "4"}, {"id": "5", "age": 60},
                           {"id": "6", "age": 40}, {"id": "7", "age": 70}]}
            """)
    }

    /// By stable order under the seed c/s the customers are 6, 1, 3 and the others.
    @Test(arguments: [
        (#""limit": {"count": 2}, "sort": {"by": "age"}"#, ["3", "6"]),
        (#""limit": {"count": 2}, "sort": {"by": "age", "order": "desc"}"#, ["5", "7"]),
        (#""limit": {"count": 6}, "sort": {"by": "age", "order": "desc"}"#, ["1", "2", "3", "5", "6", "7"]),
        (#""limit": {"count": 6}, "sort": {"by": "age"}"#, ["1", "2", "3", "5", "6", "7"]),
        (#""limit": {"count": 3}"#, ["1", "3", "6"]), (#""limit": {"count": 9}"#, ["1", "2", "3", "4", "5", "6", "7"]),
        (#""limit": {"count": 0}"#, []), (#""limit": {"percent": 0}"#, []),
        (#""limit": {"percent": 43}, "sort": {"by": "age"}"#, ["2", "3", "6"]),
        (#""filter": "age >= 50", "limit": {"percent": 67}"#, ["1", "7"]),
        (#""sort": {"by": "age"}"#, ["1", "2", "3", "4", "5", "6", "7"]),
    ])
    func limits(_ subset: String, _ expected: [String]) throws {
        let found = try shop().populations(of: Self.all, Self.split(#"{"name": "x", \#(subset)}"#))
        #expect(try found.ids("s.x") == expected)
        #expect(try Set(found.ids("s.complement")) == Set(["1", "2", "3", "4", "5", "6", "7"]).subtracting(expected))
    }

    @Test func aLaterSubsetLimitsWhatIsLeft() throws {
        let subsets =
            #"{"name": "x", "limit": {"count": 1}, "sort": {"by": "id"}}, {"name": "y", "limit": {"count": 2}, "sort": {"by": "id"}}"#
        let apart = try shop().populations(of: Self.all, Self.split(subsets))
        #expect(try [apart.ids("s.x"), apart.ids("s.y"), apart.ids("s.complement")] == [["1"], ["2", "3"], ["4", "5", "6", "7"]])
        let over = try shop().populations(of: Self.all, Self.split(subsets, #", "overlap": true"#))
        #expect(try [over.ids("s.x"), over.ids("s.y"), over.ids("s.complement")] == [["1"], ["1", "2"], ["3", "4", "5", "6", "7"]])
        #expect(try over.values("s.y", "segmentCode") == ["1 y", "2 y"])
    }
}
