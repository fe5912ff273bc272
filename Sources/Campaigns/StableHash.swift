// The hash that makes choices repeatable (semantics §2).

/// "64-bit FNV-1a of the UTF-8 bytes, then the murmur3 64-bit finaliser". Bytes may come in pieces: the seed once, a row id per row.
public struct StableHash: Sendable {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    public init() {}

    /// Takes more bytes in.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        var state = state
        for byte in bytes { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        self.state = state
    }

    /// Takes the UTF-8 bytes of a text in.
    public mutating func update(_ text: String) {
        var text = text
        text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
    }

    /// The hash of everything so far.
    public var value: UInt64 {
        var x = state
        x ^= x >> 33
        x &*= 0xff51_afd7_ed55_8ccd
        x ^= x >> 33
        x &*= 0xc4ce_b9fe_1a85_ec53
        return x ^ (x >> 33)
    }

    /// `h` of bytes.
    public static func h(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hash = StableHash()
        hash.update(bytes)
        return hash.value
    }

    /// `h` of a text.
    public static func h(_ text: String) -> UInt64 {
        var hash = StableHash()
        hash.update(text)
        return hash.value
    }
}
