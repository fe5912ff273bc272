// A file in one zstd frame, with its SHA-256 and size. The one owner of libzstd's compressor.
//
// Format: one frame of RFC 8878, level `level`, one thread, with a content checksum (XXH64) and without a content size. The same bytes
// appended give the same file with the same version of libzstd, however they were cut into appends: the compressor is always fed blocks
// of the same size.

internal import CZstd

/// A compressed file being written. After an error it is lost and must be thrown away. Not thread-safe. A class, so that a snapshot can
/// hold several.
final class CompressedWriter {
    /// What was written in the end.
    struct Summary: Equatable, Sendable {
        /// Bytes of the compressed file.
        var bytes: Int
        /// SHA-256 of the compressed file, in lower-case hexadecimal.
        var sha256: String
    }

    /// zstd's own default: about a third of the size of NDJSON at some hundred MB/s.
    static let level: Int32 = 3

    private let path: String
    private let file: any FileInWriting
    private var digest = Digest()
    private let context: OpaquePointer
    private var input: [UInt8] = []
    private var output: [UInt8]
    private var bytesWritten = 0

    private static let inputBytes = 128 << 10

    /// Creates the file, or empties it.
    init(path: String, in files: any FileSystem) throws(StorageError) {
        self.path = path
        file = try files.create(path)
        guard let context = ZSTD_createCCtx(),
            ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Self.level)) == 0,
            ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)) == 0
        else { fatalError("libzstd offers no compressor") }
        self.context = context
        input.reserveCapacity(Self.inputBytes)
        output = [UInt8](repeating: 0, count: ZSTD_CStreamOutSize())
    }

    /// Adds the bytes behind those added before.
    func append(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = rest.prefix(Self.inputBytes - input.count)
            input.append(contentsOf: part)
            rest = rest.dropFirst(part.count)
            if input.count == Self.inputBytes { try compress(ZSTD_e_continue) }
        }
    }

    /// Ends the frame, waits until the disk has the file, and closes it.
    func finish() throws(StorageError) -> Summary {
        try compress(ZSTD_e_end)
        try file.synchronize()
        try file.close()
        return Summary(bytes: bytesWritten, sha256: digest.finish())
    }

    private func compress(_ directive: ZSTD_EndDirective) throws(StorageError) {
        var consumed = 0
        while true {
            var produced = 0
            let remaining = input.withUnsafeBytes { source in
                output.withUnsafeMutableBytes { target in
                    var inBuffer = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: consumed)
                    var outBuffer = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
                    let remaining = ZSTD_compressStream2(context, &outBuffer, &inBuffer, directive)
                    (consumed, produced) = (inBuffer.pos, outBuffer.pos)
                    return remaining
                }
            }
            guard ZSTD_isError(remaining) == 0 else {
                throw StorageError(operation: "compress", path: path, cause: String(cString: ZSTD_getErrorName(remaining)))
            }
            try write(produced)
            let isDone = directive == ZSTD_e_end ? remaining == 0 : consumed == input.count
            if isDone { break }
        }
        input.removeAll(keepingCapacity: true)
    }

    private func write(_ count: Int) throws(StorageError) {
        try output.withBytes { (bytes) throws(StorageError) in
            let part = UnsafeRawBufferPointer(rebasing: bytes.prefix(count))
            digest.append(part)
            try file.write(part)
        }
        bytesWritten += count
    }

    deinit {
        ZSTD_freeCCtx(context)
    }
}
