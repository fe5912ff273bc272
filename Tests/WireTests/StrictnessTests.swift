// Goal: a record is checked as a whole (contract §1, §10): malformed anywhere is malformed, whatever of it is read. Method: texts put into
// a member that nobody reads, through the change decoder; the same ones must be refused wherever they stand.

import Campaigns
import Testing

@testable import Engine
@testable import Wire

@Suite struct StrictnessTests {
    private let decoder = ChangeDecoder()

    init() {
        decoder.publish(Schema("t", [Field(name: "id", type: .string), Field(name: "n", type: .integer)]), table: 0)
    }

    private func refusal(_ record: [UInt8]) -> String? {
        let batch = ChangeBatch()
        let reason = decoder.refusal(record, into: batch)
        #expect(batch.count == (reason == nil ? 1 : 0))
        return reason
    }

    /// Records with the bytes as an ignored member, beside the row and within it.
    private func around(_ junk: [UInt8]) -> [[UInt8]] {
        [
            Array(#"{"table":"t","op":"u","row":{"id":"k"},"x":"#.utf8) + junk + Array("}".utf8),
            Array(#"{"x":"#.utf8) + junk + Array(#","table":"t","op":"u","row":{"id":"k"}}"#.utf8),
            Array(#"{"table":"t","op":"u","row":{"x":"#.utf8) + junk + Array(#","id":"k"}}"#.utf8),
        ]
    }

    private func passes(_ junk: String) {
        for record in around(Array(junk.utf8)) {
            let reason = refusal(record)
            #expect(reason == nil, "\(junk.prefix(80))")
        }
    }

    private func fails(_ junk: [UInt8]) {
        for record in around(junk) {
            let reason = refusal(record)
            #expect(
                reason?.hasPrefix("malformed JSON: ") == true, "\(String(decoding: junk.prefix(80), as: UTF8.self)): \(reason ?? "passes")")
        }
    }

    private func fails(_ junk: String) { fails(Array(junk.utf8)) }

    @Test func numbersOfEverySizePass() {
        let numbers = [
            "0", "-0", "0.0", "1e5", "1E+5", "1e-5", "9223372036854775808", "18446744073709551616", "-9223372036854775809",
            "123456789012345678901234567890123456789012345678901234567890", "1e308", "1e309", "-1e999", "1e-999", "0e99999",
            String(repeating: "9", count: 500), "0." + String(repeating: "1", count: 500), "[1e999,-1e999,18446744073709551616]",
        ]
        for number in numbers { passes(number) }
    }

    @Test func whatIsNoNumber() {
        let texts = [
            "01", "-01", "00", "1.", "-1.", ".5", "+1", "-", "--1", "1e", "1e+", "1.e5", "0x10", "NaN", "Infinity", "-Infinity", "nan",
            "1_000",
            "1 2", "1a", "12345678901234567890a", "012345678901234567890", "1e999.", "1e999e1", "12345678901234567890.", "-.5",
        ]
        for text in texts { fails(text) }
    }

    /// The numbers that simdjson has no type for must not open another way for what is malformed, or change the numbers beside them.
    @Test func aHugeNumberIsNoName() {
        fails(#"{"a":1e999,1e999:1}"#)
        fails(#"[1e999,{-1e999:1}]"#)
    }

    @Test func aHugeNumberLeavesOthersAlone() {
        let batch = ChangeBatch()
        for whole: Int64 in [1_234_567_890_123_456_789, .max, .min] {
            #expect(
                decoder.refusal(#"{"table":"t","op":"u","row":{"id":"k","n":\#(whole)},"x":123456789012345678901}"#, into: batch) == nil)
        }
        #expect(batch.plain.map { $0.cells[1] } == [.integer(1_234_567_890_123_456_789), .integer(.max), .integer(.min)])
    }

    @Test func aHugeNumberInTextIsText() {
        let batch = ChangeBatch()
        #expect(decoder.refusal(#"{"table":"t","op":"u","x":1e999,"row":{"id":"\"12345678901234567890 1e999\\"}}"#, into: batch) == nil)
        #expect(batch.plain.map { $0.cells[0] } == [.string(#""12345678901234567890 1e999\"#)])
    }

    @Test func literalsAndStructure() {
        for text in ["null", "true", "false", "[]", "{}", "[[],{}]", #"{"a":{"a":[]}}"#, " [ 1 , 2 ] ", "\t\r\n1"] { passes(text) }
        let malformed = [
            "", "nul", "True", "NULL", "undefined", "tru e", "[1,]", "[,1]", "[1 2]", "[1", "]", "{", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#,
            "{a:1}",
            "{'a':1}", "{1:1}", "{null:1}", #"{"a" 1}"#, "'x'", #"{"a":1 "b":2}"#, "[1}", "/* c */ 1", "1 // c", "\u{a0}1", "1,", "\0",
        ]
        for text in malformed { fails(text) }
    }

    @Test func texts() {
        for text in [#""""#, #""\"\\\/\b\f\n\r\t\u0041\u00e9""#, "\"é😀\u{7f}\u{2028}\"", #""\\u00zz""#] { passes(text) }
        for text in [
            #"""#, #""x"#, #""\x""#, #""\'""#, #""\u12""#, #""\u12g4""#, #""\U0041""#, #""\""#, "\"\n\"", "\"\t\"", "\"\u{1}\"", "\"\0\"",
        ] {
            fails(text)
        }
    }

    @Test func surrogates() {
        let pairs = [
            #""\ud83d\ude00""#, #""\uD83D\uDE00""#, #""x\ud800\udc00y\udbff\udfffz""#, #""\ud83d\ude00\ud83d\ude00""#, #""\\ud800""#,
            #""\\\\udc00""#,
            #""\\\\\\ud83d""#, #""\ud7ff\ue000""#,
        ]
        for text in pairs { passes(text) }
        let lone = [
            #""\ud800""#, #""\udc00""#, #""\udfff""#, #""\udbff""#, #""\ude00\ud83d""#, #""\ud83d\ud83d""#, #""\ud83dx\ude00""#,
            #""\ud83d\n\ude00""#,
            #""\ud83d\\ude00""#, #""\ud83d\u0041""#, #""\ud83d\ude00\ude00""#, #""\ud83d\ud83d\ude00""#, #""\\\ud800""#, #""\\\udc00""#,
            #""x\uDC00""#,
            #""\ud83d "#, #"{"\udc00":1}"#, #"["\ud83d","\ude00"]"#,
        ]
        for text in lone { fails(text) }
    }

    @Test func invalidUTF8() {
        let parts: [[UInt8]] = [
            [0xff], [0x80], [0xc3], [0xc0, 0x80], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xf0, 0x9f, 0x98],
            [0xe9],
        ]
        for part in parts { fails([0x22] + part + [0x22]) }
    }

    @Test func whatSurroundsTheRecord() {
        let record = #"{"table":"t","op":"u","row":{"id":"k"}}"#
        for text in [record, "  \(record)\n", "\r\n\t\(record) "] { #expect(refusal(Array(text.utf8)) == nil) }
        for text in [
            "\(record)x", "\(record)}", "\(record),", "\(record)\(record)", "\(record) 1", "x\(record)", "\(record)\0", "", " ", "\n",
        ] {
            let reason = refusal(Array(text.utf8))
            #expect(reason?.hasPrefix("malformed JSON: ") == true, "\(text)")
        }
        for length in 1..<record.utf8.count {
            let reason = refusal(Array(record.utf8.prefix(length)))
            #expect(reason?.hasPrefix("malformed JSON: ") == true, "the first \(length) bytes")
        }
    }

    /// Levels of the whole record: it is one itself.
    private func nested(_ levels: Int, _ open: String, _ inner: String, _ close: String) -> [UInt8] {
        let junk = String(repeating: open, count: levels - 1) + inner + String(repeating: close, count: levels - 1)
        return around(Array(junk.utf8))[0]
    }

    @Test func depthOf64Passes() {
        #expect(refusal(nested(64, "[", "1", "]")) == nil)
        #expect(refusal(nested(64, #"{"a":"#, "1", "}")) == nil)
        #expect(refusal(nested(64, "[", "", "]")) == nil)
        #expect(refusal(nested(63, "[", "{}", "]")) == nil)
    }

    @Test func depthOf65DoesNot() {
        for record in [nested(65, "[", "1", "]"), nested(65, #"{"a":"#, "1", "}"), nested(500, "[", "1", "]")] {
            let reason = refusal(record)
            #expect(reason?.hasPrefix("malformed JSON: ") == true)
        }
    }

    /// An empty array or object is a level too.
    @Test func anEmptyLevelCounts() {
        for record in [nested(65, "[", "", "]"), nested(64, "[", "{}", "]")] {
            let reason = refusal(record)
            #expect(reason?.hasPrefix("malformed JSON: ") == true)
        }
    }

    @Test func depthInTextIsNone() {
        passes("\"" + String(repeating: "[", count: 200) + "\"")
        passes("[" + [String](repeating: "[[1]]", count: 200).joined(separator: ",") + "]")
    }

    @Test func theLongestRecord() {
        func record(_ count: Int) -> [UInt8] {
            let (head, tail) = (Array(#"{"table":"t","op":"u","row":{"id":"k"},"x":""#.utf8), Array(#""}"#.utf8))
            return head + [UInt8](repeating: UInt8(ascii: "x"), count: count - head.count - tail.count) + tail
        }
        #expect(refusal(record(10_485_760)) == nil)
        #expect(refusal(record(10_485_761)) == "the record has 10485761 bytes; at most 10485760 are read")
        // It works on after it, and after a malformed one.
        #expect(refusal(Array(#"{"table":"t","op":"u","row":{"id":"k"}}"#.utf8)) == nil)
    }
}
