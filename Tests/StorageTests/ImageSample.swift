// Images for the tests: what is in them is chosen by a seed, written through a store, and found again.

import Testing

@testable import Storage

/// SplitMix64: the same numbers for the same seed.
struct RandomNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count { withUnsafeBytes(of: next()) { bytes += $0.prefix(count - bytes.count) } }
        return bytes
    }
}

/// All that an image says.
struct ImageSample: Equatable {
    struct Block: Equatable {
        var section: ImageSection
        var rows: Int
        var bytes: [UInt8]
    }

    var header: ImageHeader
    var footer: ImageFooter
    var blocks: [Block]

    /// Kinds that are not optional, and one that is.
    static let kinds: Set<UInt32> = [1, 2, 3, optionalKind]
    static let optionalKind = ImageSection.optionalKinds + 1

    /// One of every sort of block in a few KiB: raw, empty, one that zstd makes smaller, an optional one, sections that take turns.
    static func small(sequence: Int64) -> ImageSample {
        ImageSample(
            header: ImageHeader(
                group: "audienced", sequence: sequence, clock: 1_772_000_000_000 + sequence, created: 1_772_000_000_500,
                program: "audienced 0.1 (0123456789ab)"),
            footer: ImageFooter(
                journalOffset: 3 * sequence, journalHash: 0x0123_4567_89ab_cdef &+ UInt64(sequence),
                ends: (0..<3).map { .init(topic: "audience-members", partition: $0, offset: 100 * sequence + Int64($0)) },
                fingerprint: "semantics 1, time zones 2025b, mapping purchases"),
            blocks: [
                Block(section: ImageSection(kind: 1), rows: 0, bytes: Array("{\"schemas\":[],\"sequence\":\(sequence)}".utf8)),
                Block(section: ImageSection(kind: 2, part: 7), rows: 64, bytes: (0..<200).map { UInt8(truncatingIfNeeded: $0 * $0) }),
                Block(section: ImageSection(kind: 3, part: 7 << 32 | 1), rows: 2, bytes: Array("abc".utf8)),
                Block(section: ImageSection(kind: 2, part: 7), rows: 3, bytes: [UInt8](repeating: UInt8(ascii: "x"), count: 300)),
                Block(section: ImageSection(kind: 3, part: 8 << 32), rows: 0, bytes: []),
                Block(section: ImageSection(kind: optionalKind), rows: 1, bytes: Array("may be dropped".utf8)),
            ])
    }

    static func random(sequence: Int64, seed: UInt64, maximumBlockBytes: Int = ImageFormat.maximumPayloadBytes) -> ImageSample {
        var numbers = RandomNumbers(seed: seed)
        let sections = (0..<Int.random(in: 1...6, using: &numbers)).map { _ in
            ImageSection(kind: .random(in: 1...3, using: &numbers), part: .random(in: 0...2, using: &numbers) << 32)
        }
        let sizes = [0, 1, 15, 16, 17, 4096, maximumBlockBytes - 1, maximumBlockBytes]
        let blocks = (0..<Int.random(in: 0...12, using: &numbers)).map { _ in
            let size = Bool.random(using: &numbers) ? sizes.randomElement(using: &numbers) ?? 0 : .random(in: 0...5000, using: &numbers)
            let bytes = Bool.random(using: &numbers) ? numbers.bytes(size) : [UInt8](repeating: 7, count: size)
            return Block(section: sections.randomElement(using: &numbers) ?? sections[0], rows: size / 3, bytes: bytes)
        }
        let ends = (0..<[0, 1, 12, 700].randomElement(using: &numbers)!).map {
            ImageFooter.End(topic: "audience-\($0 % 3)-é", partition: Int32($0), offset: .random(in: 0...Int64.max, using: &numbers))
        }
        var sample = small(sequence: sequence)
        sample.blocks = blocks
        sample.footer.ends = ends
        sample.footer.fingerprint = String(repeating: "f", count: .random(in: 0...5000, using: &numbers))
        return sample
    }

    /// Adds all blocks.
    func append(to writer: inout ImageWriter) throws(StorageError) {
        for block in blocks {
            try block.bytes.withBytes { (bytes) throws(StorageError) in
                try writer.append(bytes, rows: block.rows, to: block.section)
            }
        }
    }

    /// Writes it whole.
    @discardableResult
    func publish(to store: inout ImageStore) throws(StorageError) -> ImageStore.Publication {
        var writer = try store.begin(header)
        try append(to: &writer)
        try writer.finishBody()
        return try store.publish(writer, footer)
    }

    /// The file, with an identifier that is given.
    func file(_ compression: ImageWriter.Compression, identifier: UInt64 = 0xfeed_beef_0000_0001) throws(StorageError) -> [UInt8] {
        let disk = SimulatedDisk()
        let home = ImageHome(folder: "/data", files: disk, instance: 1)
        var writer = try ImageWriter(
            in: home, header: header, compression: compression, identifier: identifier, synchronizedBytes: 1 << 20)
        try append(to: &writer)
        _ = try writer.publish(footer)
        return disk.content(home.path(of: header.sequence)) ?? []
    }

    /// Reads all that an image says; blocks of a section stand together, in the order of the sections.
    init(reading image: ImageReader) throws(ImageError) {
        var blocks: [Block] = []
        for extent in image.sections {
            for number in 0..<extent.blocks {
                let block = try image.block(number, of: extent.section)
                blocks.append(Block(section: extent.section, rows: block.rows, bytes: Array(block.bytes)))
            }
        }
        self.init(header: image.header, footer: image.footer, blocks: blocks)
    }

    init(header: ImageHeader, footer: ImageFooter, blocks: [Block]) {
        self.header = header
        self.footer = footer
        self.blocks = blocks
    }

    /// With the blocks in the order in which they are read.
    var ordered: ImageSample {
        var sections: [ImageSection] = []
        for block in blocks where !sections.contains(block.section) { sections.append(block.section) }
        var sample = self
        sample.blocks = sections.flatMap { section in blocks.filter { $0.section == section } }
        return sample
    }
}

/// Reads bytes as an image, whole.
func readImage(_ bytes: [UInt8], knowing kinds: Set<UInt32> = ImageSample.kinds) throws(ImageError) -> ImageSample {
    var state = DiskState()
    state.place(bytes, at: "/data/image")
    let image = try ImageReader(path: "/data/image", knowing: kinds, files: SimulatedDisk(state))
    try image.verify()
    return try ImageSample(reading: image)
}
