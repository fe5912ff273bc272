// Bytes that are no JSON but something else that people send: told by how they begin, so that a refusal says what they are and what helps.
// Asked only of what simdjson has refused; it decides nothing.
import Engine

enum ForeignBytes {
    /// What the bytes are and what helps; nil when they look like nothing known.
    static func description(of bytes: UnsafeRawBufferPointer) -> String? {
        if bytes.isEmpty { return "it is empty, which is something else than null" }
        if bytes.allSatisfy(isSpace) { return "it is empty but for white space, which is something else than null" }
        if let encoding = encoding(of: bytes) { return encoding }
        for known in starts where bytes.starts(with: known.bytes) { return "\(known.name); \(known.help.rawValue)" }
        if bytes[0] == 0 && bytes.count >= 5 { return confluent(bytes) }
        if endsInZero(bytes) { return "a zero byte stands behind the value; send the text without the end mark of C" }
        return nil
    }

    private enum Help: String {
        case compression = "send the JSON itself: Kafka compresses by itself (compression.type)"
        case serializer = "the producer's value.serializer, or the connector's value.converter, must write JSON"
        case file = "send each row as a record of JSON"
    }

    /// How formats begin that say it in their first bytes.
    private static let starts: [(bytes: [UInt8], name: String, help: Help)] = [
        ([0x1f, 0x8b], "it is compressed by gzip", .compression),
        ([0x78, 0x01], "it is compressed by zlib (deflate)", .compression),
        ([0x78, 0x5e], "it is compressed by zlib (deflate)", .compression),
        ([0x78, 0x9c], "it is compressed by zlib (deflate)", .compression),
        ([0x78, 0xda], "it is compressed by zlib (deflate)", .compression),
        ([0x28, 0xb5, 0x2f, 0xfd], "it is compressed by zstd", .compression),
        ([0x04, 0x22, 0x4d, 0x18], "it is compressed by lz4", .compression),
        (Array("LZ4Block".utf8), "it is compressed by lz4, in Java's blocks", .compression),
        ([0xff, 0x06, 0x00, 0x00] + Array("sNaPpY".utf8), "it is compressed by snappy", .compression),
        ([0x82] + Array("SNAPPY".utf8) + [0x00], "it is compressed by snappy, in Java's frames", .compression),
        (Array("BZh".utf8), "it is compressed by bzip2", .compression),
        ([0xfd] + Array("7zXZ".utf8) + [0x00], "it is compressed by xz", .compression),
        ([0xac, 0xed, 0x00, 0x05], "it is a serialized Java object", .serializer),
        ([0xc3, 0x01], "it is Avro (a single object)", .serializer),
        ([0x03, 0x00], "it is in the wire format of AWS Glue Schema Registry", .serializer),
        ([0x03, 0x05], "it is in the wire format of AWS Glue Schema Registry, compressed", .serializer),
        (Array("Obj".utf8) + [0x01], "it is an Avro file", .file),
        (Array("PAR1".utf8), "it is a Parquet file", .file),
        (Array("<".utf8), "it is XML or HTML", .serializer),
    ]

    /// Another encoding than UTF-8, or UTF-8 with a byte order mark.
    private static func encoding(of bytes: UnsafeRawBufferPointer) -> String? {
        let marks: [(bytes: [UInt8], name: String)] = [
            ([0xff, 0xfe, 0x00, 0x00], "UTF-32"), ([0x00, 0x00, 0xfe, 0xff], "UTF-32"),
            ([0xff, 0xfe], "UTF-16"), ([0xfe, 0xff], "UTF-16"),
        ]
        if bytes.starts(with: [0xef, 0xbb, 0xbf] as [UInt8]) {
            return "it begins with a byte order mark (BOM), which only a file may; write UTF-8 without one"
        }
        if let found = marks.first(where: { bytes.starts(with: $0.bytes) }) { return "it is \(found.name); write UTF-8" }
        if isAscii(bytes, unit: 4, at: 0) || isAscii(bytes, unit: 4, at: 3) { return "it is UTF-32 without a byte order mark; write UTF-8" }
        if isAscii(bytes, unit: 2, at: 0) || isAscii(bytes, unit: 2, at: 1) { return "it is UTF-16 without a byte order mark; write UTF-8" }
        return nil
    }

    /// Whether the text begins with two letters of ASCII in units of this many bytes, of which all but one are zero.
    private static func isAscii(_ bytes: UnsafeRawBufferPointer, unit: Int, at letter: Int) -> Bool {
        guard bytes.count >= 2 * unit else { return false }
        return (0..<2 * unit).allSatisfy { place in
            place % unit == letter ? isSpace(bytes[place]) || (0x20..<0x7f).contains(bytes[place]) : bytes[place] == 0
        }
    }

    /// A zero byte, the number of a schema in four, and what is described by it.
    private static func confluent(_ bytes: UnsafeRawBufferPointer) -> String {
        let schema = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 1, as: UInt32.self))
        let format = bytes.count > 5 && bytes[5] == UInt8(ascii: "{") ? "JSON Schema" : "Avro or Protobuf"
        return """
            it is in Confluent's wire format (a zero byte and the schema \(schema) of the Schema Registry), as its converters for \
            \(format) write; set value.converter to org.apache.kafka.connect.json.JsonConverter, or the producer's serializer to plain JSON
            """
    }

    private static func endsInZero(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let last = bytes.lastIndex(where: { $0 != 0 }), last + 1 < bytes.count else { return false }
        return JSONFault.find(in: UnsafeRawBufferPointer(rebasing: bytes[...last])) == nil
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 }
}
