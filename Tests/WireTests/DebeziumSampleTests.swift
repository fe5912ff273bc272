// Goal: what a real Debezium wrote leads to the tables that PostgreSQL had at the end. Method: each file of the shared samples, record by
// record as on the wire, through decoder and engine; all fields of all rows against PostgreSQL's own answer.

import Campaigns
import Glibc
import Testing

@testable import Engine
@testable import Wire

@Suite struct DebeziumSampleTests {
    /// The folder of the samples: below $AUDIENCED_SHARED, or shared/ beside the package.
    private static let folder: String = {
        let package = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let shared = getenv("AUDIENCED_SHARED").map { String(cString: $0) } ?? "/\(package)/../shared"
        return "\(shared)/samples/debezium"
    }()

    private static var isThere: Bool { access("\(folder)/final.ndjson", R_OK) == 0 }

    private func lines(_ name: String) -> [JSON] {
        guard let file = fopen("\(DebeziumSampleTests.folder)/\(name)", "r") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&part, 1, part.count, file), count > 0 { bytes += part[..<count] }
        return bytes.split(separator: 0x0a).map { json(String(decoding: $0, as: UTF8.self)) }
    }

    /// What each file needs said in the schemas, since the connector's settings differ.
    struct Sample: Sendable, CustomTestStringConvertible {
        var file: String
        /// What `timestamp` and `timestamp(3)` count.
        var micro = InstantUnit.microseconds
        var milli = InstantUnit.milliseconds
        /// Without a schema decimals are base64 with a scale nobody tells: no field reads them.
        var hasDecimals = true
        /// No truncate is passed on.
        var keepsLines = false

        var testDescription: String { file }
    }

    static let samples = [
        Sample(file: "plain.ndjson", hasDecimals: false),
        // The record's schema goes before these units, which are wrong on purpose.
        Sample(file: "schemas.ndjson", micro: .seconds, milli: .nanoseconds),
        Sample(file: "connect.ndjson", micro: .milliseconds),
        Sample(file: "flat.ndjson", keepsLines: true),
    ]

    private func schemas(_ sample: Sample) -> [Schema] {
        func fields(_ list: [(String, FieldType)]) -> [Field] {
            list.filter { sample.hasDecimals || !["credit", "free", "amount"].contains($0.0) }.map { name, type in
                let unit: InstantUnit = name == "seen" ? sample.micro : name == "seen3" ? sample.milli : .milliseconds
                return Field(name: name, type: type, values: type == .enum ? ["bronze", "silver", "gold"] : [], unit: unit)
            }
        }
        let customers = fields([
            ("id", .string), ("email", .string), ("country", .string), ("age", .integer), ("small", .integer), ("big", .integer),
            ("tier", .enum),
            ("optin", .boolean), ("score", .double), ("credit", .double), ("free", .double), ("born", .date), ("seen", .datetime),
            ("seen3", .datetime), ("seenz", .datetime), ("uid", .string), ("doc", .string), ("bio", .string),
        ])
        let purchases = fields([
            ("id", .integer), ("customer_id", .string), ("amount", .double), ("category", .integer), ("at", .datetime),
            ("updated", .datetime),
        ])
        let lines = fields([("purchase_id", .integer), ("line", .integer), ("sku", .string), ("quantity", .integer)])
        return [
            Schema("customers", customers), Schema("purchases", purchases, version: purchases.count - 1),
            Schema("lines", lines, key: [0, 1]),
        ]
    }

    @Test(.enabled(if: DebeziumSampleTests.isThere, "no samples/debezium below $AUDIENCED_SHARED or ../shared"), arguments: samples)
    func theEndIsPostgreSQLs(sample: Sample) {
        let schemas = schemas(sample)
        var rows = Rows(schemas)
        var refusals: [String] = []
        for record in lines(sample.file) {
            guard let topic = record.text("topic") else { continue }
            let mapped = schemas.first { topic == "shop.public.\($0.name)" }?.name
            if let reason = rows.apply(record.text("value"), key: record.text("key"), mapped: mapped) { refusals.append(reason) }
        }
        // The purchase at `infinity` is no instant, and nothing else is refused.
        #expect(
            refusals == ["purchases.at: an instant (RFC 3339 with an offset, or whole milliseconds since 1970) is expected, not this text"])
        #expect(rows.decoder.ignored(.message) == 1)
        var wanted: [[String]] = [
            [], [], sample.keepsLines ? ["purchase_id=1 line=2 sku=s2 quantity=7", "purchase_id=1 line=9 sku=s1 quantity=1"] : [],
        ]
        for line in lines("final.ndjson") {
            guard let table = schemas.firstIndex(where: { $0.name == line.text("table") }), let row = line["row"],
                row.text("at") != "infinity"
            else {
                continue
            }
            wanted[table].append(schemas[table].fields.compactMap { shown(row[$0.name] ?? .null, $0) }.joined(separator: " "))
        }
        #expect(wanted[0].count == 8 && wanted[1].count == 13)
        for table in schemas.indices {
            let found = rows.all(table)
            let sorted = wanted[table].sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            for (a, b) in zip(found, sorted) where a != b { Issue.record("\(a.prefix(400))\nshould be\n\(b.prefix(400))") }
            #expect(found.count == sorted.count)
        }
    }

    /// A field of PostgreSQL's answer as `Rows` shows it; nil when it is null.
    private func shown(_ value: JSON, _ field: Field) -> String? {
        switch value {
        case .null: nil
        case .integer(let number) where field.type == .double: "\(field.name)=\(Double(number))"
        case .integer(let number): "\(field.name)=\(number)"
        case .double(let number): "\(field.name)=\(number)"
        case .string(let text): "\(field.name)=\(text)"
        case .boolean(let truth): "\(field.name)=\(truth)"
        default: "\(field.name)=?"
        }
    }

    /// Decimals whose scale nobody tells must not become numbers.
    @Test(.enabled(if: DebeziumSampleTests.isThere, "no samples/debezium below $AUDIENCED_SHARED or ../shared"))
    func decimalsWithoutScaleAreRefused() {
        var sample = DebeziumSampleTests.samples[0]
        sample.hasDecimals = true
        var rows = Rows(schemas(sample))
        var refused = 0
        for record in lines(sample.file) where record.text("topic") == "shop.public.purchases" {
            guard let reason = rows.apply(record.text("value"), key: record.text("key"), mapped: "purchases") else { continue }
            refused += 1
            #expect(reason.contains("decimal.handling.mode=double") || reason.contains("infinity"), "\(reason)")
        }
        #expect(refused == 16 && rows.all(1) == [])
    }
}

extension JSON {
    fileprivate func text(_ name: String) -> String? {
        if case .string(let text)? = self[name] { return text }
        return nil
    }
}
