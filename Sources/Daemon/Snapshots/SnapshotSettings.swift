// What the configuration says of snapshots, as the thread needs it.
import Storage

/// What the thread writes, and where.
struct SnapshotSettings: Sendable {
    var folder: SnapshotFolder
    var formats: [Configuration.SnapshotFormat]
    /// This many of each audience stay, the newest,
    var keep: Int
    /// and those that are younger than this.
    var keepMilliseconds: Int64
    /// Of members that wait.
    var maximumBytes: Int

    init(_ configuration: Configuration, in files: any FileSystem = DiskFiles()) {
        folder = SnapshotFolder(path: "\(configuration.data)/snapshots", in: files)
        formats = configuration.snapshots.formats
        keep = configuration.snapshots.keep
        let (seconds, attoseconds) = configuration.snapshots.keepFor.components
        keepMilliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        maximumBytes = configuration.memoryBudget.snapshotBytes
    }
}
