// From bytes to the tape of one record: the one owner of simdjson's parser.
import CSimdjson
import Campaigns

/// Parses records, each into the same memory.
public final class JSONParser {
    private let parser: OpaquePointer

    public init() {
        guard let parser = csimdjson_create(Limits.inputRecordBytes, Limits.jsonDepth) else {
            fatalError("no memory for a JSON parser")
        }
        self.parser = parser
    }

    deinit {
        csimdjson_destroy(parser)
    }

    /// Parses one record as a whole. At least 64 bytes after it must be readable. The tape is valid until the next call.
    @inline(__always)
    func parse(_ bytes: UnsafeRawBufferPointer) throws(Refusal) -> JSONTape {
        guard bytes.count <= Limits.inputRecordBytes else {
            throw Refusal(.tooLarge, "the record has \(bytes.count) bytes; at most \(Limits.inputRecordBytes) are read")
        }
        let code = csimdjson_parse(parser, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
        if code != 0 { throw JSONParser.refusal(of: bytes, code) }
        return JSONTape(words: csimdjson_tape(parser), texts: UnsafeRawPointer(csimdjson_texts(parser)))
    }
}

extension JSONParser {
    private static func refusal(of bytes: UnsafeRawBufferPointer, _ code: Int32) -> Refusal {
        if let other = ForeignBytes.description(of: bytes) { return Refusal(.malformed, "malformed JSON: \(other)") }
        let place = JSONFault.find(in: bytes).map { "line \($0.line), column \($0.column): \($0.message)" }
        return Refusal(.malformed, "malformed JSON: \(place ?? String(cString: csimdjson_message(code)))")
    }
}
