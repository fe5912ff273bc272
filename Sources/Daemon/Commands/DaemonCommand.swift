// `audienced run`: configuration, lock, signals, and lives of the loop until a stop.
public import Campaigns
import Glibc
import Kafka
import Storage

extension Command {
    static let run = Command(
        name: "run", purpose: "the daemon: reads Kafka, follows every campaign, emits who enters and leaves",
        options: [
            Option(
                name: "--config", kind: .value("FILE"), isRequired: true,
                purpose: "the configuration, YAML or JSON; Config/audienced.yaml explains every key"),
            Option(name: "--debug", purpose: "logs also what librdkafka says of each connection, and what is tried again"),
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
        try runDaemon(arguments, makeSink: { $0 }, eventsPerCommit: Limits.eventsPerCommit)
    }
}

/// Runs the daemon with another sink around Kafka's: tests break the commit protocol with it, to see that they notice.
public func runDaemon(
    _ arguments: [String], around makeSink: @escaping (any CommitSink) -> any CommitSink, eventsPerCommit: Int = Limits.eventsPerCommit
) -> ExitCode {
    exitCode { try runDaemon(Arguments(arguments, of: .run), makeSink: makeSink, eventsPerCommit: eventsPerCommit) }
}

private func runDaemon(
    _ arguments: Arguments, makeSink: @escaping (any CommitSink) -> any CommitSink, eventsPerCommit: Int
) throws -> ExitCode {
    let stop = StopSignals()
    if arguments.flags.contains("--debug") { Log.show(from: .debug) }
    let (configuration, secrets) = try loadConfiguration(arguments.required("--config"))
    let lock = try lockDirectory(configuration.data)
    let kafka = KafkaSource(client: ClientConfiguration(settings: secrets.kafka), group: configuration.group)
    let surroundings = Surroundings(source: kafka) { makeSink(try kafka.sink($0, $1, $2, $3)) }
    return try withExtendedLifetime(lock) {
        try runLoops(configuration, in: surroundings, instance: Instance(), eventsPerCommit: eventsPerCommit) { stop.isRequested }
    }
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

/// What a loop cannot get over begins another one, from the journal; only a successor and wrong data end the daemon.
package func runLoops(
    _ configuration: Configuration, in surroundings: Surroundings, instance: Instance, eventsPerCommit: Int, shouldStop: () -> Bool
) throws -> ExitCode {
    var instance = instance
    var failures: UInt32 = 0
    let start = Deadline(after: Patience.firstStart)
    var wasReady = false
    var rebuilt: Set<String> = []
    while true {
        do {
            var loop = try CommitLoop.start(
                configuration, in: surroundings, instance: &instance, rebuilding: rebuilt, eventsPerCommit: eventsPerCommit)
            try loop.replay(shouldStop: shouldStop)
            wasReady = true
            failures = 0
            rebuilt = []
            do {
                try loop.run(shouldStop: shouldStop)
                loop.close()
                Log.information("stopped")
                return .done
            } catch {
                loop.close()
                throw error
            }
        } catch is CommitLoop.Stopped {
            return .done
        } catch let gone as CompactedAway {
            rebuilt.insert(gone.topic)
        } catch let failure as DaemonFailure {
            throw failure
        } catch {
            if shouldStop() { return .done }
            if let fencing = fencing(error) {
                try awaitSuccessor(configuration, surroundings.source, &instance, fencing, shouldStop)
                continue
            }
            if !wasReady && start.hasPassed {
                throw DaemonFailure(.unavailable, "no start within \(Patience.firstStart.components.seconds) seconds: \(error)")
            }
            failures += 1
            ServiceManager.current.progress("starting again from the journal")
            if let error = error as? KafkaError, error.errorClass == .retriable { BrokerReach.current.failed(error) }
            // While Kafka is away one start after the other fails; the first says it.
            (failures == 1 ? Log.warning : Log.debug)("starting again from the journal", ["cause": "\(error)"])
            pause(milliseconds: min(failures * 250, 5000))
        }
    }
}

/// What says that another producer has the deployment's transactional id; nil of any other error.
private func fencing(_ error: any Error) -> String? {
    if case SinkFailure.fenced(let cause)? = error as? SinkFailure { return cause }
    if let error = error as? KafkaError, error.errorClass == .fenced { return error.description }
    return nil
}

/// Waits for the journal to name the successor that fenced this process, and throws what ends it. When none does within the time limit, the
/// one that took the transactional id found that it had been overtaken itself, or ended: then this process goes on.
private func awaitSuccessor(
    _ configuration: Configuration, _ source: any Source, _ instance: inout Instance, _ cause: String,
    _ shouldStop: () -> Bool
) throws {
    Log.warning("fenced; looking in the journal for who has taken over", ["cause": cause])
    UnderWay.begin("looking for a successor")
    let deadline = Deadline(after: Patience.successor)
    while !deadline.hasPassed && !shouldStop() {
        do {
            var journal = try JournalReader(source, topic: Topics(configuration).journal, isWhole: false)
            while !deadline.hasPassed && !shouldStop() {
                try journal.readCommitted()
                try instance.look(at: journal.lastTakeover)
                ServiceManager.current.progress("looking for a successor")
                pause(milliseconds: 200)
            }
        } catch let error as KafkaError {
            BrokerReach.current.failed(error)
            pause(milliseconds: 200)
        }
    }
    Log.warning("no successor is in the journal; taking over again")
}
