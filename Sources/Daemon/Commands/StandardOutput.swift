// What a command has printed must be written when it ends: a full disk behind it is no success.
@preconcurrency import Glibc

enum StandardOutput {
    /// Writes what is left of it. A reader that went away wanted no more.
    /// - Throws: `data` when something could not be written.
    static func finish() throws(CommandFailure) {
        errno = 0
        let isWritten = fflush(stdout) == 0 && ferror(stdout) == 0
        guard !isWritten, errno != EPIPE, !isAbandoned else { return }
        let cause = errno == 0 ? "" : ": \(String(cString: strerror(errno)))"
        throw CommandFailure(.data, "standard output could not be written\(cause)")
    }

    /// Nobody reads the pipe any more.
    private static var isAbandoned: Bool {
        var output = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
        return poll(&output, 1, 0) > 0 && Int32(output.revents) & POLLERR != 0
    }
}
