// A small engine: customers with purchases and a card each, written with a few words, so that what the engine does and keeps is looked at.
import Campaigns
import Testing

@testable import Engine

final class Shop {
    static let day: Int64 = 86_400_000
    static let start: Int64 = 1_780_000_000_000

    private static let customers = Schema(
        name: "customers",
        fields: [
            Field(name: "id", type: .string), Field(name: "email", type: .string), Field(name: "country", type: .string),
            Field(name: "seen", type: .datetime), Field(name: "note", type: .string),
        ], primaryKey: [0], version: nil, identities: [Identity(field: 1, namespace: "Email")], links: [])
    private static let purchases = Schema(
        name: "purchases",
        fields: [
            Field(name: "id", type: .string), Field(name: "customer", type: .string), Field(name: "amount", type: .double),
            Field(name: "at", type: .datetime),
        ], primaryKey: [0], version: nil, identities: [],
        links: [
            Link(
                name: "buyer", target: "customers", on: [Link.Pair(source: "customer", target: "id")], reverse: "purchases",
                isUnique: false)
        ])
    private static let cards = Schema(
        name: "cards",
        fields: [
            Field(name: "id", type: .string), Field(name: "customer", type: .string), Field(name: "points", type: .integer),
            Field(name: "active", type: .boolean),
        ], primaryKey: [0], version: nil, identities: [],
        links: [
            Link(
                name: "owner", target: "customers", on: [Link.Pair(source: "customer", target: "id")], reverse: "card", isUnique: true)
        ])
    static let schemas = [customers, purchases, cards]

    var engine = Engine()
    let batch = ChangeBatch()
    let difference = Difference()

    init() {
        engine.advance(to: Shop.start)
        for schema in Shop.schemas { engine.publish(schema: schema) }
    }

    // Changes.

    private func text(_ cell: Int, _ text: String) {
        Array(text.utf8).withUnsafeBytes { batch.setText(cell, $0) }
    }

    func customer(_ number: Int, email: String? = nil, country: String = "FR", seen: Int64? = nil, note: String = "") {
        let first = batch.begin(cellCount: 5)
        text(first, "c\(number)")
        text(first + 1, email ?? "\(number)@x.fr")
        text(first + 2, country)
        if let seen { batch.set(first + 3, .instant(seen)) }
        text(first + 4, note)
        batch.end(table: 0, isDelete: false, firstCell: first)
    }

    func purchase(_ number: Int, of customer: Int, amount: Double = 10, at: Int64 = Shop.start) {
        let first = batch.begin(cellCount: 4)
        text(first, "p\(number)")
        text(first + 1, "c\(customer)")
        batch.set(first + 2, .double(amount))
        batch.set(first + 3, .instant(at))
        batch.end(table: 1, isDelete: false, firstCell: first)
    }

    func card(_ number: Int, of customer: Int?, points: Int64? = nil, isActive: Bool? = nil) {
        let first = batch.begin(cellCount: 4)
        text(first, "k\(number)")
        if let customer { text(first + 1, "c\(customer)") }
        if let points { batch.set(first + 2, .integer(points)) }
        if let isActive { batch.set(first + 3, .boolean(isActive)) }
        batch.end(table: 2, isDelete: false, firstCell: first)
    }

    /// Deletes the row of a key: `c1`, `p1`, `k1`.
    func remove(_ key: String) {
        let table = ["c", "p", "k"].firstIndex { key.hasPrefix($0) }!
        let first = batch.begin(cellCount: Shop.schemas[table].fields.count)
        text(first, key)
        batch.end(table: table, isDelete: true, firstCell: first)
    }

    func commit() {
        engine.apply(batch)
        batch.removeAll()
        engine.commit(into: difference)
    }

    // Campaigns.

    func publish(_ filter: Expression?, as number: Int = 0, _ more: [Activity] = [], attributes: [Attribute] = []) {
        let build = Activity.build(BuildAudience(id: "build", dimension: "customers", filter: filter))
        let save = SaveAudience(
            id: "save", position: 1, from: Transition(activity: more.last?.id ?? "build"), audience: "audience\(number)",
            label: "\(number)", identity: Shop.field("customers", 1, .string), namespace: "Email", attributes: attributes)
        let campaign = Campaign(id: "campaign\(number)", name: "", timezone: "UTC", activities: [build] + more + [.save(save)])
        _ = engine.publish(campaign, zone: .utc, into: difference)
    }

    static func field(_ schema: String, _ number: Int, _ type: ValueType) -> Expression {
        .field(FieldPath(steps: [], schema: schema, field: number, type: type))
    }

    /// An expression about a schema, from its text.
    static func read(_ text: String, about schema: String = "customers") throws -> Expression {
        var catalog = Catalog()
        for schema in schemas { #expect(catalog.publish(schema.definition).problems.isEmpty) }
        let about = try #require(catalog.schema(named: schema))
        return try #require(readExpression(text, about: about, catalog: catalog, zone: "UTC") { $0 == "UTC" }.expression)
    }

    /// What the work adds to the counts.
    func counts(_ work: () -> Void) -> (conditions: Int, byTime: Int, byPublish: Int) {
        let before = engine.statistics
        work()
        let after = engine.statistics
        return (
            after.conditionsEvaluated - before.conditionsEvaluated, after.rowsVisitedByTime - before.rowsVisitedByTime,
            after.rowsVisitedByPublish - before.rowsVisitedByPublish
        )
    }

    // Conditions.

    /// The condition of an expression, kept from now on.
    func keep(_ expression: Expression, about schema: String = "customers") -> Number<Condition> {
        engine.zones = [.utc]
        let table = engine.tables.number(of: schema)
        let node = engine.build(expression, table: table)
        let condition = engine.plan.conditions.intern(table: table, node: node)
        engine.retainCondition(condition)
        return condition
    }

    func keep(_ text: String, about schema: String = "customers") throws -> Number<Condition> {
        keep(try Shop.read(text, about: schema), about: schema)
    }

    /// The keys of the rows that meet a condition, as the engine keeps them.
    func keys(in condition: Number<Condition>) -> Set<String> {
        let table = engine.plan.conditions[condition].table
        return keys(of: condition) { engine.tables[table].memberships.contains(.init($0), condition) }
    }

    /// The same, as evaluating it says now.
    func keysEvaluated(of condition: Number<Condition>) -> Set<String> {
        let (table, node) = (engine.plan.conditions[condition].table, engine.plan.conditions[condition].node)
        return keys(of: condition) { row in
            engine.scratch.texts.reset()
            return engine.tables[table].isLive(.init(row)) && engine.truth(node, .init(row)) == .yes
        }
    }

    private func keys(of condition: Number<Condition>, where isThere: (Int) -> Bool) -> Set<String> {
        let table = engine.plan.conditions[condition].table
        return Set(
            (0..<engine.tables[table].states.count).filter(isThere).map { row in
                String(decoding: engine.tables[table].key(of: .init(row)), as: UTF8.self)
            })
    }
}
