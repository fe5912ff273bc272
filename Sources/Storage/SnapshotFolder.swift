// The snapshots that lie below a folder (layout: SnapshotWriter.swift): which there are, and which stay.
//
// A snapshot is removed by renaming it to .<sequence>.removed first, so that a reader never sees half of one. Its age is that of its
// manifest's file, by the wall clock, whatever clock the engine follows. Names that are no sequence in decimal are not ours and stay.

import Glibc

/// All snapshots of a deployment.
public struct SnapshotFolder: Sendable {
    /// `<data>/snapshots`; it need not exist.
    public let path: String

    /// The folder, which need not exist.
    public init(path: String) {
        self.path = path
    }

    /// The audiences that have a folder, by bytes.
    public func audiences() throws(StorageError) -> [String] {
        try Folders.names(in: path).filter { !$0.hasPrefix(".") && Folders.isFolder("\(path)/\($0)") }
    }

    /// The sequences of an audience's snapshots, ascending.
    public func sequences(of audience: String) throws(StorageError) -> [Int64] {
        try Folders.names(in: "\(path)/\(audience)").compactMap { name in
            Int64(name).flatMap { String($0) == name && $0 >= 0 ? $0 : nil }
        }.sorted()
    }

    /// The text of a snapshot's manifest, without the line feed.
    public func manifest(of audience: String, sequence: Int64) throws(StorageError) -> String {
        let file = try OpenFile.reading(manifestPath(audience, sequence))
        let text = String(decoding: try file.read(maximumBytes: Int.max), as: UTF8.self)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    /// When a snapshot was written, in milliseconds since the Unix epoch; nil when its manifest cannot be seen.
    public func writtenMilliseconds(of audience: String, sequence: Int64) -> Int64? {
        var status = stat()
        guard stat(manifestPath(audience, sequence), &status) == 0 else { return nil }
        return Int64(status.st_mtim.tv_sec) * 1000 + Int64(status.st_mtim.tv_nsec) / 1_000_000
    }

    /// Removes what writers and removals of a process that ended left behind. Nobody may be writing.
    public func removeLeftovers() throws(StorageError) {
        for audience in try audiences() { try Self.removeLeftovers(in: "\(path)/\(audience)") }
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
            try Folders.remove(hidden)
            try Folders.rename("\(path)/\(audience)/\(sequence)", to: hidden)
            try Folders.remove(hidden)
            removed += 1
        }
        return removed
    }

    private func manifestPath(_ audience: String, _ sequence: Int64) -> String {
        "\(path)/\(audience)/\(sequence)/\(SnapshotWriter.manifestName)"
    }

    static func removeLeftovers(in audienceFolder: String) throws(StorageError) {
        for name in try Folders.names(in: audienceFolder) where name.hasPrefix(".") {
            try Folders.remove("\(audienceFolder)/\(name)")
        }
    }
}
