// Source text taken apart, no further than tests of the house need: the words and signs of the code, and beside them the comments.

/// A word, a number, or a single sign. A text is one `"`, and what it computes, `\(…)`, is code.
struct Token: Sendable {
    var text: String
    /// From 1.
    var line: Int

    /// Whether this can be a name.
    var isWord: Bool { text.utf8.first.map { $0 == UInt8(ascii: "_") || $0 > UInt8(ascii: "9") && SourceText.isPartOfWord($0) } ?? false }
}

/// A file in Swift, C or C++.
struct SourceText: Sendable {
    var path: String
    /// What stands in each line, as it is.
    var lines: [Substring]
    /// The comment of each line, from its slashes on; empty where there is none.
    var comments: [String]
    var tokens: [Token] = []
    /// What stands within texts: names of members, functions and options are written there.
    var contents: [UInt8] = []
    /// Of Swift.
    var declarations: [Declaration] = []

    /// What a byte is part of: code (within so many parentheses, and once more in each `\(…)`), a text, or a comment `/* … */`.
    private enum Place {
        case code(parentheses: Int)
        case text(hashes: Int, quotes: Int)
        case block
    }

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        comments = Array(repeating: "", count: lines.count)
        let bytes = Array(text.utf8) + [UInt8(ascii: "\n"), 0, 0, 0]
        var places = [Place.code(parentheses: 0)]
        var (at, line) = (0, 0)
        /// Takes what stands next, if it is this.
        func take(_ word: StaticString, _ count: Int = 1) -> Bool {
            let length = word.utf8CodeUnitCount
            for place in 0..<length * count where bytes[at + place] != word.utf8Start[place % length] { return false }
            at += length * count
            return true
        }
        while at < bytes.count - 3 {
            let start = at
            let byte = bytes[at]
            if byte == UInt8(ascii: "\n") {
                // A quote within a regular expression opens no text: what opens in a line, and not with three quotes, ends in it.
                if case .text(_, 1) = places[places.count - 1] { places.removeLast() }
                (at, line) = (at + 1, line + 1)
                contents.append(UInt8(ascii: " "))
                continue
            }
            switch places[places.count - 1] {
            case .block:
                if take("*/") { places.removeLast() } else { at += 1 }
            case .text(let hashes, let quotes):
                if take("\"", quotes) {
                    if take("#", hashes) { places.removeLast() } else { at = start + 1 }
                } else if take("\\") {
                    if !take("#", hashes) { continue }
                    if take("(") { places.append(.code(parentheses: 0)) } else if bytes[at] != UInt8(ascii: "\n") { at += 1 }
                } else {
                    contents.append(byte)
                    at += 1
                }
            case .code(let parentheses):
                if SourceText.isPartOfWord(byte) {
                    while SourceText.isPartOfWord(bytes[at]) { at += 1 }
                    tokens.append(Token(text: String(decoding: bytes[start..<at], as: UTF8.self), line: line + 1))
                } else if take("//") {
                    while bytes[at] != UInt8(ascii: "\n") { at += 1 }
                    comments[line] = String(decoding: bytes[start..<at], as: UTF8.self)
                } else if take("/*") {
                    places.append(.block)
                } else if let text = SourceText.opening(bytes, &at) {
                    tokens.append(Token(text: "\"", line: line + 1))
                    places.append(text)
                } else if take(")"), parentheses == 0, places.count > 1 {
                    places.removeLast()
                } else {
                    at = start + 1
                    // Blanks, and the quotes around a name, say nothing; a character of C may be a quote.
                    if byte == UInt8(ascii: "'") && take("\"'") || byte <= UInt8(ascii: " ") || byte == UInt8(ascii: "`") { continue }
                    let depth = parentheses + (byte == UInt8(ascii: "(") ? 1 : byte == UInt8(ascii: ")") ? -1 : 0)
                    places[places.count - 1] = .code(parentheses: max(0, depth))
                    tokens.append(Token(text: String(decoding: bytes[start..<at], as: UTF8.self), line: line + 1))
                }
            }
        }
        if path.hasSuffix(".swift") { declarations = Declaration.all(in: tokens) }
    }

    /// Takes the beginning of a text: hashes, and one quote or three.
    private static func opening(_ bytes: [UInt8], _ at: inout Int) -> Place? {
        var end = at
        while bytes[end] == UInt8(ascii: "#") { end += 1 }
        let hashes = end - at
        guard bytes[end] == UInt8(ascii: "\"") else { return nil }
        // Three quotes open a text of several lines at the end of a line only: `#""""#` is a text with two.
        let quotes = bytes[end...].starts(with: "\"\"\"\n".utf8) ? 3 : 1
        at = end + quotes
        return .text(hashes: hashes, quotes: quotes)
    }

    /// Letters, also those beyond ASCII, digits and `_`.
    static func isPartOfWord(_ byte: UInt8) -> Bool {
        byte >= 0x80 || byte == UInt8(ascii: "_") || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
            || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }
}
