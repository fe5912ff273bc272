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
}
