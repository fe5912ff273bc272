// The one owner of a file descriptor: whole writes, whole reads, fsync, close. Everything else in this module stands on it.

import Glibc

/// An open file. The descriptor is closed by `close()`, or without a check when the value ends.
struct OpenFile: ~Copyable {
    let path: String
    private var descriptor: Int32

    /// Files hold personal data: nobody but the owner reads them.
    static let permissions: mode_t = 0o600

    private init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    /// Opens a file for writing; one that exists is emptied.
    static func creating(_ path: String) throws(StorageError) -> OpenFile {
        try open(path, O_WRONLY | O_CREAT | O_TRUNC, operation: "create")
    }

    /// Opens what is there for writing, at its end or wherever a device or a pipe takes bytes.
    static func writing(_ path: String) throws(StorageError) -> OpenFile {
        try open(path, O_WRONLY | O_APPEND, operation: "open")
    }

    /// Opens a file for reading. A pipe or device does not block the caller.
    static func reading(_ path: String) throws(StorageError) -> OpenFile {
        try open(path, O_RDONLY | O_NONBLOCK, operation: "open")
    }

    /// Opens a file that several processes lock: created when missing, never emptied.
    static func sharing(_ path: String) throws(StorageError) -> OpenFile {
        try open(path, O_RDWR | O_CREAT, operation: "open")
    }

    private static func open(_ path: String, _ flags: Int32, operation: String) throws(StorageError) -> OpenFile {
        // A path with a zero byte would be cut there by the system and name another file.
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw StorageError(operation: operation, path: path, cause: "this is no path of a file")
        }
        while true {
            let descriptor = Glibc.open(path, flags | O_CLOEXEC, permissions)
            if descriptor >= 0 { return OpenFile(path: path, descriptor: descriptor) }
            if errno != EINTR { throw StorageError(operation: operation, path: path, errorNumber: errno) }
        }
    }

    /// For the system calls of its neighbours in this module; never kept.
    func withDescriptor<Result>(_ body: (Int32) -> Result) -> Result {
        body(descriptor)
    }

    /// Writes all of the bytes at the file's position.
    func write(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if written >= 0 {
                rest = rest.dropFirst(written)
            } else if errno != EINTR {
                throw StorageError(operation: "write", path: path, errorNumber: errno)
            }
        }
    }

    /// Bytes of the file when it is a regular one; nil for a folder, pipe or device.
    func regularSize() throws(StorageError) -> Int? {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw StorageError(operation: "examine", path: path, errorNumber: errno)
        }
        return status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
    }

    /// Reads from the file's position to its end, but no more than `most` bytes.
    func read(maximumBytes: Int) throws(StorageError) -> [UInt8] {
        var bytes: [UInt8] = []
        let chunk = 64 << 10
        while bytes.count < maximumBytes {
            let wanted = min(chunk, maximumBytes - bytes.count)
            var failure: Int32 = 0
            let part = [UInt8](unsafeUninitializedCapacity: wanted) { target, count in
                var got = -1
                repeat { got = Glibc.read(descriptor, target.baseAddress, wanted) } while got < 0 && errno == EINTR
                failure = got < 0 ? errno : 0
                count = max(0, got)
            }
            if failure != 0 { throw StorageError(operation: "read", path: path, errorNumber: failure) }
            if part.isEmpty { break }
            bytes += part
        }
        return bytes
    }

    /// Fills the memory with the bytes from a place on, wherever the file's position is; a file that ends before is an error.
    func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) throws(StorageError) {
        var filled = 0
        while filled < target.count {
            let got = pread(descriptor, target.baseAddress.map { $0 + filled }, target.count - filled, off_t(offset + filled))
            if got > 0 {
                filled += got
            } else if got == 0 {
                throw StorageError(operation: "read", path: path, cause: "it ends before byte \(offset + target.count)")
            } else if errno != EINTR {
                throw StorageError(operation: "read", path: path, errorNumber: errno)
            }
        }
    }

    /// Waits until the disk has the content, but not its times. A failure means what one of `synchronize` means.
    func synchronizeData() throws(StorageError) {
        while fdatasync(descriptor) != 0 {
            if errno != EINTR { throw StorageError(operation: "fdatasync", path: path, errorNumber: errno) }
        }
    }

    /// Waits until the disk has the file. After a failure the kernel may have dropped the pages and a second fsync would report
    /// success: the caller gives the file up and never calls this again.
    func synchronize() throws(StorageError) {
        while fsync(descriptor) != 0 {
            if errno != EINTR { throw StorageError(operation: "fsync", path: path, errorNumber: errno) }
        }
    }

    /// Closes the file; some file systems report a failed write only here.
    mutating func close() throws(StorageError) {
        guard descriptor >= 0 else { return }
        let closing = descriptor
        descriptor = -1
        // Linux frees the descriptor also when it is interrupted: never repeated.
        guard Glibc.close(closing) == 0 || errno == EINTR else {
            throw StorageError(operation: "close", path: path, errorNumber: errno)
        }
    }

    deinit {
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
    }
}
