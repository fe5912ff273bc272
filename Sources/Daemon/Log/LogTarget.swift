// Where log lines go, without waiting for it: a pipe or socket that nobody reads must not hold up commits.
import Glibc
import Synchronization

/// The queue is the pipe's or socket's own buffer, which the kernel bounds. What it has no room for is dropped and counted.
final class LogTarget: Sendable {
    /// A descriptor that can be written to takes as much at once (pipe(7)).
    private static let piece = Int(PIPE_BUF)

    private let descriptor: Int32
    /// For a reader that is slower than a burst. Once: while it stays behind nobody waits.
    private let patienceMilliseconds: Int32
    /// The line that counts those that were dropped.
    private let counting: @Sendable (Int) -> String
    /// How many lines were dropped since the last that was written.
    private let dropped = Mutex(0)

    init(descriptor: Int32, patienceMilliseconds: Int32 = 50, counting: @escaping @Sendable (Int) -> String = { _ in "" }) {
        self.descriptor = descriptor
        self.counting = counting
        self.patienceMilliseconds = patienceMilliseconds
    }

    /// Writes a line, or drops it.
    func write(_ line: String) {
        dropped.withLock { dropped in
            var text = line
            if dropped > 0 { text = counting(dropped) + line }
            let isWritten = write(Array(text.utf8), patience: dropped == 0 ? patienceMilliseconds : 0)
            dropped = isWritten ? 0 : dropped + 1
        }
    }

    /// Whether all bytes were taken. Of a line that is longer than a piece the beginning may be there without its end.
    private func write(_ bytes: [UInt8], patience: Int32) -> Bool {
        var start = 0
        while start < bytes.count {
            var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            guard poll(&ready, 1, patience) == 1, ready.revents & Int16(POLLOUT) != 0 else { return false }
            let written = bytes[start...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, min($0.count, Self.piece)) }
            if written <= 0 { return false }
            start += written
        }
        return true
    }
}
