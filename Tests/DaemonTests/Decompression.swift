// zstd frames back to bytes: what the tests read snapshots with.

import CZstd

@testable import Storage

/// Reads what `CompressedWriter` wrote.
enum Decompression {
    /// The content of a file of whole zstd frames; checksums are verified.
    static func bytes(ofFile path: String) throws(StorageError) -> [UInt8] {
        let compressed = try OpenFile.reading(path).read(maximumBytes: Int.max)
        guard let context = ZSTD_createDCtx() else { fatalError("libzstd offers no decompressor") }
        defer { ZSTD_freeDCtx(context) }

        var content: [UInt8] = []
        var output = [UInt8](repeating: 0, count: ZSTD_DStreamOutSize())
        var consumed = 0
        // Bytes that the decompressor still expects; 0 at the end of a frame.
        var expected = 0
        repeat {
            let before = consumed
            var produced = 0
            expected = compressed.withUnsafeBytes { source in
                output.withUnsafeMutableBytes { target in
                    var inBuffer = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: consumed)
                    var outBuffer = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
                    let expected = ZSTD_decompressStream(context, &outBuffer, &inBuffer)
                    (consumed, produced) = (inBuffer.pos, outBuffer.pos)
                    return expected
                }
            }
            guard ZSTD_isError(expected) == 0 else { throw refusal(path, String(cString: ZSTD_getErrorName(expected))) }
            content += output.prefix(produced)
            if expected != 0, consumed == before, produced == 0 { throw refusal(path, "it ends in the middle of a frame") }
        } while consumed < compressed.count || expected != 0
        return content
    }

    private static func refusal(_ path: String, _ cause: String) -> StorageError {
        StorageError(operation: "decompress", path: path, cause: cause)
    }
}
