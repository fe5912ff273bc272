// Snapshots of audiences being written (contract §5).
//
// Layout: <folder>/<audience id>/<sequence>/ with the files of members and manifest.json.
//   members.<format>.zst  one zstd frame with a checksum; what is in it is the caller's
//   manifest.json         {<the caller's members>,"files":[{"name":"members.ndjson.zst","sha256":"<64 hex>","bytes":<n>},…]} and a line
//                         feed; sha256 and bytes are those of each file as it lies there, compressed
// A snapshot is written into <folder>/<audience id>/.<sequence>.temporary, its files and that folder are fsynced, the folder is renamed
// and its parent fsynced: a reader never sees half of one. One of the same sequence that is there already is moved aside to
// .<sequence>.replaced just before (for an instant there is none) and removed afterwards.
// Recovery: names that begin with a dot are leftovers of a crash; `SnapshotFolder` removes them, and the next writer of the audience.

import Glibc

/// One snapshot being written. One writer per audience at a time, which the lock of the data directory sees to. After an error, or when
/// it ends without `finish`, what was written is removed.
public struct SnapshotWriter: ~Copyable {
    private let files: any FileSystem
    private let audienceFolder: String
    private let sequence: Int64
    private let names: [String]
    private let writers: [CompressedWriter]
    private var isFinished = false

    /// The name of the manifest.
    public static let manifestName = "manifest.json"

    /// The name of the file of members in a format: `ndjson`, `csv`.
    public static func membersName(format: String) -> String { "members.\(format).zst" }

    private var temporaryFolder: String { "\(audienceFolder)/.\(sequence).temporary" }
    private var replacedFolder: String { "\(audienceFolder)/.\(sequence).replaced" }

    /// Begins a snapshot.
    /// - Parameters:
    ///   - folder: `<data>/snapshots`, or the output folder of a replay; created when missing.
    ///   - audience: the id of the audience, an identifier (contract §1).
    ///   - sequence: of the commit that it shows, not negative.
    ///   - formats: one file of members for each, none twice.
    ///   - files: the disk.
    package init(
        folder: String, audience: String, sequence: Int64, formats: [String], in files: any FileSystem = DiskFiles()
    ) throws(StorageError) {
        // Identifiers hold neither slash nor dot; anything else would name another folder.
        let isSafe = !audience.isEmpty && !audience.utf8.contains { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ".") || $0 == 0 }
        guard isSafe, sequence >= 0 else {
            throw StorageError(
                operation: "write a snapshot below", path: folder, cause: "'\(audience)' at \(sequence) is no audience id and sequence")
        }
        let audienceFolder = "\(folder)/\(audience)"
        try files.createFolder(audienceFolder)
        try SnapshotFolder.removeLeftovers(in: audienceFolder, files)
        let temporaryFolder = "\(audienceFolder)/.\(sequence).temporary"
        try files.createFolder(temporaryFolder)
        let names = formats.map(Self.membersName)
        var writers: [CompressedWriter] = []
        for name in names { writers.append(try CompressedWriter(path: "\(temporaryFolder)/\(name)", in: files)) }
        self.files = files
        self.names = names
        self.writers = writers
        self.audienceFolder = audienceFolder
        self.sequence = sequence
    }

    /// Adds one member, or several, to the file of a format, by its place among the formats.
    public func append(_ rows: UnsafeRawBufferPointer, to file: Int) throws(StorageError) {
        try writers[file].append(rows)
    }

    /// Adds one member, or several, to the file of a format, by its place among the formats.
    public func append(_ rows: [UInt8], to file: Int) throws(StorageError) {
        try rows.withBytes { (bytes) throws(StorageError) in try append(bytes, to: file) }
    }

    /// Completes the snapshot and makes it visible, durably. Called once, as the last step.
    /// - Parameter manifestMembers: the manifest's members but for `files`, as JSON text without braces around it:
    ///   `"audience":"recent-buyers","size":46`; may be empty.
    public mutating func finish(manifestMembers: String) throws(StorageError) -> Snapshot {
        precondition(!isFinished, "a snapshot of \(audienceFolder) is finished twice")
        var written: [Snapshot.File] = []
        for (name, writer) in zip(names, writers) {
            let summary = try writer.finish()
            written.append(Snapshot.File(name: name, bytes: summary.bytes, sha256: summary.sha256))
        }
        let list = written.map { "{\"name\":\"\($0.name)\",\"sha256\":\"\($0.sha256)\",\"bytes\":\($0.bytes)}" }.joined(separator: ",")
        let manifest = "{" + manifestMembers + (manifestMembers.isEmpty ? "" : ",") + "\"files\":[\(list)]}"
        try write(manifest + "\n", to: "\(temporaryFolder)/\(Self.manifestName)")
        try files.synchronizeFolder(temporaryFolder)

        let final = "\(audienceFolder)/\(sequence)"
        let isReplacing = files.isFolder(final)
        if isReplacing { try files.rename(final, to: replacedFolder) }
        try files.rename(temporaryFolder, to: final)
        isFinished = true
        try files.synchronizeFolder(audienceFolder)
        if isReplacing { try files.remove(replacedFolder) }
        return Snapshot(folder: final, manifest: manifest, files: written)
    }

    private func write(_ text: String, to path: String) throws(StorageError) {
        let file = try files.create(path)
        try Array(text.utf8).withBytes { (bytes) throws(StorageError) in try file.write(bytes) }
        try file.synchronize()
        try file.close()
    }

    deinit {
        if !isFinished { try? files.remove(temporaryFolder) }
    }
}
