// Reading bytes that may be anything: every step is bounded, and what does not fit is an error.

/// What is wrong with bytes that facts are read from.
public struct FactsError: Error, CustomStringConvertible {
    /// For people: what, and where.
    public let description: String

    package init(_ description: String) { self.description = description }
}

/// Takes bytes from the front, little endian.
struct ByteReader {
    private var left: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { left = bytes }

    /// How many bytes are left.
    var count: Int { left.count }

    func require(_ count: Int) throws(FactsError) {
        if count < 0 || count > left.count { throw FactsError("\(left.count) bytes are left where \(count) are needed") }
    }

    /// The next so many bytes.
    mutating func take(_ count: Int) throws(FactsError) -> UnsafeRawBufferPointer {
        try require(count)
        defer { left = UnsafeRawBufferPointer(rebasing: left.dropFirst(count)) }
        return UnsafeRawBufferPointer(rebasing: left.prefix(count))
    }

    mutating func byte() throws(FactsError) -> UInt8 { try take(1)[0] }

    mutating func word32() throws(FactsError) -> UInt32 { UInt32(littleEndian: try take(4).loadUnaligned(as: UInt32.self)) }

    mutating func word64() throws(FactsError) -> UInt64 { UInt64(littleEndian: try take(8).loadUnaligned(as: UInt64.self)) }

    /// All has been read.
    func end() throws(FactsError) {
        if left.count > 0 { throw FactsError("\(left.count) bytes too many") }
    }
}
