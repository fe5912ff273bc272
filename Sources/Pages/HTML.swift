// Markup that no text becomes by mistake: a literal is markup, and whatever stands in it between `\(` and `)` is escaped.

/// A piece of a page. `"<td title=\"\(text)\">\(text)</td>"` escapes the text in both places; values of attributes stand in double quotes.
package struct HTML: Sendable, Equatable, ExpressibleByStringInterpolation {
    package private(set) var bytes: [UInt8]

    /// Nothing.
    package init() { bytes = [] }

    /// Literals alone: no value of `String` gets here.
    package init(stringLiteral literal: StaticString) {
        bytes = literal.withUTF8Buffer { Array($0) }
    }

    package init(stringInterpolation: StringInterpolation) { bytes = stringInterpolation.bytes }

    package static func += (html: inout HTML, more: HTML) { html.bytes += more.bytes }

    var isEmpty: Bool { bytes.isEmpty }

    /// The pieces of a literal.
    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var bytes: [UInt8] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            bytes.reserveCapacity(literalCapacity + 16 * interpolationCount)
        }

        package mutating func appendLiteral(_ literal: StaticString) {
            literal.withUTF8Buffer { bytes += $0 }
        }

        /// A text, escaped for where text stands, and for a value in double quotes.
        package mutating func appendInterpolation(_ text: some StringProtocol) {
            for byte in text.utf8 {
                switch byte {
                case UInt8(ascii: "&"): bytes += "&amp;".utf8
                case UInt8(ascii: "<"): bytes += "&lt;".utf8
                case UInt8(ascii: ">"): bytes += "&gt;".utf8
                case UInt8(ascii: "\""): bytes += "&quot;".utf8
                case UInt8(ascii: "'"): bytes += "&#39;".utf8
                // No page may hold a zero.
                case 0: bytes += "\u{fffd}".utf8
                default: bytes.append(byte)
                }
            }
        }

        /// Digits.
        package mutating func appendInterpolation(_ number: some BinaryInteger) { bytes += String(number).utf8 }

        package mutating func appendInterpolation(_ html: HTML) { bytes += html.bytes }
        package mutating func appendInterpolation(_ parts: [HTML]) { for part in parts { bytes += part.bytes } }
    }
}

extension DefaultStringInterpolation {
    /// A text that markup was put into would be shown as text.
    @available(*, unavailable, message: "markup is no text: say that the literal around it is HTML")
    mutating func appendInterpolation(_ html: HTML) {}
}
