// One block of an image (layout: ImageFormat.swift): its head as bytes and back, and its content as a reader hands it out.

/// A block that was read and whose hash fits.
public struct ImageBlock {
    /// How many rows its writer said are in it.
    public let rows: Int
    /// The payload, not compressed. Valid until the reader is asked for another block, or ends.
    public let bytes: UnsafeRawBufferPointer

    /// What stands before each payload.
    struct Head: Equatable {
        var section: ImageSection
        var number: UInt32
        var rows: UInt32
        var codec: UInt32
        var rawBytes: UInt32
        var storedBytes: UInt32

        static let raw: UInt32 = 0
        static let zstd: UInt32 = 1
    }
}

extension ImageBlock.Head {
    /// Writes the head before a payload that lies behind it already, and returns the hash.
    /// - Parameter block: head and payload, without the zeros behind them.
    func write(to block: UnsafeMutableRawBufferPointer, seed: UInt64) -> UInt64 {
        block.storeBytes(of: ImageFormat.blockMagic.littleEndian, toByteOffset: 8, as: UInt32.self)
        block.storeBytes(of: section.kind.littleEndian, toByteOffset: 12, as: UInt32.self)
        block.storeBytes(of: section.part.littleEndian, toByteOffset: 16, as: UInt64.self)
        block.storeBytes(of: number.littleEndian, toByteOffset: 24, as: UInt32.self)
        block.storeBytes(of: rows.littleEndian, toByteOffset: 28, as: UInt32.self)
        block.storeBytes(of: codec.littleEndian, toByteOffset: 32, as: UInt32.self)
        block.storeBytes(of: rawBytes.littleEndian, toByteOffset: 36, as: UInt32.self)
        block.storeBytes(of: storedBytes.littleEndian, toByteOffset: 40, as: UInt32.self)
        block.storeBytes(of: 0, toByteOffset: 44, as: UInt32.self)
        let hash = ImageFormat.hash(behindHashOf: UnsafeRawBufferPointer(block), seed: seed)
        block.storeBytes(of: hash.littleEndian, as: UInt64.self)
        return hash
    }

    /// Reads the head of a block whose place and size are known, and checks all that a block can say of itself.
    /// - Parameters:
    ///   - block: head, payload as stored, and the zeros behind it.
    ///   - hash: what the index, or of the index the footer, says.
    init(
        of block: UnsafeRawBufferPointer, storedBytes: Int, hash: UInt64, maximumBytes: Int, seed: UInt64
    ) throws(ImageError.Cause) {
        let end = ImageFormat.headBytes + storedBytes
        let content = UnsafeRawBufferPointer(rebasing: block[..<end])
        guard content.number(at: 0) == hash, ImageFormat.hash(behindHashOf: content, seed: seed) == hash else {
            throw "its bytes have another hash than they had when it was written"
        }
        guard UnsafeRawBufferPointer(rebasing: block[end...]).isZero else { throw "the bytes behind it are not zero" }
        section = ImageSection(kind: content.number(at: 12), part: content.number(at: 16))
        number = content.number(at: 24)
        rows = content.number(at: 28)
        codec = content.number(at: 32)
        rawBytes = content.number(at: 36)
        self.storedBytes = content.number(at: 40)
        let isWhole = content.number(at: 8) == ImageFormat.blockMagic && content.number(at: 44, as: UInt32.self) == 0
        let fits = codec == Self.raw ? rawBytes == self.storedBytes : codec == Self.zstd && rawBytes > self.storedBytes
        guard isWhole, fits, self.storedBytes == storedBytes, rawBytes <= maximumBytes else { throw "its head says what cannot be" }
    }
}
