// Arithmetic and functions of numbers: "division by zero, integer overflow and a result that is not finite are null" (semantics §3).
import Campaigns
import Glibc

extension Evaluator {
    static func result(_ operation: ArithmeticOperator, _ left: Datum, _ right: Datum) -> Datum? {
        guard case .integer(let a) = left, case .integer(let b) = right else {
            let (a, b) = (left.double, right.double)
            switch operation {
            case .add: return .finite(a + b)
            case .subtract: return .finite(a - b)
            case .multiply: return .finite(a * b)
            case .divide: return b == 0 ? nil : .finite(a / b)
            case .remainder: return b == 0 ? nil : .finite(fmod(a, b))
            }
        }
        switch operation {
        case .add: return .within(Int128(a) + Int128(b))
        case .subtract: return .within(Int128(a) - Int128(b))
        case .multiply: return .within(Int128(a) * Int128(b))
        // The sign of the dividend.
        case .remainder: return b == 0 ? nil : .within(Int128(a) % Int128(b))
        case .divide: return b == 0 ? nil : .double(quotient(a, b))
        }
    }

    /// The exact quotient of two integers, rounded once.
    private static func quotient(_ a: Int64, _ b: Int64) -> Double {
        if a == 0 { return 0 }
        // Doubled until it has more binary digits than a double keeps; the last of them says whether anything was left over.
        var dividend = UInt128(a.magnitude)
        var exponent = 0
        while dividend / UInt128(b.magnitude) < 1 << 55 {
            dividend *= 2
            exponent -= 1
        }
        let (quotient, rest) = dividend.quotientAndRemainder(dividingBy: UInt128(b.magnitude))
        let rounded = Double(UInt64(quotient) | (rest == 0 ? 0 : 1))
        return Double(sign: (a < 0) == (b < 0) ? .plus : .minus, exponent: exponent, significand: rounded)
    }
}

extension Datum {
    static func finite(_ value: Double) -> Datum? {
        value.isFinite ? .double(value) : nil
    }

    static func within(_ value: Int128) -> Datum? {
        Int64(exactly: value).map(Datum.integer)
    }

    var integer: Int64 {
        guard case .integer(let value) = self else { preconditionFailure("the checker lets only an integer stand here, not \(self)") }
        return value
    }

    /// The nearest double of an integer.
    var double: Double {
        switch self {
        case .integer(let value): Double(value)
        case .double(let value): value
        default: preconditionFailure("the checker lets only a number stand here, not \(self)")
        }
    }

    /// An integer as it is, a double changed.
    func asDouble(_ change: (Double) -> Double) -> Datum? {
        if case .double(let value) = self { .finite(change(value)) } else { self }
    }

    /// Round and Trunc: "x·10^n in doubles, half away from zero (or cut), ÷10^n" (decision 25).
    func scaled(by decimals: Int64, isRounded: Bool) -> Datum? {
        if case .integer = self, decimals >= 0 { return self }
        let scale = pow(10, Double(decimals))
        let scaled = abs(double) * scale
        guard scale.isFinite, scaled.isFinite, scale > 0 else { return nil }
        let whole = floor(scaled)
        let result = (isRounded && scaled - whole >= 0.5 ? whole + 1 : whole) / scale * (double < 0 ? -1 : 1)
        guard case .integer = self else { return .finite(result) }
        return result.isFinite ? Int64(exactly: result.rounded(.towardZero)).map(Datum.integer) : nil
    }

    /// Kilometres between longitude and latitude, twice, in degrees: the haversine formula on a sphere of 6371 km.
    static func distance(_ degrees: [Double]) -> Double {
        let (latitudeA, latitudeB) = (degrees[1] * (.pi / 180), degrees[3] * (.pi / 180))
        let half =
            pow(sin((latitudeB - latitudeA) / 2), 2)
            + cos(latitudeA) * cos(latitudeB) * pow(sin((degrees[2] - degrees[0]) * (.pi / 180) / 2), 2)
        let root = half.squareRoot()
        return root.isNaN ? .nan : 2 * 6371 * asin(min(1, root))
    }
}
