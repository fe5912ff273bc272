// A JSON value as definitions are read from it. Wire builds it from bytes; rows of data never become one.

/// One JSON value. Of duplicate members the last counts (contract §1), so an object holds each name once.
public indirect enum JSON: Equatable, Sendable {
    case null
    case boolean(Bool)
    /// A number without fraction and exponent within 64 bits.
    case integer(Int64)
    /// Any other number.
    case double(Double)
    case string(String)
    case array([JSON])
    case object([Member])

    /// One member of an object, in the order of the text.
    public struct Member: Equatable, Sendable {
        /// As written, without escapes.
        public var name: String
        /// Of the member.
        public var value: JSON

        public init(_ name: String, _ value: JSON) {
            self.name = name
            self.value = value
        }
    }

    /// Milliseconds since the Unix epoch, of an instant as contract §1 writes it: RFC 3339 text or an integer; nil of anything else.
    public var instant: Int64? {
        switch self {
        case .integer(let milliseconds): InstantText.isInRange(milliseconds) ? milliseconds : nil
        case .string(let text): InstantText.milliseconds(of: text)
        default: nil
        }
    }

    /// What a problem with an instant hints at.
    public static let instantHint = "2026-03-01T09:30:00Z or milliseconds since 1970"

    /// What a text says; nil of anything else.
    var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The member of that name; nil when this is no object or has none.
    public subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }
}
