// What every failed file operation of this module throws: operation, file, cause and hint, in one sentence for the operator.

import Glibc

/// A failed operation on a file or folder. Never holds what the file contains.
public struct StorageError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was tried, as a verb: "write", "fsync", "read the secret kafka.sasl.password from".
    public var operation: String
    /// The file or folder it was tried on.
    public var path: String
    /// Why it failed.
    public var cause: String
    /// What to do about it; nil when the cause says it all.
    public var hint: String?
    /// The number of the system's error; nil when the system reported none.
    public var errorNumber: Int32?

    public init(operation: String, path: String, cause: String, hint: String? = nil) {
        self.operation = operation
        self.path = path
        self.cause = cause
        self.hint = hint
    }

    /// A failed system call: `errorNumber` is the value of `errno` right after it.
    public init(operation: String, path: String, errorNumber: Int32) {
        self.operation = operation
        self.path = path
        self.cause = Self.text(of: errorNumber)
        self.hint = Self.hint(for: errorNumber)
        self.errorNumber = errorNumber
    }

    /// "cannot write /data/x: No space left on device — free space on that disk"
    public var description: String {
        "cannot \(operation) \(path): \(cause)" + (hint.map { " — \($0)" } ?? "")
    }

    /// The system's own text of an error, in English whatever the locale.
    static func text(of errorNumber: Int32) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { text in
            guard let start = text.baseAddress, strerror_r(errorNumber, start, text.count) == 0 else { return "error \(errorNumber)" }
            return String(cString: start)
        }
    }

    private static func hint(for errorNumber: Int32) -> String? {
        switch errorNumber {
        case ENOSPC, EDQUOT: "free space on that disk"
        case EACCES, EPERM: "check the owner and the permissions of the file and of every folder above it"
        case EROFS: "the file system is mounted read-only: under systemd, name the folder in StateDirectory= or ReadWritePaths="
        case EIO: "the disk reports errors: check it (dmesg, smartctl) before anything is written there again"
        case EMFILE, ENFILE: "raise the limit of open files (LimitNOFILE=)"
        default: nil
        }
    }
}
