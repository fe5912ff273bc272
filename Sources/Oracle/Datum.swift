// Values as the reference evaluator holds them: what they are, and how they compare (semantics §3).
public import Campaigns

/// A value that is not null; null is nil.
public enum Datum: Hashable, Sendable {
    case boolean(Bool)
    case integer(Int64)
    case double(Double)
    /// UTF-8. Texts are bytes here, since Swift's own equality of strings is another one.
    case text([UInt8])
    /// Days since 1970-01-01.
    case date(Int32)
    /// Milliseconds since 1970-01-01T00:00:00Z.
    case instant(Int64)

    public init?(_ literal: Literal) {
        switch literal {
        case .null: return nil
        case .boolean(let value): self = .boolean(value)
        case .integer(let value): self = .integer(value)
        case .double(let value): self = .double(value)
        case .string(let value): self = .text(Array(value.utf8))
        case .date(let value): self = .date(value)
        case .instant(let value): self = .instant(value)
        }
    }

    /// The value that all have in common that are equal to it by value: a double that is a whole number as an integer.
    var byValue: Datum {
        guard case .double(let number) = self, let whole = Int64(exactly: number) else { return self }
        return .integer(whole)
    }

    /// Negative, zero or positive as this value is less than, equal to or greater than another that it may be compared with.
    func order(_ other: Datum) -> Int {
        switch (self, other) {
        case (.boolean(let a), .boolean(let b)): Datum.order(a ? 1 : 0, b ? 1 : 0)
        case (.integer(let a), .integer(let b)): Datum.order(a, b)
        case (.double(let a), .double(let b)): Datum.order(a, b)
        case (.integer(let a), .double(let b)): Datum.mixedOrder(a, b)
        case (.double(let a), .integer(let b)): -Datum.mixedOrder(b, a)
        case (.text(let a), .text(let b)): a == b ? 0 : a.lexicographicallyPrecedes(b) ? -1 : 1
        case (.date(let a), .date(let b)): Datum.order(a, b)
        case (.instant(let a), .instant(let b)): Datum.order(a, b)
        default: preconditionFailure("the checker lets no such comparison pass: \(self), \(other)")
        }
    }

    private static func order<Number: Comparable>(_ a: Number, _ b: Number) -> Int {
        a < b ? -1 : a > b ? 1 : 0
    }

    /// "Integer and double compare by value", exactly, also beyond 2^53: the double's whole part is compared as an integer.
    private static func mixedOrder(_ a: Int64, _ b: Double) -> Int {
        guard b < 0x1p63 else { return -1 }
        guard b >= -0x1p63 else { return 1 }
        let whole = Int64(b.rounded(.towardZero))
        if a != whole { return a < whole ? -1 : 1 }
        return order(Double(whole), b)
    }
}
