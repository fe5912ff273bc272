// Sums of doubles that do not drift: the exact sum, rounded once, whatever was added and taken away in whatever order (semantics §3).
//
// There is one for each parent and sum, so it is small: 24 bytes. Nearly all sums fit 96 bits in units of 2^-68: those below 2^27 of values
// without bits below 2^-68, which is what an amount of 0.0001 has none of. What does not fit goes to an accumulator that spans all doubles,
// which is only there while it holds something.

/// Units of the fast part.
private let fractionBits = 68
private let largestMagnitude = 0x1p26

/// The sum and count of the non-null values of one parent. Integers are summed in units of 1.
struct SumState {
    /// Of 96 bits the lower and the higher ones.
    private var low: UInt64 = 0
    private var high: Int32 = 0
    /// Of the count the lower 32 bits.
    private var lowCount: UInt32 = 0
    /// What does not fit; nobody changes one that another state may have.
    private var rest: SumRest?

    init() {}

    /// What is in the fast part.
    private(set) var fixed: Int128 {
        get { Int128(high) << 64 | Int128(low) }
        set {
            low = UInt64(truncatingIfNeeded: newValue)
            high = Int32(truncatingIfNeeded: newValue >> 64)
        }
    }

    /// How many values there are.
    var count: Int64 { Int64(lowCount) + (rest?.highCount ?? 0) << 32 }

    /// What does not fit the fast part, in an accumulator that spans all doubles.
    var wide: WideSum? { rest?.wide }

    /// One value comes (1) or goes (-1).
    mutating func add(_ value: Int64, sign: Int64) {
        add(units: sign > 0 ? Int128(value) : -Int128(value))
        add(count: sign)
    }

    mutating func add(_ value: Double, sign: Int64) {
        add(count: sign)
        let signed = sign > 0 ? value : -value
        if let units = fixedUnits(signed) { return add(units: units) }
        change { rest in
            rest.addWide { $0.add(signed) }
            rest.wideCount += sign
        }
    }

    /// So many values that are 1 come, or go.
    mutating func add(ones: Int64) {
        add(units: Int128(ones))
        add(count: ones)
    }

    /// All values of another sum come (1) or go (-1).
    mutating func add(_ other: SumState, sign: Int64) {
        add(units: sign > 0 ? other.fixed : -other.fixed)
        add(count: sign * other.count)
        guard let more = other.wide, let its = other.rest else { return }
        change { rest in
            rest.addWide { $0.add(more, isNegative: sign < 0) }
            rest.wideCount += sign * its.wideCount
            rest.isSpilled = rest.isSpilled || its.isSpilled
        }
    }

    private mutating func add(count: Int64) {
        let total = Int64(lowCount) + count
        lowCount = UInt32(truncatingIfNeeded: total)
        if total >> 32 != 0 { change { $0.highCount += total >> 32 } }
    }

    /// What would overflow moves to the wide part, which then stays.
    private mutating func add(units: Int128) {
        let total = fixed + units
        if total == (total << 32) >> 32 {
            fixed = total
            return
        }
        change { rest in
            rest.addWide { $0.add(fixed: total, exponent: -fractionBits) }
            rest.isSpilled = true
        }
        fixed = 0
    }

    /// Changes what does not fit, and gives it up when there is nothing.
    private mutating func change(_ body: (SumRest) -> Void) {
        let isOwn = isKnownUniquelyReferenced(&rest)
        let changed = isOwn ? rest! : rest.map { SumRest($0) } ?? SumRest()
        body(changed)
        if changed.wideCount == 0 && !changed.isSpilled { changed.wide = nil }
        rest = changed.wide == nil && changed.highCount == 0 ? nil : changed
    }

    /// The sum as an integer; nil when it overflows.
    var integer: Int64? { wide == nil ? Int64(exactly: fixed) : nil }

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
        // One rounding: to 53 bits here; the scaling by a power of two is exact, since results are at least 2^-68.
        units.rounded * 0x1p-68
    }
}

/// What of a sum does not fit its fast part.
private final class SumRest {
    var wide: WideSum?
    /// How many of the values are in `wide`.
    var wideCount: Int64 = 0
    /// Whether `wide` holds more than values of its own.
    var isSpilled = false
    /// Of the count the higher 32 bits.
    var highCount: Int64 = 0

    init() {}

    init(_ other: SumRest) {
        (wide, wideCount, isSpilled, highCount) = (other.wide, other.wideCount, other.isSpilled, other.highCount)
    }

    func addWide(_ body: (inout WideSum) -> Void) {
        var total = wide.take() ?? WideSum()
        body(&total)
        wide = total
    }
}

/// The value in units of 2^-68; nil when it does not fit.
private func fixedUnits(_ value: Double) -> Int128? {
    guard value.magnitude < largestMagnitude else { return nil }
    let scaled = value * 0x1p68
    guard scaled == scaled.rounded(.towardZero) else { return nil }
    return Int128(integral: scaled)
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
