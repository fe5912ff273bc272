// The texts of identities, apart from the engine, so that another thread can sort them.

/// Texts by number, from 0 on.
public struct IdentityTexts: Sendable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    public init() {}

    /// How many there are.
    public var count: Int { ends.count }

    mutating func append(_ text: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: text)
        ends.append(bytes.count)
    }

    /// Their numbers, in the order of their bytes.
    public func sorted() -> [Int32] {
        struct Entry {
            /// The first eight bytes, the first one highest; a text that ends before has zeros.
            var first: UInt64
            var number: Int32
        }
        return bytes.withUnsafeBytes { bytes in
            func text(_ number: Int32) -> UnsafeRawBufferPointer {
                UnsafeRawBufferPointer(rebasing: bytes[(number == 0 ? 0 : ends[Int(number) - 1])..<ends[Int(number)]])
            }
            var entries = (0..<Int32(count)).map { number in
                let text = text(number)
                var first: UInt64 = 0
                for place in 0..<min(8, text.count) { first |= UInt64(text[place]) << UInt64(56 - 8 * place) }
                return Entry(first: first, number: number)
            }
            entries.sort { a, b in a.first != b.first ? a.first < b.first : isLess(text(a.number), text(b.number)) }
            return entries.map(\.number)
        }
    }
}
