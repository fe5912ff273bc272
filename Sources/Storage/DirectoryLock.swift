// One process per data directory: an advisory lock (flock) on `<folder>/lock`, held for as long as the value lives.
//
// The file holds the decimal process id of the holder and a line feed, for messages only: what counts is the lock, which the kernel
// drops when the process ends, however it ends. The file is never removed: a process could then lock one that has no name any more.

import Glibc

/// Why a data directory could not be locked.
public enum DirectoryLockError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Another process uses the folder: exit 73 (contract §6). The process id is nil when the holder has not written it yet.
    case inUse(folder: String, processIdentifier: Int32?)
    /// The lock could not be tried.
    case failed(StorageError)

    public var description: String {
        switch self {
        case .inUse(let folder, let processIdentifier):
            "the data directory \(folder) is in use by " + (processIdentifier.map { "process \($0)" } ?? "another process")
                + " — stop that one, or give this one a `data` of its own"
        case .failed(let error): error.description
        }
    }
}

/// A locked data directory; unlocked when the last reference ends, so what needs it locked holds one (`withExtendedLifetime`).
public final class DirectoryLock: Sendable {
    /// The folder that is locked.
    public let folder: String
    private let file: OpenFile

    /// Locks the folder without waiting; it is created when missing.
    public init(folder: String) throws(DirectoryLockError) {
        file = try Self.lockedFile(in: folder)
        self.folder = folder
    }

    private static func lockedFile(in folder: String) throws(DirectoryLockError) -> OpenFile {
        let file = try openFile(in: folder)
        let failure = lock(file)
        if failure == EWOULDBLOCK { throw .inUse(folder: folder, processIdentifier: holder(file)) }
        guard failure == 0 else { throw .failed(StorageError(operation: "lock", path: file.path, errorNumber: failure)) }
        do {
            try writeHolder(file)
        } catch {
            throw .failed(error)
        }
        return file
    }

    private static func openFile(in folder: String) throws(DirectoryLockError) -> OpenFile {
        do {
            try Folders.create(folder)
            return try OpenFile.sharing(folder + "/lock")
        } catch {
            throw .failed(error)
        }
    }

    /// Tries the lock once: 0, or the number of the error.
    private static func lock(_ file: borrowing OpenFile) -> Int32 {
        file.withDescriptor { descriptor in
            var outcome: Int32
            repeat { outcome = flock(descriptor, LOCK_EX | LOCK_NB) } while outcome != 0 && errno == EINTR
            return outcome == 0 ? 0 : errno
        }
    }

    private static func writeHolder(_ file: borrowing OpenFile) throws(StorageError) {
        let failure = file.withDescriptor { ftruncate($0, 0) == 0 ? 0 : errno }
        guard failure == 0 else { throw StorageError(operation: "truncate", path: file.path, errorNumber: failure) }
        try Array("\(getpid())\n".utf8).withBytes { (bytes) throws(StorageError) in try file.write(bytes) }
    }

    /// The process id that the holder wrote.
    private static func holder(_ file: borrowing OpenFile) -> Int32? {
        guard let bytes = try? file.read(maximumBytes: 16) else { return nil }
        return Int32(String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
}
