// The header of an image (layout: ImageFormat.swift): which commit it shows, and who wrote it.

/// What is known when an image is begun.
public struct ImageHeader: Equatable, Sendable {
    /// Names the deployment (contract §9).
    public var group: String
    /// Of the commit that the image shows, not negative.
    public var sequence: Int64
    /// The engine's clock at that commit, milliseconds since the Unix epoch (contract §7).
    public var clock: Int64
    /// When the image was begun, milliseconds since the Unix epoch by the wall clock.
    public var created: Int64
    /// Name, version and commit of the program that writes it, for people.
    public var program: String
    /// What the state took of memory in the process that writes it, in bytes; 0 where nobody says it.
    public var memoryBytes: Int64

    public init(group: String, sequence: Int64, clock: Int64, created: Int64, program: String, memoryBytes: Int64 = 0) {
        self.group = group
        self.sequence = sequence
        self.clock = clock
        self.created = created
        self.program = program
        self.memoryBytes = memoryBytes
    }
}

extension ImageHeader {
    private static let textsOffset = 56

    /// Whether both texts have room in the header.
    var fits: Bool { Self.textsOffset + 16 + group.utf8.count + program.utf8.count <= ImageFormat.pageBytes }

    /// The header as it lies in the file.
    func page(identifier: UInt64) -> [UInt8] {
        var content = ByteWriter()
        content.append(ImageFormat.current)
        content.append(UInt32(0))
        content.append(identifier)
        content.append(sequence)
        content.append(clock)
        content.append(created)
        content.append(group)
        content.append(program)
        content.append(memoryBytes)
        content.fill(to: ImageFormat.pageBytes - 16)
        var page = ByteWriter()
        page.append(ImageFormat.headerMagic)
        page.append(content.bytes.withUnsafeBytes { ImageFormat.hash($0, seed: 0) })
        return page.bytes + content.bytes
    }

    /// Reads the header.
    static func read(_ page: UnsafeRawBufferPointer) throws(ImageError.Cause) -> (header: ImageHeader, identifier: UInt64) {
        guard page.number(at: 0) == ImageFormat.headerMagic else { throw "this is no image" }
        let content = UnsafeRawBufferPointer(rebasing: page[16...])
        guard page.number(at: 8) == ImageFormat.hash(content, seed: 0) else {
            throw "its bytes have another hash than they had when it was written"
        }
        var reader = ByteReader(content)
        let format: UInt32 = reader.number() ?? 0
        guard format <= ImageFormat.current else {
            var texts = ByteReader(UnsafeRawBufferPointer(rebasing: page[textsOffset...]))
            let program = texts.text().flatMap { _ in texts.text() } ?? "a program that it does not name"
            throw ImageError.Cause(
                "it has format \(format), written by \(program), and this program knows formats up to \(ImageFormat.current)", .newer)
        }
        guard format > 0, reader.number(UInt32.self) == 0, let identifier: UInt64 = reader.number(),
            let sequence: Int64 = reader.number(), sequence >= 0, let clock: Int64 = reader.number(),
            let created: Int64 = reader.number(), let group = reader.text(), let program = reader.text()
        else { throw "it says what cannot be" }
        // What no machine has is what nobody says.
        let said: Int64 = reader.number() ?? 0
        let memoryBytes = 0..<1 << 48 ~= said ? said : 0
        let header = ImageHeader(
            group: group, sequence: sequence, clock: clock, created: created, program: program, memoryBytes: memoryBytes)
        return (header, identifier)
    }
}
