// The text of a double: "the shortest text that reads back the same", as ECMAScript and RFC 8785 write it (decision 16).

/// Doubles as text (semantics §3).
public enum DoubleText {
    /// Appends the text: `1`, `0.1`, `1e+21`, `1.25e-7`; −0 is `0`. What is not finite, which no expression yields, is `null`.
    public static func append(_ value: Double, to bytes: inout [UInt8]) {
        guard value.isFinite else {
            bytes.append(contentsOf: "null".utf8)
            return
        }
        guard value != 0 else {
            bytes.append(UInt8(ascii: "0"))
            return
        }
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        let (digits, point) = shortest(value.magnitude)
        let zero = UInt8(ascii: "0")
        switch point {
        case digits.count...21:
            bytes.append(contentsOf: digits)
            bytes.append(contentsOf: repeatElement(zero, count: point - digits.count))
        case 1...21:
            bytes.append(contentsOf: digits[..<point])
            bytes.append(UInt8(ascii: "."))
            bytes.append(contentsOf: digits[point...])
        case -5...0:
            bytes.append(contentsOf: [zero, UInt8(ascii: ".")])
            bytes.append(contentsOf: repeatElement(zero, count: -point))
            bytes.append(contentsOf: digits)
        default:
            bytes.append(digits[0])
            if digits.count > 1 {
                bytes.append(UInt8(ascii: "."))
                bytes.append(contentsOf: digits[1...])
            }
            bytes.append(UInt8(ascii: "e"))
            bytes.append(UInt8(ascii: point > 0 ? "+" : "-"))
            bytes.append(contentsOf: String(abs(point - 1)).utf8)
        }
    }

    /// The text of a double, as `append` writes it.
    public static func text(of value: Double) -> String {
        var bytes: [UInt8] = []
        append(value, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The shortest digits, without zeros at either end, that read back as the value, and where the point is: 0.d₁d₂… × 10^point.
    private static func shortest(_ magnitude: Double) -> (digits: [UInt8], point: Int) {
        // Swift's own text has the shortest digits; only its layout is another: 1e+21, 0.0001, 100.0.
        var digits: [UInt8] = []
        var pointAfter: Int?
        var exponent = 0
        var isExponent = false
        var isNegative = false
        for byte in magnitude.description.utf8 {
            switch byte {
            case UInt8(ascii: "."): pointAfter = digits.count
            case UInt8(ascii: "e"): isExponent = true
            case UInt8(ascii: "-"): isNegative = true
            case UInt8(ascii: "+"): break
            case _ where isExponent: exponent = exponent * 10 + Int(byte - UInt8(ascii: "0"))
            default: digits.append(byte)
            }
        }
        let leadingZeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
        let point = (pointAfter ?? digits.count) + (isNegative ? -exponent : exponent) - leadingZeros
        digits.removeFirst(leadingZeros)
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return (digits, point)
    }
}
