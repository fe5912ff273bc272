// The daemon as a child process, and what it takes of memory and processors.
import Daemon
import Glibc

final class ChildProcess {
    /// The first argument that makes the benchmark the daemon itself.
    static let role = "audienced"

    private let process: pid_t
    /// Where standard output and error of the child go.
    private let log: String
    private let start = monotonicNanoseconds()
    private var hasEnded = false

    /// The anonymous memory it was last seen with, and the most, in bytes.
    private(set) var residentBytes = 0
    private(set) var peakBytes = 0
    /// From the start to the end.
    private(set) var seconds = 0.0
    /// Time of all its threads on processors; known when it has ended.
    private(set) var processorSeconds = 0.0

    /// Starts `audienced` with some arguments; another program than this build's own when one is named.
    init(_ arguments: [String], program: String?, log: String) throws {
        let command = program.map { [$0] } ?? ["/proc/self/exe", ChildProcess.role]
        var process = pid_t()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var pointers: [UnsafeMutablePointer<CChar>?] = (command + arguments).map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        let code = posix_spawn(&process, command[0], &actions, nil, &pointers, environ)
        guard code == 0 else { throw Failure("cannot start \(command[0]): \(String(cString: strerror(code)))") }
        self.process = process
        self.log = log
    }

    deinit {
        if hasEnded { return }
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
    }

    /// What it has written so far.
    var output: String { Machine.text(of: log) }

    /// Looks after it: notes its memory. Returns whether it runs; throws when it has failed.
    func isRunning() throws -> Bool {
        if hasEnded { return false }
        if let bytes = Machine.anonymousBytes(of: process), bytes > 0 { residentBytes = bytes }
        peakBytes = max(peakBytes, residentBytes)
        return try !reap(WNOHANG)
    }

    /// Waits until it ends by itself.
    func wait() throws {
        while try isRunning() { usleep(5000) }
    }

    /// Ends it in order.
    func stop() throws {
        guard try isRunning() else { return }
        kill(process, SIGTERM)
        _ = try reap(0)
    }

    private func reap(_ options: Int32) throws -> Bool {
        var status: Int32 = 0
        var usage = rusage()
        guard wait4(process, &status, options, &usage) == process else { return false }
        hasEnded = true
        seconds = Double(monotonicNanoseconds() - start) / 1e9
        processorSeconds = Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime)
        guard status == 0 else { throw Failure("audienced ended with status \(status):\n\(output.suffix(2000))") }
        return true
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1e6
    }
}

/// Why the benchmark ends early.
struct Failure: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}
