// SIGTERM, SIGINT, and SIGHUP when a terminal is closed: a stop is asked for, and happens within a time limit whatever the broker does.
// Without a terminal SIGHUP says, as it does to other daemons, to take up again what the start said: the level of the log, and the tokens.
import Glibc
import Synchronization

/// Made before any other thread, so that all of them leave the signals to the one that waits for them.
final class StopSignals: Sendable {
    private let requested = Atomic(false)
    private let reopening = Mutex<(@Sendable () -> Void)?>(nil)

    init() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        if !Self.isIgnored(SIGHUP) { sigaddset(&signals, SIGHUP) }
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        // It ends with the process.
        _ = startThread { [self, signals] in wait(for: signals) }
    }

    /// Whether somebody looks on, who may close the terminal.
    private static var hasTerminal: Bool { [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO].contains { isatty($0) == 1 } }

    /// As `nohup` has it: who waits for a signal would be given it all the same.
    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        sigaction(number, nil, &action)
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    /// What is done besides, from now on, when SIGHUP says to take up again what the start said; nil: nothing.
    func whenReopened(_ body: (@Sendable () -> Void)?) { reopening.withLock { $0 = body } }

    var isRequested: Bool { requested.load(ordering: .acquiring) }

    private func wait(for signals: sigset_t) {
        var signals = signals
        var number: Int32 = 0
        repeat {
            sigwait(&signals, &number)
            if number == SIGHUP && !Self.hasTerminal {
                ServiceManager.current.reloading {
                    Log.reopen()
                    reopening.withLock { $0 }?()
                }
            }
        } while number == SIGHUP && !Self.hasTerminal
        requested.store(true, ordering: .releasing)
        ServiceManager.current.stopping()
        // A second signal ends it at once.
        var patience = timespec(tv_sec: Int(Patience.stop.components.seconds), tv_nsec: 0)
        if !Self.hasTerminal { sigdelset(&signals, SIGHUP) }
        let isImpatient = sigtimedwait(&signals, nil, &patience) > 0
        Log.warning(
            .stopGivenUp, "stopped before it was done",
            ["given_up": UnderWay.current, "cause": isImpatient ? "a second signal" : "the time limit"])
        exit(status: .done)
    }
}
