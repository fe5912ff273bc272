// The rule for identifiers of schemas, fields, links, campaigns, activities, outputs, audiences and namespaces (contract §1).

/// `[A-Za-z_][A-Za-z0-9_-]{0,127}`
public enum Identifier {
    /// What a problem says was expected.
    static let expectation = "must be an identifier: a letter or _, then up to 127 letters, digits, _ or -"

    /// Whether the text is an identifier.
    public static func isValid(_ text: String) -> Bool {
        let bytes = text.utf8
        guard let first = bytes.first, isLetter(first), bytes.count <= Limits.identifierCharacters else { return false }
        return bytes.dropFirst().allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
    }

    /// A letter of ASCII, or `_`.
    static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            || byte == UInt8(ascii: "_")
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
