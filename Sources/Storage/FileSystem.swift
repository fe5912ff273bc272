// The seam between what images and snapshots do and the disk: the few calls that a test can record, cut short and make fail.
//
// Both are written in few large calls, so the calls go through existentials. What a call promises is what POSIX does and no more: a
// name lasts only once its folder is synchronised, content only once its file is.

import Glibc

/// Files and folders by their paths.
package protocol FileSystem: Sendable {
    /// Creates the folder and those above it, durably; one that exists is left as it is.
    func createFolder(_ path: String) throws(StorageError)
    /// Creates a file, or empties it.
    func create(_ path: String) throws(StorageError) -> any FileInWriting
    /// Opens a regular file for reading.
    func open(_ path: String) throws(StorageError) -> any FileInReading
    /// Gives a file or folder another name in the same folder, in one step; a file that has the name is replaced.
    func rename(_ path: String, to newPath: String) throws(StorageError)
    /// Takes the name of a file away, or of a folder and the files in it; what is not there needs no removing.
    func remove(_ path: String) throws(StorageError)
    /// Waits until the disk has the names in the folder.
    func synchronizeFolder(_ path: String) throws(StorageError)
    /// The names in a folder, sorted by bytes; none when there is no such folder.
    func names(in path: String) throws(StorageError) -> [String]
    /// Whether a folder has that name.
    func isFolder(_ path: String) -> Bool
    /// When a file was written, in milliseconds since the Unix epoch; nil when it cannot be seen.
    func writtenMilliseconds(_ path: String) -> Int64?
}

/// A file that is written from its start to its end. After an error it is lost. Closed when the last reference ends, without a check.
package protocol FileInWriting: AnyObject {
    /// Writes all of the bytes behind those written before.
    func write(_ bytes: UnsafeRawBufferPointer) throws(StorageError)
    /// Waits until the disk has the bytes written so far, so that less is left for the end.
    func synchronizeData() throws(StorageError)
    /// Waits until the disk has the file.
    func synchronize() throws(StorageError)
    /// Closes the file; some file systems report a failed write only here.
    func close() throws(StorageError)
}

/// A file that is read at any place. Closed when the last reference ends.
package protocol FileInReading: AnyObject {
    /// The size when it was opened.
    var byteCount: Int { get }
    /// Fills the memory with the bytes from a place on; a file that ends before is an error.
    func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) throws(StorageError)
}

/// The disk itself.
package struct DiskFiles: FileSystem {
    package init() {}

    package func createFolder(_ path: String) throws(StorageError) { try Folders.create(path) }
    package func create(_ path: String) throws(StorageError) -> any FileInWriting { DiskFileInWriting(try OpenFile.creating(path)) }
    package func open(_ path: String) throws(StorageError) -> any FileInReading { try DiskFileInReading(path: path) }
    package func rename(_ path: String, to newPath: String) throws(StorageError) { try Folders.rename(path, to: newPath) }
    package func remove(_ path: String) throws(StorageError) { try Folders.remove(path) }
    package func synchronizeFolder(_ path: String) throws(StorageError) { try Folders.synchronize(path) }
    package func names(in path: String) throws(StorageError) -> [String] { try Folders.names(in: path) }
    package func isFolder(_ path: String) -> Bool { Folders.isFolder(path) }

    package func writtenMilliseconds(_ path: String) -> Int64? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Int64(status.st_mtim.tv_sec) * 1000 + Int64(status.st_mtim.tv_nsec) / 1_000_000
    }
}

private final class DiskFileInWriting: FileInWriting {
    private var file: OpenFile

    init(_ file: consuming OpenFile) { self.file = file }

    func write(_ bytes: UnsafeRawBufferPointer) throws(StorageError) { try file.write(bytes) }
    func synchronizeData() throws(StorageError) { try file.synchronizeData() }
    func synchronize() throws(StorageError) { try file.synchronize() }
    func close() throws(StorageError) { try file.close() }
}

private final class DiskFileInReading: FileInReading {
    private let file: OpenFile
    let byteCount: Int

    init(path: String) throws(StorageError) {
        let file = try OpenFile.reading(path)
        guard let byteCount = try file.regularSize() else {
            throw StorageError(operation: "read", path: path, cause: "this is no regular file")
        }
        self.file = file
        self.byteCount = byteCount
    }

    func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) throws(StorageError) {
        try file.read(into: target, at: offset)
    }
}
