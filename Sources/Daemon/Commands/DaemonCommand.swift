// `audienced run`: configuration, lock, signals, and sessions of the loop until a stop.
import Glibc
import Kafka
import Storage

private let usage = "usage: audienced run --config FILE"

func daemonCommand(_ arguments: [String]) throws -> ExitCode {
    try runDaemon(arguments, makeSink: { $0 })
}

/// Runs the daemon with another sink around Kafka's: tests break the commit protocol with it, to see that they notice.
public func runDaemon(_ arguments: [String], around makeSink: @escaping (any CommitSink) -> any CommitSink) -> ExitCode {
    do {
        return try runDaemon(arguments, makeSink: makeSink)
    } catch let failure as CommandFailure {
        printError(failure.message)
        return failure.code
    } catch {
        printError("\(error)")
        return .internal
    }
}

private func runDaemon(_ arguments: [String], makeSink: @escaping (any CommitSink) -> any CommitSink) throws -> ExitCode {
    let arguments = try Arguments(arguments, options: ["--config"], flags: [], usage: usage)
    let configuration = try readConfiguration(try arguments.required("--config", usage: usage))
    let lock = try lockDirectory(configuration.data)
    let client = ClientConfiguration(settings: try kafkaSettings(configuration))
    let stop = StopSignals()
    return try runSessions(configuration, client, makeSink, stop, holding: lock)
}

private func lockDirectory(_ folder: String) throws(CommandFailure) -> DirectoryLock {
    do throws(DirectoryLockError) {
        return try DirectoryLock(folder: folder)
    } catch {
        throw CommandFailure(.locked, error.description)
    }
}

/// What a session cannot get over begins another one, from the journal; only a successor and wrong data end the daemon.
private func runSessions(
    _ configuration: Configuration, _ client: ClientConfiguration, _ makeSink: (any CommitSink) -> any CommitSink, _ stop: StopSignals,
    holding lock: borrowing DirectoryLock
) throws -> ExitCode {
    var instance = Instance()
    var failures: UInt32 = 0
    let patience = monotonicNanoseconds() + 120_000_000_000
    var wasReady = false
    while true {
        do {
            var session = try Session.start(configuration, client: client, instance: &instance, makeSink: makeSink) { topics, mentioned in
                try prepare(topics, client, mentioned)
            }
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
        } catch {
            if stop.isRequested { return .done }
            if let fencing = fencing(error) {
                try awaitSuccessor(configuration, client, &instance, stop, fencing)
                continue
            }
            if !wasReady && monotonicNanoseconds() > patience {
                throw CommandFailure(.unavailable, "no start within two minutes: \(error)")
            }
            failures += 1
            ServiceManager.current.progress("starting again from the journal")
            if let error = error as? KafkaError, error.errorClass == .retriable { BrokerReach.current.failed(error) }
            // While Kafka is away one start after the other fails; the first says it.
            (failures == 1 ? Log.error : Log.debug)("starting again from the journal", ["cause": "\(error)"])
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

/// Waits for the journal to name the successor that fenced this process, and throws what ends it. When none does within the time limit, the one
/// that took the transactional id found that it had been overtaken itself, or ended: then this process goes on.
private func awaitSuccessor(
    _ configuration: Configuration, _ client: ClientConfiguration, _ instance: inout Instance, _ stop: StopSignals, _ cause: String
) throws {
    Log.warning("fenced; looking in the journal for who has taken over", ["cause": cause])
    UnderWay.begin("looking for a successor")
    let patience = monotonicNanoseconds() + 20_000_000_000
    while monotonicNanoseconds() < patience && !stop.isRequested {
        do {
            var journal = try JournalReader(client, topic: Topics(configuration).journal, group: configuration.group)
            while monotonicNanoseconds() < patience && !stop.isRequested {
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

private func prepare(_ topics: Topics, _ client: ClientConfiguration, _ mentioned: () throws -> Set<String>) throws -> TopicFacts {
    var admin = try Admin(configuration: client, handlers: kafkaHandlers)
    defer { admin.close(deadline: .seconds(5)) }
    return try topics.prepare(admin, mentioned: mentioned)
}
