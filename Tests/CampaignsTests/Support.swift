// Goal: what the tests of this module share. Method: the shop and the table of values are those of the conformance suite.

import Synchronization
import Testing

@testable import Campaigns

private let zones = Mutex<[String: TimeZoneRules]>([:])

/// The rules of a zone of the system, which are read once.
func zone(_ name: String) -> TimeZoneRules? {
    zones.withLock { zones in
        if zones[name] == nil { zones[name] = zoneData(name).flatMap { TimeZoneRules(name: name, tzif: $0) } }
        return zones[name]
    }
}

func instant(_ text: String) throws -> Int64 {
    try #require(InstantText.milliseconds(of: text), "\(text)")
}

func catalog(_ definitions: [String]) throws -> Catalog {
    var catalog = Catalog()
    for definition in definitions {
        let problems = catalog.publish(try JSON(definition)).problems
        #expect(problems.isEmpty)
    }
    return catalog
}

enum Samples {
    static let households = """
        {"name": "households", "primaryKey": ["id"], "fields": [{"name": "id", "type": "string"}, {"name": "city", "type": "string"},
         {"name": "income", "type": "integer"}]}
        """
    static let customers = """
        {"name": "customers", "primaryKey": ["id"],
         "fields": [{"name": "id", "type": "string"}, {"name": "email", "type": "string"}, {"name": "phone", "type": "string"},
                    {"name": "household_id", "type": "string"}, {"name": "country", "type": "string"}, {"name": "age", "type": "integer"},
                    {"name": "active", "type": "boolean"}, {"name": "birth", "type": "date"}, {"name": "seen", "type": "datetime"},
                    {"name": "tier", "type": "enum", "values": ["gold", "silver", "bronze"]}],
         "identities": [{"field": "email", "namespace": "Email"}, {"field": "phone", "namespace": "Phone"}],
         "links": [{"name": "household", "to": "households", "on": {"household_id": "id"}, "reverse": "customers"}]}
        """
    static let purchases = """
        {"name": "purchases", "primaryKey": ["id"],
         "fields": [{"name": "id", "type": "string"}, {"name": "customer_id", "type": "string"}, {"name": "sku", "type": "string"},
                    {"name": "amount", "type": "double"}, {"name": "qty", "type": "integer"}, {"name": "category", "type": "string"},
                    {"name": "at", "type": "datetime"}],
         "links": [{"name": "customer", "to": "customers", "on": {"customer_id": "id"}, "reverse": "purchases"},
                   {"name": "product", "to": "products", "on": {"sku": "sku"}, "reverse": "sales"}]}
        """
    static let products = """
        {"name": "products", "primaryKey": ["sku"], "fields": [{"name": "sku", "type": "string"}, {"name": "label", "type": "string"},
         {"name": "price", "type": "double"}]}
        """
    static let cards = """
        {"name": "cards", "primaryKey": ["customer"], "fields": [{"name": "customer", "type": "string"}, {"name": "points",
         "type": "integer"}],
         "links": [{"name": "owner", "to": "customers", "on": {"customer": "id"}, "reverse": "card", "unique": true}]}
        """
    static let shop = [households, customers, purchases, products, cards]

    static let values = """
        {"name": "t", "primaryKey": ["id"], "identities": [{"field": "id", "namespace": "Id"}],
         "fields": [{"name": "id", "type": "string"}, {"name": "s", "type": "string"}, {"name": "s2", "type": "string"},
                    {"name": "i", "type": "integer"}, {"name": "j", "type": "integer"}, {"name": "x", "type": "double"},
                    {"name": "y", "type": "double"}, {"name": "b", "type": "boolean"}, {"name": "d", "type": "date"},
                    {"name": "d2", "type": "date"}, {"name": "at", "type": "datetime"}, {"name": "at2", "type": "datetime"},
                    {"name": "e", "type": "enum", "values": ["red", "green"]}, {"name": "my-field", "type": "integer"}]}
        """
    static let linkedValues = """
        {"name": "u", "primaryKey": ["id"],
         "fields": [{"name": "id", "type": "string"}, {"name": "t_id", "type": "string"}, {"name": "n", "type": "integer"},
                    {"name": "x", "type": "double"}, {"name": "s", "type": "string"}],
         "links": [{"name": "owner", "to": "t", "on": {"t_id": "id"}, "reverse": "us"}]}
        """
}

/// Reads an expression about a record of one of the sample schemas, in the time zone of Paris.
func read(_ source: String, about name: String, in definitions: [String]) throws -> Expression {
    let reading = try reading(source, about: name, in: definitions)
    return try #require(reading.expression, "\(source): \(reading.mistakes)")
}

/// All that reading an expression gives.
func reading(
    _ source: String, about name: String = "t", in definitions: [String] = [Samples.values, Samples.linkedValues]
) throws -> ExpressionReading {
    let catalog = try catalog(definitions)
    return readExpression(
        source, about: try #require(catalog.schema(named: name)), catalog: catalog, zone: "Europe/Paris",
        zoneNames: ["Africa/Abidjan", "America/New_York", "Asia/Istanbul", "Etc/UTC", "Europe/Kyiv", "Europe/Paris", "GB", "UTC"],
        isTimeZone: { zone($0) != nil })
}

/// Reads an expression about the table of values.
func readValues(_ source: String) throws -> Expression {
    try read(source, about: "t", in: [Samples.values, Samples.linkedValues])
}

/// Reads an expression about a customer of the shop.
func readCustomer(_ source: String) throws -> Expression {
    try read(source, about: "customers", in: Samples.shop)
}

/// The one thing that is wrong with an expression about the table of values; nil when it is accepted.
func mistake(_ source: String) throws -> Mistake? {
    let mistakes = try reading(source).mistakes
    #expect(mistakes.count <= 1, "\(source): \(mistakes)")
    return mistakes.first
}
