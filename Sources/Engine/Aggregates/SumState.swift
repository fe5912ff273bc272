// Sums of doubles that do not drift: the exact sum, rounded once, whatever was added and taken away in whatever order (semantics §3).
//
// Nearly all values fit a 128-bit integer in units of 2^-72: those below 2^30 without bits below 2^-72, so that 2^25 of them cannot
// overflow. What does not fit goes to an accumulator that spans all doubles, which is only there while it holds something.

/// Units of the fast part.
private let fractionBits = 72
private let largestMagnitude = 0x1p30

/// The sum and count of the non-null values of one parent. Integers are summed in units of 1.
struct SumState {
    var fixed: Int128 = 0
    var count: Int64 = 0
    /// How many of the values are in `wide`.
    var wideCount: Int64 = 0
    var wide: WideSum?
    /// Whether `wide` holds more than values of its own.
    private var isSpilled = false

    /// One value comes (1) or goes (-1).
    mutating func add(_ value: Int64, sign: Int64) {
        fixed += sign > 0 ? Int128(value) : -Int128(value)
        count += sign
    }

    mutating func add(_ value: Double, sign: Int64) {
        count += sign
        let signed = sign > 0 ? value : -value
        if let units = fixedUnits(signed) {
            add(units: units)
            return
        }
        if wide == nil { wide = WideSum() }
        wide!.add(signed)
        wideCount += sign
        dropWide()
    }

    /// So many values that are 1 come, or go.
    mutating func add(ones: Int64) {
        fixed += Int128(ones)
        count += ones
    }

    /// All values of another sum come (1) or go (-1).
    mutating func add(_ other: SumState, sign: Int64) {
        add(units: sign > 0 ? other.fixed : -other.fixed)
        count += sign * other.count
        guard let more = other.wide else { return }
        if wide == nil { wide = WideSum() }
        wide!.add(more, isNegative: sign < 0)
        wideCount += sign * other.wideCount
        isSpilled = isSpilled || other.isSpilled
        dropWide()
    }

    private mutating func dropWide() {
        if wideCount == 0 && !isSpilled { wide = nil }
    }

    /// What would overflow moves to the wide part, which then stays.
    private mutating func add(units: Int128) {
        let (total, overflows) = fixed.addingReportingOverflow(units)
        guard overflows else {
            fixed = total
            return
        }
        if wide == nil { wide = WideSum() }
        wide!.add(fixed: fixed, exponent: -fractionBits)
        isSpilled = true
        fixed = units
    }

    /// The sum as an integer; nil when it overflows.
    var integer: Int64? { Int64(exactly: fixed) }

    /// The sum rounded once; nil when it is not finite.
    var double: Double? {
        guard var total = wide else { return scaled(fixed) }
        total.add(fixed: fixed, exponent: -fractionBits)
        let rounded = total.rounded
        return rounded.isFinite ? rounded : nil
    }

    /// The exact quotient of sum and count, rounded once; nil when it is not finite.
    func average(isInteger: Bool) -> Double? {
        var total = wide ?? WideSum()
        total.add(fixed: fixed, exponent: isInteger ? 0 : -fractionBits)
        let rounded = total.divided(by: count)
        return rounded.isFinite ? rounded : nil
    }

    private func scaled(_ units: Int128) -> Double {
        // One rounding: to 53 bits here; the scaling by a power of two is exact, since results are at least 2^-72.
        units.rounded * 0x1p-72
    }
}

extension Int128 {
    /// The nearest double; of two, the even one. The toolchain's own conversion walks over words and takes ten times as long.
    var rounded: Double {
        let magnitude = self.magnitude
        let high = UInt64(truncatingIfNeeded: magnitude >> 64)
        let low = UInt64(truncatingIfNeeded: magnitude)
        if high == 0 { return self < 0 ? -Double(low) : Double(low) }
        // 64 bits are more than a double has: whether anything is below them decides between two, and is kept in the lowest.
        let shift = 64 - high.leadingZeroBitCount
        let top = UInt64(truncatingIfNeeded: magnitude >> UInt128(shift))
        let isExact = low << UInt64(64 - shift) == 0
        let value = Double(top | (isExact ? 0 : 1)) * Double(sign: .plus, exponent: shift, significand: 1)
        return self < 0 ? -value : value
    }

    /// An integral double below 2^126.
    init(integral value: Double) {
        let magnitude = value.magnitude
        let high = (magnitude * 0x1p-64).rounded(.towardZero)
        let low = magnitude - high * 0x1p64
        let units = Int128(UInt64(high)) << 64 | Int128(UInt64(low))
        self = value < 0 ? -units : units
    }
}

/// The value in units of 2^-72; nil when it does not fit.
private func fixedUnits(_ value: Double) -> Int128? {
    guard value.magnitude < largestMagnitude else { return nil }
    let scaled = value * 0x1p72
    guard scaled == scaled.rounded(.towardZero) else { return nil }
    return Int128(integral: scaled)
}
