// What a command has printed must be written when it ends: a full disk behind it is no success.
@preconcurrency import Glibc

enum StandardOutput {
    /// Writes what is left of it. A reader that went away wanted no more.
    /// - Throws: `data` when something could not be written.
    static func finish() throws(CommandFailure) {
        errno = 0
        let isWritten = fflush(stdout) == 0 && ferror(stdout) == 0
        guard !isWritten, errno != EPIPE else { return }
        let cause = errno == 0 ? "" : ": \(String(cString: strerror(errno)))"
        throw CommandFailure(.data, "standard output could not be written\(cause)")
    }
}
