// Functions and operators of expressions on values (semantics §3). Every one is total: what cannot be computed is null.
import Campaigns

enum FunctionEvaluator {
    /// "A function with a null argument is null." The arguments are of the types, and as many, as the checker has seen to. A text that
    /// comes out is part of an argument's, or in the arena until that is reset.
    static func call(
        _ function: Function, _ arguments: UnsafeBufferPointer<Value>, zone: TimeZoneRules, texts: inout TextArena
    ) -> Value {
        for argument in arguments where argument.isNull { return .null }
        let first = arguments[0]
        switch function {
        case .addSeconds, .addMinutes, .addHours, .addDays, .addMonths, .addYears, .secondsDiff, .minutesDiff, .hoursDiff, .daysDiff,
            .monthsDiff, .yearsDiff, .year, .month, .day, .dayOfYear, .hour, .minute, .second, .weekDay, .dateOnly, .toDate, .toDateTime,
            .wallTime, .toTimeZone, .truncDate, .truncWeek, .truncMonth, .truncQuarter, .truncYear:
            return moment(function, first, arguments.count > 1 ? arguments[1] : .null, zone)
        case .oldest, .least: return extreme(arguments) { $0 < 0 }
        case .newest, .greatest: return extreme(arguments) { $0 > 0 }
        case .abs, .ceil, .floor, .sign, .modulo, .round, .trunc, .percent, .toDoubleValue, .toInteger, .distance:
            return number(function, arguments)
        case .lower, .upper, .smart, .length, .left, .right, .substring, .replace, .trim, .leftTrim, .rightTrim, .leftPad, .rightPad,
            .charIndex, .emailDomain, .toText:
            return text(function, arguments, &texts)
        case .md5Digest: return hexadecimal(MD5.digest(of: first.text), &texts)
        case .sha256Digest: return hexadecimal(SHA256.digest(of: first.text), &texts)
        case .hash: return .integer(Int64(bitPattern: StableHash.h(first.text)))
        }
    }

    /// The first argument that all others are not before.
    private static func extreme(_ arguments: UnsafeBufferPointer<Value>, _ isBefore: (Int) -> Bool) -> Value {
        var found = arguments[0]
        for argument in arguments.dropFirst() where isBefore(order(argument, found)) { found = argument }
        return found
    }

    // MARK: Operators

    static func arithmetic(_ operation: ArithmeticOperator, _ a: Value, _ b: Value) -> Value {
        if a.isNull || b.isNull { return .null }
        guard a.kind == .integer, b.kind == .integer else {
            return optional(Arithmetic.double(operation, double(a), double(b)))
        }
        return operation == .divide
            ? optional(Arithmetic.quotient(a.integer, b.integer))
            : Arithmetic.integer(operation, a.integer, b.integer).map(Value.integer) ?? .null
    }

    static func negate(_ value: Value) -> Value {
        switch value.kind {
        case .integer: Arithmetic.integer(.subtract, 0, value.integer).map(Value.integer) ?? .null
        case .double: optional(Arithmetic.finite(-value.double))
        default: .null
        }
    }

    /// An integer as the nearest double.
    static func toDouble(_ value: Value) -> Value {
        value.kind == .integer ? .double(Double(value.integer)) : value
    }

    /// `||`.
    static func concatenate(_ a: Value, _ b: Value, texts: inout TextArena) -> Value {
        if a.isNull || b.isNull { return .null }
        let (a, b) = (a.text, b.text)
        return texts.text(count: a.count + b.count) { memory in
            memory.append(a)
            memory.append(b)
        }
    }

    // MARK: Numbers as values

    static func double(_ value: Value) -> Double {
        value.kind == .integer ? Double(value.integer) : value.double
    }

    static func optional(_ value: Double?) -> Value {
        value.map(Value.double) ?? .null
    }

    /// null when it is not finite.
    static func finite(_ value: Double) -> Value {
        optional(Arithmetic.finite(value))
    }
}
