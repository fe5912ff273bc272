// What the service manager is told (sd_notify(3)): datagrams of KEY=VALUE lines to the Unix socket that it names in NOTIFY_SOCKET. Without
// one, nothing happens.
import Glibc
import Synchronization

struct ServiceManager: ~Copyable, Sendable {
    /// The one that started this process.
    static let current = ServiceManager(
        socket: environment("NOTIFY_SOCKET"), watchdogMicroseconds: environment("WATCHDOG_USEC"),
        watchdogProcess: environment("WATCHDOG_PID"), health: .current)

    /// How long this process may give no sign of life before it is killed; nil: for ever.
    static var watchdogMicroseconds: UInt64? {
        microseconds(environment("WATCHDOG_USEC"), process: environment("WATCHDOG_PID"))
    }

    /// While it starts the daemon asks, with each sign of progress, for this much more time than the unit gives it: a long journal is no
    /// failure.
    private static let extensionMicroseconds = 60_000_000
    /// Signs of progress are at least this far apart, so that they can be given in every round of a loop.
    private static let progressNanoseconds: UInt64 = 5_000_000_000

    private let socketPath: String?
    /// Told of every sign of life; says how it is before what is being done.
    private let health: Health?
    private let hasWatchdog: Bool
    private let pauseNanoseconds: UInt64
    private let isReady = Atomic(false)
    /// On the monotonic clock.
    private let nextProgress = Atomic<UInt64>(0)

    /// The values of the variables that the service manager sets. The socket is an absolute path or, with @, an abstract name.
    init(socket: String?, watchdogMicroseconds: String? = nil, watchdogProcess: String? = nil, health: Health? = nil) {
        socketPath = socket
        self.health = health
        let watchdog = Self.microseconds(watchdogMicroseconds, process: watchdogProcess)
        hasWatchdog = watchdog != nil
        // Twice within the time that the watchdog gives, as its manual asks for.
        pauseNanoseconds = min(Self.progressNanoseconds, (watchdog ?? .max / 1000) * 1000 / 2)
    }

    private static func microseconds(_ text: String?, process: String?) -> UInt64? {
        let isForUs = process.map { $0 == String(getpid()) } ?? true
        return isForUs ? text.flatMap { UInt64($0) } : nil
    }

    /// How it is, and what is being done.
    private func status(_ doing: String) -> String {
        guard let report = health?.report() else { return doing }
        return report.isReady ? "\(report.sentence); \(doing)" : report.sentence
    }

    /// The state is that of the last commit, and the next commit can be made.
    func ready(_ status: String) {
        isReady.store(true, ordering: .relaxed)
        send("READY=1\nSTATUS=\(self.status(status))")
    }

    /// Takes up again what can be taken up while it runs. Before it is ready nobody hears of that: the end of it would pass for readiness.
    func reloading(_ body: () -> Void) {
        let isTold = isReady.load(ordering: .relaxed)
        if isTold { send("RELOADING=1\nMONOTONIC_USEC=\(monotonicNanoseconds() / 1000)") }
        body()
        if isTold { send("READY=1") }
    }

    /// A stop was asked for; the batch under way is finished.
    func stopping() {
        health?.stops()
        send("STOPPING=1\nSTATUS=\(status("finishing the commit under way"))")
    }

    /// The loop goes on: it neither hangs nor, while it starts, takes too long. Called in every round of what may last.
    func progress(_ status: @autoclosure () -> String) {
        health?.giveSign()
        guard socketPath != nil else { return }
        let now = monotonicNanoseconds()
        guard now >= nextProgress.load(ordering: .relaxed) else { return }
        nextProgress.store(now + pauseNanoseconds, ordering: .relaxed)
        var state = "STATUS=\(self.status(status()))"
        if hasWatchdog { state += "\nWATCHDOG=1" }
        if !isReady.load(ordering: .relaxed) { state += "\nEXTEND_TIMEOUT_USEC=\(Self.extensionMicroseconds)" }
        send(state)
    }

    private func send(_ state: String) {
        guard let socketPath else { return }
        if let problem = Self.send(state, to: socketPath) {
            Log.warning(.serviceManagerNotTold, "the service manager was not told", ["cause": problem])
        }
    }

    /// Returns what went wrong.
    private static func send(_ state: String, to path: String) -> String? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var name = Array(path.utf8)
        guard name.count < MemoryLayout.size(ofValue: address.sun_path) else { return "NOTIFY_SOCKET is longer than a socket's name" }
        if name.first == UInt8(ascii: "@") { name[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let length = socklen_t(MemoryLayout.offset(of: \sockaddr_un.sun_path)! + name.count)

        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return String(cString: strerror(errno)) }
        defer { close(descriptor) }
        let bytes = Array(state.utf8)
        let sent = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                // A service manager that does not read must not hold up commits.
                sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT), $0, length)
            }
        }
        return sent == bytes.count ? nil : String(cString: strerror(errno))
    }
}

private func environment(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
}
