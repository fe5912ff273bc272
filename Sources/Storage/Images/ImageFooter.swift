// The footer of an image (layout: ImageFormat.swift): what is known once the commit that it shows is acknowledged. It makes the file an
// image.

/// What is known when an image is published.
public struct ImageFooter: Equatable, Sendable {
    /// How far a partition of an output went with the transaction of the commit: what is there from `offset` on is of later ones.
    public struct End: Equatable, Sendable {
        /// Whole name, with the prefix.
        public var topic: String
        /// The partition's number.
        public var partition: Int32
        /// The offset behind the last record of that transaction or of those before.
        public var offset: Int64

        public init(topic: String, partition: Int32, offset: Int64) {
            self.topic = topic
            self.partition = partition
            self.offset = offset
        }
    }

    /// Where to read the journal from: where it has the record of the commit, or a little before.
    public var journalOffset: Int64
    /// XXH3 of that record's value: another journal has another.
    public var journalHash: UInt64
    /// How far each partition of the outputs went.
    public var ends: [End]
    /// What the result depends on besides the inputs, as the journal's record says it: the writer's own text.
    public var fingerprint: String

    public init(journalOffset: Int64, journalHash: UInt64, ends: [End], fingerprint: String) {
        self.journalOffset = journalOffset
        self.journalHash = journalHash
        self.ends = ends
        self.fingerprint = fingerprint
    }

    /// Where the index is, and what it is known by.
    struct IndexPlace: Equatable {
        var offset: UInt64
        var hash: UInt64
        var storedBytes: UInt32
    }
}

extension ImageFooter {
    /// Behind the content: the footer's size, four zeros, the magic.
    private static let endBytes = 16
    /// Of an end whose topic has no name.
    private static let minimumEndBytes = 16

    /// The footer as it lies in the file.
    func page(index: IndexPlace, seed: UInt64) -> [UInt8] {
        var content = ByteWriter()
        content.append(index.offset)
        content.append(index.hash)
        content.append(index.storedBytes)
        content.append(UInt32(ends.count))
        content.append(journalOffset)
        content.append(journalHash)
        content.append(fingerprint)
        for end in ends {
            content.append(end.topic)
            content.append(end.partition)
            content.append(end.offset)
        }
        let neededBytes = 8 + content.bytes.count + Self.endBytes
        let footerBytes = (neededBytes + ImageFormat.pageBytes - 1) / ImageFormat.pageBytes * ImageFormat.pageBytes
        content.fill(to: footerBytes - 8 - Self.endBytes)
        content.append(UInt32(footerBytes))
        content.append(UInt32(0))
        content.append(ImageFormat.footerMagic)
        var page = ByteWriter()
        page.append(content.bytes.withUnsafeBytes { ImageFormat.hash($0, seed: seed) })
        return page.bytes + content.bytes
    }

    /// The size of the whole footer, from its last page; not to be believed before its hash fits.
    static func byteCount(of lastPage: UnsafeRawBufferPointer) throws(ImageError.Cause) -> Int {
        let end = ImageFormat.pageBytes - endBytes
        guard lastPage.number(at: end + 8) == ImageFormat.footerMagic else {
            throw "there is none: the file is cut off, or was not published"
        }
        let bytes = Int(lastPage.number(at: end, as: UInt32.self))
        guard bytes > 0, bytes % ImageFormat.pageBytes == 0, bytes <= ImageFormat.maximumFooterBytes else { throw "it has no size" }
        return bytes
    }

    /// Reads the whole footer.
    static func read(_ bytes: UnsafeRawBufferPointer, seed: UInt64) throws(ImageError.Cause) -> (footer: ImageFooter, index: IndexPlace) {
        guard bytes.number(at: 0) == ImageFormat.hash(behindHashOf: bytes, seed: seed) else {
            throw "its bytes have another hash than they had when it was written"
        }
        var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[8..<(bytes.count - endBytes)]))
        guard let offset: UInt64 = reader.number(), let hash: UInt64 = reader.number(), let storedBytes: UInt32 = reader.number(),
            let count: UInt32 = reader.number(), let journalOffset: Int64 = reader.number(),
            let journalHash: UInt64 = reader.number(), let fingerprint = reader.text(),
            Int(count) <= reader.remainingBytes / minimumEndBytes
        else { throw "it says what cannot be" }
        var ends: [End] = []
        ends.reserveCapacity(Int(count))
        for _ in 0..<count {
            guard let topic = reader.text(), let partition: Int32 = reader.number(), let offset: Int64 = reader.number() else {
                throw "it says what cannot be"
            }
            ends.append(End(topic: topic, partition: partition, offset: offset))
        }
        let footer = ImageFooter(journalOffset: journalOffset, journalHash: journalHash, ends: ends, fingerprint: fingerprint)
        return (footer, IndexPlace(offset: offset, hash: hash, storedBytes: storedBytes))
    }
}
