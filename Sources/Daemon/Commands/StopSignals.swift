// SIGTERM and SIGINT: a stop is asked for, and happens within a time limit whatever the broker does.
import Glibc
import Synchronization

/// Made before any other thread, so that all of them leave the signals to the one that waits for them.
final class StopSignals: Sendable {
    /// What an orderly end may take. All state is in Kafka, and an open transaction is aborted by the next start or by the broker, so what
    /// is under way then can be given up.
    private static let patience = timespec(tv_sec: 8, tv_nsec: 0)

    private let requested = Atomic(false)

    init() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        // It ends with the process.
        _ = startThread { [self, signals] in wait(for: signals) }
    }

    var isRequested: Bool { requested.load(ordering: .acquiring) }

    private func wait(for signals: sigset_t) {
        var signals = signals
        var number: Int32 = 0
        sigwait(&signals, &number)
        requested.store(true, ordering: .releasing)
        ServiceManager.current.stopping()
        // A second signal ends it at once.
        var patience = StopSignals.patience
        let isImpatient = sigtimedwait(&signals, nil, &patience) > 0
        Log.warning("stopped before it was done", ["given_up": UnderWay.current, "cause": isImpatient ? "a second signal" : "the time limit"])
        exit(status: .done)
    }
}
