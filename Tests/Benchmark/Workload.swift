// The workload: customers, their purchases of a year, and campaigns that ask about both. The same numbers give the same bytes everywhere.
//
// The reference campaign: two of fifty countries, opted in, and a purchase in the last 30 days in 5 of 100 categories. The others are drawn
// from the same columns: one or two conditions on columns and one or two windowed counts or sums from a pool of 500, so that campaigns
// share work as real ones do.
import Campaigns

struct Workload {
    enum Skew: String, CaseIterable {
        case uniform
        /// Few customers buy much, and most live in few countries.
        case zipf
    }

    var customers: Int
    var purchases: Int
    var skew: Skew
    var seed: UInt64 = 42

    init(rows: Int, skew: Skew) {
        customers = max(1, rows / 6)
        purchases = rows - customers
        self.skew = skew
    }

    var rows: Int { customers + purchases }

    /// 2026-01-01T00:00:00Z, when the first row comes.
    static let start: Int64 = 1_767_225_600_000
    /// All rows come within ten minutes, evenly.
    static let loadMilliseconds: Int64 = 600_000
    static let end = start + loadMilliseconds
    static let dayMilliseconds: Int64 = 86_400_000
    static let windowDays: Int64 = 30
    static let historyDays: Int64 = 365

    static let referenceCategories = [3, 17, 42, 58, 91]
    static let referenceCountries = ["FR", "DE"]
    static let countries = ["FR", "DE", "IT", "ES", "NL"] + (0..<45).map { $0 < 10 ? "C0\($0)" : "C\($0)" }
    static let tiers = ["bronze", "silver", "gold", "platinum"]

    /// Rows that lie in the tables while latency is measured, at most.
    static let rowsForLatency = 600_000

    // Definitions.

    static let schemas: [JSON] = [
        schema(
            "customers",
            fields: [
                ("id", "string"), ("email", "string"), ("country", "string"), ("age", "integer"), ("tier", "enum"), ("optin", "boolean"),
                ("store", "integer"), ("score", "double"),
            ], identities: [("email", "Email"), ("id", "CRM")], links: []),
        schema(
            "purchases",
            fields: [("id", "string"), ("customer_id", "string"), ("amount", "double"), ("category", "integer"), ("at", "datetime")],
            identities: [],
            links: [
                object([
                    ("name", .string("customer")), ("to", .string("customers")), ("on", object([("customer_id", .string("id"))])),
                    ("reverse", .string("purchases")),
                ])
            ]),
    ]

    private static func schema(_ name: String, fields: [(String, String)], identities: [(String, String)], links: [JSON]) -> JSON {
        func field(_ name: String, _ type: String) -> JSON {
            let values: [(String, JSON)] = type == "enum" ? [("values", .array(tiers.map { .string($0) }))] : []
            return object([("name", .string(name)), ("type", .string(type))] + values)
        }
        return object([
            ("name", .string(name)), ("primaryKey", .array([.string("id")])), ("fields", .array(fields.map(field))),
            ("identities", .array(identities.map { object([("field", .string($0.0)), ("namespace", .string($0.1))]) })),
            ("links", .array(links)),
        ])
    }

    static func referenceFilter(countries: [String] = referenceCountries, days: Int64 = windowDays) -> String {
        let list = countries.map { "'\($0)'" }.joined(separator: ", ")
        return "country IN (\(list)) AND optin AND COUNT(\(purchases(referenceCategories, days: days))) >= 1"
    }

    private static func purchases(_ categories: [Int], days: Int64, column: String = "") -> String {
        let list = categories.map { String($0) }.joined(separator: ", ")
        return "purchases\(column) WHERE at >= DaysAgo(\(days)) AND category IN (\(list))"
    }

    /// A campaign that saves the customers of a filter, under their e-mail address or another identity.
    static func campaign(
        _ id: String, filter: String, identity: (field: String, namespace: String) = ("email", "Email"), attributes: [String] = ["country"]
    ) -> JSON {
        object([
            ("id", .string(id)),
            (
                "activities",
                .array([
                    object([
                        ("id", .string("build")), ("type", .string("build-audience")), ("dimension", .string("customers")),
                        ("filter", .string(filter)),
                    ]),
                    object([
                        ("id", .string("save")), ("type", .string("save-audience")), ("from", .string("build")),
                        ("audience", object([("id", .string(id))])),
                        ("identity", object([("field", .string(identity.field)), ("namespace", .string(identity.namespace))])),
                        ("attributes", .array(attributes.map { object([("source", .string($0)), ("name", .string($0))]) })),
                    ]),
                ])
            ),
        ])
    }

    static let reference = campaign("reference", filter: referenceFilter())

    /// What else is published beside the reference, by what it shares with it.
    static let besideReference: [(shared: String, campaign: JSON)] = [
        ("all", campaign("same", filter: referenceFilter())),
        ("aggregate", campaign("elsewhere", filter: referenceFilter(countries: ["IT", "ES"]))),
        ("conditions", campaign("by-key", filter: referenceFilter(), identity: ("id", "CRM"))),
        ("identity", campaign("longer", filter: referenceFilter(days: 2 * windowDays))),
    ]

    /// So many campaigns; the first is the reference.
    func campaigns(_ count: Int) -> [JSON] {
        var random = RandomNumbers(seed: seed &+ 1)
        let pool = (0..<500).map { _ in Aggregate(&random) }
        return (0..<count).map { number in
            number == 0 ? Workload.reference : Workload.campaign("audience-\(number)", filter: filter(pool, &random))
        }
    }

    private struct Aggregate {
        var categories: [Int]
        var days: Int64
        var isSum: Bool

        init(_ random: inout RandomNumbers) {
            categories = Array((0..<100).shuffled(using: &random).prefix(5)).sorted()
            days = [1, 3, 7, 14, 30, 60, 90][random.below(7)]
            isSum = random.below(3) == 2
        }
    }

    private func filter(_ pool: [Aggregate], _ random: inout RandomNumbers) -> String {
        var parts: [String] = []
        for column in ["country", "tier", "age", "optin", "store"].shuffled(using: &random).prefix(1 + random.below(2)) {
            parts.append(condition(on: column, &random))
        }
        for aggregate in pool.shuffled(using: &random).prefix(1 + random.below(2)) {
            let rows = Workload.purchases(aggregate.categories, days: aggregate.days, column: aggregate.isSum ? ".amount" : "")
            let bound = aggregate.isSum ? [50, 100, 250][random.below(3)] : 1 + random.below(3)
            parts.append("\(aggregate.isSum ? "SUM" : "COUNT")(\(rows)) >= \(bound)")
        }
        return parts.joined(separator: " AND ")
    }

    private func condition(on column: String, _ random: inout RandomNumbers) -> String {
        func some(_ values: [String], atMost count: Int) -> String {
            values.shuffled(using: &random).prefix(1 + random.below(count)).map { "'\($0)'" }.joined(separator: ", ")
        }
        switch column {
        case "country": return "country IN (\(some(Workload.countries, atMost: 6)))"
        case "tier": return "tier IN (\(some(Workload.tiers, atMost: 2)))"
        case "age":
            let youngest = 18 + random.below(43)
            return "age >= \(youngest) AND age < \(youngest + 5 + random.below(16))"
        case "optin": return "optin"
        default: return "store = \(random.below(1000))"
        }
    }

    // Control events.

    static func event(_ type: String, _ name: String, _ value: JSON, time: Int64) -> JSON {
        object([("type", .string(type)), ("time", .integer(time)), (name, value)])
    }

    static func schemaEvents() -> [JSON] { schemas.map { event("schema.published", "schema", $0, time: start - 2) } }

    static func campaignEvent(_ campaign: JSON, time: Int64 = start - 1) -> JSON {
        event("campaign.published", "campaign", campaign, time: time)
    }

    static func object(_ members: [(String, JSON)]) -> JSON {
        .object(members.map { JSON.Member($0.0, $0.1) })
    }
}
