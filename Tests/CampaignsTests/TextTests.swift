// Goal: numbers and JSON are written as contract §1 and decision 16 say. Method: known values, and everything read back by Foundation.

import Testing

@testable import Campaigns

@Suite struct DoubleTextTests {
    @Test(
        arguments: [
            (1.0, "1"), (0.1, "0.1"), (-1.5e300, "-1.5e+300"), (1e21, "1e+21"), (1e20, "100000000000000000000"), (0.000001, "0.000001"),
            (1.25e-7, "1.25e-7"), (-0.0, "0"), (123_456_789.125, "123456789.125"), (Double.leastNonzeroMagnitude, "5e-324"),
            (1.7976931348623157e308, "1.7976931348623157e+308"),
            (9_007_199_254_740_993.0, "9007199254740992"), (123e-20, "1.23e-18"), (0.3, "0.3"), (1e-6, "0.000001"), (1e-7, "1e-7"),
            (100, "100"),
            (123_456_789_012_345_680_000.0, "123456789012345680000"), (.infinity, "null"), (.nan, "null"), (2.5e-5, "0.000025"),
        ] as [(Double, String)])
    func text(_ value: Double, _ text: String) {
        #expect(DoubleText.text(of: value) == text)
    }

    @Test func readsBackTheSame() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let value = Double(bitPattern: generator.next())
            guard value.isFinite else { continue }
            let text = DoubleText.text(of: value)
            if Double(text) != value { Issue.record("\(value): \(text)") }
        }
    }
}

@Suite struct JSONTextTests {
    @Test func strings() throws {
        for text in ["", "plain", "\"\\/", "\u{0}\u{1}\u{1f}\u{7f}", "a\tb\nc\rd\u{8}\u{c}", "é€😀", "x\"", "\"x"] {
            var json = JSONText()
            json.append(string: text)
            #expect(try JSON(json.bytes) == .string(text))
        }
        var json = JSONText()
        json.append(string: "a\"\\\n\u{1f}é")
        #expect(String(decoding: json.bytes, as: UTF8.self) == #""a\"\\\n\u001fé""#)
    }

    @Test func values() {
        var json = JSONText()
        for value: Int64 in [0, 9, 10, -1, 1_000_000_000_000_000_000, .max, .min] {
            json.append(integer: value)
            json.append(raw: ",")
        }
        json.append(double: 1.50)
        json.append(raw: [UInt8(ascii: ",")])
        json.append(boolean: true)
        json.append(boolean: false)
        json.appendNull()
        json.append(date: 0)
        json.append(instant: 0)
        json.append(Literal.string("x"))
        #expect(
            String(decoding: json.bytes, as: UTF8.self)
                == #"0,9,10,-1,1000000000000000000,9223372036854775807,-9223372036854775808,"#
                + #"1.5,truefalsenull"1970-01-01""1970-01-01T00:00:00.000Z""x""#
        )
    }

    @Test func wholeValues() throws {
        let text = #"{"a":[1,2.5,"x",null,true,[],{}],"b":{"c":-3}}"#
        var json = JSONText()
        json.append(try JSON(text))
        #expect(String(decoding: json.bytes, as: UTF8.self) == text)
    }
}

@Suite struct StableHashTests {
    @Test(
        arguments: [
            ("", 0xefd0_1f60_ba99_2926), ("a", 0x82a2_a958_a9be_ce5b), ("c/b/1", 0xf562_3170_0511_08fd), ("é", 0x9d55_ccb9_ba86_763b),
        ] as [(String, UInt64)])
    func h(_ text: String, _ hash: UInt64) {
        #expect(StableHash.h(text) == hash)
        var pieces = StableHash()
        for scalar in text.unicodeScalars { pieces.update(String(scalar)) }
        #expect(pieces.value == StableHash.h(text))
    }
}

@Suite struct NearestNameTests {
    @Test func distances() {
        func distance(_ a: String, _ b: String) -> Int? { NearestName.editDistance(Array(a.utf8), Array(b.utf8)) }
        #expect(distance("", "") == 0)
        #expect(distance("", "abc") == 3)
        #expect(distance("kitten", "sitting") == 3)
        #expect(distance("abcd", "abdc") == 1)
    }

    @Test func hints() {
        #expect(NearestName.hint(for: "emial", among: ["id", "email"]) == "did you mean email?")
        #expect(NearestName.hint(for: "zzzzzz", among: ["id", "email"]) == "known: email, id")
        #expect(NearestName.hint(for: "x", among: []) == "none is known here")
        #expect(NearestName.nearest(to: String(repeating: "x", count: 1_000_000), among: ["x"]) == nil)
        #expect(quoted(String(repeating: "x", count: 1_000_000)).count < 100)
    }
}
