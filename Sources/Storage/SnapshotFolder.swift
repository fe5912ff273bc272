// The snapshots that lie below a folder (layout: SnapshotWriter.swift): which there are, and which stay.
//
// A snapshot is removed by renaming it to .<sequence>.removed first, so that a reader never sees half of one. Its age is that of its
// manifest's file, by the wall clock, whatever clock the engine follows. Names that are no sequence in decimal are not ours and stay.

/// All snapshots of a deployment.
public struct SnapshotFolder: Sendable {
    /// `<data>/snapshots`; it need not exist.
    public let path: String
    /// The disk.
    package let files: any FileSystem

    /// The folder, which need not exist.
    package init(path: String, in files: any FileSystem = DiskFiles()) {
        self.path = path
        self.files = files
    }

    /// The audiences that have a folder, by bytes.
    public func audiences() throws(StorageError) -> [String] {
        try files.names(in: path).filter { !$0.hasPrefix(".") && files.isFolder("\(path)/\($0)") }
    }

    /// The sequences of an audience's snapshots, ascending.
    public func sequences(of audience: String) throws(StorageError) -> [Int64] {
        try files.names(in: "\(path)/\(audience)").compactMap { name in
            Int64(name).flatMap { String($0) == name && $0 >= 0 ? $0 : nil }
        }.sorted()
    }

    /// The text of a snapshot's manifest, without the line feed.
    public func manifest(of audience: String, sequence: Int64) throws(StorageError) -> String {
        let file = try files.open(manifestPath(audience, sequence))
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: file.byteCount, alignment: 1)
        defer { bytes.deallocate() }
        try file.read(into: bytes, at: 0)
        let text = String(decoding: bytes, as: UTF8.self)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    /// When a snapshot was written, in milliseconds since the Unix epoch; nil when its manifest cannot be seen.
    public func writtenMilliseconds(of audience: String, sequence: Int64) -> Int64? {
        files.writtenMilliseconds(manifestPath(audience, sequence))
    }

    /// Removes what writers and removals of a process that ended left behind. Nobody may be writing.
    public func removeLeftovers() throws(StorageError) {
        for audience in try audiences() { try Self.removeLeftovers(in: "\(path)/\(audience)", files) }
    }

    /// Removes the snapshots of an audience that nothing keeps: neither are they among the newest `count`, nor were they written at or
    /// after the instant (milliseconds since the Unix epoch). Returns how many.
    @discardableResult
    public func prune(_ audience: String, keepingNewest count: Int, writtenSince instant: Int64) throws(StorageError) -> Int {
        var removed = 0
        for sequence in try sequences(of: audience).dropLast(count) {
            // One without a manifest is not ours: a snapshot always has one.
            guard let written = writtenMilliseconds(of: audience, sequence: sequence), written < instant else { continue }
            let hidden = "\(path)/\(audience)/.\(sequence).removed"
            try files.remove(hidden)
            try files.rename("\(path)/\(audience)/\(sequence)", to: hidden)
            try files.remove(hidden)
            removed += 1
        }
        return removed
    }

    private func manifestPath(_ audience: String, _ sequence: Int64) -> String {
        "\(path)/\(audience)/\(sequence)/\(SnapshotWriter.manifestName)"
    }

    static func removeLeftovers(in audienceFolder: String, _ files: any FileSystem) throws(StorageError) {
        for name in try files.names(in: audienceFolder) where name.hasPrefix(".") {
            try files.remove("\(audienceFolder)/\(name)")
        }
    }
}
