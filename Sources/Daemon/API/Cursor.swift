// Where the next page of a list begins: the last item of the page before, and what was asked for, so that a cursor is good for one list.
// Opaque to clients; it survives restarts.
import Campaigns
import HTTP

enum Cursor {
    /// `list`: what is listed, with its filters.
    static func text(after last: [UInt8], of list: String) -> String {
        hex(withUnsafeBytes(of: check(list).bigEndian) { Array($0.prefix(4)) } + last)
    }

    /// The last item of the page before; nil without a cursor.
    static func last(of text: String?, in list: String) throws(ProblemDocument) -> [UInt8]? {
        guard let text else { return nil }
        let bytes = unhex(text)
        guard let bytes, bytes.count >= 4, Array(bytes.prefix(4)) == withUnsafeBytes(of: check(list).bigEndian, { Array($0.prefix(4)) })
        else {
            throw ProblemDocument(
                .cursorInvalid, "the cursor is none of this list", hint: "take next of the page before, with the same parameters")
        }
        return Array(bytes.dropFirst(4))
    }

    private static func check(_ list: String) -> UInt64 {
        var hash = StableHash()
        Array(list.utf8).withUnsafeBytes { hash.update($0) }
        return hash.value
    }

    private static let digits = Array("0123456789abcdef".utf8)

    private static func hex(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func unhex(_ text: String) -> [UInt8]? {
        let values = text.utf8.map { digits.firstIndex(of: $0) }
        guard values.count % 2 == 0, !values.contains(nil) else { return nil }
        return stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0]! << 4 | values[$0 + 1]!) }
    }
}
