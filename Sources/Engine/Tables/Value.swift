// One value on its way through an expression.
import Campaigns

/// A value, or null. A text points to where it is kept, and is valid as long as that stands: a dictionary until something is interned
/// there, the arena until it is reset, a term until the clock moves, a constant for ever.
struct Value: BitwiseCopyable, Sendable {
    enum Kind: UInt8 { case null, boolean, integer, double, text, date, instant }

    var kind: Kind
    /// Of a text: its length in bytes.
    var length: Int32 = 0
    /// The number, the bits of the double, the days, the milliseconds, 0 or 1, or the address of the text.
    var bits: UInt64 = 0

    init(kind: Kind, length: Int32 = 0, bits: UInt64 = 0) {
        self.kind = kind
        self.length = length
        self.bits = bits
    }

    static let null = Value(kind: .null)

    static func boolean(_ value: Bool) -> Value { Value(kind: .boolean, bits: value ? 1 : 0) }
    static func integer(_ value: Int64) -> Value { Value(kind: .integer, bits: UInt64(bitPattern: value)) }
    static func double(_ value: Double) -> Value { Value(kind: .double, bits: value.bitPattern) }
    static func date(_ days: Int32) -> Value { Value(kind: .date, bits: UInt64(bitPattern: Int64(days))) }
    static func instant(_ milliseconds: Int64) -> Value { Value(kind: .instant, bits: UInt64(bitPattern: milliseconds)) }

    static func text(_ bytes: UnsafeRawBufferPointer) -> Value {
        Value(kind: .text, length: Int32(bytes.count), bits: UInt64(UInt(bitPattern: bytes.baseAddress)))
    }

    var isNull: Bool { kind == .null }

    /// A place in the order of values of one type; nil for null and texts.
    var sortKey: Int64? {
        switch kind {
        case .null, .text: return nil
        case .double:
            let pattern = Int64(bitPattern: bits)
            return pattern < 0 ? Int64.min &- pattern : pattern
        default: return integer
        }
    }

    /// The value of a type at a place in its order.
    init(sortKey: Int64, kind: Kind) {
        let pattern = kind == .double && sortKey < 0 ? Int64.min &- sortKey : sortKey
        self.init(kind: kind, bits: UInt64(bitPattern: pattern))
    }
    var integer: Int64 { Int64(bitPattern: bits) }
    var double: Double { Double(bitPattern: bits) }

    var text: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: UInt(bits)), count: Int(length))
    }
}

/// Three-valued truth.
enum Truth: UInt8 { case no, yes, unknown }

/// The order of two values of one type, or of an integer and a double, by exact value; neither is null.
func order(_ a: Value, _ b: Value) -> Int {
    switch (a.kind, b.kind) {
    case (.text, _):
        return compareBytes(a.text, b.text)
    case (.double, .double):
        return a.double < b.double ? -1 : a.double > b.double ? 1 : 0
    case (.integer, .double):
        return order(a.integer, b.double)
    case (.double, .integer):
        return -order(b.integer, a.double)
    default:
        return a.integer < b.integer ? -1 : a.integer > b.integer ? 1 : 0
    }
}

/// An integer beside a finite double, exactly, also beyond 2^53.
private func order(_ a: Int64, _ b: Double) -> Int {
    if b >= 0x1p63 { return -1 }
    if b < -0x1p63 { return 1 }
    let whole = b.rounded(.down)
    let floor = Int64(whole)
    if a != floor { return a < floor ? -1 : 1 }
    return b > whole ? -1 : 0
}

func asTruth(_ value: Value) -> Truth {
    value.isNull ? .unknown : value.bits != 0 ? .yes : .no
}

func compared(_ left: Value, _ comparison: Comparison, _ right: Value) -> Truth {
    if left.isNull || right.isNull { return .unknown }
    return comparison.holds(order(left, right)) ? .yes : .no
}

extension Comparison {
    /// Whether it is so of two values in an order: negative when the left one comes first, 0 when they are equal.
    @inline(__always)
    func holds(_ order: Int) -> Bool {
        switch self {
        case .equal: order == 0
        case .notEqual: order != 0
        case .less: order < 0
        case .lessOrEqual: order <= 0
        case .greater: order > 0
        case .greaterOrEqual: order >= 0
        }
    }
}
