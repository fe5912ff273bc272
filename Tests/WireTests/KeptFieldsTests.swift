// Goal: what a change leaves as it is stays as it is held, and a truncate ends every row (contract §3; decisions 31 and 63). Method:
// records decoded and applied to an engine; the tables afterwards.

import Campaigns
import Testing

@testable import Engine
@testable import Wire

/// Tables behind a decoder.
struct Rows: ~Copyable {
    var engine = Engine()
    let decoder = ChangeDecoder()
    let batch = ChangeBatch()
    private let schemas: [Schema]

    init(_ schemas: [Schema]) {
        self.schemas = schemas
        for (number, schema) in schemas.enumerated() {
            engine.publish(schema: schema)
            decoder.publish(schema, table: number)
        }
        engine.advance(to: 0)
    }

    /// Decodes and applies one record; the reason when it is refused.
    mutating func apply(_ value: String?, key: String? = nil, mapped: String? = nil) -> String? {
        let reason = decoder.reason(value, key: key, mapped: mapped, into: batch)
        engine.apply(batch)
        batch.removeAll()
        return reason
    }

    /// The live rows of a table, each as its fields that are not null: `id=a n=1`; in the order of the text.
    func all(_ table: Int) -> [String] {
        let number = TableNumber(table)
        var rows: [String] = []
        for row in engine.tables[number].rows where engine.tables[number].isLive(row) {
            var fields: [String] = []
            for (place, field) in schemas[table].fields.enumerated() {
                let value = engine.columnValue(number, ColumnNumber(place), row)
                if !value.isNull { fields.append("\(field.name)=\(shown(value))") }
            }
            rows.append(fields.joined(separator: " "))
        }
        return rows.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private func shown(_ value: Value) -> String {
        switch value.kind {
        case .null: return "null"
        case .boolean: return value.bits == 1 ? "true" : "false"
        case .integer: return String(value.integer)
        case .double: return "\(value.double)"
        case .text: return String(decoding: value.text, as: UTF8.self)
        case .instant: return InstantText.text(of: value.integer)
        case .date:
            var bytes: [UInt8] = []
            CivilDate.append(Int32(value.integer), to: &bytes)
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}

@Suite struct KeptFieldsTests {
    private static let kept = #""__debezium_unavailable_value""#

    private func rows() -> Rows {
        let types: [(String, FieldType)] = [
            ("id", .string), ("s", .string), ("i", .integer), ("x", .double), ("b", .boolean), ("day", .date), ("at", .datetime),
            ("e", .enum),
            ("v", .integer), ("other", .string),
        ]
        let fields = types.map { Field(name: $0.0, type: $0.1, values: $0.1 == .enum ? ["gold"] : []) }
        var schema = Schema("t", fields, version: 8)
        schema.links = [Link(name: "o", target: "t", on: [Link.Pair(source: "other", target: "id")], reverse: nil, isUnique: false)]
        return Rows([schema])
    }

    private let whole =
        #"{"id":"a","s":"long","i":7,"x":-1.5,"b":true,"day":"2024-02-29","at":"2026-01-01T00:00:00Z","e":"gold","v":5,"other":"a"}"#
    private let unchanged = ["s", "i", "x", "b", "day", "at", "e", "other"].map { #""\#($0)":\#(kept)"# }.joined(separator: ",")
    private let held = "id=a s=long i=7 x=-1.5 b=true day=2024-02-29 at=2026-01-01T00:00:00.000Z e=gold"

    @Test func everyTypeIsKept() {
        var rows = rows()
        #expect(rows.apply(whole, mapped: "t") == nil)
        #expect(rows.apply(#"{"id":"a",\#(unchanged),"v":6}"#, mapped: "t") == nil)
        #expect(rows.all(0) == ["\(held) v=6 other=a"])
        #expect(rows.apply(#"{"op":"u","source":{"table":"t"},"after":{"id":"a",\#(unchanged),"s":null,"v":7}}"#) == nil)
        #expect(rows.all(0) == ["\(held.replacing("s=long ", with: "")) v=7 other=a"])
    }

    @Test func nullWhereTheRowIsNotHeld() {
        var rows = rows()
        #expect(rows.apply(#"{"id":"a",\#(unchanged),"v":1}"#, mapped: "t") == nil)
        #expect(rows.all(0) == ["id=a v=1"])
        #expect(rows.apply(whole, mapped: "t") == nil)
        #expect(rows.apply(#"{"id":"a","__deleted":true}"#, mapped: "t") == nil)
        #expect(rows.apply(#"{"id":"a",\#(unchanged),"v":5}"#, mapped: "t") == nil)
        #expect(rows.all(0) == ["id=a v=5"])
    }

    /// "Whether a change is stale is decided before fields are kept"; in the version field the change carries no version.
    @Test func versions() {
        var rows = rows()
        #expect(rows.apply(whole, mapped: "t") == nil)
        #expect(rows.apply(#"{"id":"a",\#(unchanged),"i":1,"v":4}"#, mapped: "t") == nil)
        #expect(rows.all(0) == ["\(held) v=5 other=a"] && rows.engine.statistics.rowsStale == 1)
        #expect(rows.apply(#"{"id":"a",\#(unchanged),"i":8,"v":\#(KeptFieldsTests.kept)}"#, mapped: "t") == nil)
        #expect(rows.all(0) == ["\(held.replacing("i=7", with: "i=8")) v=5 other=a"])
        #expect(rows.apply(#"{"id":"a","v":4}"#, mapped: "t") == nil)
        #expect(rows.engine.statistics.rowsStale == 2)
        #expect(rows.apply(#"{"id":\#(KeptFieldsTests.kept)}"#, mapped: "t") == "t.id: \(nullKey)")
    }

    /// Of one batch, each change keeps what the one before it left.
    @Test func changesOfOneBatch() {
        var rows = rows()
        for record in [whole, #"{"id":"a","s":"new","v":6}"#, #"{"id":"a",\#(unchanged),"i":2,"v":7}"#] {
            #expect(rows.decoder.reason(record, mapped: "t", into: rows.batch) == nil)
        }
        rows.engine.apply(rows.batch)
        #expect(rows.all(0) == ["id=a s=new i=2 v=7"])
    }

    @Test func aTruncateEndsEveryRowAndNoVersion() {
        var rows = rows()
        for id in ["a", "b", "c"] { #expect(rows.apply(#"{"id":"\#(id)","v":5,"other":"a"}"#, mapped: "t") == nil) }
        let truncate = #"{"before":null,"after":null,"op":"t","source":{"table":"t"}}"#
        #expect(rows.apply(truncate) == nil)
        #expect(rows.all(0) == [] && rows.engine.rowCount(of: "t") == 0)
        #expect(rows.apply(#"{"id":"a","v":4}"#, mapped: "t") == nil)
        #expect(rows.all(0) == [] && rows.engine.statistics.rowsStale == 1)
        #expect(rows.apply(#"{"id":"b","v":5}"#, mapped: "t") == nil)
        #expect(rows.all(0) == ["id=b v=5"])
        #expect(rows.apply(truncate) == nil && rows.apply(truncate) == nil)
        #expect(rows.all(0) == [])
    }

    /// A connector's delete is applied, and the version held stays.
    @Test func aConnectorsDeleteHasNoVersion() {
        var rows = rows()
        #expect(rows.apply(whole, mapped: "t") == nil)
        #expect(rows.apply(#"{"op":"d","before":{"id":"a","v":0},"source":{"table":"t"}}"#) == nil)
        #expect(rows.all(0) == [])
        #expect(rows.apply(#"{"id":"a","v":4}"#, mapped: "t") == nil)
        #expect(rows.all(0) == [] && rows.engine.statistics.rowsStale == 1)
        #expect(rows.apply(nil, key: #"{"id":"a"}"#, mapped: "t") == nil && rows.apply(whole, mapped: "t") == nil)
        #expect(rows.all(0) == ["\(held) v=5 other=a"])
    }
}
