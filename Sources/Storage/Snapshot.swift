// A snapshot as it lies in its folder (SnapshotWriter.swift).

/// A snapshot that is complete.
public struct Snapshot: Equatable, Sendable {
    /// One file of members.
    public struct File: Equatable, Sendable {
        /// Its name within the folder.
        public var name: String
        /// Bytes of the compressed file.
        public var bytes: Int
        /// SHA-256 of the compressed file, in lower-case hexadecimal.
        public var sha256: String
    }

    /// The folder that holds it.
    public var folder: String
    /// The text of its manifest.json, without the line feed: also the member `snapshot` of the event `audience.snapshot`.
    public var manifest: String
    /// In the order in which the writer was given their names.
    public var files: [File]
}
