// Arithmetic on numbers (semantics §3): "`/` on two integers is a double. Division by zero, integer overflow and a result that is not
// finite are null".

/// Arithmetic; nil is null.
public enum Arithmetic {
    /// Of two integers, for every operator but `/`, which gives a double: see `quotient`. A remainder has the sign of the dividend.
    public static func integer(_ operation: ArithmeticOperator, _ a: Int64, _ b: Int64) -> Int64? {
        let (value, isBeyond): (Int64, Bool)
        switch operation {
        case .add: (value, isBeyond) = a.addingReportingOverflow(b)
        case .subtract: (value, isBeyond) = a.subtractingReportingOverflow(b)
        case .multiply: (value, isBeyond) = a.multipliedReportingOverflow(by: b)
        // The smallest integer by -1 overflows as a quotient, not as a remainder.
        case .remainder: return b == 0 ? nil : b == -1 ? 0 : a % b
        case .divide: return nil
        }
        return isBeyond ? nil : value
    }

    /// Of two doubles. A zero has no sign.
    public static func double(_ operation: ArithmeticOperator, _ a: Double, _ b: Double) -> Double? {
        switch operation {
        case .add: finite(a + b)
        case .subtract: finite(a - b)
        case .multiply: finite(a * b)
        case .divide: b == 0 ? nil : finite(a / b)
        case .remainder: b == 0 ? nil : finite(a.truncatingRemainder(dividingBy: b))
        }
    }

    /// `/` on two integers: the exact quotient, rounded once.
    public static func quotient(_ a: Int64, _ b: Int64) -> Double? {
        guard b != 0 else { return nil }
        let exactInDoubles: UInt64 = 1 << 53
        let (dividend, divisor) = (a.magnitude, b.magnitude)
        if dividend <= exactInDoubles, divisor <= exactInDoubles { return finite(Double(a) / Double(b)) }
        guard dividend != 0 else { return 0 }
        // At least 56 bits of the quotient, three more than a double keeps; the last one says whether anything follows.
        let shift = max(0, 56 + dividend.leadingZeroBitCount - divisor.leadingZeroBitCount)
        let (quotient, rest) = (UInt128(dividend) << shift).quotientAndRemainder(dividingBy: UInt128(divisor))
        let rounded = Double(UInt64(quotient) | (rest == 0 ? 0 : 1))
        let magnitude = Double(sign: .plus, exponent: -shift, significand: rounded)
        return (a < 0) == (b < 0) ? magnitude : -magnitude
    }

    /// The double, with a zero that has no sign; nil when it is not finite.
    @inline(__always)
    public static func finite(_ value: Double) -> Double? {
        value.isFinite ? value + 0 : nil
    }
}
