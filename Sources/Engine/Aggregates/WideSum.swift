// The accumulator of exact sums that spans all doubles: what does not fit the fast part of a `SumState`.

/// A fixed-point number that spans all doubles: 32-bit digits with room for carries, lowest first; the lowest bit is 2^-1088.
struct WideSum {
    private static let digitCount = 72
    private static let lowestExponent = -1088
    private var digits = [Int64](repeating: 0, count: WideSum.digitCount)
    private var additionsUntilCarry = 1 << 28

    mutating func add(_ value: Double) {
        guard value != 0 else { return }
        let significand = Int64(value.significandBitPattern | (value.isNormal ? 1 << 52 : 0))
        let exponent = max(Int(value.exponentBitPattern), 1) - 1075
        add(value < 0 ? -Int128(significand) : Int128(significand), exponent: exponent)
    }

    /// Adds a number of units of 2^exponent.
    mutating func add(fixed: Int128, exponent: Int) {
        // In two halves, so that the shift by up to 31 bits fits.
        let low = Int128(fixed & 0xffff_ffff_ffff_ffff)
        add(low, exponent: exponent)
        add(fixed >> 64, exponent: exponent + 64)
    }

    private mutating func add(_ value: Int128, exponent: Int) {
        let position = exponent - WideSum.lowestExponent
        var rest = value.magnitude << UInt128(position % 32)
        var digit = position / 32
        while rest != 0 {
            let part = Int64(rest & 0xffff_ffff)
            digits[digit] += value < 0 ? -part : part
            rest >>= 32
            digit += 1
        }
        additionsUntilCarry -= 1
        if additionsUntilCarry == 0 { carry() }
    }

    /// Brings every digit but the highest into 0 ..< 2^32.
    private mutating func carry() {
        for place in 0..<WideSum.digitCount - 1 {
            let over = digits[place] >> 32
            digits[place] -= over << 32
            digits[place + 1] += over
        }
        additionsUntilCarry = 1 << 28
    }

    /// Adds another number, or takes it away.
    mutating func add(_ other: WideSum, isNegative: Bool) {
        var other = other
        carry()
        other.carry()
        for place in 0..<WideSum.digitCount { digits[place] += isNegative ? -other.digits[place] : other.digits[place] }
    }

    /// The quotient by a positive number, to the nearest double, ties to even.
    func divided(by divisor: Int64) -> Double {
        precondition(divisor > 0, "a quotient of something")
        var copy = self
        let isNegative = copy.makePositive()
        // A rest and a digit fit 64 bits while the divisor is small, which it nearly always is.
        let hasRest = divisor < 1 << 31 ? copy.divide(by: divisor) : copy.divide(by: Int128(divisor))
        let magnitude = copy.roundedPositive(hasMore: hasRest)
        return isNegative ? -magnitude : magnitude
    }

    /// Digit by digit; whether anything is left.
    private mutating func divide<Number: FixedWidthInteger>(by divisor: Number) -> Bool {
        var rest: Number = 0
        for place in (0..<WideSum.digitCount).reversed() {
            let part = rest << 32 | Number(digits[place])
            digits[place] = Int64(part / divisor)
            rest = part % divisor
        }
        return rest != 0
    }

    /// To the nearest double, ties to even.
    var rounded: Double {
        var copy = self
        let isNegative = copy.makePositive()
        let magnitude = copy.roundedPositive(hasMore: false)
        return isNegative ? -magnitude : magnitude
    }

    /// Carries, and leaves the magnitude; true when the number was negative.
    private mutating func makePositive() -> Bool {
        carry()
        guard digits[WideSum.digitCount - 1] < 0 else { return false }
        for place in 0..<WideSum.digitCount { digits[place] = -digits[place] }
        carry()
        return true
    }

    /// Of a magnitude after carrying; `hasMore`: something lies below the lowest digit.
    private func roundedPositive(hasMore below: Bool) -> Double {
        guard let top = digits.lastIndex(where: { $0 != 0 }) else { return 0 }
        // 96 bits around the top digit hold at least 65 significant ones; what lies below only matters as "there is more".
        var leading = UInt128(0)
        for place in stride(from: top, through: max(top - 3, 0), by: -1) { leading = leading << 32 | UInt128(digits[place]) }
        let lowest = max(top - 3, 0)
        let hasMore = below || digits[..<lowest].contains { $0 != 0 }
        return WideSum.round(leading, exponent: lowest * 32 + WideSum.lowestExponent, hasMore: hasMore)
    }

    private static func round(_ leading: UInt128, exponent: Int, hasMore: Bool) -> Double {
        let bits = 128 - leading.leadingZeroBitCount
        // A subnormal result keeps fewer bits: none below 2^-1074.
        let dropped = max(bits - 53, -1074 - exponent)
        guard dropped > 0 else { return Double(sign: .plus, exponent: exponent, significand: Double(UInt64(leading))) }
        guard dropped <= 127 else { return 0 }
        var kept = UInt64(leading >> UInt128(dropped))
        let half = UInt128(1) << UInt128(dropped - 1)
        let rest = leading & (half << 1 - 1)
        if rest > half || rest == half && (hasMore || kept & 1 == 1) { kept += 1 }
        return Double(sign: .plus, exponent: exponent + dropped, significand: Double(kept))
    }
}
