// Goal: functions and operators of values are those of semantics §3 and decisions 18 and 20–25. Method: the facts of the conformance
// suite and of the standards of the digests, row by row; null rules and edges of every kind of value.

import Campaigns
import Testing

@testable import Engine

/// What a call gives, in a form that compares: texts are copied.
private enum Found: Equatable {
    case null
    case truth(Bool)
    case integer(Int64)
    case double(Double)
    case text(String)
    case date(String)
    case instant(String)
}

private let paris = Zones.rules["Europe/Paris"]!

/// Calls a function. Of the arguments, texts that are dates or instants after `d:` and `t:` are these.
private func call(_ function: Function, _ arguments: Any?..., zone: TimeZoneRules = paris) -> Found {
    var texts = TextArena()
    var inputs = TextArena()
    let values = arguments.map { value($0, &inputs) }
    return found(values.withUnsafeBufferPointer { FunctionEvaluator.call(function, $0, zone: zone, texts: &texts) })
}

private func value(_ argument: Any?, _ texts: inout TextArena) -> Value {
    switch argument {
    case let text as String where text.hasPrefix("d:"): return .date(CivilDate.day(of: String(text.dropFirst(2)))!)
    case let text as String where text.hasPrefix("t:"): return .instant(InstantText.milliseconds(of: String(text.dropFirst(2)))!)
    case let text as String: return texts.text(Array(text.utf8))
    case let truth as Bool: return .boolean(truth)
    case let number as Int: return .integer(Int64(number))
    case let number as Int64: return .integer(number)
    case let number as Double: return .double(number)
    default: return .null
    }
}

private func found(_ value: Value) -> Found {
    switch value.kind {
    case .null: return .null
    case .boolean: return .truth(value.bits != 0)
    case .integer: return .integer(value.integer)
    case .double: return .double(value.double)
    case .text: return .text(String(decoding: value.text, as: UTF8.self))
    case .instant: return .instant(InstantText.text(of: value.integer))
    case .date:
        var bytes: [UInt8] = []
        CivilDate.append(Int32(value.integer), to: &bytes)
        return .date(String(decoding: bytes, as: UTF8.self))
    }
}

@Suite struct FunctionTests {
    @Test func nullInNullOut() {
        for function in Function.allCases {
            #expect(call(function, nil, nil, nil, nil) == .null)
        }
        #expect(call(.replace, "a", nil, "x") == .null)
        #expect(call(.greatest, 1, nil) == .null)
        #expect(call(.round, 1.5, nil) == .null)
        #expect(call(.leftPad, "a", 3, nil) == .null)
    }

    // MARK: Dates

    @Test func partsAndBeginnings() {
        let at = "t:2026-06-30T22:30:15.250Z"
        let parts: [(Function, Int64)] = [
            (.year, 2026), (.month, 7), (.day, 1), (.hour, 0), (.minute, 30), (.second, 15), (.dayOfYear, 182), (.weekDay, 3),
        ]
        for (function, expected) in parts { #expect(call(function, at) == .integer(expected)) }
        #expect(call(.weekDay, "d:2026-03-01") == .integer(7))
        #expect(call(.hour, "d:2026-03-01") == .integer(0))
        #expect(call(.second, "t:1969-12-31T23:59:59.999Z", zone: .utc) == .integer(59))
        #expect(call(.dateOnly, at) == .date("2026-07-01"))
        #expect(call(.truncWeek, at) == .instant("2026-06-28T22:00:00.000Z"))
        #expect(call(.truncQuarter, "d:2026-03-01") == .date("2026-01-01"))
        #expect(call(.year, "t:9999-12-31T23:30:00Z") == .null)
    }

    @Test func sumsAndDifferences() {
        #expect(call(.addDays, "t:2026-03-28T01:30:00Z", 1) == .instant("2026-03-29T01:30:00.000Z"))
        #expect(call(.addDays, "t:2026-10-25T01:30:00Z", 0) == .instant("2026-10-25T00:30:00.000Z"))
        #expect(call(.addHours, "t:2026-10-24T00:30:00Z", 25) == .instant("2026-10-25T01:30:00.000Z"))
        #expect(call(.addMonths, "d:2026-01-31", 1) == .date("2026-02-28"))
        #expect(call(.addYears, "d:2024-02-29", 9000) == .null)
        #expect(call(.addSeconds, "d:2024-02-29", Int64.max) == .null)
        #expect(call(.daysDiff, "t:2026-03-03T00:00:00Z", "t:2026-03-01T01:00:00Z") == .integer(1))
        #expect(call(.yearsDiff, "d:2026-03-01", "d:2008-02-29") == .integer(18))
        #expect(call(.minutesDiff, "t:2026-03-01T01:00:00Z", "d:2026-03-01") == .integer(120))
    }

    @Test func conversionsOfDates() {
        #expect(call(.toDate, "2026-02-30") == .null)
        #expect(call(.toDate, "2026-02-28") == .date("2026-02-28"))
        #expect(call(.toDateTime, "2026-01-01T00:00:00+01:00") == .instant("2025-12-31T23:00:00.000Z"))
        #expect(call(.toDateTime, "2026-13-01T00:00:00Z") == .null)
        #expect(call(.toDateTime, "d:2026-03-01") == .instant("2026-02-28T23:00:00.000Z"))
        // ToTimeZone is the wall time of the one zone, read by the other: 00:30 in Paris is 18:30 the day before in New York.
        #expect(call(.wallTime, "t:2026-06-30T22:30:00Z", zone: Zones.rules["America/New_York"]!) == .instant("2026-06-30T18:30:00.000Z"))
        #expect(call(.toTimeZone, "t:2026-06-30T18:30:00Z") == .instant("2026-06-30T16:30:00.000Z"))
        #expect(call(.wallTime, "d:2026-03-01") == .instant("2026-03-01T00:00:00.000Z"))
    }

    @Test func agesOfTheClock() throws {
        let now = try #require(InstantText.milliseconds(of: "2026-01-31T00:00:00Z"))
        func threshold(_ count: Int64, _ unit: CalendarUnit, isDate: Bool = false) -> Found {
            found(FunctionEvaluator.ageThreshold(.integer(count), isAbove: false, unit: unit, isDate: isDate, now: now, zone: .utc))
        }
        #expect(threshold(30, .days) == .instant("2026-01-01T00:00:00.000Z"))
        #expect(threshold(0, .days) == .instant("2026-01-31T23:59:59.999Z"))
        #expect(threshold(18, .years, isDate: true) == .date("2008-01-31"))
        #expect(threshold(11, .months, isDate: true) == .date("2025-02-28"))
        // Never null: no year is old enough, and every one is.
        let never = FunctionEvaluator.ageThreshold(.integer(3000), isAbove: false, unit: .years, isDate: true, now: now, zone: .utc)
        #expect(never.kind == .date && never.integer == Int64(CivilDate.minimum) - 1)
        #expect(threshold(-9000, .years, isDate: true) == .date("9999-12-31"))
    }

    // MARK: Numbers

    @Test func numbers() {
        #expect(call(.abs, -7) == .integer(7))
        #expect(call(.abs, Int64.min) == .null)
        #expect(call(.ceil, -2.5) == .double(-2))
        #expect(call(.floor, -2.5) == .double(-3))
        #expect(call(.floor, Int64.max) == .integer(.max))
        #expect(call(.sign, -0.0) == .integer(0))
        #expect(call(.sign, -2.5) == .integer(-1))
        #expect(call(.least, -7, -2) == .integer(-7))
        #expect(call(.greatest, "a", "é", "b") == .text("é"))
        #expect(call(.oldest, "d:2026-01-02", "d:2026-01-01") == .date("2026-01-01"))
        #expect(call(.modulo, -7, 3) == .integer(-1))
        #expect(call(.modulo, 7, 0) == .null)
        #expect(call(.modulo, Int64.min, -1) == .integer(0))
        #expect(call(.percent, 1, 8) == .double(12.5))
        #expect(call(.percent, 1, 0) == .null)
    }

    @Test(
        arguments: [
            (2.5, 0, 3, 2), (-2.5, 0, -3, -2), (1.25, 1, 1.3, 1.2), (1.29, 1, 1.3, 1.2), (1234.5, -2, 1200, 1200), (1250.0, -2, 1300, 1200),
            (0.49999999999999994, 0, 0, 0), (1.005, 2, 1.0, 1.0), (9007199254740993.0, 0, 9007199254740992, 9007199254740992),
        ] as [(Double, Int, Double, Double)])
    func rounding(_ value: Double, _ decimals: Int, _ rounded: Double, _ cut: Double) {
        #expect(call(.round, value, decimals) == .double(rounded))
        #expect(call(.trunc, value, decimals) == .double(cut))
    }

    @Test func roundingOfIntegersAndEdges() {
        #expect(call(.round, 1250, -2) == .integer(1300))
        #expect(call(.round, Int64.max) == .integer(.max))
        #expect(call(.round, Int64.max, 5) == .integer(.max))
        #expect(call(.trunc, -1299, -2) == .integer(-1200))
        #expect(call(.round, 1e300, 20) == .null)
        #expect(call(.round, 1.5, -400) == .null)
        #expect(call(.round, 1.5, Int64.max) == .null)
        // In doubles, as it is said: 9 ÷ 10^-18 is a little less than 9·10^18.
        #expect(call(.round, Int64.max, -18) == .integer(8_999_999_999_999_998_976))
        // Rounded up past the largest integer.
        #expect(call(.round, Int64.max, -19) == .null)
    }

    @Test func conversionsOfNumbers() {
        let doubles: [(String, Found)] = [
            ("1.5", .double(1.5)), ("1e2", .double(100)), ("-1.25E-3", .double(-0.00125)), ("-0", .double(0)), ("x", .null), ("", .null),
            ("1.", .null), (".5", .null), ("+5", .null), (" 1", .null), ("1e999", .null), ("1e-999", .double(0)), ("0x10", .null),
            ("nan", .null),
            ("1e", .null), ("12345678901234567890", .double(12345678901234567168)), ("inf", .null),
        ]
        for (text, expected) in doubles { #expect(call(.toDoubleValue, text) == expected, "\(text)") }
        let integers: [(String, Found)] = [
            ("12", .integer(12)), ("-7", .integer(-7)), ("12.5", .null), ("99999999999999999999", .null),
            ("9223372036854775807", .integer(.max)),
            ("9223372036854775808", .null), ("-9223372036854775808", .integer(.min)), ("-9223372036854775809", .null), ("", .null),
            ("-", .null),
            ("+1", .null), ("001", .integer(1)),
        ]
        for (text, expected) in integers { #expect(call(.toInteger, text) == expected, "\(text)") }
        #expect(call(.toInteger, -2.9) == .integer(-2))
        #expect(call(.toInteger, 1e19) == .null)
        #expect(call(.toDoubleValue, -7) == .double(-7))
    }

    @Test func distances() {
        #expect(call(.distance, 0, 0, 0, 0) == .double(0))
        guard case .double(let half) = call(.distance, 0, 0, 180, 0),
            case .double(let channel) = call(.distance, 2.3522, 48.8566, -0.1276, 51.5072)
        else {
            Issue.record("no distance")
            return
        }
        #expect(abs(half - 20015.0868) < 0.001)
        #expect(channel.rounded() == 344)
        #expect(call(.distance, 1e308, 0, -1e308, 0) == .null)
    }

    @Test func arithmetic() {
        var texts = TextArena()
        func result(_ operation: ArithmeticOperator, _ a: Any?, _ b: Any?) -> Found {
            found(FunctionEvaluator.arithmetic(operation, value(a, &texts), value(b, &texts)))
        }
        #expect(result(.divide, 7, 2) == .double(3.5))
        #expect(result(.divide, 1, 0) == .null)
        #expect(result(.divide, 1.5, 0.0) == .null)
        #expect(result(.divide, 1e308, 0.1) == .null)
        #expect(result(.add, Int64.max, 1) == .null)
        #expect(result(.subtract, -Int64.max, 1) == .integer(.min))
        #expect(result(.multiply, 1e308, 10.0) == .null)
        #expect(result(.remainder, 7, -2) == .integer(1))
        #expect(result(.remainder, -7, 2) == .integer(-1))
        #expect(result(.remainder, 5.5, 2.0) == .double(1.5))
        #expect(result(.add, nil, 1) == .null)
        #expect(result(.divide, Int64.min, -1) == .double(0x1p63))
        #expect(found(FunctionEvaluator.negate(.integer(.min))) == .null)
        #expect(found(FunctionEvaluator.negate(.double(2.5))) == .double(-2.5))
        #expect(FunctionEvaluator.negate(.double(0)).double.sign == .plus)
        // Rounded once: as doubles the sides are equal, or another double apart.
        #expect(result(.divide, 9_007_199_254_740_993, 9_007_199_254_740_992) == .double(1))
        #expect(result(.divide, Int64.max, 9_007_199_254_740_993) == .double(1023.9999999999999))
        #expect(result(.divide, Int64.max, 3) == .double(3_074_457_345_618_258_432))
    }

    // MARK: Texts

    @Test func characters() {
        let text = "Éric 😀"
        #expect(call(.length, text) == .integer(6))
        #expect(call(.left, text, 2) == .text("Ér"))
        #expect(call(.left, text, 99) == .text(text))
        #expect(call(.left, text, -1) == .text(""))
        #expect(call(.right, text, 1) == .text("😀"))
        #expect(call(.right, text, 0) == .text(""))
        #expect(call(.right, text, Int64.max) == .text(text))
        #expect(call(.substring, text, 2, 3) == .text("ric"))
        #expect(call(.substring, text, 3) == .text("ic 😀"))
        #expect(call(.substring, text, 0, 2) == .text("É"))
        #expect(call(.substring, text, 9, 2) == .text(""))
        #expect(call(.substring, text, Int64.min, Int64.max) == .text(""))
        #expect(call(.substring, text, 2, Int64.max) == .text("ric 😀"))
        #expect(call(.substring, text, -1, 3) == .text("É"))
        #expect(call(.charIndex, "héllo", "l") == .integer(3))
        #expect(call(.charIndex, "hello", "z") == .integer(0))
        #expect(call(.charIndex, "", "") == .integer(1))
    }

    @Test func cases() {
        #expect(call(.lower, "ÉRIC 😀") == .text("éric 😀"))
        #expect(call(.upper, "straße ŉ ffi") == .text("STRASSE ʼN FFI"))
        #expect(call(.lower, "ΑΣ") == .text("ασ"))
        #expect(call(.lower, "İ") == .text("i̇"))
        #expect(call(.smart, "jEAN-paul o'NEIL 2ND élAN") == .text("Jean-Paul O'Neil 2nd Élan"))
        #expect(call(.upper, String(repeating: "a", count: 600_000)) == .text(String(repeating: "A", count: 600_000)))
    }

    @Test func trimmedReplacedAndPadded() {
        #expect(call(.trim, " \t ab c\r\n") == .text("ab c"))
        #expect(call(.leftTrim, "  ab ") == .text("ab "))
        #expect(call(.rightTrim, "  ab ") == .text("  ab"))
        #expect(call(.trim, "   ") == .text(""))
        #expect(call(.trim, "\u{a0}a") == .text("\u{a0}a"))
        #expect(call(.replace, "aXbX", "X", "-") == .text("a-b-"))
        #expect(call(.replace, "aaa", "aa", "é") == .text("éa"))
        #expect(call(.replace, "ab", "", "-") == .text("ab"))
        #expect(call(.leftPad, "7", 3, "0") == .text("007"))
        #expect(call(.leftPad, "7", 3) == .text("  7"))
        #expect(call(.rightPad, "ab", 5, "éy") == .text("abéyé"))
        #expect(call(.leftPad, "abcd", 2, "0") == .text("ab"))
        #expect(call(.rightPad, "abcd", -1, "0") == .text(""))
        #expect(call(.leftPad, "7", 3, "") == .text("7"))
    }

    @Test func textsDoNotGrowWithoutBounds() {
        #expect(call(.leftPad, "7", Int64.max, "0") == .null)
        #expect(call(.rightPad, "7", Limits.computedTextBytes, "é") == .null)
        #expect(call(.length, "x") == .integer(1))
        let long = String(repeating: "a", count: 2000)
        #expect(call(.replace, long, "a", long) == .null)
    }

    @Test func textsOfValues() {
        #expect(call(.toText, true) == .text("true"))
        #expect(call(.toText, -3) == .text("-3"))
        #expect(call(.toText, 1.25e-7) == .text("1.25e-7"))
        #expect(call(.toText, "d:2026-02-03") == .text("2026-02-03"))
        #expect(call(.toText, "t:2026-02-03T01:00:00+01:00") == .text("2026-02-03T00:00:00.000Z"))
        #expect(call(.emailDomain, "a@b@c.fr") == .text("c.fr"))
        #expect(call(.emailDomain, "none") == .null)
        #expect(call(.emailDomain, "a@") == .text(""))
    }

    /// The vectors of RFC 1321 and FIPS 180-4, and lengths around the end of a block.
    @Test func digests() {
        let alphabet = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
        #expect(call(.md5Digest, "") == .text("d41d8cd98f00b204e9800998ecf8427e"))
        #expect(call(.md5Digest, "abc") == .text("900150983cd24fb0d6963f7d28e17f72"))
        #expect(
            call(.md5Digest, "12345678901234567890123456789012345678901234567890123456789012345678901234567890")
                == .text("57edf4a22be3c955ac49da2e2107b67a"))
        #expect(call(.sha256Digest, "") == .text("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"))
        #expect(call(.sha256Digest, "abc") == .text("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"))
        #expect(call(.sha256Digest, alphabet) == .text("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"))
        for (length, md5, sha256) in Self.blockEnds {
            #expect(call(.md5Digest, String(repeating: "a", count: length)) == .text(md5), "\(length)")
            #expect(call(.sha256Digest, String(repeating: "a", count: length)) == .text(sha256), "\(length)")
        }
        #expect(call(.hash, "") == .integer(-1_166_397_803_181_037_274))
        #expect(call(.hash, "a") == .integer(-9_033_471_704_281_723_301))
    }

    private static let blockEnds: [(Int, String, String)] = [
        (55, "ef1772b6dff9a122358552954ad0df65", "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
        (56, "3b0c8ac703f828b04c6c197006d17218", "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"),
        (63, "b06521f39153d618550606be297466d5", "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"),
        (64, "014842d480b571495a4a0363793f7367", "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
        (65, "c743a45e0d2e6a95cb859adae0248435", "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0"),
        (119, "8a7bd0732ed6a28ce75f6dabc90e1613", "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb"),
        (120, "5f61c0ccad4cac44c75ff505e1f1e537", "2f3d335432c70b580af0e8e1b3674a7c020d683aa5f73aaaedfdc55af904c21c"),
        (128, "e510683b3f5ffe4093d021808bc6ff70", "6836cf13bac400e9105071cd6af47084dfacad4e5e302c94bfed24e013afb73e"),
    ]

    @Test func textsStayUntilTheArenaIsReset() {
        var texts = TextArena()
        let numbers = 0..<5000
        let made = numbers.map { texts.text(Array("number \($0)".utf8)) }
        for (number, value) in zip(numbers, made) { #expect(found(value) == .text("number \(number)")) }
        texts.reset()
        let long = texts.text(Array(repeating: UInt8(ascii: "x"), count: 100_000))
        #expect(long.text.count == 100_000)
        #expect(found(texts.text([])) == .text(""))
        let joined = FunctionEvaluator.concatenate(texts.text(Array("é".utf8)), texts.text(Array("b".utf8)), texts: &texts)
        #expect(found(joined) == .text("éb"))
    }
}
