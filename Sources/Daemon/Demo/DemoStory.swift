// What happens in the demo: the README's campaign, and two dozen seconds of a small shop's life, in which every cause of a change of
// members is seen. One buyer leaves only because time passes.
import Campaigns

struct DemoStory {
    /// One thing that happens.
    struct Step {
        var second: Double
        /// What it means, for the reader.
        var caption: String
        /// The record: on the control topic, or a change with its key.
        var record: Record
    }

    enum Record {
        case control(JSON)
        case change(key: String, JSON)
        /// Nothing is sent: the reader is told what to wait for.
        case nothing
    }

    /// The purchase of this customer falls out of the 30 days so many seconds after the start.
    static let expirySecond: Double = 14

    /// All steps in the order of time; `start` is the wall clock, milliseconds since the Unix epoch.
    static func steps(start: Int64) -> [Step] {
        var steps: [Step] = []
        func at(_ second: Double, _ caption: String, _ record: Record) { steps.append(Step(second: second, caption: caption, record: record)) }
        let day: Int64 = 86_400_000

        at(0, "schema customers is published", .control(event("schema.published", "schema", customers)))
        at(0, "schema purchases is published, linked to customers", .control(event("schema.published", "schema", purchases)))
        at(0.5, "campaign recent-buyers goes live: EXISTS(purchases WHERE at >= DaysAgo(30))", .control(publish(recentBuyers)))
        at(2, "four customers arrive; nobody has bought anything", customer("ada", "ada@example.com", "GB"))
        at(2, "", customer("ben", "ben@example.com", "DE"))
        at(2, "", customer("chloe", "chloe@example.com", "FR"))
        at(2, "", customer("dan", "dan@example.com", "US"))
        at(4, "Ada bought shoes three days ago", purchase("p1", "ada", "shoes", 79.9, start - 3 * day))
        let edge = start - 30 * day + Int64(expirySecond * 1000)
        at(5, "Ben bought books almost 30 days ago: in at second 5, out at second \(Int(expirySecond)), without any event", purchase("p2", "ben", "books", 12.5, edge))
        at(7, "Chloé buys books now", purchase("p3", "chloe", "books", 24, start + 7000))
        at(9, "Ada moves to France: still in, with another attribute", customer("ada", "ada@example.com", "FR"))
        at(11, "Chloé changes her address: one leaves, one enters, in one commit", customer("chloe", "chloe@example.org", "FR"))
        at(expirySecond - 0.8, "nothing is sent now; watch the clock", .nothing)
        at(16.5, "a second campaign goes live on the tables already held: big spenders", .control(publish(bigSpenders)))
        at(18.5, "Dan buys shoes for 310", purchase("p4", "dan", "shoes", 310, start + 18_500))
        at(20.5, "Dan returns them", returned("p4"))
        at(22, "a campaign with a mistake is refused, with a hint", .control(publish(mistaken)))
        return steps
    }

    private static func customer(_ id: String, _ email: String, _ country: String) -> Record {
        change(id, "customers", "u", [("id", .string(id)), ("email", .string(email)), ("country", .string(country))])
    }

    private static func purchase(_ id: String, _ customer: String, _ category: String, _ amount: Double, _ at: Int64) -> Record {
        change(
            customer, "purchases", "u",
            [
                ("id", .string(id)), ("customer_id", .string(customer)), ("category", .string(category)), ("amount", .double(amount)),
                ("at", .integer(at)),
            ])
    }

    private static func returned(_ id: String) -> Record {
        change("dan", "purchases", "d", [("id", .string(id))])
    }

    private static func change(_ key: String, _ table: String, _ operation: String, _ row: [(String, JSON)]) -> Record {
        .change(key: key, object([("table", .string(table)), ("op", .string(operation)), ("row", object(row))]))
    }

    private static func publish(_ campaign: JSON) -> JSON { event("campaign.published", "campaign", campaign) }

    private static func event(_ type: String, _ member: String, _ value: JSON) -> JSON { object([("type", .string(type)), (member, value)]) }

    private static func object(_ members: [(String, JSON)]) -> JSON { .object(members.map { JSON.Member($0.0, $0.1) }) }

    private static func fields(_ types: [(String, String)]) -> JSON {
        .array(types.map { object([("name", .string($0.0)), ("type", .string($0.1))]) })
    }

    private static let customers = object([
        ("name", .string("customers")), ("primaryKey", .array([.string("id")])),
        ("fields", fields([("id", "string"), ("email", "string"), ("country", "string")])),
        ("identities", .array([object([("field", .string("email")), ("namespace", .string("Email"))])])),
    ])

    private static let purchases = object([
        ("name", .string("purchases")), ("primaryKey", .array([.string("id")])),
        ("fields", fields([("id", "string"), ("customer_id", "string"), ("category", "string"), ("amount", "double"), ("at", "datetime")])),
        (
            "links",
            .array([
                object([
                    ("name", .string("customer")), ("to", .string("customers")), ("on", object([("customer_id", .string("id"))])),
                    ("reverse", .string("purchases")),
                ])
            ])
        ),
    ])

    private static func campaign(_ id: String, _ filter: String) -> JSON {
        object([
            ("id", .string(id)),
            (
                "activities",
                .array([
                    object([
                        ("id", .string("buyers")), ("type", .string("build-audience")), ("dimension", .string("customers")),
                        ("filter", .string(filter)),
                    ]),
                    object([
                        ("id", .string("save")), ("type", .string("save-audience")), ("from", .string("buyers")),
                        ("audience", object([("id", .string(id))])),
                        ("identity", object([("field", .string("email")), ("namespace", .string("Email"))])),
                        ("attributes", .array([object([("source", .string("country")), ("name", .string("country"))])])),
                    ]),
                ])
            ),
        ])
    }

    private static let recentBuyers = campaign("recent-buyers", "EXISTS(purchases WHERE at >= DaysAgo(30))")
    private static let bigSpenders = campaign("big-spenders", "SUM(purchases.amount) >= 75")
    private static let mistaken = campaign("sleepers", "NOT EXISTS(purchase WHERE at >= DayAgo(90))")
}
