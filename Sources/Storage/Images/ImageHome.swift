// A folder of images: their names, which are whole, and which stay (names and order of the steps: ImageFormat.swift).

/// One folder that images are written to and read from. Names in it that are not those of images are nobody's business here.
struct ImageHome: Sendable {
    let folder: String
    let files: any FileSystem
    /// Whose temporary files are ours, where several machines see the folder.
    private let instance: UInt64
    /// The sequences of images that this process wrote, or has read whole.
    private var trusted: Set<Int64> = []

    /// The newest and the one before, should that one be damaged.
    private static let keptImages = 2
    private static let suffix = ".image"
    private static let sequenceDigits = 20

    init(folder: String, files: any FileSystem, instance: UInt64) {
        self.folder = folder
        self.files = files
        self.instance = instance
    }

    func path(of sequence: Int64) -> String {
        "\(folder)/\(Self.padded(String(sequence), to: Self.sequenceDigits))\(Self.suffix)"
    }

    func temporaryPath(of sequence: Int64) -> String {
        "\(path(of: sequence)).\(Self.padded(String(instance, radix: 16), to: 16))\(AtomicFile.temporarySuffix)"
    }

    private static func padded(_ digits: String, to count: Int) -> String {
        String(repeating: "0", count: max(0, count - digits.utf8.count)) + digits
    }

    /// The sequence that a name begins with, and what stands behind it; nil when it is not the name of an image.
    private static func parts(of name: String) -> (sequence: Int64, rest: Substring)? {
        let digits = name.prefix(sequenceDigits)
        guard digits.utf8.count == sequenceDigits, digits.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
            let sequence = Int64(digits), name.dropFirst(sequenceDigits).hasPrefix(suffix)
        else { return nil }
        return (sequence, name.dropFirst(sequenceDigits + suffix.count))
    }

    /// The sequences of the images, newest first; whether they are whole is not said.
    func sequences() throws(StorageError) -> [Int64] {
        try files.names(in: folder).compactMap { name in
            Self.parts(of: name).flatMap { $0.rest.isEmpty ? $0.sequence : nil }
        }.sorted(by: >)
    }

    /// Removes what writers left that ended early, also those of other machines: they give up an image when its file is gone.
    func removeLeftovers() throws(StorageError) {
        for name in try files.names(in: folder) {
            guard let parts = Self.parts(of: name), parts.rest.hasSuffix(AtomicFile.temporarySuffix) else { continue }
            try files.remove("\(folder)/\(name)")
        }
    }

    /// Opens an image and reads it whole.
    mutating func open(_ sequence: Int64, knowing kinds: Set<UInt32>?) throws(ImageError) -> ImageReader {
        let path = path(of: sequence)
        let image = try ImageReader(path: path, knowing: kinds, files: files)
        guard image.header.sequence == sequence else {
            throw ImageError(path: path, place: .header, "it shows commit \(image.header.sequence), not the one that its name says")
        }
        try image.verify()
        trust(sequence)
        return image
    }

    /// Takes an image for whole: it was written by this process.
    mutating func trust(_ sequence: Int64) { trusted.insert(sequence) }

    /// Takes the name of an image away from a damaged file, which stays for whoever wants to know what happened. Best effort: where it
    /// fails, the file is found damaged again.
    mutating func moveAside(_ sequence: Int64) {
        trusted.remove(sequence)
        try? files.rename(path(of: sequence), to: path(of: sequence) + ".damaged")
    }

    /// Removes what is older than the two newest images that are known to be whole; where this process has seen fewer, it reads more.
    /// - Returns: the sequences that were removed, and what was found damaged on the way.
    mutating func removeOld() throws(StorageError) -> (removed: [Int64], damaged: [ImageError]) {
        var (kept, removed, damaged) = (0, [Int64](), [ImageError]())
        for sequence in try sequences() {
            if kept == Self.keptImages {
                try files.remove(path(of: sequence))
                trusted.remove(sequence)
                removed.append(sequence)
                continue
            }
            if trusted.contains(sequence) {
                kept += 1
                continue
            }
            do {
                _ = try open(sequence, knowing: nil)
                kept += 1
            } catch {
                if error.kind == .damaged {
                    moveAside(sequence)
                    damaged.append(error)
                }
            }
        }
        if !removed.isEmpty { try files.synchronizeFolder(folder) }
        return (removed, damaged)
    }
}
