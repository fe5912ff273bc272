// An output file of lines (NDJSON) written through a big buffer, for `replay`.

/// A file of lines being written. It appears under its name when it is closed, whole; until then one of an earlier run stays.
///
/// After an error the file is lost: every later call throws the same error. Not fsynced: a replay can be repeated. Not thread-safe. A
/// class, since Swift 6.3 cannot have several values that are not copyable in one initialiser that throws.
public final class LineWriter {
    private var file: AtomicFile
    private var buffer: [UInt8] = []

    private static let bufferBytes = 1 << 20

    /// Begins the file; its folder is created when missing.
    public init(path: String) throws(StorageError) {
        try Folders.create(Folders.parent(of: path))
        file = try AtomicFile(replacing: path)
        buffer.reserveCapacity(Self.bufferBytes)
    }

    /// Adds the bytes; the caller writes the line feeds.
    public func append(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
        if buffer.count + bytes.count > Self.bufferBytes { try flush() }
        if bytes.count >= Self.bufferBytes {
            try file.append(bytes)
        } else {
            buffer.append(contentsOf: bytes)
        }
    }

    /// Adds the bytes; the caller writes the line feeds.
    public func append(_ bytes: [UInt8]) throws(StorageError) {
        try bytes.withBytes { (buffer) throws(StorageError) in try append(buffer) }
    }

    /// Writes what is left and gives the file its name. Called once, as the last step; without it there is no file.
    public func close() throws(StorageError) {
        try flush()
        try file.finish(.fast)
    }

    private func flush() throws(StorageError) {
        try buffer.withBytes { (bytes) throws(StorageError) in try file.append(bytes) }
        buffer.removeAll(keepingCapacity: true)
    }
}
