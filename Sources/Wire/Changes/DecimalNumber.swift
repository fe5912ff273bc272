// Decimal numbers as text: to the double nearest to the exact value, or to an integer if that is what they are exactly.
import Glibc

struct DecimalNumber {
    private var isNegative = false
    /// The digits from the first to the last that is not zero, while they are at most 19.
    private var digits: UInt64 = 0
    private var digitCount = 0
    private var hasMoreDigits = false
    /// The value is the digits × 10^exponent.
    private var exponent = 0

    private static let maximumExponent = 1_000_000_000

    /// Reads `-?digits[.digits][e±digits]` (decision 61); nil when the text is anything else.
    init?(_ text: UnsafeRawBufferPointer) {
        var place = 0
        if place < text.count && text[place] == UInt8(ascii: "-") {
            isNegative = true
            place += 1
        }
        var zeros = 0
        guard takeDigits(text, &place, &zeros) > 0 else { return nil }
        var fractionDigits = 0
        if place < text.count && text[place] == UInt8(ascii: ".") {
            place += 1
            fractionDigits = takeDigits(text, &place, &zeros)
            guard fractionDigits > 0 else { return nil }
        }
        exponent = zeros - fractionDigits
        if place < text.count && text[place] | 0x20 == UInt8(ascii: "e") {
            place += 1
            guard let power = DecimalNumber.power(text, &place) else { return nil }
            exponent += power
        }
        guard place == text.count else { return nil }
    }

    /// Takes digits; zeros wait until another digit shows that they do not end the number. Returns how many there were.
    private mutating func takeDigits(_ text: UnsafeRawBufferPointer, _ place: inout Int, _ zeros: inout Int) -> Int {
        let start = place
        while place < text.count {
            let digit = text[place] &- UInt8(ascii: "0")
            guard digit <= 9 else { break }
            place += 1
            if digit == 0 {
                zeros += 1
                continue
            }
            if digitCount > 0 { digitCount += zeros }
            digitCount += 1
            if digitCount > 19 {
                hasMoreDigits = true
            } else {
                if digits > 0 { for _ in 0..<zeros { digits *= 10 } }
                digits = digits * 10 + UInt64(digit)
            }
            zeros = 0
        }
        return place - start
    }

    /// The power of ten after `e`, held where no number of digits can bring it back.
    private static func power(_ text: UnsafeRawBufferPointer, _ place: inout Int) -> Int? {
        var isNegative = false
        if place < text.count && (text[place] == UInt8(ascii: "+") || text[place] == UInt8(ascii: "-")) {
            isNegative = text[place] == UInt8(ascii: "-")
            place += 1
        }
        let start = place
        var power = 0
        while place < text.count {
            let digit = text[place] &- UInt8(ascii: "0")
            guard digit <= 9 else { break }
            power = min(power * 10 + Int(digit), maximumExponent)
            place += 1
        }
        return place == start ? nil : isNegative ? -power : power
    }

    /// The integer that the number is exactly; nil if it is none of 64 bits.
    var integer: Int64? {
        if digits == 0 { return 0 }
        guard !hasMoreDigits, (0...18).contains(exponent) else { return nil }
        var magnitude = digits
        for _ in 0..<exponent {
            let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            magnitude = product
        }
        if isNegative { return magnitude <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil }
        return Int64(exactly: magnitude)
    }

    /// The nearest double; nil if that is not finite. `text` is what was read, and a zero byte follows it.
    func double(_ text: UnsafeRawBufferPointer) -> Double? {
        if digits == 0 { return 0 }
        if !hasMoreDigits && digits <= 1 << 53 && abs(exponent) <= 22 {
            // Both are doubles without a rounding, so one operation rounds once.
            var power = 1.0
            for _ in 0..<abs(exponent) { power *= 10 }
            let magnitude = exponent < 0 ? Double(digits) / power : Double(digits) * power
            return isNegative ? -magnitude : magnitude
        }
        guard let start = text.bindMemory(to: CChar.self).baseAddress else { return nil }
        let number = strtod(start, nil)
        return number.isFinite ? number : nil
    }
}
