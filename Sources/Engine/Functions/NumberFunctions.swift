// Functions that give numbers (semantics §3, decisions 20 and 25).
import Campaigns
import Glibc

extension FunctionEvaluator {
    static func number(_ function: Function, _ arguments: UnsafeBufferPointer<Value>) -> Value {
        let first = arguments[0]
        switch function {
        case .abs:
            if first.kind == .double { return finite(first.double.magnitude) }
            return first.integer < 0 ? negate(first) : first
        case .ceil: return first.kind == .double ? finite(first.double.rounded(.up)) : first
        case .floor: return first.kind == .double ? finite(first.double.rounded(.down)) : first
        case .sign: return .integer(Int64(order(first, .integer(0))))
        case .modulo: return arithmetic(.remainder, first, arguments[1])
        case .round: return scaled(first, arguments.count > 1 ? arguments[1].integer : 0, isRounding: true)
        case .trunc: return scaled(first, arguments.count > 1 ? arguments[1].integer : 0, isRounding: false)
        case .percent: return optional(Arithmetic.double(.divide, double(first) * 100, double(arguments[1])))
        case .toDoubleValue: return first.kind == .text ? readDouble(first.text) : toDouble(first)
        case .toInteger: return toInteger(first)
        case .distance:
            return distance((double(first), double(arguments[1])), (double(arguments[2]), double(arguments[3])))
        default: preconditionFailure("\(function) is no function of numbers")
        }
    }

    /// Round and Trunc: "x·10^n in doubles, half away from zero (or cut), ÷10^n".
    private static func scaled(_ value: Value, _ decimals: Int64, isRounding: Bool) -> Value {
        if value.kind == .integer, decimals >= 0 { return value }
        let scale = pow(10, Double(decimals))
        let shifted = double(value).magnitude * scale
        guard scale.isFinite, scale != 0, shifted.isFinite else { return .null }
        let whole = shifted.rounded(.down)
        let result = (isRounding && shifted - whole >= 0.5 ? whole + 1 : whole) / scale
        let signed = double(value) < 0 ? -result : result
        return value.kind == .integer ? integer(signed) : finite(signed)
    }

    /// Toward zero; null beyond 64 bits.
    private static func integer(_ value: Double) -> Value {
        Int64(exactly: value.rounded(.towardZero)).map(Value.integer) ?? .null
    }

    private static func toInteger(_ value: Value) -> Value {
        switch value.kind {
        case .double: return integer(value.double)
        case .text:
            var digits = value.text[...]
            let isNegative = digits.first == UInt8(ascii: "-")
            if isNegative { digits = digits.dropFirst() }
            guard (1...19).contains(digits.count), digits.allSatisfy(isDigit) else { return .null }
            // Toward the sign, so that the smallest integer is read too.
            var number: Int64 = 0
            for digit in digits {
                let (shifted, isTooLarge) = number.multipliedReportingOverflow(by: 10)
                let unit = Int64(digit - UInt8(ascii: "0"))
                let (sum, isBeyond) = shifted.addingReportingOverflow(isNegative ? -unit : unit)
                if isTooLarge || isBeyond { return .null }
                number = sum
            }
            return .integer(number)
        default: return value
        }
    }

    /// `-12`, `1.5`, `1e2`, `-1.25E-7`; null when it is something else, or not finite.
    private static func readDouble(_ text: UnsafeRawBufferPointer) -> Value {
        var rest = text[...]
        func digits() -> Bool {
            let found = rest.prefix(while: isDigit).count
            rest = rest.dropFirst(found)
            return found > 0
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        guard digits() else { return .null }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard digits() else { return .null }
        }
        if let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
            guard digits() else { return .null }
        }
        guard rest.isEmpty, let value = Double(String(decoding: text, as: UTF8.self)) else { return .null }
        return finite(value)
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") <= 9
    }

    /// Great circle by the haversine formula on a sphere of 6371 km; degrees in, kilometres out.
    private static func distance(_ a: (longitude: Double, latitude: Double), _ b: (longitude: Double, latitude: Double)) -> Value {
        let degree = Double.pi / 180
        let (latitudeA, latitudeB) = (a.latitude * degree, b.latitude * degree)
        let (south, east) = (sin((latitudeB - latitudeA) / 2), sin((b.longitude - a.longitude) * degree / 2))
        let half = south * south + cos(latitudeA) * cos(latitudeB) * (east * east)
        let root = half.squareRoot()
        // Of points opposite each other the root may come out just above 1. What is not a number stays so.
        return finite(2 * 6371 * asin(root > 1 ? 1 : root))
    }
}
