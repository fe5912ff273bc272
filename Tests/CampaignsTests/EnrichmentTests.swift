// Goal: enrichments are read and refused as contract §2.2, semantics §3 and §4 and decision 45 say, and the columns that they add are read
// by what follows. Method: definitions in tables, with what they come to or the paths of their problems.

import Testing

@testable import Campaigns

@Suite struct EnrichmentTests {
    private static func enrichment(_ columns: String, _ more: String = "", id: String = "e", from: String = "all") -> String {
        #"{"id": "\#(id)", "type": "enrichment", "from": "\#(from)", "columns": \#(columns)\#(more)}"#
    }

    @Test func everyForm() throws {
        let columns =
            #"[{"name": "age", "value": "age + 10"}, {"name": "two words", "value": "household.city"}, {"name": "k", "value": "age * 2"}]"#
        let read = try ActivityDefinitions(Self.enrichment(columns, #", "label": "Enrich", "collections": null, "joins": null"#))
        let expected = Enrichment(
            id: "e", from: Transition(activity: "all"),
            columns: [
                .init(name: "age", value: try readCustomer("age + 10")),
                .init(name: "two words", value: try readCustomer("household.city")),
                .init(name: "k", value: try readCustomer("age * 2")),
            ])
        #expect(try read.activity("e") == .enrichment(expected))
        let nothing = try ActivityDefinitions(#"{"id": "e", "type": "enrichment", "from": "all"}"#)
        #expect(try nothing.activity("e") == .enrichment(Enrichment(id: "e", from: Transition(activity: "all"), columns: [])))
    }

    @Test(arguments: [
        (#""k""#, "", ["columns"]), (#"["k"]"#, "", ["columns[0]"]), ("[{}]", "", ["columns[0].name", "columns[0].value"]),
        (#"[{"name": 5, "value": "age"}]"#, "", ["columns[0].name"]), (#"[{"name": "k", "value": 5}]"#, "", ["columns[0].value"]),
        (#"[{"name": "k", "value": "agee"}]"#, "", ["columns[0].value"]), (#"[{"name": "k", "value": "NOW()"}]"#, "", ["columns[0].value"]),
        (#"[{"name": "k", "value": "age", "type": "integer"}]"#, "", ["columns[0].type"]),
        (
            #"[{"name": "k", "value": "age"}, {"name": "k", "value": "age"}, {"name": "l", "value": "k + 1"}]"#, "",
            ["columns[1].name", "columns[2].value"]
        ),
        (#"[{"name": "k", "value": "agee"}, {"name": "k", "value": "age"}]"#, "", ["columns[0].value", "columns[1].name"]),
        ("[]", #", "more": 1"#, ["more"]),
    ])
    func problems(_ columns: String, _ more: String, _ paths: [String]) throws {
        #expect(try ActivityDefinitions(Self.enrichment(columns, more)).paths == paths.map { "activities[1].\($0)" })
    }

    /// What follows reads a column by its name, also where a field has the same; a path of links does not, nor what is asked of linked
    /// records.
    @Test(
        arguments: [
            ("age", .carried("age", type: .string)), ("[age]", .carried("age", type: .string)),
            ("[two words]", .carried("two words", type: .integer)),
            ("household", .carried("household", type: .boolean)),
        ] as [(String, Expression)])
    func columnsAreRead(_ source: String, _ expected: Expression) throws {
        let columns =
            #"[{"name": "age", "value": "email"}, {"name": "two words", "value": "age"}, {"name": "household", "value": "age > 1"}]"#
        let read = try ActivityDefinitions(Self.enrichment(columns), ActivityDefinitions.save(from: "e", source: source))
        #expect(read.campaign?.saves[0].attributes.map(\.source) == [expected])
    }

    @Test(arguments: ["household.city", "email", "EXISTS(purchases WHERE sku = 'x')", "COUNT(household.customers WHERE age > 1)"])
    func whatNoColumnShadowsIsAsItWas(_ source: String) throws {
        let columns = #"[{"name": "age", "value": "email"}, {"name": "city", "value": "age"}, {"name": "household", "value": "age > 1"}]"#
        let read = try ActivityDefinitions(Self.enrichment(columns), ActivityDefinitions.save(from: "e", source: source))
        #expect(read.campaign?.saves[0].attributes.map(\.source) == [try readCustomer(source)])
    }

    @Test(arguments: ["EXISTS(purchases WHERE k > 1)", "k.city", "household.k", "kk", "age + k"])
    func problemsOfColumns(_ source: String) throws {
        let read = try ActivityDefinitions(
            ActivityDefinitions.column("e", "k", "email"), ActivityDefinitions.save(from: "e", source: source))
        #expect(read.paths == ["activities[2].attributes[0].source"])
    }

    @Test func aColumnIsReplacedByTheNextOfItsName() throws {
        let read = try ActivityDefinitions(
            ActivityDefinitions.column("e", "k", "age"), ActivityDefinitions.column("f", "k", "ToString(k)", from: "e"),
            ActivityDefinitions.save(from: "f", source: "Lower(k)"), ActivityDefinitions.save("other", from: "e.main", source: "k + 1"))
        let types = read.campaign?.saves.map { $0.attributes[0].source.type }
        #expect(types == [.string, .integer])
    }

    // MARK: Collections

    private static func collection(_ members: String) -> String { Self.enrichment("[]", #", "collections": [{\#(members)}]"#) }

    @Test func collections() throws {
        let more = """
            , "collections": [{"link": "purchases", "filter": "qty > 1", "sort": {"by": "amount", "order": "desc"}, "lines": 2,
             "fields": ["sku", "amount"], "alias": "top"}, {"link": "household.customers.purchases", "lines": 1, "fields": ["id"]}]
            """
        func purchase(_ source: String) throws -> Expression { try CampaignsTests.read(source, about: "purchases", in: Samples.shop) }
        let (customer, household) = (LinkStep(schema: "purchases", link: 0), LinkStep(schema: "customers", link: 0))
        let back = AggregateStep(link: customer, isForward: false)
        let expected = Enrichment(
            id: "e", from: Transition(activity: "all"), columns: [],
            collections: [
                .init(
                    path: [back], schema: "purchases", filter: try purchase("qty > 1"),
                    sort: Sort(by: try purchase("amount"), isDescending: true), lines: 2, fields: [2, 3], alias: "top"),
                .init(
                    path: [AggregateStep(link: household, isForward: true), AggregateStep(link: household, isForward: false), back],
                    schema: "purchases", lines: 1, fields: [0], alias: "household.customers.purchases"),
            ])
        let source = "top1_sku || top2_sku || ToString(top2_amount + 1) || [household.customers.purchases1_id]"
        let read = try ActivityDefinitions(Self.enrichment("[]", more), ActivityDefinitions.save(from: "e", source: source))
        #expect(try read.activity("e") == .enrichment(expected))
        let beyond = try ActivityDefinitions(Self.enrichment("[]", more), ActivityDefinitions.save(from: "e", source: "top3_sku"))
        #expect(beyond.paths == ["activities[2].attributes[0].source"])
    }

    @Test(arguments: [
        ("", ["fields", "lines", "link"]), (#""link": "household", "lines": 1, "fields": ["id"]"#, ["link"]),
        (#""link": "purchase", "lines": 1, "fields": ["nothing"], "filter": "nothing""#, ["link"]),
        (#""link": "purchases.sku", "lines": 0, "fields": ["id"]"#, ["link"]),
        (
            #""link": "purchases", "lines": -1, "fields": [], "alias": "a b", "sort": {"by": "nothing"}, "more": 1"#,
            ["alias", "fields", "lines", "more", "sort.by"]
        ),
        (#""link": "purchases", "lines": 1, "fields": ["id", "nothing", 5], "filter": "qty""#, ["fields", "fields[1]", "filter"]),
        (#""link": "purchases", "lines": 2, "fields": ["id", "sku", "id"]"#, ["name", "name"]),
        (#""link": "purchases", "lines": 1, "fields": ["id"], "filter": "age > 1""#, ["filter"]),
    ])
    func problemsOfCollections(_ members: String, _ paths: [String]) throws {
        #expect(try ActivityDefinitions(Self.collection(members)).paths == paths.map { "activities[1].collections[0].\($0)" })
    }

    @Test func aCollectionHasNoMoreColumnsThanACampaign() throws {
        for lines in ["600000", "9223372036854775807"] {
            let read = try ActivityDefinitions(Self.collection(#""link": "purchases", "lines": \#(lines), "fields": ["id", "sku"]"#))
            #expect(read.paths == ["activities[1]"])
        }
    }

    // MARK: Joins

    private static let purchases = #"{"id": "p", "type": "build-audience", "dimension": "purchases"}"#

    private static func join(_ from: String, _ on: String, _ columns: String, _ more: String = "") -> String {
        Self.enrichment("[]", #", "joins": [{"from": \#(from), "on": \#(on), "columns": \#(columns)\#(more)}]"#)
    }

    /// "A name in `joins.from` is a transition first, a schema second." Those of a schema carry nothing.
    @Test func joins() throws {
        func purchase(_ source: String) throws -> Expression { try CampaignsTests.read(source, about: "purchases", in: Samples.shop) }
        let on = #"[{"source": "id", "target": "customer_id"}, {"source": "birth", "target": "at"}]"#
        let pairs = [
            Enrichment.Join.Pair(source: try readCustomer("id"), target: try purchase("customer_id")),
            .init(source: .midnight(try readCustomer("birth"), zone: "UTC"), target: try purchase("at")),
        ]
        let columns = [Enrichment.Column(name: "paid", value: try purchase("amount * 2"))]
        func expect(_ from: String, _ source: Enrichment.Join.Source) throws {
            let read = try ActivityDefinitions(
                Self.join(from, on, #"[{"name": "paid", "value": "amount * 2"}]"#), Self.purchases,
                ActivityDefinitions.save(from: "e", source: "paid + 1"))
            let enrichment = Enrichment(
                id: "e", from: Transition(activity: "all"), columns: [], joins: [.init(from: source, on: pairs, columns: columns)])
            #expect(try read.activity("e") == .enrichment(enrichment))
        }
        try expect(#""p.main""#, .transition(Transition(activity: "p")))
        try expect(#""purchases""#, .schema("purchases"))
    }

    @Test func aJoinedTransitionCarriesColumnsAndASchemaDoesNot() throws {
        func paths(_ from: String) throws -> [String] {
            try ActivityDefinitions(
                ActivityDefinitions.column("customers2", "k", "age"),
                Self.join(from, #"[{"source": "age", "target": "k"}]"#, #"[{"name": "l", "value": "k"}]"#)
            ).paths
        }
        #expect(try paths(#""customers2""#).isEmpty)
        #expect(try paths(#""customers""#) == ["activities[2].joins[0].columns[0].value", "activities[2].joins[0].on[0].target"])
    }

    @Test(arguments: [
        ("null", "[]", "[]", ["columns", "from", "on"]), ("5", "null", "null", ["columns", "from", "on"]),
        (#""nobody""#, #"[{"source": "agee", "target": "x"}]"#, #"[{"name": "l", "value": "x"}]"#, ["from", "on[0].source"]),
        (#""all.some""#, #"[{"source": "age", "target": "x"}]"#, #"[{"name": "l", "value": "x"}]"#, ["from"]),
        (
            #""all""#, #"[{"source": "age", "target": "country"}, {}]"#, #"[{"name": 5, "value": "agee", "more": 1}, {}]"#,
            [
                "columns[0].more", "columns[0].name", "columns[0].value", "columns[1].name", "columns[1].value", "on[0]", "on[1].source",
                "on[1].target",
            ]
        ),
        (
            #""all""#, #"[{"source": "age", "target": "age", "more": 1}]"#,
            #"[{"name": "l", "value": "age"}, {"name": "l", "value": "age"}]"#,
            ["columns[1].name", "on[0].more"]
        ),
    ])
    func problemsOfJoins(_ from: String, _ on: String, _ columns: String, _ paths: [String]) throws {
        #expect(try ActivityDefinitions(Self.join(from, on, columns)).paths == paths.map { "activities[1].joins[0].\($0)" })
    }

    @Test func noNameIsAddedTwice() throws {
        let read = try ActivityDefinitions(
            Self.enrichment(
                #"[{"name": "a1_id", "value": "age"}]"#,
                #"""
                , "collections": [{"link": "purchases", "lines": 1, "fields": ["id"], "alias": "a"}],
                "joins": [{"from": "products", "on": [{"source": "id", "target": "sku"}], "more": 1,
                 "columns": [{"name": "a1_id", "value": "price"}]}]
                """#))
        #expect(
            read.paths == ["activities[1].collections[0].name", "activities[1].joins[0].columns[0].name", "activities[1].joins[0].more"])
    }

    /// What is joined comes first, wherever it stands; and joining what hangs on it is a cycle.
    @Test func joinedTransitionsAreSources() throws {
        let on = #"[{"source": "id", "target": "id"}]"#
        let join = Self.join(#""f""#, on, #"[{"name": "l", "value": "k"}]"#)
        let read = try ActivityDefinitions(
            join, ActivityDefinitions.column("f", "k", "age"), ActivityDefinitions.save(from: "e", source: "l"))
        #expect(read.campaign?.activities.map(\.id) == ["all", "f", "e", "save"])
        #expect(try read.activity("e").joined == [Transition(activity: "f")])
        #expect(try read.activity("e").inbounds == [Transition(activity: "all")])
        let cycle = try ActivityDefinitions(join, ActivityDefinitions.column("f", "k", "age", from: "e"))
        #expect(Set(cycle.paths).isSuperset(of: ["activities[1].from", "activities[2].from"]))
        let own = try ActivityDefinitions(Self.join(#""e""#, on, #"[{"name": "l", "value": "id"}]"#))
        #expect(own.paths.contains("activities[1].from"))
    }
}
