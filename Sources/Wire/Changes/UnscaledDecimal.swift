// Decimals in the form of Kafka Connect: an integer in base64, beside the scale that says where its point is. They become a text of
// digits, so that there is one way from digits to numbers.

/// Base64 of a big-endian two's complement integer, which stands for that integer × 10^-scale.
enum UnscaledDecimal {
    /// Bytes of the integer at most. A number that a double can hold has at most 309 digits before the point, and no database keeps
    /// more than 16,383 after it.
    private static let maximumByteCount = 8192

    /// Calls the body with the number as text, which a zero byte follows; nil when the base64 is none, empty, or too
    /// long.
    static func withText<Result>(_ base64: UnsafeRawBufferPointer, scale: Int64, _ body: (UnsafeRawBufferPointer) -> Result?) -> Result? {
        guard !base64.isEmpty, base64.count % 4 == 0, base64.count / 4 * 3 <= maximumByteCount else { return nil }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: base64.count / 4 * 3) { bytes in
            guard let count = decode(base64, into: bytes) else { return nil }
            return withText(UnsafeMutableBufferPointer(rebasing: bytes[..<count]), scale: scale, body)
        }
    }

    /// The number of bytes that were decoded; nil when the text is no base64.
    private static func decode(_ text: UnsafeRawBufferPointer, into bytes: UnsafeMutableBufferPointer<UInt8>) -> Int? {
        var count = 0
        var padding = 0
        var bits: UInt32 = 0
        for place in 0..<text.count {
            let letter = text[place]
            var value: UInt8
            switch letter {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = letter - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = letter - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = letter - UInt8(ascii: "0") + 52
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            case UInt8(ascii: "=") where place >= text.count - 2:
                padding += 1
                value = 0
            default: return nil
            }
            if padding > 0 && letter != UInt8(ascii: "=") { return nil }
            bits = bits << 6 | UInt32(value)
            if place % 4 == 3 {
                bytes[count] = UInt8(truncatingIfNeeded: bits >> 16)
                bytes[count + 1] = UInt8(truncatingIfNeeded: bits >> 8)
                bytes[count + 2] = UInt8(truncatingIfNeeded: bits)
                count += 3
                bits = 0
            }
        }
        return count - padding
    }

    private static func withText<Result>(
        _ bytes: UnsafeMutableBufferPointer<UInt8>, scale: Int64, _ body: (UnsafeRawBufferPointer) -> Result?
    ) -> Result? {
        let isNegative = bytes.first.map { $0 >= 0x80 } ?? false
        if isNegative {
            var carry = true
            for place in bytes.indices.reversed() {
                let (sum, overflow) = (~bytes[place]).addingReportingOverflow(carry ? 1 : 0)
                bytes[place] = sum
                carry = overflow
            }
        }
        let exponent = String(-max(min(scale, 1_000_000_000), -1_000_000_000))
        let digits = bytes.count * 5 / 2 + 20
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: digits + exponent.utf8.count + 3) { text in
            var start = writeDigits(of: bytes, endingAt: digits, of: text)
            if isNegative {
                start -= 1
                text[start] = UInt8(ascii: "-")
            }
            var end = digits
            for byte in "e".utf8 { text[end] = byte; end += 1 }
            for byte in exponent.utf8 { text[end] = byte; end += 1 }
            text[end] = 0
            return body(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: UnsafeBufferPointer(text)[start..<end])))
        }
    }

    /// Writes the decimal digits of a big-endian integer so that they end at a place, and returns where they begin.
    private static func writeDigits(
        of bytes: UnsafeMutableBufferPointer<UInt8>, endingAt end: Int, of text: UnsafeMutableBufferPointer<UInt8>
    ) -> Int {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: bytes.count / 8 + 1) { limbs in
            limbs.initialize(repeating: 0)
            for place in bytes.indices {
                let weight = bytes.count - 1 - place
                limbs[weight / 8] |= UInt64(bytes[place]) << UInt64(weight % 8 * 8)
            }
            var count = limbs.count
            while count > 0 && limbs[count - 1] == 0 { count -= 1 }
            var start = end
            while count > 0 {
                var remainder: UInt64 = 0
                for place in (0..<count).reversed() {
                    (limbs[place], remainder) = UInt64(1_000_000_000_000_000_000).dividingFullWidth((remainder, limbs[place]))
                }
                while count > 0 && limbs[count - 1] == 0 { count -= 1 }
                // Eighteen digits, but of the first ones only those that are there.
                for _ in 0..<18 where count > 0 || remainder > 0 {
                    start -= 1
                    text[start] = UInt8(ascii: "0") + UInt8(remainder % 10)
                    remainder /= 10
                }
            }
            if start == end {
                start -= 1
                text[start] = UInt8(ascii: "0")
            }
            return start
        }
    }
}
