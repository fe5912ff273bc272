// `audienced run`: configuration, lock, signals, and sessions of the loop until a stop.
import Glibc
import Kafka
import Storage

extension Command {
    static let run = Command(
        name: "run", purpose: "the daemon: reads Kafka, follows every campaign, emits who enters and leaves",
        options: [
            Option(
                name: "--config", kind: .value("FILE"), isRequired: true,
                purpose: "the configuration, YAML or JSON; Config/audienced.yaml explains every key")
        ],
        details: """
            Runs until SIGTERM or SIGINT, and goes on where the last one ended. It checks the whole configuration first, and says
            every mistake in it before it touches the broker or the disk. Each single value of the configuration can be
            overridden by a variable: AUDIENCED_ and the path of the key, such as AUDIENCED_TOPICS_PREFIX.
            """,
        examples: ["audienced run --config /etc/audienced/audienced.yaml"],
        exitCodes: [
            (.done, "stopped"),
            (.usage, "an option or the configuration is wrong"),
            (.data, "the topics do not hold what was committed; somebody has to decide"),
            (.unavailable, "no broker within two minutes"),
            (.locked, "another process uses the data directory"),
            (.fenced, "another daemon of this group has taken over; not to be started again by itself"),
        ]
    ) { arguments in
        try runDaemon(arguments, makeSink: { $0 })
    }
}

/// Runs the daemon with another sink around Kafka's: tests break the commit protocol with it, to see that they notice.
public func runDaemon(_ arguments: [String], around makeSink: @escaping (any CommitSink) -> any CommitSink) -> ExitCode {
    exitCode { try runDaemon(Arguments(arguments, of: .run), makeSink: makeSink) }
}

private func runDaemon(_ arguments: Arguments, makeSink: @escaping (any CommitSink) -> any CommitSink) throws -> ExitCode {
    let (configuration, secrets) = try loadConfiguration(arguments.required("--config"))
    let lock = try lockDirectory(configuration.data)
    let client = ClientConfiguration(settings: secrets.kafka)
    let stop = StopSignals()
    return try runSessions(configuration, client, makeSink, stop, holding: lock)
}

private func lockDirectory(_ folder: String) throws(CommandFailure) -> DirectoryLock {
    do throws(DirectoryLockError) {
        return try DirectoryLock(folder: folder)
    } catch {
        switch error {
        case .inUse: throw CommandFailure(.locked, error.description)
        case .failed: throw CommandFailure(.usage, "data: \(error)")
        }
    }
}

/// What a session cannot get over begins another one, from the journal; only a successor and wrong data end the daemon.
private func runSessions(
    _ configuration: Configuration, _ client: ClientConfiguration, _ makeSink: (any CommitSink) -> any CommitSink, _ stop: StopSignals,
    holding lock: borrowing DirectoryLock
) throws -> ExitCode {
    var failures: UInt32 = 0
    let patience = monotonicNanoseconds() + 120_000_000_000
    var wasReady = false
    while true {
        do {
            var session = try Session.start(configuration, client: client, makeSink: makeSink) { try prepare($0, client) }
            try session.replay { stop.isRequested }
            wasReady = true
            failures = 0
            do {
                try session.run { stop.isRequested }
                session.close()
                Log.information("stopped")
                return .done
            } catch {
                session.close()
                throw error
            }
        } catch is Session.Stopped {
            return .done
        } catch let failure as CommandFailure {
            throw failure
        } catch SinkFailure.fenced(let cause) {
            throw CommandFailure(
                .fenced, "fenced: another daemon of this group has taken over; this one wrote nothing after that (\(cause))")
        } catch let error as KafkaError where error.errorClass == .fenced {
            throw CommandFailure(.fenced, "fenced: another daemon of this group has taken over (\(error))")
        } catch {
            if stop.isRequested { return .done }
            if !wasReady && monotonicNanoseconds() > patience {
                throw CommandFailure(.unavailable, "no start within two minutes: \(error)")
            }
            failures += 1
            ServiceManager.current.progress("starting again from the journal")
            Log.error("starting again from the journal", ["cause": "\(error)"])
            pause(milliseconds: min(failures * 250, 5000))
        }
    }
}

private func prepare(_ topics: Topics, _ client: ClientConfiguration) throws -> TopicFacts {
    var admin = try Admin(configuration: client, handlers: kafkaHandlers)
    defer { admin.close(deadline: .seconds(5)) }
    return try topics.prepare(admin)
}

/// SIGTERM and SIGINT, blocked and asked for. Made before any other thread, so that all of them leave the signals pending.
final class StopSignals {
    private var signals = sigset_t()
    private var wasRequested = false

    init() {
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    var isRequested: Bool {
        if wasRequested { return true }
        var noTime = timespec()
        wasRequested = sigtimedwait(&signals, nil, &noTime) > 0
        if wasRequested { ServiceManager.current.stopping() }
        return wasRequested
    }
}
