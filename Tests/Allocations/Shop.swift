// A small shop in the engine, and changes that go round and round in it: once warm, everything they fill has its size.
import Campaigns
import Engine
import Wire

/// Customers and purchases, three campaigns on them, and lines of changes.
final class Shop {
    var engine = Engine()
    let decoder = ChangeDecoder()
    let batch = ChangeBatch()
    let difference = Difference()
    let output = OutputBatch()
    var encoder = EventEncoder(group: "test")
    private(set) var lines: [UInt8] = []
    private(set) var ends: [Int] = []

    init() throws {
        var catalog = Catalog()
        engine.advance(to: 1_780_000_000_000)
        for (number, definition) in [Shop.customers, Shop.purchases].enumerated() {
            let schema = try wanted(catalog.publish(try tree(definition)).0)
            engine.publish(schema: schema)
            decoder.publish(schema, table: number)
        }
        let filters = [
            "country IN ('FR', 'DE') AND optin", "COUNT(purchases WHERE at >= DaysAgo(30) AND category = 3) >= 1",
            "SUM(purchases.amount WHERE at >= DaysAgo(7)) >= 100",
        ]
        for (number, filter) in filters.enumerated() {
            let definition = try tree(Shop.campaign("c\(number)", filter))
            let campaign = try wanted(readCampaign(definition, catalog: catalog) { _ in .utc }.0)
            _ = engine.publish(campaign, zone: .utc, otherZones: [], into: difference)
        }
    }

    private static let customers = """
        {"name": "customers", "primaryKey": ["id"], "fields": [{"name": "id", "type": "string"}, {"name": "email", "type": "string"},
         {"name": "country", "type": "string"}, {"name": "optin", "type": "boolean"}, {"name": "age", "type": "integer"}],
         "identities": [{"field": "email", "namespace": "Email"}]}
        """
    private static let purchases = """
        {"name": "purchases", "primaryKey": ["id"], "fields": [{"name": "id", "type": "string"}, {"name": "customer_id", "type": "string"},
         {"name": "amount", "type": "double"}, {"name": "category", "type": "integer"}, {"name": "at", "type": "datetime"}],
         "links": [{"name": "customer", "to": "customers", "on": {"customer_id": "id"}, "reverse": "purchases"}]}
        """

    private static func campaign(_ id: String, _ filter: String) -> String {
        """
        {"id": "\(id)", "activities": [{"id": "b", "type": "build-audience", "dimension": "customers", "filter": "\(filter)"},
         {"id": "s", "type": "save-audience", "from": "b", "audience": {"id": "\(id)"},
          "identity": {"field": "email", "namespace": "Email"}, "attributes": [{"source": "age", "name": "age"}]}]}
        """
    }

    private func wanted<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw Refusal(.rejected, "a definition of the shop is wrong") }
        return value
    }

    private func tree(_ text: String) throws -> JSON {
        let bytes = Array(text.utf8)
        let padded = bytes + [UInt8](repeating: 0, count: 64)
        return try wanted(padded.withUnsafeBytes { JSONReader().tree(UnsafeRawBufferPointer(rebasing: $0[..<bytes.count])) })
    }

    /// Writes changes that go round and round among 1,000 customers and 2,000 purchases; `turn` changes their values.
    func write(_ count: Int, turn: Int) {
        lines.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        for number in 0..<count {
            let (value, who) = (number / 3 + turn, number / 3 % 1000)
            let line =
                number % 3 == 0
                ? """
                {"table":"customers","op":"u","row":{"id":"c\(who)","email":"c\(who)@x.fr","country":"\(value % 2 == 0 ? "FR" : "IT")",\
                "optin":\(value % 5 != 0),"age":\(value % 90)}}
                """
                : """
                {"table":"purchases","op":"u","row":{"id":"p\(number % 2000)","customer_id":"c\(who)","amount":\(value % 70).5,\
                "category":\(value % 4),"at":\(1_780_000_000_000 - value % 40 * 86_400_000)}}
                """
            lines += line.utf8
            ends.append(lines.count)
        }
        lines += [UInt8](repeating: 0, count: 64)
    }

    func decode() throws {
        batch.removeAll()
        try lines.withUnsafeBytes { all in
            var start = 0
            for end in ends {
                try decoder.decode(UnsafeRawBufferPointer(rebasing: all[start..<end]), into: batch)
                start = end
            }
        }
    }

    /// Ends a commit: what has changed since the last one.
    func end() {
        engine.commit(into: difference)
    }

    /// Writes the events of the commit ended last.
    func encode() {
        output.removeAll()
        encoder.begin(sequence: 1, clock: engine.clock)
        encoder.encode(difference, engine, into: output)
    }

    func commit() {
        end()
        encode()
    }
}
