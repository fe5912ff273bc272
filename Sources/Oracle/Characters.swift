// Functions and tests of texts. A character is a code point (decision 18).
import Campaigns

enum Characters {
    typealias Text = [Unicode.Scalar]

    /// The characters at positions start … start + length − 1 that exist, the first being 1; without a length all from the start on.
    static func part(_ text: Text, from start: Int128, length: Int64? = nil) -> Text {
        let end = length.map { start + Int128($0) } ?? .max
        return zip(1..., text).filter { position, _ in start <= position && position < end }.map(\.1)
    }

    /// "The first letter of each run of letters and digits upper, others lower."
    static func smart(_ text: Text) -> String {
        var isInside = false
        return text.map { character in
            defer { isInside = isLetterOrDigit(character) }
            return isInside ? character.properties.lowercaseMapping : character.properties.uppercaseMapping
        }.joined()
    }

    private static func isLetterOrDigit(_ character: Unicode.Scalar) -> Bool {
        switch character.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: character.properties.numericType != nil
        }
    }

    /// Where the part stands, from left to right.
    static func places(of part: Text, in text: Text) -> [Int] {
        text.indices.map { $0 }.filter { text[$0...].starts(with: part) } + (part.isEmpty ? [text.count] : [])
    }

    /// Every place of the old text, from left to right, none of which overlaps the one before.
    static func replacing(_ text: Text, _ old: Text, _ new: Text) -> Text {
        if old.isEmpty { return text }
        var found: Text = []
        var rest = text[...]
        while let first = rest.first {
            if rest.starts(with: old) {
                found += new
                rest = rest.dropFirst(old.count)
            } else {
                found.append(first)
                rest = rest.dropFirst()
            }
        }
        return found
    }

    /// Without spaces, tabs, line feeds and carriage returns at the ends.
    static func trimmed(_ text: Text, left: Bool, right: Bool) -> Text {
        let isBlank = { (character: Unicode.Scalar) in [" ", "\t", "\n", "\r"].contains(character) }
        let start = left ? text.drop(while: isBlank) : text[...]
        return right ? start.reversed().drop(while: isBlank).reversed() : Array(start)
    }

    /// Filled up, or cut, to so many characters; nil beyond what a text may grow to.
    static func padded(_ text: Text, _ length: Int64, _ fill: Text, isLeft: Bool) -> Text? {
        if length <= text.count { return part(text, from: 1, length: length) }
        if fill.isEmpty { return text }
        guard length <= Limits.computedTextBytes else { return nil }
        let filling = (0..<Int(length) - text.count).map { fill[$0 % fill.count] }
        return isLeft ? filling + text : text + filling
    }

    /// `%` is any text, `_` one character, and there is no escape: which beginnings of the text the pattern so far may stand for.
    static func isLike(_ text: Text, _ pattern: Text) -> Bool {
        var lengths: Set<Int> = [0]
        for mark in pattern {
            if mark == "%" {
                if let shortest = lengths.min() { lengths = Set(shortest...text.count) }
            } else {
                lengths = Set(lengths.filter { $0 < text.count && (mark == "_" || mark == text[$0]) }.map { $0 + 1 })
            }
        }
        return lengths.contains(text.count)
    }
}

extension TextTest {
    func isMet(_ text: Characters.Text, _ other: Characters.Text) -> Bool {
        switch self {
        case .like: Characters.isLike(text, other)
        case .contains: !Characters.places(of: other, in: text).isEmpty
        case .startsWith: text.starts(with: other)
        }
    }
}

extension Datum {
    static func text(_ text: String) -> Datum {
        .text(Array(text.utf8))
    }

    static func text(_ characters: some Sequence<Unicode.Scalar>) -> Datum {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: characters)
        return .text(String(text))
    }

    /// A text that was made longer; nil beyond what one may grow to.
    static func bounded(_ characters: Characters.Text) -> Datum? {
        let text = Datum.text(characters)
        return text.bytes.count > Limits.computedTextBytes ? nil : text
    }

    var bytes: [UInt8] {
        guard case .text(let bytes) = self else { preconditionFailure("the checker lets only a text stand here, not \(self)") }
        return bytes
    }

    var string: String { String(decoding: bytes, as: UTF8.self) }
    var characters: Characters.Text { Array(string.unicodeScalars) }
}
