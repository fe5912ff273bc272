// The images of a deployment: in its own folder, and as compressed copies in a second one that another machine can read. The order of the
// steps that publish one, and the choice of the one that a start begins with (both: ImageFormat.swift).

/// The images of a deployment. One per process; the lock of the data directory sees to that for the first home, and names that say whose
/// they are for the second.
public struct ImageStore: Sendable {
    /// The deployment's own folder, and the one that was asked for besides.
    private var home: ImageHome
    private var secondHome: ImageHome?
    private let synchronizedBytes: Int

    /// - Parameters:
    ///   - folder: `<data>/checkpoints`; created when the first image is begun.
    ///   - also: the second home; it must exist, so that nothing is written below a place where nothing is mounted.
    ///   - instance: of this process, for names of temporary files; random, so that two machines never write the same one.
    ///   - files: the disk.
    package init(
        folder: String, also: String?, instance: UInt64 = .random(in: 0...UInt64.max), files: any FileSystem = DiskFiles(),
        synchronizedBytes: Int = ImageWriter.defaultSynchronizedBytes
    ) {
        home = ImageHome(folder: folder, files: files, instance: instance)
        secondHome = also.map { ImageHome(folder: $0, files: files, instance: instance) }
        self.synchronizedBytes = synchronizedBytes
    }

    /// What a start found.
    public struct Choice {
        /// The newest image that is whole, in either home; nil when there is none.
        public let image: ImageReader?
        /// What was passed over: damaged images, which lie under other names now, and what could not be read.
        public let refused: [ImageError]
    }

    /// What became of an image that was published: it lasts, whatever else failed.
    public struct Publication: Equatable, Sendable {
        /// The size of the file in the first home.
        public let byteCount: Int
        /// The sequences that were removed from the first home.
        public let removed: [Int64]
        /// What went wrong behind it: the copy to the second home, removing what is old, older images that are damaged.
        public let failures: [StorageError]
    }

    /// Removes what a crash left of images that were not finished. Called at a start, before the first image is begun; what fails stops
    /// nobody and is returned.
    public func removeLeftovers() -> [StorageError] {
        var failures: [StorageError] = []
        for home in [home, secondHome].compactMap(\.self) {
            do {
                try home.removeLeftovers()
            } catch {
                failures.append(error)
            }
        }
        return failures
    }

    /// Opens the newest image that is whole. All of it is read; damaged ones are moved aside.
    /// - Parameter kinds: the kinds of sections that the caller knows.
    /// - Throws: only where an image is of a newer program, for an older one would then be taken without anybody's wish.
    public mutating func newest(knowing kinds: Set<UInt32>) throws(ImageError) -> Choice {
        var refused: [ImageError] = []
        let own = Self.sequences(in: home, &refused)
        let second = secondHome.map { Self.sequences(in: $0, &refused) } ?? []
        let candidates = own.map { (sequence: $0, isSecond: false) } + second.map { (sequence: $0, isSecond: true) }
        let order = candidates.sorted { $0.sequence != $1.sequence ? $0.sequence > $1.sequence : !$0.isSecond && $1.isSecond }
        for candidate in order {
            do {
                let image =
                    candidate.isSecond
                    ? try secondHome?.open(candidate.sequence, knowing: kinds) : try home.open(candidate.sequence, knowing: kinds)
                return Choice(image: image, refused: refused)
            } catch {
                if error.kind == .newer { throw error }
                refused.append(error)
                guard error.kind == .damaged else { continue }
                if candidate.isSecond { secondHome?.moveAside(candidate.sequence) } else { home.moveAside(candidate.sequence) }
            }
        }
        return Choice(image: nil, refused: refused)
    }

    private static func sequences(in home: ImageHome, _ refused: inout [ImageError]) -> [Int64] {
        do {
            return try home.sequences()
        } catch {
            refused.append(ImageError(path: home.folder, place: .file, ImageError.Cause(error)))
            return []
        }
    }

    /// Begins an image in the first home. It is given up by ending the writer.
    public func begin(_ header: ImageHeader) throws(StorageError) -> ImageWriter {
        try home.files.createFolder(home.folder)
        return try writer(in: home, header, .none)
    }

    /// Publishes an image, once its commit is acknowledged: it lasts when this returns. It is then copied to the second home, and what is
    /// older than the two newest is removed from both.
    public mutating func publish(_ writer: consuming ImageWriter, _ footer: ImageFooter) throws(StorageError) -> Publication {
        var writer = writer
        let sequence = writer.header.sequence
        let byteCount = try writer.publish(footer)
        home.trust(sequence)

        var failures: [StorageError] = []
        if var second = secondHome {
            do {
                try copy(sequence, to: second)
                second.trust(sequence)
                _ = Self.removeOld(in: &second, &failures)
            } catch {
                failures.append(error)
            }
            secondHome = second
        }
        // Also where the copy failed: while the second home is away, images would fill the disk.
        let removed = Self.removeOld(in: &home, &failures)
        return Publication(byteCount: byteCount, removed: removed, failures: failures)
    }

    /// Writes an image of the first home into the second, compressed, as a file of its own.
    private func copy(_ sequence: Int64, to second: ImageHome) throws(StorageError) {
        let image = try Self.reading { () throws(ImageError) in
            try ImageReader(path: home.path(of: sequence), knowing: nil, files: home.files)
        }
        var writer = try writer(in: second, image.header, .zstd)
        for entry in image.index.entries {
            let block = try Self.reading { () throws(ImageError) in try image.block(entry) }
            try writer.append(block.bytes, rows: block.rows, to: entry.section)
        }
        _ = try writer.publish(image.footer)
    }

    private static func reading<Value>(_ body: () throws(ImageError) -> Value) throws(StorageError) -> Value {
        do {
            return try body()
        } catch {
            throw StorageError(operation: "copy", error)
        }
    }

    private static func removeOld(in home: inout ImageHome, _ failures: inout [StorageError]) -> [Int64] {
        do {
            let (removed, damaged) = try home.removeOld()
            failures += damaged.map { StorageError(operation: "keep", $0) }
            return removed
        } catch {
            failures.append(error)
            return []
        }
    }

    private func writer(
        in home: ImageHome, _ header: ImageHeader, _ compression: ImageWriter.Compression
    ) throws(StorageError) -> ImageWriter {
        try ImageWriter(
            in: home, header: header, compression: compression, identifier: .random(in: 0...UInt64.max),
            synchronizedBytes: synchronizedBytes)
    }
}

extension StorageError {
    /// What was tried with an image that cannot be used.
    fileprivate init(operation: String, _ error: ImageError) {
        self.init(operation: operation, path: error.path, cause: error.cause, hint: error.hint)
    }
}
