// A file that appears whole or not at all: written to a temporary name beside the final one, fsynced, renamed, the folder fsynced. Where a
// link leads is replaced, not the link; what is no file (a device, a pipe) is written to as it is.
//
// A crash at any point leaves the old file (or none) and at most one "<name>.temporary", which the next writer of that name overwrites.
// A failed write or fsync is final for the file: its pages may be gone although a second fsync reports success (reliability: "fsyncgate"),
// so the value refuses everything after it and the temporary file is removed.

import Glibc

/// A file being written that replaces another one, or creates it, in one step. One writer per path at a time.
public struct AtomicFile: ~Copyable {
    /// What `finish` waits for.
    public enum Durability: Sendable {
        /// The disk has the file and its name: survives a power cut.
        case durable
        /// Only the kernel has it: for what can be produced again.
        case fast
    }

    /// Where the file will be.
    public let path: String
    private let temporaryPath: String
    /// A device or a pipe: there is nothing to replace.
    private let isInPlace: Bool
    private var file: OpenFile
    private var isFinished = false
    private var failure: StorageError?

    /// The temporary name is the final one with this behind it.
    static let temporarySuffix = ".temporary"

    /// Begins the file; its folder must exist.
    public init(replacing path: String) throws(StorageError) {
        let target = Folders.target(of: path)
        self.path = target.path
        temporaryPath = target.path + Self.temporarySuffix
        isInPlace = target.isOther
        file = try isInPlace ? OpenFile.writing(target.path) : OpenFile.creating(temporaryPath)
    }

    /// Writes the bytes behind those written before. After an error the file is lost: every later call throws the same error again.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
        try refuseAfterFailure()
        do {
            try file.write(bytes)
        } catch {
            failure = error
            throw error
        }
    }

    /// Gives the file its name. Called once, as the last step; without it the temporary file is removed and the old one stays.
    public mutating func finish(_ durability: Durability = .durable) throws(StorageError) {
        try refuseAfterFailure()
        precondition(!isFinished, "\(path) is finished twice")
        do {
            if isInPlace {
                try file.close()
                isFinished = true
                return
            }
            if durability == .durable { try file.synchronize() }
            try file.close()
            try Folders.rename(temporaryPath, to: path)
            isFinished = true
            if durability == .durable { try Folders.synchronize(Folders.parent(of: path)) }
        } catch {
            failure = error
            throw error
        }
    }

    private func refuseAfterFailure() throws(StorageError) {
        if let failure { throw failure }
    }

    deinit {
        if !isFinished, !isInPlace { _ = unlink(temporaryPath) }
    }

    /// Writes a whole file in one step, durably.
    public static func write(_ bytes: [UInt8], to path: String) throws(StorageError) {
        var file = try AtomicFile(replacing: path)
        try bytes.withBytes { (buffer) throws(StorageError) in try file.append(buffer) }
        try file.finish()
    }

    /// Writes a whole text file in one step, durably.
    public static func write(_ text: String, to path: String) throws(StorageError) {
        try write(Array(text.utf8), to: path)
    }
}

extension [UInt8] {
    /// `withUnsafeBytes` that keeps the type of the error.
    func withBytes<Result, Failure: Error>(_ body: (UnsafeRawBufferPointer) throws(Failure) -> Result) throws(Failure) -> Result {
        try withUnsafeBufferPointer { (buffer) throws(Failure) in try body(UnsafeRawBufferPointer(buffer)) }
    }
}
