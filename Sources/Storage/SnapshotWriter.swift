// Snapshots of audiences (contract §5).
//
// Layout: <folder>/<audience id>/<sequence>/members.ndjson.zst and manifest.json.
//   members.ndjson.zst  one zstd frame with a checksum; one line per member, each ended by a line feed, in the order of the caller
//   manifest.json       {<the caller's members>,"files":[{"name":"members.ndjson.zst","sha256":"<64 hex>","bytes":<n>}]} and a line feed;
//                       sha256 and bytes are those of the file as it lies there, compressed
// A snapshot is written into <folder>/<audience id>/.<sequence>.temporary, its files and that folder are fsynced, the folder is renamed
// and its parent fsynced: a reader never sees half of one. One of the same sequence that is there already is moved aside to
// .<sequence>.replaced just before (for an instant there is none) and removed afterwards.
// Recovery: names that begin with a dot are leftovers of a crash; the next writer of the audience removes them.

import Glibc

/// A snapshot that is complete.
public struct Snapshot: Equatable, Sendable {
    /// The folder that holds it.
    public var folder: String
    /// The text of its manifest.json, without the line feed: also the member `snapshot` of the event `audience.snapshot`.
    public var manifest: String
    /// Bytes of the compressed members.
    public var bytes: Int
    /// SHA-256 of the compressed members, in lower-case hexadecimal.
    public var sha256: String
}

/// One snapshot being written. One writer per audience at a time, which the lock of the data directory sees to. After an error, or when
/// it ends without `finish`, what was written is removed.
public struct SnapshotWriter: ~Copyable {
    private let audienceFolder: String
    private let sequence: Int64
    private var members: CompressedWriter
    private var isFinished = false

    /// The name of the file of members.
    public static let membersName = "members.ndjson.zst"
    /// The name of the manifest.
    public static let manifestName = "manifest.json"

    private var temporaryFolder: String { "\(audienceFolder)/.\(sequence).temporary" }
    private var replacedFolder: String { "\(audienceFolder)/.\(sequence).replaced" }

    /// Begins a snapshot.
    /// - Parameters:
    ///   - folder: `<data>/snapshots`, or the output folder of a replay; created when missing.
    ///   - audience: the id of the audience, an identifier (contract §1).
    ///   - sequence: of the commit that it shows, not negative.
    public init(folder: String, audience: String, sequence: Int64) throws(StorageError) {
        // Identifiers hold neither slash nor dot; anything else would name another folder.
        let isSafe = !audience.isEmpty && !audience.utf8.contains { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ".") || $0 == 0 }
        guard isSafe, sequence >= 0 else {
            throw StorageError(
                operation: "write a snapshot below", path: folder, cause: "'\(audience)' at \(sequence) is no audience id and sequence")
        }
        let audienceFolder = "\(folder)/\(audience)"
        try Folders.create(audienceFolder)
        try Self.removeLeftovers(in: audienceFolder)
        let temporaryFolder = "\(audienceFolder)/.\(sequence).temporary"
        try Folders.create(temporaryFolder)
        members = try CompressedWriter(path: "\(temporaryFolder)/\(Self.membersName)")
        self.audienceFolder = audienceFolder
        self.sequence = sequence
    }

    /// Adds one member, or several: whole lines, each with its line feed, sorted by identity.
    public mutating func append(_ lines: UnsafeRawBufferPointer) throws(StorageError) {
        try members.append(lines)
    }

    /// Adds one member, or several: whole lines, each with its line feed, sorted by identity.
    public mutating func append(_ lines: [UInt8]) throws(StorageError) {
        try lines.withBytes { (bytes) throws(StorageError) in try append(bytes) }
    }

    /// Completes the snapshot and makes it visible, durably. Called once, as the last step.
    /// - Parameter manifestMembers: the manifest's members but for `files`, as JSON text without braces around it:
    ///   `"audience":"recent-buyers","size":46`; may be empty.
    public mutating func finish(manifestMembers: String) throws(StorageError) -> Snapshot {
        precondition(!isFinished, "a snapshot of \(audienceFolder) is finished twice")
        let summary = try members.finish()
        let file = "{\"name\":\"\(Self.membersName)\",\"sha256\":\"\(summary.sha256)\",\"bytes\":\(summary.bytes)}"
        let manifest = "{" + manifestMembers + (manifestMembers.isEmpty ? "" : ",") + "\"files\":[\(file)]}"
        try AtomicFile.write(manifest + "\n", to: "\(temporaryFolder)/\(Self.manifestName)")

        let final = "\(audienceFolder)/\(sequence)"
        let isReplacing = Folders.exists(final)
        if isReplacing { try Folders.rename(final, to: replacedFolder) }
        try Folders.rename(temporaryFolder, to: final)
        isFinished = true
        try Folders.synchronize(audienceFolder)
        if isReplacing { try Folders.remove(replacedFolder) }
        return Snapshot(folder: final, manifest: manifest, bytes: summary.bytes, sha256: summary.sha256)
    }

    private static func removeLeftovers(in folder: String) throws(StorageError) {
        for name in try Folders.names(in: folder) where name.hasPrefix(".") {
            try Folders.remove("\(folder)/\(name)")
        }
    }

    deinit {
        if !isFinished { try? Folders.remove(temporaryFolder) }
    }
}
