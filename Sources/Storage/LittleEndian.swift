// Numbers and texts as bytes, little-endian, for formats of fixed layout; the readers say nil where bytes are missing, and never trap.

/// Appends values to bytes.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append<Number: FixedWidthInteger>(_ number: Number) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// The number of bytes in UTF-8, 4 bytes, and these.
    mutating func append(_ text: String) {
        let utf8 = Array(text.utf8)
        append(UInt32(utf8.count))
        bytes += utf8
    }

    /// Zeros up to a size.
    mutating func fill(to byteCount: Int) {
        precondition(bytes.count <= byteCount)
        bytes += [UInt8](repeating: 0, count: byteCount - bytes.count)
    }
}

/// Takes values from the front of bytes. After one that is not there, all are not there.
struct ByteReader {
    private var rest: Slice<UnsafeRawBufferPointer>
    private(set) var isExhausted = false

    init(_ bytes: UnsafeRawBufferPointer) { rest = bytes[...] }

    var remainingBytes: Int { rest.count }

    mutating func number<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) -> Number? {
        guard let bytes = take(MemoryLayout<Number>.size) else { return nil }
        return Number(littleEndian: bytes.loadUnaligned(as: Number.self))
    }

    /// What `ByteWriter` appended; nil also when it is no UTF-8.
    mutating func text() -> String? {
        guard let count = number(UInt32.self), let bytes = take(Int(count)) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    private mutating func take(_ count: Int) -> UnsafeRawBufferPointer? {
        guard !isExhausted, count <= rest.count else {
            isExhausted = true
            return nil
        }
        defer { rest = rest.dropFirst(count) }
        return UnsafeRawBufferPointer(rebasing: rest.prefix(count))
    }
}

extension UnsafeRawBufferPointer {
    /// A number that lies within the bytes: a place beyond them is a bug.
    func number<Number: FixedWidthInteger>(at offset: Int, as type: Number.Type = Number.self) -> Number {
        Number(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
    }

    /// Whether every byte is zero.
    var isZero: Bool { allSatisfy { $0 == 0 } }
}
