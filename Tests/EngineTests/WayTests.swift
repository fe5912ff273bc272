// Ways to other records, the smallest of each kind beside the plain evaluator: by the reverse name of a unique link, and back to many, on,
// and back to many again; when values come and go, links move, rows are deleted and time passes.
import Oracle
import Testing

@testable import Campaigns

@Suite struct WayTests {
    private static let start = InstantText.milliseconds(of: "2026-03-10T12:00:00Z")!
    private static let day: Int64 = 86_400_000

    private static func schema(_ name: String, _ links: [(name: String, to: String, reverse: String, unique: Bool)], version: Bool = false)
        -> Schema
    {
        let own = [
            Field(name: "id", type: .string), Field(name: "email", type: .string), Field(name: "n", type: .integer),
            Field(name: "at", type: .datetime),
        ]
        return Schema(
            name: name,
            fields: own + links.map { Field(name: "\($0.name)_id", type: .string) } + (version ? [Field(name: "v", type: .integer)] : []),
            primaryKey: [0], version: version ? 4 + links.count : nil, identities: [Identity(field: 1, namespace: "Email")],
            links: links.map { link in
                Link(
                    name: link.name, target: link.to, on: [Link.Pair(source: "\(link.name)_id", target: "id")], reverse: link.reverse,
                    isUnique: link.unique)
            })
    }

    /// People with one card each; sales of products to people; products lead to their one label.
    private static let schemas = [
        schema("people", []), schema("products", []), schema("cards", [("owner", "people", "card", true)]),
        schema("sales", [("person", "people", "sales", false), ("product", "products", "sales", false)], version: true),
        schema("labels", [("product", "products", "label", true)]),
    ]

    private static func campaign(_ filter: String, about dimension: String, _ attribute: String, id: String) throws -> Step {
        var catalog = Catalog()
        for schema in schemas { #expect(catalog.publish(schema.definition).problems.isEmpty) }
        let about = catalog.schema(named: dimension)!
        func read(_ text: String) throws -> Expression {
            try #require(readExpression(text, about: about, catalog: catalog, zone: "UTC") { Zones.rules[$0] != nil }.expression)
        }
        return .publish(
            Campaign(
                id: id, name: id, timezone: "UTC",
                activities: [
                    .build(BuildAudience(id: "build", dimension: dimension, filter: try read(filter))),
                    .save(
                        SaveAudience(
                            id: "save", position: 1, from: Transition(activity: "build"), audience: id, label: id,
                            identity: .field(FieldPath(steps: [], schema: dimension, field: 1, type: .string)),
                            namespace: "Email", attributes: [Attribute(name: "value", source: try read(attribute))])),
                ]))
    }

    private static func put(_ table: String, _ id: String, n: Int64? = nil, at: Int64? = nil, _ links: String?..., version: Int64? = nil)
        -> Step
    {
        func text(_ text: String) -> Datum { .text(Array(text.utf8)) }
        var row: Row = [text(id), text("\(id)@x"), n.map { .integer($0) }, at.map { .instant($0) }]
        row += links.map { $0.map(text) }
        if table == "sales" { row.append(version.map { .integer($0) }) }
        return .upsert(table: table, row: row)
    }

    private static func remove(_ table: String, _ id: String, version: Int64? = nil) -> Step {
        .remove(table: table, key: [.text(Array(id.utf8))], version: version.map { .integer($0) })
    }

    /// Each step a commit, with the campaign there from the start, and published at the end, over what is there.
    @discardableResult
    private static func run(_ filter: String, about dimension: String, value: String, _ steps: Step...) throws -> Int {
        let campaign = try campaign(filter, about: dimension, value, id: "first")
        let late = try self.campaign(filter, about: dimension, value, id: "late")
        let beginning: [Step] = [.advance(start)] + schemas.map(Step.schema) + [campaign]
        let committed = steps.flatMap { [$0, Step.commit] }
        return try Simulation.run(beginning + committed + [late, .delete("first"), .commit])
    }

    @Test func uniqueLinkTheOtherWayLeadsToTheLowestKey() throws {
        let events = try Self.run(
            "card.n >= 5", about: "people", value: "card.id",
            Self.put("people", "a"), Self.put("people", "b"), Self.put("cards", "c10", n: 5, "a"), Self.put("cards", "c2", n: 9, "a"),
            // The lowest as text is c10, and stays it until it moves, goes, or another comes.
            Self.put("cards", "c10", n: 1, "a"), Self.put("cards", "c10", n: 7, "b"), Self.put("cards", "c1", n: 8, "a"),
            Self.remove("cards", "c1"), Self.remove("people", "a"), Self.put("people", "a"), Self.put("cards", "c2", n: 9, nil),
            Self.put("cards", "c2", n: 9, "nobody"), Self.put("people", "nobody"), Self.remove("cards", "c2"))
        #expect(events > 12)
    }

    @Test func uniqueLinkTheOtherWayInAnAggregateAndInAWindow() throws {
        let events = try Self.run(
            "SUM(sales.product.label.n) > 3 AND EXISTS(sales WHERE product.label.at >= DaysAgo(3))", about: "people",
            value: "MAX(sales.product.label.id)",
            Self.put("people", "a"), Self.put("products", "p"), Self.put("sales", "s", "a", "p"),
            Self.put("labels", "l2", n: 4, at: Self.start, "p"),
            Self.put("labels", "l1", n: 1, at: Self.start, "p"), Self.remove("labels", "l1"), .advance(Self.start + 3 * Self.day),
            .advance(Self.start + 3 * Self.day + 1), Self.put("labels", "l2", n: 4, at: Self.start + Self.day, "p"),
            Self.remove("products", "p"), Self.put("products", "p"), Self.put("labels", "l2", n: 5, at: Self.start + Self.day, nil))
        #expect(events > 6)
    }

    @Test(arguments: ["COUNT", "SUM", "AVG", "MIN", "MAX", "COUNT_DISTINCT"])
    func backToManyOnAndBackToManyAgain(_ function: String) throws {
        let field = function == "COUNT" ? "" : ".n"
        for way in ["sales.product.sales", "sales.product.sales.product.sales"] {
            for filter in ["", " WHERE at >= DaysAgo(3)", " WHERE n > 1"] {
                let aggregate = "\(function)(\(way)\(field)\(filter))"
                let events = try Self.run(
                    "Coalesce(\(aggregate), 0) >= 2", about: "people", value: aggregate,
                    Self.put("people", "a"), Self.put("people", "b"), Self.put("sales", "s1", n: 2, at: Self.start, "a", "p"),
                    Self.put("products", "p"), Self.put("sales", "s2", n: 4, at: Self.start, "b", "p"),
                    Self.put("sales", "s3", n: 4, at: Self.start + Self.day, "b", "q"), Self.put("products", "q"),
                    Self.put("sales", "s1", n: 1, at: Self.start, "a", "q"), Self.put("sales", "s2", n: nil, at: Self.start, "a", "q"),
                    .advance(Self.start + 4 * Self.day), Self.remove("products", "q"), Self.put("products", "q"),
                    Self.remove("sales", "s3"), Self.put("sales", "s1", n: 3, at: Self.start + 4 * Self.day, "b", "p"),
                    Self.remove("people", "b"),
                    Self.put("people", "b"))
                #expect(events > 2, "\(aggregate)")
            }
        }
    }

    /// A count of ways is no count of rows: a thousand sales of one product are a million ways.
    @Test func manyWays() throws {
        var steps: [Step] = [Self.put("people", "a"), Self.put("products", "p")]
        for number in 0..<60 { steps.append(Self.put("sales", "s\(number)", n: Int64(number), "a", "p")) }
        let way = "sales.product.sales.product.sales"
        let campaign = try Self.campaign("COUNT(\(way)) = 216000 AND SUM(\(way).n) > 0", about: "people", "AVG(\(way).n)", id: "c")
        let events = try Simulation.run(
            [.advance(Self.start)] + Self.schemas.map(Step.schema) + [campaign] + steps + [.commit, Self.remove("sales", "s7"), .commit])
        #expect(events == 2)
    }

    @Test func constantsTakeAnyFunction() throws {
        let events = try Self.run(
            "DaysOld(at) > Length('ab') AND n = ToInteger('4') AND n IN (Abs(-4), 5) "
                + "AND DaysOld(at) <= Iif(1 = 1, 4.5, 9) AND at < DaysAgo(Length('a'))",
            about: "people", value: "DaysOld(at) BETWEEN 1 / 0 AND 3",
            Self.put("people", "a", n: 4, at: Self.start), Self.put("people", "b", n: 5, at: Self.start),
            .advance(Self.start + 3 * Self.day - 1),
            .advance(Self.start + 3 * Self.day), .advance(Self.start + 5 * Self.day - 1), .advance(Self.start + 5 * Self.day))
        #expect(events >= 2)
    }

    /// "Versions of deleted rows: held for 30 days after the delete", the last one or a truncate; and only a change with a version forgets.
    @Test func versionsOfDeletedRowsAreHeldForThirtyDays() throws {
        let month = 30 * Self.day
        let late = Self.put("sales", "s", n: 1, "a", "p", version: 3)
        let events = try Self.run(
            "COUNT(sales) > 0", about: "people", value: "COUNT(sales)",
            Self.put("people", "a"), Self.put("sales", "s", n: 1, "a", "p", version: 5), Self.remove("sales", "s", version: 5), late,
            .advance(Self.start + Self.day), Self.remove("sales", "s", version: 5), .advance(Self.start + month), late,
            Self.remove("sales", "s", version: 4), .advance(Self.start + Self.day + month - 1), late,
            .advance(Self.start + Self.day + month), late, Self.put("sales", "s", n: 1, "a", "p", version: 2), .truncate("sales"),
            .advance(Self.start + 2 * month + Self.day - 1), Self.put("sales", "s", n: 1, "a", "p", version: 2),
            .advance(Self.start + 2 * month + Self.day), Self.put("sales", "s", n: 1, "a", "p"), late, .truncate("sales"),
            Self.put("sales", "s", n: 1, "a", "p", version: 2), .advance(Self.start + 3 * month + Self.day),
            Self.put("sales", "s", n: 1, "a", "p", version: 2))
        #expect(events >= 7)
    }

    /// Contract §10: a row whose key text is longer than 1 KiB counts behind links and is nobody's member.
    @Test func rowsWithLongKeysAreRejected() throws {
        let (most, long) = (String(repeating: "k", count: 1024), String(repeating: "k", count: 1025))
        func sale(_ id: String, n: Int64, to person: String?) -> Step {
            func text(_ text: String) -> Datum { .text(Array(text.utf8)) }
            return .upsert(table: "sales", row: [text(id), text("s@x"), .integer(n), nil, person.map(text), nil, nil])
        }
        let events = try Self.run(
            "n > 0", about: "sales", value: "person.n",
            Self.put("people", long, n: 7), sale("s", n: 1, to: long), sale(most, n: 1, to: long), sale(long, n: 1, to: long),
            sale(long, n: 2, to: nil), Self.put("people", long, n: 8), sale(long, n: 0, to: nil), sale(long, n: 1, to: nil),
            Self.remove("sales", "s"), Self.remove("sales", most), Self.remove("sales", long))
        #expect(events == 5)
    }

    /// A condition that changes with the very value that is contributed: between the old value and the new one it must not be asked.
    @Test func conditionOnTheValueThatIsContributed() throws {
        let events = try Self.run(
            "TRUE", about: "products", value: "MAX(sales.person.n WHERE SUM(sales.person.n) IS NULL OR SUM(sales.person.n) > 5)",
            Self.put("products", "p"), Self.put("people", "a", n: 9), Self.put("sales", "s", "a", "p"), Self.put("people", "a", n: 3),
            Self.put("people", "a", n: nil), Self.put("people", "a", n: 4), Self.put("people", "a", n: 8), Self.remove("people", "a"))
        #expect(events > 5)
    }
}
