// The target `images`. An input is a letter, and patches of an image that was right: the part that it changes, where in the part (two
// bytes), and what it becomes. `r` and `z`: as the patches leave it, which must be refused where they change anything; `R` and `Z`: with
// every hash made right again, so that what lies behind the hashes is reached; `z` and `Z` of the compressed form. `c`: patches are of no
// use, the first says at which byte the file ends. Any other letter: the bytes behind it are the file.

@testable import Storage

func fuzzImages(_ input: UnsafeRawBufferPointer) {
    guard let letter = input.first else { return }
    let patches = input.dropFirst()
    switch letter {
    case UInt8(ascii: "r"), UInt8(ascii: "z"): read(patched(letter == UInt8(ascii: "r") ? .raw : .compressed, patches))
    case UInt8(ascii: "R"), UInt8(ascii: "Z"): read(sealed(patched(letter == UInt8(ascii: "R") ? .raw : .compressed, patches)))
    case UInt8(ascii: "c"):
        let end = patches.prefix(2).reduce(0) { $0 << 8 | Int($1) } % BaseImage.raw.file.count
        require(isRefused(Array(BaseImage.raw.file[..<end])), "a file that ends at \(end) is accepted")
    default: _ = isRefused(Array(patches))
    }
}

private func patched(_ base: BaseImage, _ patches: Slice<UnsafeRawBufferPointer>) -> (base: BaseImage, file: [UInt8]) {
    var (file, rest) = (base.file, Array(patches)[...])
    while rest.count >= 4 {
        let patch = Array(rest.prefix(4))
        let part = base.parts[Int(patch[0]) % base.parts.count]
        file[part.lowerBound + (Int(patch[1]) << 8 | Int(patch[2])) % part.count] = patch[3]
        rest = rest.dropFirst(4)
    }
    return (base, file)
}

private func read(_ image: (base: BaseImage, file: [UInt8])) {
    require(isRefused(image.file) || image.file == image.base.file, "an image that was changed is accepted")
}

private func sealed(_ image: (base: BaseImage, file: [UInt8])) -> (base: BaseImage, file: [UInt8]) {
    var (base, file) = image
    base.seal(&file)
    // Now any of it may be right.
    base.file = file
    return (base, file)
}

/// Reads all that a caller can ask for.
private func isRefused(_ file: [UInt8]) -> Bool {
    let files = MemoryFiles(file)
    do {
        let image = try ImageReader(path: "image", knowing: [1, 2, 3], files: files)
        try image.verify()
        for extent in image.sections {
            var (rows, bytes) = (0, 0)
            for number in 0..<extent.blocks {
                let block = try image.block(number, of: extent.section)
                rows += block.rows
                bytes += block.bytes.reduce(0) { sum, _ in sum + 1 }
            }
            require(rows == extent.rows && bytes == extent.bytes, "blocks of \(extent.section) are not what the index counts")
        }
        return false
    } catch {
        require(error.description.utf8.count < 4096, "a reason of \(error.description.utf8.count) bytes")
        return true
    }
}

/// An image that is right, and where its parts lie.
private struct BaseImage {
    var file: [UInt8]
    /// Header, blocks, index, footer.
    var parts: [Range<Int>]
    /// Bytes of each block, and of the index, without the zeros behind them.
    var contentBytes: [Int] = []

    static let raw = BaseImage(.none)
    static let compressed = BaseImage(.zstd)

    private init(_ compression: ImageWriter.Compression) {
        let files = MemoryFiles([])
        do {
            let header = ImageHeader(group: "audienced", sequence: 7, clock: 1, created: 2, program: "fuzz")
            let ends = (0..<3).map { ImageFooter.End(topic: "audience-members", partition: $0, offset: 5) }
            var writer = try ImageWriter(
                in: ImageHome(folder: "data", files: files, instance: 1), header: header, compression: compression, identifier: 1,
                synchronizedBytes: 1 << 20)
            for (kind, count) in [(1, 30), (2, 400), (3, 0), (2, 90), (1 << 31, 10)] as [(UInt32, Int)] {
                let bytes = (0..<count).map { UInt8($0 % 17) }
                try bytes.withBytes { (bytes) throws(StorageError) in
                    try writer.append(bytes, rows: count / 10, to: ImageSection(kind: kind, part: 9))
                }
            }
            _ = try writer.publish(ImageFooter(journalOffset: 3, journalHash: 4, ends: ends, fingerprint: "none"))
            file = files.content
            let entries = try ImageReader(path: "image", knowing: nil, files: MemoryFiles(file)).index.entries
            contentBytes = entries.map { ImageFormat.headBytes + $0.storedBytes }
            let footer = file.count - ImageFormat.pageBytes
            let index = entries.last.map { $0.offset + ImageFormat.blockBytes(storedBytes: $0.storedBytes) } ?? ImageFormat.pageBytes
            let starts = [0] + entries.map(\.offset) + [index, footer, file.count]
            parts = zip(starts, starts.dropFirst()).map { $0..<$1 }
            // Two counts, 32 bytes for each of the four sections, 40 for each block.
            contentBytes.append(ImageFormat.headBytes + 8 + 4 * 32 + entries.count * 40)
        } catch {
            fatalError("\(error)")
        }
    }

    /// Makes the hashes fit what they are over: of the blocks, which are in the index too, of the index, of the footer, of the header.
    func seal(_ file: inout [UInt8]) {
        func number(_ offset: Int) -> UInt64 { file.withUnsafeBytes { $0.number(at: offset) } }
        func set(_ value: UInt64, at offset: Int) {
            withUnsafeBytes(of: value.littleEndian) { file.replaceSubrange(offset..<(offset + 8), with: $0) }
        }
        func hash(_ range: Range<Int>, _ seed: UInt64) -> UInt64 {
            file[range].withUnsafeBytes { ImageFormat.hash($0, seed: seed) }
        }
        let seed = number(24)
        set(hash(16..<ImageFormat.pageBytes, 0), at: 8)
        let (index, footer) = (parts[parts.count - 2].lowerBound, parts[parts.count - 1])
        for (place, part) in parts.dropFirst().dropLast().enumerated() {
            let blockHash = hash((part.lowerBound + 8)..<(part.lowerBound + contentBytes[place]), seed)
            set(blockHash, at: part.lowerBound)
            let entry = index + ImageFormat.headBytes + 8 + 4 * 32 + place * 40
            set(blockHash, at: part.lowerBound == index ? footer.lowerBound + 16 : entry + 32)
        }
        set(hash((footer.lowerBound + 8)..<footer.upperBound, seed), at: footer.lowerBound)
    }
}

/// One file in memory, whatever it is called.
private final class MemoryFiles: FileSystem, FileInWriting, FileInReading, @unchecked Sendable {
    private(set) var content: [UInt8]

    init(_ content: [UInt8]) { self.content = content }

    func createFolder(_ path: String) throws(StorageError) {}
    func create(_ path: String) throws(StorageError) -> any FileInWriting { self }
    func open(_ path: String) throws(StorageError) -> any FileInReading { self }
    func rename(_ path: String, to newPath: String) throws(StorageError) {}
    func remove(_ path: String) throws(StorageError) {}
    func synchronizeFolder(_ path: String) throws(StorageError) {}
    func names(in path: String) throws(StorageError) -> [String] { [] }
    func isFolder(_ path: String) -> Bool { false }
    func writtenMilliseconds(_ path: String) -> Int64? { nil }

    func write(_ bytes: UnsafeRawBufferPointer) throws(StorageError) { content += bytes }
    func synchronizeData() throws(StorageError) {}
    func synchronize() throws(StorageError) {}
    func close() throws(StorageError) {}

    var byteCount: Int { content.count }

    func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) throws(StorageError) {
        require(offset >= 0 && offset + target.count <= content.count, "it reads beyond the file")
        content.withUnsafeBytes { target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset...].prefix(target.count))) }
    }
}
