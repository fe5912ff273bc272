// The lines of a file that CompressedWriter wrote, from its bytes as they come. The one owner of libzstd's decompressor of streams.
internal import CZstd

/// Not thread-safe.
public final class CompressedLines {
    /// What came is no whole frame.
    public struct Damage: Error, CustomStringConvertible {
        /// Why.
        public let description: String

        public init(description: String) { self.description = description }
    }

    /// A longer line is damage: an event of a member is no longer than 1 MiB, and its line in a snapshot shorter.
    public static let maximumLineBytes = 2 << 20

    private let context: OpaquePointer
    private var output: [UInt8]
    /// Of the line under way.
    private var begun: [UInt8] = []
    private var isWhole = false

    public init() {
        guard let context = ZSTD_createDCtx() else { fatalError("libzstd offers no decompressor") }
        self.context = context
        output = [UInt8](repeating: 0, count: ZSTD_DStreamOutSize())
    }

    deinit {
        ZSTD_freeDCtx(context)
    }

    /// Takes the next bytes of the file, and calls the body with every line that is whole by now, without its line feed.
    public func append(_ bytes: UnsafeRawBufferPointer, _ line: ([UInt8]) throws -> Void) throws {
        var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
        var isFull = false
        while input.pos < input.size || isFull {
            let (count, left) = output.withUnsafeMutableBytes { output in
                var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
                let left = ZSTD_decompressStream(context, &target, &input)
                return (target.pos, left)
            }
            if ZSTD_isError(left) != 0 { throw Damage(description: "it is no frame of zstd, or a damaged one") }
            isWhole = left == 0
            isFull = count == output.count
            try take(output[..<count], line)
        }
    }

    private func take(_ bytes: ArraySlice<UInt8>, _ line: ([UInt8]) throws -> Void) throws {
        var rest = bytes
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            begun += rest[..<end]
            try line(begun)
            begun.removeAll(keepingCapacity: true)
            rest = rest[(end + 1)...]
        }
        begun += rest
        if begun.count > Self.maximumLineBytes { throw Damage(description: "a line is too long") }
    }

    /// Nothing comes any more: whether all did.
    public func finish() throws(Damage) {
        if !isWhole || !begun.isEmpty { throw Damage(description: "its end is missing") }
    }
}
