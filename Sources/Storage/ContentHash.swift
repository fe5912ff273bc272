// The hash that files and records are known by: xxh3 of 64 bits without a seed. Not against people who want two to have the same.

/// What some bytes are known by.
public enum ContentHash {
    /// Of all of them.
    public static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 { ImageFormat.hash(bytes, seed: 0) }
}
