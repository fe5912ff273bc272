// Folders: created with their parents, made durable, moved and removed. Renames and creations last only once the folder that holds the
// name is fsynced too.

import Glibc

/// Folders of the file system.
public enum Folders {
    /// Folders hold personal data: nobody but the owner looks into them.
    static let permissions: mode_t = 0o700

    /// Creates the folder and those above it, durably; one that exists is left as it is.
    static func create(_ path: String) throws(StorageError) {
        if isFolder(path) { return }
        let parent = parent(of: path)
        if parent != path { try create(parent) }
        guard mkdir(path, permissions) == 0 || (errno == EEXIST && isFolder(path)) else {
            throw StorageError(operation: "create the folder", path: path, errorNumber: errno)
        }
        try synchronize(parent)
    }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether anything has that name, a broken link too.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// The folder that holds the name: "/a/b/" and "/a/b" lie in "/a", "b" in ".".
    package static func parent(of path: String) -> String {
        var text = path[...]
        while text.count > 1, text.last == "/" { text.removeLast() }
        guard let slash = text.lastIndex(of: "/") else { return "." }
        let parent = text[..<slash]
        return parent.isEmpty ? "/" : String(parent)
    }

    /// Waits until the disk has the names in the folder.
    static func synchronize(_ path: String) throws(StorageError) {
        let folder = try OpenFile.reading(path)
        try folder.synchronize()
    }

    /// Where a path leads over links, and whether what is there is neither a file nor a folder. A link that leads nowhere is itself.
    static func target(of path: String) -> (path: String, isOther: Bool) {
        var status = stat()
        guard stat(path, &status) == 0 else { return (path, false) }
        let kind = status.st_mode & S_IFMT
        if kind != S_IFREG && kind != S_IFDIR { return (path, true) }
        // What a process has open already (/dev/stdout) is not replaced under its hands.
        if path.hasPrefix("/dev/") || path.hasPrefix("/proc/") { return (path, true) }
        guard let resolved = realpath(path, nil) else { return (path, false) }
        defer { free(resolved) }
        return (String(cString: resolved), false)
    }

    /// Gives a file or folder another name on the same file system. Durable only after `synchronize` of the folders of both names.
    static func rename(_ path: String, to newPath: String) throws(StorageError) {
        guard Glibc.rename(path, newPath) == 0 else {
            throw StorageError(operation: "rename to \(newPath) the file", path: path, errorNumber: errno)
        }
    }

    /// The names in a folder, sorted by bytes; none when there is no such folder.
    public static func names(in path: String) throws(StorageError) -> [String] {
        guard let stream = opendir(path) else {
            if errno == ENOENT { return [] }
            throw StorageError(operation: "list the folder", path: path, errorNumber: errno)
        }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
                field.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: field.pointee)) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw StorageError(operation: "list the folder", path: path, errorNumber: errno) }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Removes a file, or a folder and the files in it. A folder within the folder is not expected and makes it fail: nothing of others
    /// is deleted by mistake. What is not there needs no removing.
    static func remove(_ path: String) throws(StorageError) {
        guard exists(path) else { return }
        if unlink(path) == 0 { return }
        guard errno == EISDIR || errno == EPERM else { throw StorageError(operation: "remove", path: path, errorNumber: errno) }
        for name in try names(in: path) {
            let file = path + "/" + name
            guard unlink(file) == 0 else { throw StorageError(operation: "remove", path: file, errorNumber: errno) }
        }
        guard rmdir(path) == 0 else { throw StorageError(operation: "remove the folder", path: path, errorNumber: errno) }
    }
}
