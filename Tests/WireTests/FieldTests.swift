// Goal: what each field type takes and what it refuses, at the edges (contract §3, decision 17). Method: tables of JSON texts, each put
// into a row of one field and read through the whole decoder; the value, or that it is refused and leaves nothing.

import Campaigns
import Testing

@testable import Engine
@testable import Wire

@Suite struct FieldTests {
    /// The value that a field reads; nil when its record is refused.
    private func value(_ json: String, _ field: Field) -> Literal? {
        let decoder = ChangeDecoder()
        decoder.publish(Schema("t", [Field(name: "id", type: .string), field]), table: 0)
        let batch = ChangeBatch()
        if let reason = decoder.refusal(#"{"table":"t","op":"u","row":{"id":"k","f":\#(json)}}"#, into: batch) {
            #expect(batch.count == 0 && batch.cells.count == 0, "\(json) left something behind")
            #expect(reason.hasPrefix("t.f: "), "\(json): \(reason)")
            return nil
        }
        #expect(batch.plain.count == 1)
        return batch.plain[0].cells[1]
    }

    private func check(_ type: FieldType, unit: InstantUnit = .milliseconds, _ cases: [(String, Literal?)]) {
        let field = Field(name: "f", type: type, values: type == .enum ? ["shoes", "books", ""] : [], unit: unit)
        for (json, expected) in cases + [("null", .null), ("{}", nil), ("[]", nil), ("[1]", nil)] {
            let found = value(json, field)
            #expect(found == expected, "\(type) \(json)")
        }
    }

    @Test func strings() {
        check(
            .string,
            [
                (#""x""#, .string("x")), (#""""#, .string("")), (#""\u00e9\ud83d\ude00\n\"\\\/""#, .string("é😀\n\"\\/")),
                (#""\u0000""#, .string("\0")), ("5", nil), ("1.5", nil), ("true", nil),
            ])
    }

    /// A number beyond all doubles is a number still.
    @Test func aHugeNumberIsNoText() {
        check(.string, [("1e999", nil), ("-1e999", nil)])
    }

    @Test func integers() {
        check(
            .integer,
            [
                ("0", .integer(0)), ("-0", .integer(0)), ("-7", .integer(-7)), ("9223372036854775807", .integer(.max)),
                ("-9223372036854775808", .integer(.min)), ("9223372036854775808", nil), ("18446744073709551615", nil),
                ("18446744073709551616", nil), ("-18446744073709551616", nil), ("123456789012345678901234567890", nil),
                ("5.0", .integer(5)),
                ("-5.0", .integer(-5)), ("-0.0", .integer(0)), ("1e3", .integer(1000)), ("15e-1", nil), ("150e-1", .integer(15)),
                ("1e18", .integer(1_000_000_000_000_000_000)), ("1e19", nil), ("1.5", nil), ("1e-3", nil), ("1e999", nil), (#""5""#, nil),
                ("true", nil),
            ])
    }

    /// As a double it would be −2^63 exactly, which an integer holds.
    @Test func integersJustBelow64Bits() {
        check(.integer, [("-9223372036854775809", nil), ("-9223372036854775900", nil)])
    }

    @Test func doubles() {
        check(
            .double,
            [
                ("5", .double(5)), ("1.5", .double(1.5)), ("-1e3", .double(-1000)), ("0.1", .double(0.1)),
                ("5e-324", .double(.leastNonzeroMagnitude)),
                ("1e-400", .double(0)), ("9007199254740993", .double(9_007_199_254_740_992)),
                ("9223372036854775807", .double(9_223_372_036_854_775_808)), ("9223372036854775808", .double(9_223_372_036_854_775_808)),
                ("-9223372036854775809", .double(-9_223_372_036_854_775_808)),
                ("18446744073709551615", .double(18_446_744_073_709_551_616)),
                ("18446744073709551616", .double(18_446_744_073_709_551_616)),
                ("123456789012345678901234567890", .double(1.2345678901234568e29)),
                ("1.7976931348623157e308", .double(.greatestFiniteMagnitude)),
                ("1.7976931348623159e308", nil), ("1e309", nil), ("-1e999", nil), (String(repeating: "9", count: 400), nil),
                (#""1.5""#, nil),
                ("false", nil), (#""NaN""#, nil),
            ])
    }

    @Test func aNegativeZeroIsZero() {
        for json in ["-0.0", "-0", "-0e5", "-1e-400"] {
            guard case .double(let number)? = value(json, Field(name: "f", type: .double)) else {
                Issue.record("\(json) is refused")
                continue
            }
            #expect(number.sign == .plus && number == 0, "\(json)")
        }
    }

    @Test func booleans() {
        check(
            .boolean,
            [
                ("true", .boolean(true)), ("false", .boolean(false)), ("0", nil), ("1", nil), (#""true""#, nil), (#""""#, nil),
                ("1e999", nil),
            ])
    }

    @Test func enums() {
        check(
            .enum,
            [
                (#""shoes""#, .string("shoes")), (#""sh\u006fes""#, .string("shoes")), (#""""#, .string("")), (#""Shoes""#, nil),
                (#""shoe""#, nil),
                (#""shoess""#, nil), ("0", nil), ("true", nil),
            ])
    }

    @Test func dates() {
        check(
            .date,
            [
                (#""2024-02-29""#, .date(19_782)), (#""2023-02-29""#, nil), (#""1900-02-29""#, nil), (#""2000-02-29""#, .date(11_016)),
                (#""1970-01-01""#, .date(0)), (#""1969-12-31""#, .date(-1)), (#""0001-01-01""#, .date(-719_162)),
                (#""9999-12-31""#, .date(2_932_896)), (#""0000-12-31""#, nil), (#""10000-01-01""#, nil), (#""2024-13-01""#, nil),
                (#""2024-00-01""#, nil), (#""2024-04-31""#, nil), (#""2024-01-00""#, nil), (#""2024-1-1""#, nil), (#""1970-01-01Z""#, nil),
                (#""1970-01-01T00:00:00Z""#, nil), (#"" 1970-01-01""#, nil), (#""""#, nil), ("0", nil), ("19782", nil),
            ])
    }

    @Test func instantsAsText() {
        let half: Int64 = 1_772_357_400_000
        let cases: [(String, Literal?)] = [
            (#""2026-03-01T09:30:00Z""#, .instant(half)), (#""2026-03-01T09:30:00.250Z""#, .instant(half + 250)),
            (#""2026-03-01T09:30:00.2509999Z""#, .instant(half + 250)), (#""2026-03-01T09:30:00.5Z""#, .instant(half + 500)),
            (#""2026-03-01T11:30:00+02:00""#, .instant(half)), (#""2026-02-28T20:00:00-13:30""#, .instant(half)),
            (#""2026-03-01T09:30:00-00:00""#, .instant(half)), (#""2026-03-01t09:30:00z""#, .instant(half)),
            (#""1969-12-31T23:59:59.9999Z""#, .instant(-1)), (#""0001-01-01T00:00:00Z""#, .instant(-62_135_596_800_000)),
            (#""9999-12-31T23:59:59.999Z""#, .instant(253_402_300_799_999)), (#""0001-01-01T00:00:00+00:01""#, nil),
            (#""9999-12-31T23:59:59-00:01""#, nil), (#""2026-03-01T09:30:00""#, nil), (#""2026-03-01T24:00:00Z""#, nil),
            (#""2026-03-01T09:60:00Z""#, nil), (#""2026-03-01T09:30:60Z""#, nil), (#""2026-02-29T09:30:00Z""#, nil),
            (#""2026-03-01 09:30:00Z""#, nil), (#""2026-03-01T09:30:00.Z""#, nil), (#""2026-03-01T09:30Z""#, nil),
            (#""2026-03-01T09:30:00+0200""#, nil), (#""2026-03-01T09:30:00+24:00""#, nil), (#""2026-03-01T09:30:00+02:60""#, nil),
            (#""2026-03-01T09:30:00Z ""#, nil), (#""2026-03-01""#, nil), (#""""#, nil), (#""1772357400000""#, nil),
        ]
        for unit in InstantUnit.allCases { check(.datetime, unit: unit, cases) }
    }

    @Test func instantsAsMilliseconds() {
        check(
            .datetime,
            [
                ("0", .instant(0)), ("-1", .instant(-1)), ("253402300799999", .instant(253_402_300_799_999)), ("253402300800000", nil),
                ("-62135596800000", .instant(-62_135_596_800_000)), ("-62135596800001", nil), ("5.0", nil), ("1e3", nil),
                ("9223372036854775807", nil), ("9223372036854775808", nil), ("true", nil),
            ])
    }

    @Test func instantsInOtherUnits() {
        check(
            .datetime, unit: .seconds,
            [
                ("1", .instant(1000)), ("-1", .instant(-1000)), ("253402300799", .instant(253_402_300_799_000)), ("253402300800", nil),
                ("-62135596800", .instant(-62_135_596_800_000)), ("-62135596801", nil), ("9223372036854775807", nil),
                ("-9223372036854775808", nil), ("9223372036854776", nil), ("1.0", nil),
            ])
        check(
            .datetime, unit: .microseconds,
            [
                ("1500", .instant(1)), ("999", .instant(0)), ("-1", .instant(-1)), ("-999", .instant(-1)), ("-1000", .instant(-1)),
                ("-1001", .instant(-2)), ("253402300799999999", .instant(253_402_300_799_999)), ("253402300800000000", nil),
                ("-62135596800000000", .instant(-62_135_596_800_000)), ("-62135596800000001", nil),
            ])
        check(
            .datetime, unit: .nanoseconds,
            [
                ("999999", .instant(0)), ("1000000", .instant(1)), ("-1", .instant(-1)), ("-1000000", .instant(-1)),
                ("-1000001", .instant(-2)),
                ("9223372036854775807", .instant(9_223_372_036_854)), ("-9223372036854775808", .instant(-9_223_372_036_855)),
                ("9223372036854775808", nil),
            ])
    }

    @Test func theReasonNamesFieldValueAndType() {
        let decoder = ChangeDecoder()
        let fields = [
            Field(name: "id", type: .string), Field(name: "n", type: .integer), Field(name: "c", type: .enum, values: ["red", "blue"]),
        ]
        decoder.publish(Schema("t", fields), table: 0)
        func reason(_ row: String) -> String? {
            decoder.refusal(#"{"table":"t","op":"u","row":\#(row)}"#, into: ChangeBatch())
        }
        #expect(reason(#"{"id":"k","n":1.5}"#) == "t.n: a whole number of 64 bits is expected, not this number")
        #expect(reason(#"{"id":"k","c":"green"}"#) == "t.c: one of red, blue is expected, not this text")
        #expect(reason(#"{"id":5}"#) == "t.id: a text is expected, not a number")
        #expect(reason(#"{"id":"k","n":"\#(String(repeating: "x", count: 200))"}"#)?.utf8.count ?? 999 < 110)
    }
}
