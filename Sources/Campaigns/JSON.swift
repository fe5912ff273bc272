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
        public var name: String
        public var value: JSON

        public init(_ name: String, _ value: JSON) {
            self.name = name
            self.value = value
        }
    }

    /// The member of that name; nil when this is no object or has none.
    public subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }
}
