// Goal: key texts are those of semantics §2: the order of row ids is that of their bytes, and a row whose key text is longer than 1 KiB is
// known. Method: rows of tables with keys of all kinds against key texts that are written here.
import Campaigns
import Oracle
import Testing

@testable import Engine

@Suite struct KeyTextTests {
    private static func schema(_ types: [FieldType]) -> Schema {
        Schema(
            name: "t", fields: types.enumerated().map { Field(name: "f\($0)", type: $1, values: []) }, primaryKey: Array(types.indices),
            version: nil, identities: [], links: [])
    }

    /// A table of rows with those keys, in their order.
    private static func engine(_ types: [FieldType], _ rows: [[Datum]]) -> Engine {
        var engine = Engine()
        engine.publish(schema: schema(types))
        let batch = ChangeBatch()
        for row in rows {
            let first = batch.begin(cellCount: row.count)
            for (field, datum) in row.enumerated() {
                switch datum {
                case .text(let bytes): bytes.withUnsafeBytes { batch.setText(first + field, $0) }
                case .integer(let integer): batch.set(first + field, .integer(integer))
                case .double(let double): batch.set(first + field, .double(double))
                case .boolean(let boolean): batch.set(first + field, .boolean(boolean))
                case .date(let days): batch.set(first + field, .date(days))
                case .instant(let milliseconds): batch.set(first + field, .instant(milliseconds))
                }
            }
            batch.end(table: 0, isDelete: false, firstCell: first)
        }
        engine.apply(batch)
        return engine
    }

    private static func text(_ text: String) -> Datum { .text(Array(text.utf8)) }

    /// Rows, and the key text of each.
    private static let tables: [(types: [FieldType], rows: [(key: [Datum], text: String)])] = [
        ([.string], ["b", "a", "ab", "A", "\u{e9}", "z", "\u{1f600}", "\u{ffff}", ""].map { ([text($0)], $0) }),
        ([.integer], [9, 10, -1, -10, 0, .max, .min].map { ([.integer($0)], "\($0)") }),
        ([.boolean], [(key: [.boolean(true)], text: "true"), (key: [.boolean(false)], text: "false")]),
        ([.date], [(-1, "1969-12-31"), (0, "1970-01-01"), (20_000, "2024-10-04")].map { ([.date($0)], $1) }),
        (
            [.datetime],
            [(0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"), (1_780_000_000_000, "2026-05-28T20:26:40.000Z")].map {
                ([.instant($0)], $1)
            }
        ),
        ([.double], [(-1.5, "-1.5"), (1, "1"), (0.1, "0.1"), (1e21, "1e+21"), (1e-7, "1e-7")].map { ([.double($0)], $1) }),
        (
            [.string, .integer],
            [("a", 2), ("a", 10), ("a|1", 0), ("", 5), ("a ", 1), ("a~", 1)].map { ([text($0), .integer($1)], "\($0)|\($1)") }
        ),
    ]

    @Test func rowsAreOrderedByTheBytesOfTheirKeyTexts() {
        for (types, rows) in Self.tables {
            let engine = Self.engine(types, rows.map(\.key))
            let table = engine.tables.number(of: "t")
            for (a, left) in rows.enumerated() {
                for (b, right) in rows.enumerated() {
                    let isLess = engine.isKeyTextLess(table, .init(a), .init(b))
                    #expect(isLess == left.text.utf8.lexicographicallyPrecedes(right.text.utf8), "\(left.text) \(right.text)")
                }
            }
        }
    }

    @Test func theKeyTextOfARowIsAValue() {
        for (types, rows) in Self.tables {
            var engine = Self.engine(types, rows.map(\.key))
            let table = engine.tables.number(of: "t")
            for (row, expected) in rows.enumerated() {
                let value = engine.keyTextValue(table, .init(row))
                #expect(value.kind == .text && String(decoding: value.text, as: UTF8.self) == expected.text)
            }
        }
    }

    @Test func longKeysAreKnown() {
        func long(_ types: [FieldType], _ key: [Datum]) -> Bool {
            // The row of a short key beside it is none of those.
            let short = key.map { datum in
                switch datum {
                case .text: Self.text("a")
                case .double: Datum.double(1)
                default: datum
                }
            }
            // A much longer one has all of them looked at.
            let longer = key.map { datum in if case .text = datum { Self.text(String(repeating: "l", count: 5000)) } else { datum } }
            let engine = Self.engine(types, [short, key, longer])
            let table = engine.tables.number(of: "t")
            #expect(engine.hasLongKey(table, 0) == false && engine.hasLongKey(table, 2) == true)
            return engine.hasLongKey(table, 1)
        }
        func text(_ bytes: Int) -> Datum { Self.text(String(repeating: "k", count: bytes)) }
        #expect(long([.string], [text(1024)]) == false && long([.string], [text(1025)]) == true)
        #expect(long([.string], [Self.text(String(repeating: "é", count: 512))]) == false)
        #expect(long([.string], [Self.text(String(repeating: "é", count: 513))]) == true)
        // With what joins the fields.
        #expect(long([.string, .string], [text(512), text(511)]) == false && long([.string, .string], [text(512), text(512)]) == true)
        let least = Datum.integer(.min)
        #expect(long([.string, .integer], [text(1003), least]) == false && long([.string, .integer], [text(1004), least]) == true)
        let fields = [FieldType](repeating: .double, count: 60)
        #expect(long(fields + [.string], [Datum](repeating: .double(1), count: 60) + [text(904)]) == false)
        #expect(long(fields + [.string], [Datum](repeating: .double(1), count: 60) + [text(905)]) == true)
        #expect(long(fields + [.string], [Datum](repeating: .double(-1.2345678901234567e-300), count: 60) + [text(1)]) == true)
    }

    /// Only rows whose key bytes may make a long text are looked at: no long one may be missed.
    @Test func fewKeyBytesMakeNoLongText() {
        #expect(KeyText.mayBeLong(keyBytes: 8) == false && KeyText.mayBeLong(keyBytes: 1025 + 4) == true)
        // The longest texts of fields of eight bytes, with what joins them.
        let longest = [DoubleText.text(of: -1.2345678901234567e-6), "\(Int64.min)", "1970-01-01T00:00:00.000Z", "1970-01-01", "false"]
            .map { $0.utf8.count + 1 }.max()!
        for fields in 1...200 where fields * longest > 1024 + 1 { #expect(KeyText.mayBeLong(keyBytes: fields * 8) == true) }
    }
}
