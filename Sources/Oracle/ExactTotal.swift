// The exact sum of doubles, rounded once (semantics §3): every finite double is a whole number of units of 2^-1074, and whole numbers
// are added without loss, digit by digit.

/// A sum of doubles without any rounding but the last.
public struct ExactTotal: Sendable {
    /// Sums of the positive and of the negative values, in units of 2^-1074; 32 bits a digit, lowest first.
    private var positive: [UInt32] = []
    private var negative: [UInt32] = []

    public init() {}

    /// Adds a number.
    public mutating func add(_ value: Double) {
        if value < 0 { ExactTotal.add(-value, to: &negative) } else { ExactTotal.add(value, to: &positive) }
    }

    /// Adds a whole number, exactly: its high and its low half are doubles.
    public mutating func add(integer: Int64) {
        let low = Int64(truncatingIfNeeded: UInt64(bitPattern: integer) & 0xffff_ffff)
        add(Double(low))
        add(Double(integer - low))
    }

    /// The quotient by a positive number, to the nearest double, ties to even; nil when that is not finite. Found by bisection: the exact
    /// quotient lies between two doubles, and the exact product with their middle says which is nearer.
    public func divided(by count: UInt32) -> Double? {
        guard let rounded else {
            // The sum may be beyond all doubles and the quotient not: halve the parts first.
            return nearest(to: count, low: -Double.greatestFiniteMagnitude, high: .greatestFiniteMagnitude)
        }
        let guess = rounded / Double(count)
        return nearest(to: count, low: guess.nextDown.nextDown.nextDown, high: guess.nextUp.nextUp.nextUp)
    }

    private func nearest(to count: UInt32, low: Double, high: Double) -> Double? {
        var (low, high) = (low, high)
        while low.nextUp < high {
            let middle = low.magnitude == .greatestFiniteMagnitude ? 0 : low / 2 + high / 2
            let place = middle > low && middle < high ? middle : low.nextUp
            if sign(less: place, times: count) >= 0 { low = place } else { high = place }
        }
        // low <= quotient < high: twice the quotient against their sum.
        if sign(less: low, times: count) == 0 { return low == 0 ? 0 : low }
        var twice = self
        for part in [(positive, false), (negative, true)] { twice.append(part.0, isNegative: part.1) }
        for _ in 0..<count {
            twice.add(-low)
            twice.add(-high)
        }
        let remainder = twice.rounded ?? 0
        if remainder == 0 { return low.significandBitPattern & 1 == 0 ? low : high }
        return remainder > 0 ? high : low
    }

    /// The sign of the sum less a number of times a value.
    private func sign(less value: Double, times count: UInt32) -> Int {
        var rest = self
        for _ in 0..<count { rest.add(-value) }
        let rounded = rest.rounded ?? (ExactTotal.isLess(rest.positive, rest.negative) ? -1 : 1)
        return rounded < 0 ? -1 : rounded > 0 ? 1 : 0
    }

    private mutating func append(_ other: [UInt32], isNegative: Bool) {
        for (place, digit) in other.enumerated() where digit != 0 {
            let value = Double(sign: .plus, exponent: place * 32 - 1074, significand: Double(digit))
            add(isNegative ? -value : value)
        }
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
