// Goal: reconciliations are read and refused as contract §2.2, semantics §4 and decision 46 say. Method: definitions in tables, with what
// they come to or the paths of their problems.

import Testing

@testable import Campaigns

@Suite struct ReconciliationTests {
    private static let purchases = #"{"id": "p", "type": "build-audience", "dimension": "purchases"}"#

    private static func reconciliation(_ rules: String, _ more: String = #", "dimension": "customers""#) -> String {
        #"{"id": "r", "type": "reconciliation", "from": "p", "rules": \#(rules)\#(more)}"#
    }

    private static func read(_ source: String, target: String = "country") throws -> Reconciliation {
        let rules = #"[{"source": "\#(source)", "target": "\#(target)"}]"#
        guard case .reconciliation(let found) = try ActivityDefinitions(purchases, reconciliation(rules)).activity("r") else {
            preconditionFailure("r is a reconciliation")
        }
        return found
    }

    private static func purchase(_ source: String) throws -> Expression {
        try CampaignsTests.read(source, about: "purchases", in: Samples.shop)
    }

    @Test func everyForm() throws {
        let rules = #"[{"source": "category", "target": "country"}, {"source": "qty", "target": "age"}]"#
        let more = #", "dimension": "customers", "filter": "amount > 0", "keepUnreconciled": false, "complement": true, "label": "Who""#
        let expected = Reconciliation(
            id: "r", from: Transition(activity: "p"), dimension: "customers",
            rules: [
                .init(source: try Self.purchase("category"), target: try readCustomer("country")),
                .init(source: try Self.purchase("qty"), target: try readCustomer("age")),
            ], filter: try Self.purchase("amount > 0"),
            columns: [.init(name: "category", value: try Self.purchase("category")), .init(name: "qty", value: try Self.purchase("qty"))],
            keepsUnreconciled: false, hasComplement: true)
        #expect(try ActivityDefinitions(Self.purchases, Self.reconciliation(rules, more)).activity("r") == .reconciliation(expected))
        let defaults = try Self.read("sku")
        #expect(defaults.filter == nil && defaults.keepsUnreconciled && !defaults.hasComplement)
    }

    /// "Earlier fields used in rules" are those of the record itself, outside aggregates.
    @Test(arguments: [
        ("category", ["category"]), ("category || sku || category", ["category", "sku"]), ("customer.email", []), ("'x'", []),
        ("Iif(EXISTS(customer.purchases WHERE qty > 1), sku, category)", ["sku", "category"]),
    ])
    func columns(_ source: String, _ names: [String]) throws {
        #expect(try Self.read(source).columns.map(\.name) == names)
    }

    @Test func aCarriedColumnIsNoField() throws {
        let column = ActivityDefinitions.column("q", "sku", "category", from: "p")
        let rules = #"[{"source": "sku || category", "target": "country"}]"#
        let read = try ActivityDefinitions(
            Self.purchases, column, Self.reconciliation(rules).replacing(#""from": "p""#, with: #""from": "q""#),
            ActivityDefinitions.save(from: "r", source: "sku || category || country"))
        guard case .reconciliation(let found) = try read.activity("r") else { preconditionFailure("r is a reconciliation") }
        #expect(found.columns.map(\.name) == ["category"])
    }

    @Test func aDateBesideAnInstantIsItsMidnight() throws {
        let first = try Self.read("at", target: "birth").rules[0]
        #expect(try first.target == .midnight(readCustomer("birth"), zone: "UTC") && first.source == Self.purchase("at"))
        let second = try Self.read("DATE '1970-01-02'", target: "seen").rules[0]
        #expect(try second.source == .midnight(.literal(.date(1)), zone: "UTC") && second.target == readCustomer("seen"))
    }

    @Test(arguments: [
        ("[]", #", "dimension": "customers""#, ["rules"]), ("null", #", "dimension": "customers""#, ["rules"]),
        (#"[{"source": "sku", "target": "country"}]"#, "", ["dimension"]),
        (#"[{"source": "skuu", "target": "nothing"}]"#, #", "dimension": "costumers""#, ["dimension", "rules[0].source"]),
        (
            #"[{"source": "qty", "target": "nothing"}, {}]"#, #", "dimension": "customers""#,
            ["rules[0].target", "rules[1].source", "rules[1].target"]
        ),
        (#"[{"source": "qty", "target": "household.city"}]"#, #", "dimension": "customers""#, ["rules[0].target"]),
        (
            #"[{"source": "qty", "target": "country", "more": 1}, {"source": 5, "target": 5}]"#, #", "dimension": "customers""#,
            ["rules[0]", "rules[0].more", "rules[1].source", "rules[1].target"]
        ),
        (
            #"[{"source": "qty", "target": "age"}]"#,
            #", "dimension": "customers", "filter": "qty", "keepUnreconciled": 1, "complement": 1, "more": 1"#,
            ["complement", "filter", "keepUnreconciled", "more"]
        ),
    ])
    func problems(_ rules: String, _ more: String, _ paths: [String]) throws {
        #expect(try ActivityDefinitions(Self.purchases, Self.reconciliation(rules, more)).paths == paths.map { "activities[2].\($0)" })
    }

    @Test func outputsHaveTheNewDimension() throws {
        func paths(_ from: String, _ source: String, _ more: String = "") throws -> [String] {
            let rules = #"[{"source": "qty", "target": "age"}]"#
            return try ActivityDefinitions(
                Self.purchases, Self.reconciliation(rules, #", "dimension": "customers"\#(more)"#),
                ActivityDefinitions.save(from: from, source: source)
            ).paths
        }
        #expect(try paths("r", "qty + age").isEmpty && paths("r.complement", "qty + age", #", "complement": true"#).isEmpty)
        #expect(try paths("r", "amount") == ["activities[3].attributes[0].source"])
        #expect(try paths("r.complement", "qty") == ["activities[3].from"])
    }
}
