// An image being written (layout and order of the steps: ImageFormat.swift).
//
// Blocks are gathered in a buffer, so that the file system sees few large writes, and the disk is waited for every 32 MiB, so that the end
// brings no burst that other files wait behind. Giving up is ending the value: the temporary file goes with it.

/// One image being written, into one folder. One writer per sequence and instance at a time. After an error it is lost: every later call
/// throws the same error again. Not thread-safe.
public struct ImageWriter: ~Copyable {
    /// Whether payloads are compressed.
    enum Compression {
        case none
        /// Where it makes them smaller.
        case zstd
    }

    /// What it shows.
    public let header: ImageHeader
    let path: String
    private let temporaryPath: String
    private let folder: String
    private let files: any FileSystem
    private let file: any FileInWriting
    private let identifier: UInt64
    private let codec: BlockCodec?
    private let synchronizedBytes: Int
    private let buffer: UnsafeMutableRawBufferPointer

    private var bufferedBytes = 0
    private var writtenBytes = 0
    /// Written since the disk was last waited for.
    private var unsynchronizedBytes = 0
    private var index = ImageIndex()
    private var indexPlace: ImageFooter.IndexPlace?
    private var failure: StorageError?
    private var isPublished = false

    /// How many bytes a block's payload may have.
    public static let maximumPayloadBytes = ImageFormat.maximumPayloadBytes
    /// After how many bytes the disk is waited for.
    static let defaultSynchronizedBytes = 32 << 20
    /// Two of the largest blocks.
    private static let bufferBytes = 2 * ImageFormat.blockBytes(storedBytes: ImageFormat.maximumPayloadBytes)

    /// Begins an image; the folder must exist.
    /// - Parameters:
    ///   - identifier: of the file; another one for every file.
    ///   - synchronizedBytes: after how many bytes the disk is waited for.
    init(
        in home: ImageHome, header: ImageHeader, compression: Compression, identifier: UInt64, synchronizedBytes: Int
    ) throws(StorageError) {
        path = home.path(of: header.sequence)
        temporaryPath = home.temporaryPath(of: header.sequence)
        folder = home.folder
        files = home.files
        guard header.fits, header.sequence >= 0 else {
            throw StorageError(operation: "write", path: path, cause: "the names of group and program are too long for its header")
        }
        file = try files.create(temporaryPath)
        self.header = header
        self.identifier = identifier
        self.synchronizedBytes = synchronizedBytes
        codec = compression == .zstd ? BlockCodec() : nil
        buffer = .allocate(byteCount: Self.bufferBytes, alignment: ImageFormat.alignment)
        buffer.copyBytes(from: header.page(identifier: identifier))
        bufferedBytes = ImageFormat.pageBytes
    }

    deinit {
        buffer.deallocate()
        if !isPublished {
            try? file.close()
            try? files.remove(temporaryPath)
        }
    }

    /// Adds a block behind those added before. Blocks of a section are numbered in the order in which they come; other sections may come
    /// in between.
    /// - Parameters:
    ///   - payload: at most `maximumPayloadBytes`.
    ///   - rows: how many rows are in it, for the reader to count on.
    public mutating func append(_ payload: UnsafeRawBufferPointer, rows: Int, to section: ImageSection) throws(StorageError) {
        precondition(section.kind > 0 && payload.count <= Self.maximumPayloadBytes && indexPlace == nil)
        try refuseAfterFailure()
        let number = index.nextNumber(of: section)
        let (offset, storedBytes, hash) = try write(payload, rows: rows, section: section, number: number)
        let entry = ImageIndex.Entry(
            section: section, number: number, offset: offset, rows: UInt32(rows), storedBytes: storedBytes, hash: hash)
        index.append(entry, rawBytes: payload.count)
    }

    /// Writes what is known before the commit is acknowledged, and waits until the disk has it. No block can be added any more. Called
    /// once; `ImageStore.publish` calls it where nobody has.
    public mutating func finishBody() throws(StorageError) {
        guard indexPlace == nil else { return }
        try refuseAfterFailure()
        let payload = index.payload
        try flush()
        let place = try payload.withBytes { (bytes) throws(StorageError) in try writeIndex(bytes) }
        try during { (writer) throws(StorageError) in try writer.file.synchronize() }
        unsynchronizedBytes = 0
        indexPlace = place
    }

    /// Makes the file an image, durably. The size of the file is returned.
    mutating func publish(_ footer: ImageFooter) throws(StorageError) -> Int {
        precondition(!isPublished, "\(path) is published twice")
        try finishBody()
        guard let indexPlace else { preconditionFailure("a body without an index") }
        let page = footer.page(index: indexPlace, seed: identifier)
        try during { (writer) throws(StorageError) in
            guard page.count <= ImageFormat.maximumFooterBytes else {
                throw StorageError(operation: "write", path: writer.path, cause: "its footer would take \(page.count) bytes")
            }
            try page.withBytes { (bytes) throws(StorageError) in try writer.file.write(bytes) }
            try writer.file.synchronize()
            try writer.file.close()
            try writer.files.rename(writer.temporaryPath, to: writer.path)
            writer.isPublished = true
            try writer.files.synchronizeFolder(writer.folder)
        }
        return writtenBytes + page.count
    }

    // Bytes.

    /// Puts a block into the buffer, which is written first where the block has no room.
    private mutating func write(
        _ payload: UnsafeRawBufferPointer, rows: Int, section: ImageSection, number: UInt32
    ) throws(StorageError) -> (offset: Int, storedBytes: Int, hash: UInt64) {
        let hasRoom = bufferedBytes + ImageFormat.blockBytes(storedBytes: payload.count) <= buffer.count
        if !hasRoom || bufferedBytes >= synchronizedBytes { try flush() }
        let place = UnsafeMutableRawBufferPointer(rebasing: buffer[bufferedBytes...])
        let content = UnsafeMutableRawBufferPointer(rebasing: place[ImageFormat.headBytes...])
        let frameBytes = codec?.compress(payload, into: content)
        if frameBytes == nil { content.copyMemory(from: payload) }
        let storedBytes = frameBytes ?? payload.count
        let head = ImageBlock.Head(
            section: section, number: number, rows: UInt32(rows), codec: frameBytes == nil ? ImageBlock.Head.raw : ImageBlock.Head.zstd,
            rawBytes: UInt32(payload.count), storedBytes: UInt32(storedBytes))
        let end = ImageFormat.headBytes + storedBytes
        let hash = head.write(to: UnsafeMutableRawBufferPointer(rebasing: place[..<end]), seed: identifier)
        let blockBytes = ImageFormat.blockBytes(storedBytes: storedBytes)
        UnsafeMutableRawBufferPointer(rebasing: place[end..<blockBytes]).initializeMemory(as: UInt8.self, repeating: 0)
        let offset = writtenBytes + bufferedBytes
        bufferedBytes += blockBytes
        return (offset, storedBytes, hash)
    }

    /// Writes the index's block by itself: it may be larger than the buffer.
    private mutating func writeIndex(_ payload: UnsafeRawBufferPointer) throws(StorageError) -> ImageFooter.IndexPlace {
        let blockBytes = ImageFormat.blockBytes(storedBytes: payload.count)
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: blockBytes, alignment: ImageFormat.alignment)
        defer { block.deallocate() }
        block.initializeMemory(as: UInt8.self, repeating: 0)
        UnsafeMutableRawBufferPointer(rebasing: block[ImageFormat.headBytes...]).copyMemory(from: payload)
        let head = ImageBlock.Head(
            section: .index, number: 0, rows: 0, codec: ImageBlock.Head.raw, rawBytes: UInt32(payload.count),
            storedBytes: UInt32(payload.count))
        let content = UnsafeMutableRawBufferPointer(rebasing: block[..<(ImageFormat.headBytes + payload.count)])
        let hash = head.write(to: content, seed: identifier)
        let place = ImageFooter.IndexPlace(offset: UInt64(writtenBytes), hash: hash, storedBytes: UInt32(payload.count))
        try write(UnsafeRawBufferPointer(block))
        return place
    }

    private mutating func flush() throws(StorageError) {
        let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<bufferedBytes])
        bufferedBytes = 0
        try write(bytes)
    }

    private mutating func write(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
        try during { (writer) throws(StorageError) in
            try writer.file.write(bytes)
            writer.writtenBytes += bytes.count
            writer.unsynchronizedBytes += bytes.count
            guard writer.unsynchronizedBytes >= writer.synchronizedBytes else { return }
            try writer.file.synchronizeData()
            writer.unsynchronizedBytes = 0
        }
    }

    // Failures.

    private func refuseAfterFailure() throws(StorageError) {
        if let failure { throw failure }
    }

    /// Does what may fail, and remembers that it did.
    private mutating func during(_ body: (inout ImageWriter) throws(StorageError) -> Void) throws(StorageError) {
        try refuseAfterFailure()
        do {
            try body(&self)
        } catch {
            failure = error
            throw error
        }
    }
}
