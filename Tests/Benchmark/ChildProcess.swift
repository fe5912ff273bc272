// The daemon as a child process, and the memory it takes meanwhile.
import Glibc

struct ChildProcess {
    /// The first argument that makes the benchmark the daemon itself.
    static let role = "audienced"

    /// How a child ended, and what it wrote.
    struct Result {
        var output: String
        var seconds: Double
        /// The most anonymous memory it was seen with.
        var peakBytes: Int
    }

    let process: pid_t
    /// Standard output and error of the child.
    let log: String

    /// Starts `audienced` with some arguments; another program than this build's when one is named.
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
        guard code == 0 else { throw Options.Mistake(description: "cannot start \(command[0]): \(String(cString: strerror(code)))") }
        self.process = process
        self.log = log
    }

    /// Waits until it ends by itself; throws when it fails.
    func wait() throws -> Result {
        let start = nanoseconds()
        var (peak, status) = (0, Int32(0))
        while waitpid(process, &status, WNOHANG) == 0 {
            peak = max(peak, Machine.anonymousBytes(of: process) ?? 0)
            usleep(10_000)
        }
        let seconds = Double(nanoseconds() - start) / 1e9
        let output = Machine.text(of: log)
        guard status == 0 else { throw Options.Mistake(description: "audienced ended with status \(status):\n\(output.suffix(2000))") }
        return Result(output: output, seconds: seconds, peakBytes: peak)
    }

    /// Ends it in order.
    func stop() {
        kill(process, SIGTERM)
        var status: Int32 = 0
        waitpid(process, &status, 0)
    }
}

/// A clock that never steps.
func nanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
