// An image being read (layout: ImageFormat.swift): nothing in the file is believed before the hash over it fits.

/// An image whose header, footer and index are right; its blocks are checked as they are read, or all by `verify`. Not thread-safe: for
/// two threads, open it twice. A class, for its buffers.
public final class ImageReader {
    /// The file.
    public let path: String
    /// Which commit it shows.
    public let header: ImageHeader
    /// Where the journal goes on from there.
    public let footer: ImageFooter

    let index: ImageIndex
    /// nil: all of them.
    private let kinds: Set<UInt32>?
    private let file: any FileInReading
    private let identifier: UInt64
    /// A block as it lies in the file, and what was in its frame.
    private let stored: UnsafeMutableRawBufferPointer
    private let raw: UnsafeMutableRawBufferPointer
    private let codec: BlockCodec

    /// Opens an image.
    /// - Parameter kinds: the kinds of sections that the caller knows. Others are passed over where they are optional, and make the
    ///   image one of a newer program where they are not.
    public convenience init(path: String, knowing kinds: Set<UInt32>) throws(ImageError) {
        try self.init(path: path, knowing: kinds, files: DiskFiles())
    }

    init(path: String, knowing kinds: Set<UInt32>?, files: any FileSystem) throws(ImageError) {
        func reading<Value>(_ place: ImageError.Place, _ body: () throws(ImageError.Cause) -> Value) throws(ImageError) -> Value {
            do {
                return try body()
            } catch {
                throw ImageError(path: path, place: place, error)
            }
        }
        let file = try reading(.file) { () throws(ImageError.Cause) in try Self.opened(path, files) }
        let (header, identifier) = try reading(.header) { () throws(ImageError.Cause) in
            let page = try Self.bytes(of: file, at: 0, count: ImageFormat.pageBytes)
            return try page.withBytes(ImageHeader.read)
        }
        let (footer, footerBytes, place) = try reading(.footer) { () throws(ImageError.Cause) in
            try Self.footer(of: file, seed: identifier)
        }
        let index = try reading(.index) { () throws(ImageError.Cause) in
            let index = try Self.index(of: file, at: place, end: file.byteCount - footerBytes, seed: identifier)
            let strange = index.extents.first { kinds?.contains($0.section.kind) == false && !$0.section.isOptional }
            if let strange {
                throw ImageError.Cause("it has \(strange.section), written by \(header.program), which this program does not know", .newer)
            }
            return index
        }
        self.path = path
        self.header = header
        self.footer = footer
        self.index = index
        self.kinds = kinds
        self.file = file
        self.identifier = identifier
        stored = .allocate(
            byteCount: ImageFormat.blockBytes(storedBytes: ImageFormat.maximumPayloadBytes), alignment: ImageFormat.alignment)
        raw = .allocate(byteCount: ImageFormat.maximumPayloadBytes, alignment: ImageFormat.alignment)
        codec = BlockCodec()
    }

    deinit {
        stored.deallocate()
        raw.deallocate()
    }

    /// The sections that the caller knows, in the order of their first blocks.
    public var sections: [ImageSection.Extent] { index.extents.filter { kinds?.contains($0.section.kind) ?? true } }

    /// The size of the file.
    public var byteCount: Int { file.byteCount }

    /// Reads every block, also those of sections that the caller does not know.
    public func verify() throws(ImageError) {
        var bytes: [ImageSection: Int] = [:]
        for entry in index.entries { bytes[entry.section, default: 0] += Int(try content(of: entry).head.rawBytes) }
        for extent in index.extents where bytes[extent.section] != extent.bytes {
            throw ImageError(path: path, place: .index, "it says of the bytes of \(extent.section) what cannot be")
        }
    }

    /// Reads a block. Its bytes are valid until the next call.
    /// - Parameter number: from 0, below the number of blocks that the section has.
    public func block(_ number: Int, of section: ImageSection) throws(ImageError) -> ImageBlock {
        guard let entry = index.entry(number, of: section) else { preconditionFailure("\(path) has no block \(number) of \(section)") }
        return try block(entry)
    }

    func block(_ entry: ImageIndex.Entry) throws(ImageError) -> ImageBlock {
        let (head, payload) = try content(of: entry)
        if head.codec == ImageBlock.Head.raw { return ImageBlock(rows: Int(head.rows), bytes: payload) }
        let target = UnsafeMutableRawBufferPointer(rebasing: raw[..<Int(head.rawBytes)])
        guard codec.decompress(payload, into: target) else { throw refusal(of: entry, "it is no zstd frame of its size") }
        return ImageBlock(rows: Int(head.rows), bytes: UnsafeRawBufferPointer(target))
    }

    /// The head and the payload as stored, of a block whose hash fits and that is the one the index means.
    private func content(of entry: ImageIndex.Entry) throws(ImageError) -> (head: ImageBlock.Head, payload: UnsafeRawBufferPointer) {
        let block = UnsafeMutableRawBufferPointer(rebasing: stored[..<ImageFormat.blockBytes(storedBytes: entry.storedBytes)])
        do throws(ImageError.Cause) {
            try Self.read(file, into: block, at: entry.offset)
            let head = try ImageBlock.Head(
                of: UnsafeRawBufferPointer(block), storedBytes: entry.storedBytes, hash: entry.hash,
                maximumBytes: ImageFormat.maximumPayloadBytes, seed: identifier)
            guard head.section == entry.section, head.number == entry.number, head.rows == entry.rows else {
                throw ImageError.Cause("it is another block than the index says", .damaged)
            }
            let payload = block[ImageFormat.headBytes..<(ImageFormat.headBytes + entry.storedBytes)]
            return (head, UnsafeRawBufferPointer(UnsafeMutableRawBufferPointer(rebasing: payload)))
        } catch {
            throw refusal(of: entry, error)
        }
    }

    private func refusal(of entry: ImageIndex.Entry, _ cause: ImageError.Cause) -> ImageError {
        ImageError(path: path, place: .block(entry.section, number: Int(entry.number)), cause)
    }

    // Opening.

    private static func opened(_ path: String, _ files: any FileSystem) throws(ImageError.Cause) -> any FileInReading {
        let file: any FileInReading
        do {
            file = try files.open(path)
        } catch {
            throw ImageError.Cause(error)
        }
        guard file.byteCount >= 2 * ImageFormat.pageBytes else { throw "it has \(file.byteCount) bytes, fewer than header and footer take" }
        return file
    }

    private static func read(
        _ file: any FileInReading, into target: UnsafeMutableRawBufferPointer, at offset: Int
    ) throws(ImageError.Cause) {
        do {
            try file.read(into: target, at: offset)
        } catch {
            throw ImageError.Cause(error)
        }
    }

    private static func bytes(of file: any FileInReading, at offset: Int, count: Int) throws(ImageError.Cause) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        try bytes.withUnsafeMutableBufferPointer { (target) throws(ImageError.Cause) in
            try read(file, into: UnsafeMutableRawBufferPointer(target), at: offset)
        }
        return bytes
    }

    private static func footer(
        of file: any FileInReading, seed: UInt64
    ) throws(ImageError.Cause) -> (ImageFooter, byteCount: Int, ImageFooter.IndexPlace) {
        let last = try bytes(of: file, at: file.byteCount - ImageFormat.pageBytes, count: ImageFormat.pageBytes)
        let count = try last.withBytes(ImageFooter.byteCount)
        guard count <= file.byteCount - ImageFormat.pageBytes else { throw "it says that it is larger than the file" }
        let whole = try bytes(of: file, at: file.byteCount - count, count: count)
        let (footer, place) = try whole.withBytes { (bytes) throws(ImageError.Cause) in try ImageFooter.read(bytes, seed: seed) }
        return (footer, count, place)
    }

    private static func index(
        of file: any FileInReading, at place: ImageFooter.IndexPlace, end: Int, seed: UInt64
    ) throws(ImageError.Cause) -> ImageIndex {
        let storedBytes = Int(place.storedBytes)
        guard place.offset >= ImageFormat.pageBytes, place.offset < end,
            Int(place.offset) + ImageFormat.blockBytes(storedBytes: storedBytes) == end
        else { throw "it does not lie before the footer" }
        let block = try bytes(of: file, at: Int(place.offset), count: end - Int(place.offset))
        return try block.withBytes { (block) throws(ImageError.Cause) in
            let head = try ImageBlock.Head(of: block, storedBytes: storedBytes, hash: place.hash, maximumBytes: storedBytes, seed: seed)
            guard head.section == .index, head.codec == ImageBlock.Head.raw else { throw "its block is no index" }
            let payload = block[ImageFormat.headBytes..<(ImageFormat.headBytes + storedBytes)]
            return try ImageIndex(payload: UnsafeRawBufferPointer(rebasing: payload), endOffset: Int(place.offset))
        }
    }
}
