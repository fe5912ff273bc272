// Payloads of images as zstd frames and back, each in one call into memory that is there. The one owner of zstd's contexts for blocks.
internal import CZstd

/// Compresses and decompresses blocks. Not thread-safe. A class, for its contexts.
final class BlockCodec {
    private let compressor: OpaquePointer
    private let decompressor: OpaquePointer

    /// A third of the bytes at some 400 MB/s: for copies that go over a network.
    private static let level: Int32 = 1

    init() {
        guard let compressor = ZSTD_createCCtx(), let decompressor = ZSTD_createDCtx() else { fatalError("no memory for libzstd") }
        self.compressor = compressor
        self.decompressor = decompressor
    }

    deinit {
        ZSTD_freeCCtx(compressor)
        ZSTD_freeDCtx(decompressor)
    }

    /// Returns the size of the frame; nil when it is not smaller than the bytes, and the target then holds nothing of use.
    func compress(_ bytes: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Int? {
        let room = min(target.count, bytes.count)
        let size = ZSTD_compressCCtx(compressor, target.baseAddress, room, bytes.baseAddress, bytes.count, Self.level)
        return ZSTD_isError(size) == 0 && size < bytes.count ? size : nil
    }

    /// Fills the target with what the frame holds; false when it is no frame, or holds more or less.
    func decompress(_ frame: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Bool {
        ZSTD_decompressDCtx(decompressor, target.baseAddress, target.count, frame.baseAddress, frame.count) == target.count
    }
}
