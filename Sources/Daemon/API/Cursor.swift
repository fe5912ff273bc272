// Where the next page of a list begins: the last item of the page before, and what was asked for, so that a cursor is good for one list.
// Opaque to clients; it survives restarts.
import Campaigns
import HTTP

enum Cursor {
    /// `list`: what is listed, with its filters.
    static func text(after last: [UInt8], of list: String) -> String {
        HexText.text(of: withUnsafeBytes(of: check(list).bigEndian) { Array($0.prefix(4)) } + last)
    }

    /// The last item of the page before; nil without a cursor.
    static func last(of text: String?, in list: String) throws(ProblemDocument) -> [UInt8]? {
        guard let text else { return nil }
        let bytes = HexText.bytes(of: text)
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
}
