// Goal: bytes that are no JSON are refused as malformed, by the name of what they are, with what helps (contract §1, §3). Method: the same
// row in every other form, and the words that its reason must have; JSON with white space around stays JSON.

import Campaigns
import Testing

@testable import Engine
@testable import Wire

@Suite struct ForeignBytesTests {
    private static let row = Array(#"{"id":"x","n":"é"}"#.utf8)
    private static let ascii = Array(#"{"id":"x"}"#.utf8)

    private static func units(_ text: [UInt8], _ before: Int, _ after: Int) -> [UInt8] {
        text.flatMap { [UInt8](repeating: 0, count: before) + [$0] + [UInt8](repeating: 0, count: after) }
    }

    private static func letters(_ text: String) -> [UInt8] { Array(text.utf8) }

    private static let forms: [(bytes: [UInt8], words: [String])] = [
        ([0, 0, 0, 0, 7] + [0x02, 0x02, 0x78], ["Confluent", "schema 7 ", "Avro", "value.converter", "JsonConverter"]),
        ([0, 0, 0, 1, 0] + row, ["Confluent", "schema 256 ", "JSON Schema", "JsonConverter"]),
        // The number of the schema is that of a brace; and nothing behind it.
        ([0, 0, 0, 0, 0x7b] + [0x02, 0x78], ["Confluent", "schema 123 "]), ([0, 0, 0, 0, 1], ["Confluent"]),
        ([0x03, 0x00] + [UInt8](repeating: 0x5a, count: 16) + row, ["AWS Glue", "value.converter"]),
        ([0xc3, 0x01] + row, ["Avro", "value.serializer"]), (letters("Obj") + [1, 4], ["Avro file"]),
        (letters("PAR1") + [0x15], ["Parquet", "record"]),
        ([0x1f, 0x8b, 0x08, 0x00], ["gzip", "compression.type"]), ([0x28, 0xb5, 0x2f, 0xfd, 0x04], ["zstd", "compression.type"]),
        ([0x78, 0x9c, 0xab, 0x56], ["zlib", "deflate", "compression.type"]), ([0x78, 0x01, 0xab], ["zlib"]),
        ([0x04, 0x22, 0x4d, 0x18, 0x64], ["lz4"]), (letters("LZ4Block") + [0x25], ["lz4"]),
        ([0xff, 0x06, 0x00, 0x00] + letters("sNaPpY") + [0x01], ["snappy"]), ([0x82] + letters("SNAPPY") + [0x00, 0x00], ["snappy"]),
        (letters("BZh91AY"), ["bzip2"]), ([0xfd] + letters("7zXZ") + [0x00], ["xz"]),
        ([0xac, 0xed, 0x00, 0x05, 0x73], ["Java", "value.serializer"]), (letters("<row id='x'/>"), ["XML", "JSON"]),
        ([0xef, 0xbb, 0xbf] + row, ["BOM", "byte order mark", "UTF-8"]),
        ([0xff, 0xfe] + units(ascii, 0, 1), ["UTF-16", "write UTF-8"]), ([0xfe, 0xff] + units(ascii, 1, 0), ["UTF-16"]),
        (units(ascii, 0, 1), ["UTF-16 without", "write UTF-8"]), (units(ascii, 1, 0), ["UTF-16 without"]),
        ([0xff, 0xfe, 0, 0] + units(ascii, 0, 3), ["UTF-32"]), ([0, 0, 0xfe, 0xff] + units(ascii, 3, 0), ["UTF-32"]),
        (units(ascii, 0, 3), ["UTF-32 without"]), (units(ascii, 3, 0), ["UTF-32 without"]),
        (letters(#"{"id":"ren"#) + [0xe9] + letters(#""}"#), ["line 1, column 11", "no UTF-8", "Latin-1"]),
        (row + [0], ["zero byte"]), (row + [0x0a, 0, 0], ["zero byte"]), (row + [0x0a] + row, ["more follows: '{'", "only one"]),
        ([], ["empty", "null"]), (letters("  \r\n\t"), ["white space"]),
        (letters("{'id':'x'}"), ["double quotes"]), (letters("id=x"), ["value expected"]), ([0x0a, 0x01, 0x78], ["control character"]),
        ([0], ["control character"]), ([0x1f], ["control character"]), ([0xff], ["beyond ASCII"]),
    ]

    private let decoder = ChangeDecoder()
    private let batch = ChangeBatch()

    init() {
        decoder.publish(Schema("t", [.init(name: "id", type: .string), .init(name: "n", type: .string)]), table: 0)
    }

    @Test(arguments: forms.indices)
    func eachIsCalledByItsName(number: Int) throws {
        let (bytes, words) = Self.forms[number]
        for mapped in [nil, "t"] {
            let reason = try #require(decoder.reason(bytes: bytes, mapped: mapped, into: batch))
            #expect(reason.hasPrefix("malformed JSON: "), "\(reason)")
            for word in words { #expect(reason.contains(word), "\(reason) has no \(word)") }
        }
        #expect(batch.count == 0)
    }

    /// Every form cut anywhere is refused for one reason or another, and nothing is read beside it.
    @Test func whatIsCutStaysRefused() {
        for (bytes, _) in Self.forms {
            for length in 0..<bytes.count {
                let text = Array(bytes[..<length])
                let isRow = decoder.reason(bytes: text, mapped: "t", into: batch) == nil
                #expect(!isRow || text.starts(with: Self.row) || text.starts(with: Self.ascii))
            }
        }
    }

    @Test func whiteSpaceAroundIsJSON() {
        for text in [Self.row + [0x0d, 0x0a], [0x20, 0x09, 0x0a] + Self.row, Self.row] {
            #expect(decoder.reason(bytes: text, mapped: "t", into: batch) == nil)
        }
        #expect(batch.count == 3)
    }

    /// JSON of another kind, and Connect's null of before Kafka 2.3, is no change.
    @Test func valuesThatAreNoObjects() {
        for text in ["null", #""{}""#, "[]", "1", "true"] {
            #expect(decoder.reason(text, mapped: "t", into: batch)?.contains("object") == true)
        }
        #expect(decoder.reason(#"{"schema":null,"payload":null}"#, mapped: "t", into: batch) == "t.id: \(nullKey)")
    }
}
