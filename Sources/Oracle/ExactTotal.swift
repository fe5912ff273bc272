// The exact sum of doubles, rounded once (semantics §3): every finite double is a whole number of units of 2^-1074, and whole numbers
// are added without loss, digit by digit.

public struct ExactTotal: Sendable {
    /// Sums of the positive and of the negative values, in units of 2^-1074; 32 bits a digit, lowest first.
    private var positive: [UInt32] = []
    private var negative: [UInt32] = []

    public init() {}

    public mutating func add(_ value: Double) {
        if value < 0 { ExactTotal.add(-value, to: &negative) } else { ExactTotal.add(value, to: &positive) }
    }

    private static func add(_ value: Double, to digits: inout [UInt32]) {
        guard value != 0 else { return }
        // A normal double has a hidden bit, and its exponent field counts from 1 on; a subnormal one has neither.
        let significand = value.significandBitPattern | (value.isNormal ? 1 << 52 : 0)
        let shift = value.isNormal ? Int(value.exponentBitPattern) - 1 : 0
        var rest = UInt128(significand) << UInt128(shift % 32)
        var place = shift / 32
        var carry: UInt64 = 0
        while rest != 0 || carry != 0 {
            while digits.count <= place { digits.append(0) }
            let sum = UInt64(digits[place]) + UInt64(rest & 0xffff_ffff) + carry
            digits[place] = UInt32(truncatingIfNeeded: sum)
            carry = sum >> 32
            rest >>= 32
            place += 1
        }
    }

    /// The sum, to the nearest double, ties to even; nil when that is not finite.
    public var rounded: Double? {
        let isNegative = ExactTotal.isLess(positive, negative)
        let magnitude = isNegative ? ExactTotal.difference(negative, positive) : ExactTotal.difference(positive, negative)
        guard let top = magnitude.lastIndex(where: { $0 != 0 }) else { return 0 }
        let highest = top * 32 + 31 - magnitude[top].leadingZeroBitCount
        let lowest = max(highest - 52, 0)
        var kept: UInt64 = 0
        for place in stride(from: highest, through: lowest, by: -1) { kept = kept << 1 | (isSet(place, magnitude) ? 1 : 0) }
        if lowest > 0, isSet(lowest - 1, magnitude) {
            let isMoreThanHalf = (0..<lowest - 1).contains { isSet($0, magnitude) }
            if isMoreThanHalf || kept & 1 == 1 { kept += 1 }
        }
        let result = Double(sign: isNegative ? .minus : .plus, exponent: lowest - 1074, significand: Double(kept))
        return result.isFinite ? result : nil
    }

    private func isSet(_ bit: Int, _ digits: [UInt32]) -> Bool {
        digits[bit / 32] >> UInt32(bit % 32) & 1 == 1
    }

    private static func isLess(_ a: [UInt32], _ b: [UInt32]) -> Bool {
        for place in stride(from: max(a.count, b.count) - 1, through: 0, by: -1) {
            let (left, right) = (place < a.count ? a[place] : 0, place < b.count ? b[place] : 0)
            if left != right { return left < right }
        }
        return false
    }

    /// The larger less the smaller.
    private static func difference(_ a: [UInt32], _ b: [UInt32]) -> [UInt32] {
        var result = a
        var borrow: Int64 = 0
        for place in 0..<a.count {
            let value = Int64(a[place]) - (place < b.count ? Int64(b[place]) : 0) - borrow
            result[place] = UInt32(truncatingIfNeeded: value)
            borrow = value < 0 ? 1 : 0
        }
        return result
    }
}
