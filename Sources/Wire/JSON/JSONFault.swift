// Where a text stops being JSON, for people who write definitions. simdjson says that it does, but not where; this looks for the place,
// once, after it has refused. It never decides what JSON is: a text in which it finds nothing wrong stays refused for simdjson's reason.

import Campaigns

/// The first place at which a text is no JSON.
public struct JSONFault: Equatable, Sendable {
    /// Counted from 0.
    public var byte: Int
    /// Counted from 1.
    public var line: Int
    /// Bytes into the line, counted from 1.
    public var column: Int
    /// What is wrong there: "',' or '}' expected, but the text ends".
    public var message: String

    /// Nil when the text is JSON, as far as this can tell.
    public static func find(in text: UnsafeRawBufferPointer) -> JSONFault? {
        var scanner = Scanner(text: text)
        guard let message = scanner.fault() ?? scanner.badText() else { return nil }
        let before = text[..<scanner.place]
        let lineStart = before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
        return JSONFault(
            byte: scanner.place, line: before.count { $0 == 0x0a } + 1, column: scanner.place - lineStart + 1, message: message)
    }
}

/// A walk over a text by JSON's grammar.
private struct Scanner {
    let text: UnsafeRawBufferPointer
    var place = 0
    private var open: [UInt8] = []

    init(text: UnsafeRawBufferPointer) { self.text = text }

    private var next: UInt8? { place < text.count ? text[place] : nil }

    /// The message at `place`; nil when the whole text is one value.
    mutating func fault() -> String? {
        while true {
            skipSpace()
            if let message = value() { return message }
            // Behind a value: close what ends here, then go on behind a comma.
            while true {
                skipSpace()
                guard let bracket = open.last else {
                    return next == nil ? nil : "the value has ended, but more follows: \(shown); only one may stand here"
                }
                let close = bracket == UInt8(ascii: "{") ? UInt8(ascii: "}") : UInt8(ascii: "]")
                if next == close {
                    open.removeLast()
                    place += 1
                } else if next == UInt8(ascii: ",") {
                    place += 1
                    skipSpace()
                    if next == close { return "no comma may stand before \(shown)" }
                    if bracket == UInt8(ascii: "{"), let message = name() { return message }
                    break
                } else {
                    return "',' or '\(Character(UnicodeScalar(close)))' expected, but \(found)"
                }
            }
        }
    }

    /// Moves to the first byte that is no UTF-8, if there is one.
    mutating func badText() -> String? {
        place = 0
        while let lead = next {
            let length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
            let end = min(place + length, text.count)
            if length > 1 && String(validating: text[place..<end], as: UTF8.self) == nil { return "this is no UTF-8; is it Latin-1?" }
            place = end
        }
        return nil
    }

    /// A value up to its end or, of an object or a list that is not empty, to its first value.
    private mutating func value() -> String? {
        guard let first = next else { return "a value expected, but \(found)" }
        switch first {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            if open.count == Limits.jsonDepth { return "more than \(Limits.jsonDepth) levels of arrays and objects" }
            place += 1
            skipSpace()
            if next == (first == UInt8(ascii: "{") ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                place += 1
                return nil
            }
            open.append(first)
            if first == UInt8(ascii: "{"), let message = name() { return message }
            skipSpace()
            // The only recursion: as deep as levels are allowed.
            return value()
        case UInt8(ascii: "\""): return string()
        case UInt8(ascii: "t"): return word("true")
        case UInt8(ascii: "f"): return word("false")
        case UInt8(ascii: "n"): return word("null")
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return number()
        case UInt8(ascii: "'"): return "texts stand in double quotes"
        default: return "a value expected, but \(found)"
        }
    }

    /// The name of a member and its colon.
    private mutating func name() -> String? {
        guard next == UInt8(ascii: "\"") else {
            return next == UInt8(ascii: "'")
                ? "names stand in double quotes" : "the name of a member in double quotes expected, but \(found)"
        }
        if let message = string() { return message }
        skipSpace()
        guard next == UInt8(ascii: ":") else { return "':' expected behind the name, but \(found)" }
        place += 1
        skipSpace()
        return nil
    }

    private mutating func string() -> String? {
        let start = place
        place += 1
        while let byte = next {
            if byte == UInt8(ascii: "\"") {
                place += 1
                return nil
            }
            if byte < 0x20 {
                return "a text may not hold \(byte == 0x0a ? "a line break" : "a control character"): is its closing quote missing?"
            }
            if byte == UInt8(ascii: "\\") {
                place += 1
                guard let escaped = next else { break }
                if escaped == UInt8(ascii: "u") {
                    for digit in 1...4 {
                        guard place + digit < text.count, Character(UnicodeScalar(text[place + digit])).isHexDigit else {
                            return "\\u needs four hex digits"
                        }
                    }
                    place += 4
                } else if !"\"\\/bfnrt".utf8.contains(escaped) {
                    return "\\\(Character(UnicodeScalar(escaped))) is no escape"
                }
            }
            place += 1
        }
        place = start
        return "this text has no end"
    }

    private mutating func number() -> String? {
        let start = place
        func isDigit(_ byte: UInt8?) -> Bool { byte.map { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } ?? false }
        func digits() -> Bool {
            guard isDigit(next) else { return false }
            while isDigit(next) { place += 1 }
            return true
        }
        if next == UInt8(ascii: "-") { place += 1 }
        let first = place
        var isGood = digits()
        if isGood && text[first] == UInt8(ascii: "0") && place > first + 1 { isGood = false }
        if isGood && next == UInt8(ascii: ".") {
            place += 1
            isGood = digits()
        }
        if isGood, let byte = next, byte | 0x20 == UInt8(ascii: "e") {
            place += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { place += 1 }
            isGood = digits()
        }
        if isGood { return nil }
        place = start
        return "this is no number"
    }

    private mutating func word(_ word: StaticString) -> String? {
        let end = place + word.utf8CodeUnitCount
        guard end <= text.count, isEqual(UnsafeRawBufferPointer(rebasing: text[place..<end]), word) else {
            return "a value expected, but \(found)"
        }
        place = end
        return nil
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { place += 1 }
    }

    /// What stands at the place, for messages.
    private var shown: String {
        guard let byte = next else { return "the end" }
        return byte > 0x20 && byte < 0x7f
            ? "'\(Character(UnicodeScalar(byte)))'" : byte < 0x80 ? "a control character" : "a letter beyond ASCII"
    }

    private var found: String { next == nil ? "the text ends" : "\(shown) follows" }
}
