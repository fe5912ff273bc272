// Where a replay may write: not where it reads, or the next one reads what this one wrote and both are wrong without a word. Folders are
// compared by what they are (device and inode), not by how they are spelled: links, `..` and mounts lead to the same one.
import Glibc

/// Refuses an output folder that is the input or within it, and an input that the snapshots would replace. Anywhere else the input may lie
/// within the output: files there are replaced whole, under names of their own, never written to.
func checkReplayFolders(input: String, output: String, writesSnapshots: Bool) throws(CommandFailure) {
    let inputPath = resolved(input)
    let beside = "name a folder beside it, such as --output \(inputPath == "/" ? "/tmp/replayed" : inputPath + "-replayed")"
    if let folder = FolderIdentity(inputPath),
        let depth = ancestors(of: resolved(output)).firstIndex(where: { FolderIdentity($0) == folder })
    {
        let place = depth == 0 ? "is the input folder" : "is within the input folder"
        throw CommandFailure(.usage, "--output \(output) \(place) \(inputPath): the next replay would read what this one wrote — \(beside)")
    }
    let snapshots = resolved(output + "/snapshots")
    if writesSnapshots, let folder = FolderIdentity(snapshots), ancestors(of: inputPath).contains(where: { FolderIdentity($0) == folder }) {
        throw CommandFailure(
            .usage,
            "--input \(input) is where --snapshots replaces folders (\(snapshots)) — copy the input elsewhere, or name another --output")
    }
}

/// What a folder is, whatever its name.
private struct FolderIdentity: Equatable {
    var device: dev_t
    var inode: ino_t

    /// Nil when nothing is there.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = status.st_dev
        inode = status.st_ino
    }
}

/// The path itself and all that hold it, up to the root; the path is a resolved one.
private func ancestors(of path: String) -> [String] {
    var paths = [path]
    while let last = paths.last, last != "/", let slash = last.lastIndex(of: "/") {
        paths.append(slash == last.startIndex ? "/" : String(last[..<slash]))
    }
    return paths
}

/// The absolute path without links, `.` and `..`; what does not exist yet is taken by its name.
private func resolved(_ path: String) -> String {
    var current = path.hasPrefix("/") ? "/" : real(".") ?? "/"
    for part in path.split(separator: "/") where part != "." {
        let next = current == "/" ? "/\(part)" : "\(current)/\(part)"
        current = real(next) ?? (part == ".." ? ancestors(of: current).dropFirst().first ?? "/" : next)
    }
    return current
}

private func real(_ path: String) -> String? {
    guard let found = realpath(path, nil) else { return nil }
    defer { free(found) }
    return String(cString: found)
}
