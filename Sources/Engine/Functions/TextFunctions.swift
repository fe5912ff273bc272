// Functions of texts (semantics §3, decisions 18 and 25). Texts are UTF-8 that is known to be valid; a character is a code point. What
// is part of an argument is not copied.
import Campaigns

extension FunctionEvaluator {
    static func text(_ function: Function, _ arguments: UnsafeBufferPointer<Value>, _ texts: inout TextArena) -> Value {
        let first = arguments[0]
        if function == .toText { return toText(first, &texts) }
        let text = first.text
        switch function {
        case .lower: return mapped(text, .lower, &texts)
        case .upper: return mapped(text, .upper, &texts)
        case .smart: return mapped(text, .smart, &texts)
        case .length: return .integer(Int64(characters(text)))
        case .left: return .text(slice(text, from: 0, to: arguments[1].integer))
        case .right:
            let length = Int64(characters(text))
            return .text(slice(text, from: length - min(max(arguments[1].integer, 0), length), to: length))
        case .substring: return .text(substring(text, arguments))
        case .replace: return replace(text, arguments[1].text, arguments[2].text, &texts)
        case .trim: return .text(trimmed(text, left: true, right: true))
        case .leftTrim: return .text(trimmed(text, left: true, right: false))
        case .rightTrim: return .text(trimmed(text, left: false, right: true))
        case .leftPad, .rightPad: return padded(text, arguments, isLeft: function == .leftPad, &texts)
        case .charIndex:
            return .integer(Bytes.find(arguments[1].text, in: text).map { Int64(characters(.init(rebasing: text[..<$0]))) + 1 } ?? 0)
        case .emailDomain:
            return text.lastIndex(of: UInt8(ascii: "@")).map { .text(UnsafeRawBufferPointer(rebasing: text[($0 + 1)...])) } ?? .null
        default: preconditionFailure("\(function) is no function of texts")
        }
    }

    private static func toText(_ value: Value, _ texts: inout TextArena) -> Value {
        var bytes: [UInt8] = []
        switch value.kind {
        case .text: return value
        case .null: return .null
        case .boolean: bytes.append(contentsOf: (value.bits != 0 ? "true" : "false").utf8)
        case .integer: bytes.append(contentsOf: String(value.integer).utf8)
        case .double: DoubleText.append(value.double, to: &bytes)
        case .date: CivilDate.append(Int32(truncatingIfNeeded: value.integer), to: &bytes)
        case .instant: InstantText.append(value.integer, to: &bytes)
        }
        return texts.text(bytes)
    }

    static func hexadecimal(_ bytes: [UInt8], _ texts: inout TextArena) -> Value {
        let digits = Array("0123456789abcdef".utf8)
        return texts.text(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    // MARK: Characters

    @inline(__always)
    static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xc0 == 0x80 }

    static func characters(_ text: UnsafeRawBufferPointer) -> Int {
        var count = 0
        for byte in text where !isContinuation(byte) { count += 1 }
        return count
    }

    /// Where the character of that number begins; the end when there are not so many.
    private static func offset(_ text: UnsafeRawBufferPointer, of character: Int64, after start: Int = 0) -> Int {
        var left = character
        var position = start
        while left > 0, position < text.count {
            position += 1
            while position < text.count, isContinuation(text[position]) { position += 1 }
            left -= 1
        }
        return position
    }

    /// Characters from the first to before the last number, those that exist.
    private static func slice(_ text: UnsafeRawBufferPointer, from first: Int64, to last: Int64) -> UnsafeRawBufferPointer {
        let first = max(first, 0)
        guard last > first else { return .init(start: nil, count: 0) }
        let start = offset(text, of: first)
        return .init(rebasing: text[start..<offset(text, of: last - first, after: start)])
    }

    /// "Positions start … start+length−1 that exist", the first being 1.
    private static func substring(_ text: UnsafeRawBufferPointer, _ arguments: UnsafeBufferPointer<Value>) -> UnsafeRawBufferPointer {
        let before = arguments[1].integer.subtractingReportingOverflow(1)
        let first = before.overflow ? Int64.min : before.partialValue
        guard arguments.count > 2 else { return slice(text, from: first, to: .max) }
        let (end, isBeyond) = first.addingReportingOverflow(arguments[2].integer)
        return slice(text, from: first, to: isBeyond ? (first < 0 ? .min : .max) : end)
    }

    // MARK: New texts

    private enum Casing {
        case lower, upper
        /// "First letter of each run of letters and digits upper, others lower."
        case smart
    }

    /// Each character mapped on its own, whatever the language and its neighbours.
    private static func mapped(_ text: UnsafeRawBufferPointer, _ casing: Casing, _ texts: inout TextArena) -> Value {
        // A character becomes at most three, and no longer than three times as many bytes.
        texts.text(upTo: text.count * 3) { writer in
            var isInside = false
            var decoder = UTF8.ForwardParser()
            var bytes = text.makeIterator()
            while case .valid(let encoded) = decoder.parseScalar(from: &bytes) {
                let scalar = UTF8.decode(encoded)
                let isUpper = casing == .upper || casing == .smart && !isInside
                if scalar.isASCII {
                    let byte = UInt8(truncatingIfNeeded: scalar.value)
                    let isLetter = (byte | 0x20) &- UInt8(ascii: "a") < 26
                    writer.append(isLetter ? (isUpper ? byte & ~0x20 : byte | 0x20) : byte)
                    isInside = isLetter || isDigit(byte)
                } else {
                    var mapped = isUpper ? scalar.properties.uppercaseMapping : scalar.properties.lowercaseMapping
                    mapped.withUTF8 { writer.append(UnsafeRawBufferPointer($0)) }
                    isInside = isLetterOrDigit(scalar)
                }
            }
        }
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: scalar.properties.numericType != nil
        }
    }

    private static func replace(
        _ text: UnsafeRawBufferPointer, _ old: UnsafeRawBufferPointer, _ new: UnsafeRawBufferPointer, _ texts: inout TextArena
    ) -> Value {
        guard !old.isEmpty else { return .text(text) }
        var places = 0
        var start = 0
        while let place = Bytes.find(old, in: text, from: start) {
            places += 1
            start = place + old.count
        }
        guard places > 0 else { return .text(text) }
        return texts.text(count: text.count + places * (new.count - old.count)) { writer in
            var start = 0
            while let place = Bytes.find(old, in: text, from: start) {
                writer.append(.init(rebasing: text[start..<place]))
                writer.append(new)
                start = place + old.count
            }
            writer.append(.init(rebasing: text[start...]))
        }
    }

    /// Space, tab, LF, CR.
    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d
    }

    private static func trimmed(_ text: UnsafeRawBufferPointer, left: Bool, right: Bool) -> UnsafeRawBufferPointer {
        var (start, end) = (0, text.count)
        while left, start < end, isBlank(text[start]) { start += 1 }
        while right, end > start, isBlank(text[end - 1]) { end -= 1 }
        return .init(rebasing: text[start..<end])
    }

    /// "`LPad/RPad(s, n, [fill])`: cut to n".
    private static func padded(
        _ text: UnsafeRawBufferPointer, _ arguments: UnsafeBufferPointer<Value>, isLeft: Bool, _ texts: inout TextArena
    ) -> Value {
        let wanted = max(arguments[1].integer, 0)
        let length = Int64(characters(text))
        if wanted <= length { return .text(slice(text, from: 0, to: wanted)) }
        let missing = wanted - length
        return withUnsafeBytes(of: UInt8(ascii: " ")) { space in
            let fill = arguments.count > 2 ? arguments[2].text : space
            guard !fill.isEmpty else { return .text(text) }
            // Before anything is multiplied: a text that long is refused.
            guard missing <= Int64(Limits.computedTextBytes) else { return .null }
            let (times, rest) = Int(missing).quotientAndRemainder(dividingBy: characters(fill))
            let end = offset(fill, of: Int64(rest))
            guard times <= Limits.computedTextBytes / fill.count else { return .null }
            return texts.text(count: text.count + times * fill.count + end) { writer in
                if !isLeft { writer.append(text) }
                for _ in 0..<times { writer.append(fill) }
                writer.append(.init(rebasing: fill[..<end]))
                if isLeft { writer.append(text) }
            }
        }
    }
}
