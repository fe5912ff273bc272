// Whether the daemon lives, and whether it is ready. What is known is told by those who know it; nobody is asked for it, least of all
// Kafka: a restart mends no broker. Lag, dead letters and drift are matters of alerts, not of readiness.
import Synchronization

/// Any thread may tell and ask.
package final class Health: Sendable {
    /// That of the process.
    package static let current = Health()

    /// How long is waited, in nanoseconds, before something is wrong.
    struct Limits: Sendable {
        /// For an answer of a broker.
        var brokers: UInt64 = 10_000_000_000
        /// For a commit: an idle daemon makes one every 10 s.
        var commits: UInt64 = 30_000_000_000
        /// For a sign of life, where no service manager has a watchdog.
        var life: UInt64 = 120_000_000_000
    }

    /// Changes are looked for that often.
    private static let pause: UInt64 = 1_000_000_000

    fileprivate struct State {
        var isLive = false
        /// Commits of the journal, and how many there are to repeat.
        var repeated = (commits: 0, all: 0)
        /// On the monotonic clock.
        var lastCommit: UInt64 = 0
        var sequence: Int64?
        var clockOffMilliseconds: Int64 = 0
        var isFenced = false
        var isStopping = false
        /// How each check was, and since when, milliseconds since the Unix epoch.
        var known: [HealthCheck.Reason: (isOK: Bool, since: Int64)] = [:]
        /// What the log says is wrong; nil: it says that all is well.
        var told: HealthCheck.Reason? = .starting
        /// It was ready once.
        var hasBeenReady = false
    }

    private let reach: BrokerReach
    private let limits: Limits
    private let state = Mutex(State())
    /// On the monotonic clock.
    private let lastSign: Atomic<UInt64>
    private let nextLook = Atomic<UInt64>(0)

    /// - Parameter watchdogMicroseconds: for so long the loop may give no sign of life.
    init(
        reach: BrokerReach = .current, limits: Limits = Limits(), watchdogMicroseconds: UInt64? = ServiceManager.watchdogMicroseconds
    ) {
        self.reach = reach
        var limits = limits
        if let watchdogMicroseconds { limits.life = watchdogMicroseconds * 1000 }
        self.limits = limits
        lastSign = Atomic(monotonicNanoseconds())
    }

    // What is known.

    /// The loop goes on. Cheap enough for every round; now and then it sees whether to say that something has changed.
    func giveSign() {
        let now = monotonicNanoseconds()
        lastSign.store(now, ordering: .relaxed)
        guard now >= nextLook.load(ordering: .relaxed) else { return }
        nextLook.store(now + Self.pause, ordering: .relaxed)
        _ = report()
    }

    /// A life of the loop begins, or has ended and another will.
    func starts() {
        state.withLock { state in
            state.isLive = false
            state.repeated = (0, 0)
        }
    }

    func repeated(_ commits: Int, of all: Int) { state.withLock { $0.repeated = (commits, all) } }

    /// The state is that of a commit, and the next can be made.
    func lives(at sequence: Int64) {
        state.withLock { state in
            state.isLive = true
            state.isFenced = false
            state.lastCommit = monotonicNanoseconds()
            state.sequence = sequence
        }
        _ = report()
    }

    /// A transaction was acknowledged, up to that commit.
    func committed(_ sequence: Int64?) {
        state.withLock { state in
            state.lastCommit = monotonicNanoseconds()
            state.sequence = sequence ?? state.sequence
        }
    }

    /// There is nothing to commit yet, not even time.
    func waitsForTime() { state.withLock { $0.lastCommit = monotonicNanoseconds() } }

    func clockStands(off milliseconds: Int64) { state.withLock { $0.clockOffMilliseconds = milliseconds } }
    func isFenced(_ isFenced: Bool) { state.withLock { $0.isFenced = isFenced } }
    func stops() { state.withLock { $0.isStopping = true } }

    // What is asked.

    /// Whether the loop gave a sign of life within the time that the watchdog gives it.
    package var isAlive: Bool { Self.age(of: lastSign.load(ordering: .relaxed)) < limits.life }

    /// All checks as they are now. What has changed since the last time is said in the log.
    package func report() -> HealthReport {
        let now = wallMilliseconds()
        let silence = reach.silenceNanoseconds
        let (report, change) = state.withLock { state in
            let found = HealthCheck.Reason.allCases.map { reason -> HealthCheck in
                let (isOK, message) = state.look(at: reason, silence, limits)
                if state.known[reason]?.isOK != isOK { state.known[reason] = (isOK, now) }
                return HealthCheck(reason: reason, isOK: isOK, since: state.known[reason]?.since ?? now, message: message)
            }
            let report = HealthReport(checks: found, sequence: state.sequence, replayedRatio: state.ratio)
            return (report, state.noteChange(report))
        }
        switch change {
        case .none: break
        case .worse: Log.warning(.notReady, report.sentence, ["reason": report.worst?.reason.rawValue ?? ""])
        case .well(let reason): Log.information(.readyAgain, "ready again", ["reason": reason.rawValue])
        }
        return report
    }

    fileprivate enum Change {
        case none, worse
        case well(HealthCheck.Reason)
    }

    /// A simulation's clock may begin again.
    fileprivate static func age(of instant: UInt64) -> UInt64 {
        let now = monotonicNanoseconds()
        return now > instant ? now - instant : 0
    }
}

extension Health.State {
    fileprivate var ratio: Double { isLive ? 1 : repeated.all == 0 ? 0 : Double(repeated.commits) / Double(repeated.all) }

    /// `silence`: for how long no broker has answered, in nanoseconds; nil: they answer.
    fileprivate func look(
        at reason: HealthCheck.Reason, _ silence: UInt64?, _ limits: Health.Limits
    ) -> (isOK: Bool, message: String) {
        switch reason {
        case .fenced:
            return isFenced ? (false, "another process has taken over this deployment") : (true, "this process has the deployment")
        case .stopping:
            return isStopping ? (false, "finishing the commit under way") : (true, "no stop was asked for")
        case .kafkaUnreachable:
            guard let silence else { return (true, "brokers answer") }
            return (silence < limits.brokers, "no broker has answered for \(seconds(silence))")
        case .commitsStalled:
            guard isLive else { return (true, "no commit is due before the start is through") }
            let age = Health.age(of: lastCommit)
            let last = sequence.map { "commit \($0)" } ?? "the last commit"
            return (age <= limits.commits, "\(last) was acknowledged \(seconds(age)) ago")
        case .clockStepped:
            if clockOffMilliseconds == 0 { return (true, "the wall clock is followed") }
            return (false, "the wall clock stepped by \(Double(clockOffMilliseconds / 100) / 10) s and is not followed")
        case .starting:
            if isLive { return (true, "started") }
            let part = repeated.all == 0 ? "" : ", \(repeated.commits * 100 / repeated.all) %"
            return (false, UnderWay.current + part)
        }
    }

    private func seconds(_ nanoseconds: UInt64) -> String { "\(nanoseconds / 1_000_000_000) s" }

    /// What the log is to say. That the start is through it says anyway, and so why there is another one, and that it stops.
    fileprivate mutating func noteChange(_ report: HealthReport) -> Health.Change {
        let worst = report.worst?.reason
        defer {
            told = worst
            if worst == nil { hasBeenReady = true }
        }
        guard worst != told, worst != .stopping, hasBeenReady else { return .none }
        guard worst == nil, let told else { return .worse }
        return told == .starting ? .none : .well(told)
    }
}
