// A shop of a few rows, and what the transitions of a campaign are there, evaluated from scratch.
import Campaigns
import Testing

@testable import Oracle

struct PlainShop {
    let catalog: Catalog
    private(set) var tables = ReferenceTables()

    /// Rows by table, as JSON; a member that is absent is null.
    init(_ rows: String) throws {
        catalog = try OracleTests.catalog(Samples.shop)
        for schema in catalog.schemas { tables.publish(schema) }
        try write(rows)
    }

    /// Rows by table, as above, beside and instead of those that are there.
    mutating func write(_ rows: String) throws {
        guard case .object(let members) = try JSON(rows) else { preconditionFailure("rows by table") }
        for member in members {
            guard case .array(let items) = member.value else { preconditionFailure("a list of rows") }
            let schema = try #require(catalog.schema(named: member.name))
            for item in items { tables.upsert(schema.fields.map { item[$0.name].flatMap($0.datum) }, into: schema.name) }
        }
    }

    mutating func delete(_ id: String, from table: String) {
        tables.delete([.text(Array(id.utf8))], version: nil, from: table)
    }

    /// What the transitions carry.
    func populations(of activities: String..., timezone: String = "UTC") throws -> Populations {
        let text = #"{"id": "c", "timezone": "\#(timezone)", "activities": [\#(activities.joined(separator: ", "))]}"#
        let read = readCampaign(try JSON(text), catalog: catalog, zones: zone)
        let campaign = try #require(read.campaign, "\(read.problems)")
        let zones = [timezone: try #require(zone(timezone))]
        return Populations(found: Evaluator(tables: tables, clock: 0, zones: zones).evaluate(campaign).populations)
    }

    struct Populations {
        let found: [Transition: Population]

        /// The output of an activity, "activity" or "activity.output".
        func population(_ name: String) throws -> Population {
            let parts = name.split(separator: ".").map(String.init)
            return try #require(found[Transition(activity: parts[0], output: parts.count > 1 ? parts[1] : Transition.main)])
        }

        /// The row ids, in order.
        func ids(_ name: String) throws -> [String] {
            try population(name).rows.map { String(decoding: $0.id, as: UTF8.self) }.sorted()
        }

        /// The row ids and the values of a column, in the order of row ids, those of one as they stand.
        func values(_ name: String, _ column: String) throws -> [String] {
            let rows = try population(name).rows.map { row in
                (id: String(decoding: row.id, as: UTF8.self), value: row.columns[column]!.map { PlainText.text($0) } ?? "null")
            }
            return rows.enumerated().sorted { ($0.element.id, $0.offset) < ($1.element.id, $1.offset) }.map {
                "\($0.element.id) \($0.element.value)"
            }
        }
    }
}

extension Field {
    /// A value of the field as JSON; nil is null.
    fileprivate func datum(_ value: JSON) -> Datum? {
        switch (valueType, value) {
        case (.string, .string(let text)): .text(Array(text.utf8))
        case (.integer, .integer(let number)): .integer(number)
        case (.double, .integer(let number)): .double(Double(number))
        case (.double, .double(let number)): .double(number)
        case (.boolean, .boolean(let truth)): .boolean(truth)
        case (.date, .string(let text)): CivilDate.day(of: text).map(Datum.date)
        case (.datetime, _): value.instant.map(Datum.instant)
        default: nil
        }
    }
}
