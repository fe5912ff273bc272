// The one writer of JSON. It appends to bytes and makes no String per value, since member events are written by the million.

/// JSON text being written. The caller sets the commas, colons and brackets, with `append(raw:)`.
public struct JSONText: Sendable {
    /// What was written so far: UTF-8.
    public var bytes: [UInt8] = []

    public init() {}

    /// Appends text as it is.
    @inlinable
    public mutating func append(raw text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// Appends JSON that was written before.
    @inlinable
    public mutating func append(raw json: [UInt8]) {
        bytes.append(contentsOf: json)
    }

    /// Appends a text, quoted and escaped. The bytes are UTF-8.
    public mutating func append(string text: UnsafeRawBufferPointer) {
        bytes.append(UInt8(ascii: "\""))
        var start = 0
        for position in 0..<text.count {
            let byte = text[position]
            if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { continue }
            if start < position { bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start..<position])) }
            append(escaped: byte)
            start = position + 1
        }
        if start < text.count { bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start...])) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Appends a text, quoted and escaped.
    public mutating func append(string text: String) {
        var text = text
        text.withUTF8 { append(string: UnsafeRawBufferPointer($0)) }
    }

    private mutating func append(escaped byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0a: bytes.append(UInt8(ascii: "n"))
        case 0x0c: bytes.append(UInt8(ascii: "f"))
        case 0x0d: bytes.append(UInt8(ascii: "r"))
        default:
            append(raw: "u00")
            for digit in [byte >> 4, byte & 0xf] {
                bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            }
        }
    }

    /// Appends a number in decimal.
    public mutating func append(integer value: Int64) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        let magnitude = value.magnitude
        var width = 1
        var limit: UInt64 = 10
        // 10^19 fits in 64 bits, and no magnitude has more than 19 digits.
        while width < 19, magnitude >= limit {
            width += 1
            limit *= 10
        }
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: width))
        var rest = magnitude
        for position in stride(from: start + width - 1, through: start, by: -1) {
            bytes[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }

    /// Appends a number as ECMAScript writes it; what is not finite is null.
    public mutating func append(double value: Double) {
        DoubleText.append(value, to: &bytes)
    }

    /// Appends `true` or `false`.
    public mutating func append(boolean value: Bool) {
        if value { append(raw: "true") } else { append(raw: "false") }
    }

    /// Appends `null`.
    public mutating func appendNull() {
        append(raw: "null")
    }

    /// Appends the text of a date, quoted.
    public mutating func append(date day: Int32) {
        bytes.append(UInt8(ascii: "\""))
        CivilDate.append(day, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Appends the text of an instant, quoted.
    public mutating func append(instant: Int64) {
        bytes.append(UInt8(ascii: "\""))
        InstantText.append(instant, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Appends a constant in its JSON form; dates and instants are texts.
    public mutating func append(_ value: Literal) {
        switch value {
        case .null: appendNull()
        case .boolean(let value): append(boolean: value)
        case .integer(let value): append(integer: value)
        case .double(let value): append(double: value)
        case .string(let value): append(string: value)
        case .date(let day): append(date: day)
        case .instant(let instant): append(instant: instant)
        }
    }

    /// Appends a whole value.
    public mutating func append(_ value: JSON) {
        switch value {
        case .null: appendNull()
        case .boolean(let value): append(boolean: value)
        case .integer(let value): append(integer: value)
        case .double(let value): append(double: value)
        case .string(let value): append(string: value)
        case .array(let items):
            append(raw: "[")
            for (position, item) in items.enumerated() {
                if position > 0 { append(raw: ",") }
                append(item)
            }
            append(raw: "]")
        case .object(let members):
            append(raw: "{")
            for (position, member) in members.enumerated() {
                if position > 0 { append(raw: ",") }
                append(string: member.name)
                append(raw: ":")
                append(member.value)
            }
            append(raw: "}")
        }
    }
}
