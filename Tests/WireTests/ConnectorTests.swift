// Goal: every value form of connectors' rows (contract §3, "Rows of connectors"; decisions 61 to 63), accepted and refused. Method: tables
// of JSON texts, each put into a row of one field as a flat row, with or without a Connect schema; the same text in a plain row stays
// strict.

import Campaigns
import Testing

@testable import Engine
@testable import Wire

@Suite struct ConnectorTests {
    private func decoder(_ field: Field) -> ChangeDecoder {
        let decoder = ChangeDecoder()
        decoder.publish(Schema("t", [Field(name: "id", type: .string), field]), table: 0)
        return decoder
    }

    /// The value that a flat row's field reads; nil when its record is refused. `described`: members of the field's Connect description.
    private func value(_ json: String, _ field: Field, described: String?) -> Literal? {
        let batch = ChangeBatch()
        let row = #"{"id":"k","f":\#(json)}"#
        let fields = described.map { #"{"type":"struct","fields":[{"field":"id"},{"field":"f",\#($0)}]}"# }
        let record = fields.map { #"{"schema":\#($0),"payload":\#(row)}"# } ?? row
        if let reason = decoder(field).reason(record, mapped: "t", into: batch) {
            #expect(batch.count == 0 && batch.cells.count == 0, "\(json) left something behind")
            #expect(reason.hasPrefix("t.f: "), "\(json): \(reason)")
            return nil
        }
        return batch.plain[0].cells[1]
    }

    private func check(_ type: FieldType, unit: InstantUnit = .milliseconds, described: String? = nil, _ cases: [(String, Literal?)]) {
        let field = Field(name: "f", type: type, values: type == .enum ? ["gold"] : [], unit: unit)
        for (json, expected) in cases + [("null", .null), ("[]", nil), (#""__debezium_unavailable_value""#, .string("<unchanged>"))] {
            let found = value(json, field, described: described)
            #expect(found == expected, "\(type) \(json) \(described ?? ""): \(String(describing: found))")
        }
    }

    @Test func dates() {
        check(
            .date,
            [
                ("0", .date(0)), ("-1", .date(-1)), ("-719162", .date(-719_162)), ("-719163", nil), ("2932896", .date(2_932_896)),
                ("2932897", nil),
                ("9223372036854775807", nil), ("1.0", nil), (#""2024-02-29""#, .date(19782)), (#""2024-02-29Z""#, .date(19782)),
                (#""2024-02-29z""#, nil), (#""2023-02-29Z""#, nil), (#""2024-02-29ZZ""#, nil), (#""Z""#, nil), (#""19782""#, nil),
                ("true", nil),
            ])
    }

    @Test func booleans() {
        check(
            .boolean,
            [
                ("0", .boolean(false)), ("1", .boolean(true)), ("2", nil), ("-1", nil), ("1.0", nil), (#""1""#, nil),
                ("true", .boolean(true)),
            ])
    }

    @Test func instantsInTheUnitOfTheField() {
        check(.datetime, unit: .seconds, [("1", .instant(1000)), ("-1", .instant(-1000)), ("9223372036854775807", nil)])
        check(.datetime, [("-1", .instant(-1)), ("253402300800000", nil), ("1.0", nil), (#""infinity""#, nil), (#""1""#, nil)])
        check(.datetime, unit: .microseconds, [("1767348000123456", .instant(1_767_348_000_123)), ("-1", .instant(-1))])
        check(.datetime, unit: .nanoseconds, [("1999999", .instant(1)), ("-1", .instant(-1))])
        check(
            .datetime, [(#""1969-12-31T23:59:59.999999Z""#, .instant(-1)), (#""2026-03-29T01:30:00+01:00""#, .instant(1_774_744_200_000))])
    }

    @Test func instantsInTheUnitOfTheConnectSchema() {
        for (name, instant) in [
            ("io.debezium.time.Timestamp", 5_000_000), ("org.apache.kafka.connect.data.Timestamp", 5_000_000),
            ("io.debezium.time.MicroTimestamp", 5000), ("io.debezium.time.NanoTimestamp", 5), ("io.debezium.time.Other", 5_000_000_000),
        ] as [(String, Int64)] {
            check(.datetime, unit: .seconds, described: #""type":"int64","name":"\#(name)""#, [("5000000", .instant(instant))])
        }
        // The field's unit would take it; what the schema names does not.
        check(.datetime, unit: .nanoseconds, described: #""name":"io.debezium.time.Timestamp""#, [("9000000000000000", nil)])
        for described in [#""name":5"#, #""name":null"#, #""x":1"#] { check(.datetime, described: described, [("7", .instant(7))]) }
    }

    @Test func textsOfNumbers() {
        check(
            .double,
            [
                (#""1.10""#, .double(1.1)), (#""-0""#, .double(0)), (#""0e999999999999""#, .double(0)), (#""1.5e2""#, .double(150)),
                (#""1E+2""#, .double(100)), (#""00012""#, .double(12)), (#""0.33333333333333333333""#, .double(1.0 / 3)),
                (#""9007199254740993""#, .double(9_007_199_254_740_992)), (#""9007199254740993.0000001""#, .double(9_007_199_254_740_994)),
                (#""1e23""#, .double(1e23)), (#""8.5e-323""#, .double(17 * .leastNonzeroMagnitude)), (#""1e-400""#, .double(0)),
                (#""1.7976931348623157e308""#, .double(1.7976931348623157e308)), (#""1e309""#, nil), (#""1e99999999999999999999""#, nil),
                (#""NaN""#, nil), (#""Infinity""#, nil), (#""""#, nil), (#""-""#, nil), (#""+1""#, nil), (#"" 1""#, nil), (#""1 ""#, nil),
                (#""1.""#, nil), (#"".5""#, nil), (#""1e""#, nil), (#""1e+""#, nil), (#""0x10""#, nil), (#""1\u0000""#, nil),
                (#""1,5""#, nil),
                (#""bg==""#, nil), ("1e999", nil), ("true", nil),
            ])
        check(
            .integer,
            [
                (#""-7""#, .integer(-7)), (#""10.0""#, .integer(10)), (#""1.5e1""#, .integer(15)),
                (#""1e18""#, .integer(1_000_000_000_000_000_000)),
                (#""9223372036854775807""#, .integer(.max)), (#""9223372036854775808""#, nil), (#""-9223372036854775808""#, .integer(.min)),
                (#""-9223372036854775809""#, nil), (#""9223372036854775807.000000000000000000000000""#, .integer(.max)), (#""1.5""#, nil),
                (#""9223372036854775807.000000000000000000000001""#, nil), (#""1000000000000000000000e-10""#, .integer(100_000_000_000)),
                (#""0.00e99""#, .integer(0)), (#""1e99999999999999999999""#, nil), (#""-0""#, .integer(0)), (#""x""#, nil),
            ])
    }

    @Test func variableScaleDecimals() {
        check(
            .double,
            [
                (#"{"scale":2,"value":"/tQ="}"#, .double(-3)), (#"{"value":"Ac6Xyg8hBVVV","scale":20}"#, .double(0.33333333333333333333)),
                (#"{"scale":0,"value":""}"#, nil), (#"{"scale":-2,"value":"AQ=="}"#, .double(100)),
                (#"{"scale":999999999999,"value":"AQ=="}"#, .double(0)), (#"{"scale":-999999999999,"value":"AQ=="}"#, nil),
                (#"{"scale":-9223372036854775808,"value":"AQ=="}"#, nil), (#"{"scale":2}"#, nil), (#"{"value":"AQ=="}"#, nil), ("{}", nil),
                (#"{"scale":2,"value":"AQ==","x":1}"#, nil), (#"{"scale":"2","value":"AQ=="}"#, nil),
                (#"{"scale":2.0,"value":"AQ=="}"#, nil),
                (#"{"scale":2,"value":1}"#, nil), (#"{"scale":2,"value":"A"}"#, nil), (#"{"scale":2,"value":"A==="}"#, nil),
                (#"{"scale":2,"value":"A=B="}"#, nil), (#"{"scale":2,"value":"AQ==AQ=="}"#, nil), (#"{"scale":2,"value":"A_-="}"#, nil),
                (#"{"scale":2,"value":"AQ== "}"#, nil), (#"{"scale":2,"value":"===="}"#, nil),
            ])
        check(
            .integer,
            [
                (#"{"scale":0,"value":"AQAA"}"#, .integer(65536)), (#"{"scale":2,"value":"Cg=="}"#, nil),
                (#"{"scale":2,"value":"AfQ="}"#, .integer(5)),
                (#"{"scale":0,"value":"f/////////8="}"#, .integer(.max)), (#"{"scale":0,"value":"gAAAAAAAAAA="}"#, .integer(.min)),
                (#"{"scale":0,"value":"AIAAAAAAAAAA"}"#, nil),
            ])
        check(.string, [("{}", nil), (#"{"scale":2,"value":"AQ=="}"#, nil)])
    }

    @Test func decimalsBesideTheirSchema() {
        func decimal(_ scale: String) -> String {
            #""type":"bytes","name":"org.apache.kafka.connect.data.Decimal","version":1,"parameters":{"scale":\#(scale),"connect.decimal.precision":"12"}"#
        }
        check(
            .double, described: decimal(#""2""#),
            [(#""bg==""#, .double(1.1)), (#""/w==""#, .double(-0.01)), ("1.5", .double(1.5)), (#""1.5""#, nil), (#""""#, nil)])
        check(.double, described: decimal("0"), [(#""/w==""#, .double(-1)), (#""1234""#, .double(-2_658_824))])
        check(.integer, described: decimal(#""-3""#), [(#""AQ==""#, .integer(1000))])
        for scale in [#""""#, #""x""#, "null", "[]", #""1.5""#] { check(.double, described: decimal(scale), [(#""bg==""#, nil)]) }
        check(.double, described: #""name":"org.apache.kafka.connect.data.Decimal""#, [(#""bg==""#, nil)])
        check(.double, described: #""name":"org.apache.kafka.connect.data.Other""#, [(#""bg==""#, nil), (#""1.5""#, .double(1.5))])
    }

    /// Far beyond what a machine word holds, against numbers that are known exactly: 2^n in two's complement is a one and zeros.
    @Test func longDecimals() {
        for power in [63, 64, 127, 500, 1023] {
            let bytes =
                [UInt8](repeating: 0, count: 7 - power / 8 % 3) + [UInt8(1 << (power % 8))] + [UInt8](repeating: 0, count: power / 8)
            let padded = [UInt8](repeating: 0, count: (3 - bytes.count % 3) % 3) + bytes
            let found = value(#"{"scale":0,"value":"\#(base64(padded))"}"#, Field(name: "f", type: .double), described: nil)
            #expect(found == .double(Double(sign: .plus, exponent: power, significand: 1)), "2^\(power)")
            let negative =
                [UInt8](repeating: 0xff, count: padded.count - power / 8 - 1) + [UInt8(truncatingIfNeeded: -(1 << (power % 8)))]
                + [UInt8](repeating: 0, count: power / 8)
            #expect(
                value(#"{"scale":0,"value":"\#(base64(negative))"}"#, Field(name: "f", type: .double), described: nil)
                    == .double(-Double(sign: .plus, exponent: power, significand: 1)), "-2^\(power)")
        }
        let most = base64([1] + [UInt8](repeating: 0, count: 8189))
        #expect(value(#"{"scale":19600,"value":"\#(most)"}"#, Field(name: "f", type: .double), described: nil) != nil)
        #expect(value(#"{"scale":0,"value":"\#(most)"}"#, Field(name: "f", type: .double), described: nil) == nil)
        let longer = base64([1] + [UInt8](repeating: 0, count: 8192))
        #expect(value(#"{"scale":19600,"value":"\#(longer)"}"#, Field(name: "f", type: .double), described: nil) == nil)
    }

    /// Base64 of bytes whose count three divides.
    private func base64(_ bytes: [UInt8]) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let bits = Int(bytes[start]) << 16 | Int(bytes[start + 1]) << 8 | Int(bytes[start + 2])
            for shift in [18, 12, 6, 0] { text.append(letters[bits >> shift & 63]) }
        }
        return text
    }

    @Test func textsStayTexts() {
        check(.string, [(#""1.10""#, .string("1.10")), ("5", nil)])
        check(.enum, [(#""gold""#, .string("gold")), (#""lead""#, nil), ("0", nil)])
    }

    @Test func aRefusalSaysWhatHelps() {
        func reason(_ json: String, _ type: FieldType, unit: InstantUnit = .milliseconds) -> String {
            decoder(Field(name: "f", type: type, unit: unit)).reason(#"{"id":"k","f":\#(json)}"#, mapped: "t", into: ChangeBatch()) ?? ""
        }
        for json in [#""bg==""#, #"{"scale":2}"#] {
            let text = reason(json, .double)
            #expect(text.hasPrefix("t.f: a number is expected, not "), "\(text)")
            #expect(text.contains("decimal.handling.mode=double") && text.contains("value.converter.schemas.enable=true"), "\(text)")
        }
        #expect(
            reason("999999999999999999", .datetime, unit: .microseconds).hasPrefix(
                "t.f: an instant (RFC 3339 with an offset, or whole microseconds since 1970) is expected, not this number; "
                    + "read in microseconds"))
        #expect(
            reason(#""infinity""#, .datetime)
                == "t.f: an instant (RFC 3339 with an offset, or whole milliseconds since 1970) is expected, not this text")
        #expect(reason(#""\#(String(repeating: "x", count: 500))""#, .double).utf8.count < 400)
    }

    /// Decision 61: the forms are tried only on Debezium and flat rows; the field's unit holds everywhere.
    @Test func plainRowsAndChangeRequestsStayStrict() {
        let forms: [(FieldType, String)] = [
            (.date, "5"), (.date, #""2024-02-29Z""#), (.boolean, "1"), (.double, #""1.10""#), (.integer, #""7""#),
            (.double, #"{"scale":2,"value":"bg=="}"#),
        ]
        for (type, json) in forms {
            let decoder = decoder(Field(name: "f", type: type))
            let batch = ChangeBatch()
            let row = #"{"id":"k","f":\#(json)}"#
            #expect(decoder.reason(#"{"table":"t","op":"u","row":\#(row)}"#, into: batch) != nil, "\(json)")
            #expect(decoder.reason(#"{"_change_request_type":"u",\#(row.dropFirst())"#, mapped: "t", into: batch) != nil, "\(json)")
            #expect(decoder.reason(#"{"op":"c","source":{"table":"t"},"after":\#(row)}"#, into: batch) == nil, "\(json)")
            #expect(decoder.reason(#"{"schema":null,"payload":\#(row)}"#, mapped: "t", into: batch) == nil, "\(json)")
        }
        let seconds = decoder(Field(name: "f", type: .datetime, unit: .seconds))
        let (batch, text) = (ChangeBatch(), decoder(Field(name: "f", type: .string)))
        #expect(seconds.reason(#"{"table":"t","op":"u","row":{"id":"k","f":2}}"#, into: batch) == nil)
        #expect(text.reason(#"{"table":"t","op":"u","row":{"id":"k","f":"__debezium_unavailable_value"}}"#, into: batch) == nil)
        #expect(batch.plain.map(\.cells[1]) == [.instant(2000), .string("__debezium_unavailable_value")])
    }

    /// Decision 62: of Debezium the description of the image that is read, of fields in any order.
    @Test func theDescriptionOfTheImage() {
        let decoder = ChangeDecoder()
        let fields = ["a", "b", "c"].map { Field(name: $0, type: .double) }
        decoder.publish(Schema("t", [Field(name: "id", type: .string)] + fields, key: [1]), table: 0)
        func decimal(_ field: String, _ scale: Int) -> String {
            #"{"name":"org.apache.kafka.connect.data.Decimal","parameters":{"scale":"\#(scale)"},"field":"\#(field)"}"#
        }
        let before = #"{"field":"before","fields":[\#(decimal("a", 0))]}"#
        let after = #"{"field":"after","fields":["x",5,{"field":7},\#(decimal("c", 3)),\#(decimal("a", 1)),\#(decimal("b", 2))]}"#
        let schema = #"{"type":"struct","fields":[\#(before),\#(after),{"field":"op"}]}"#
        let batch = ChangeBatch()
        let image = #"{"a":"Cg==","b":"Cg==","c":"Cg==","id":"k"}"#
        for (op, name) in [("u", "after"), ("d", "before")] {
            let payload = #"{"op":"\#(op)","source":{"table":"t"},"\#(name)":\#(image)}"#
            #expect(decoder.reason(#"{"schema":\#(schema),"payload":\#(payload)}"#, into: batch) == nil)
        }
        #expect(batch.story(["t"]) == ["u t k 1.0 0.1 0.01", "d t null 10.0 null null"])
        for broken in ["null", "{}", #"{"fields":5}"#, #"{"fields":[{"field":"after","fields":{}}]}"#] {
            #expect(
                decoder.reason(#"{"schema":\#(broken),"payload":{"op":"u","source":{"table":"t"},"after":\#(image)}}"#, into: batch) != nil)
        }
    }
}
