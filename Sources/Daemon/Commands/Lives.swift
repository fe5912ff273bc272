// Lives of the loop, one after the other, until a stop or what no other life gets over.
import Campaigns
import Kafka

/// What a loop cannot get over begins another one, from the journal. Only a successor, wrong data, and an output that is refused again and
/// again (`Refusals`) end the daemon; and no broker before the first life was ready.
package struct Lives {
    private let configuration: Configuration
    private let surroundings: Surroundings
    private let eventsPerCommit: Int
    private let shouldStop: () -> Bool
    private var instance: Instance
    private var refusals: Refusals
    private var failures = 0
    /// When the life under way was ready, by the monotonic clock; nil until it is.
    private var readySince: UInt64?
    private var rebuilt: Set<String> = []
    /// What is held past `memory` is held on: only the first start may end for want of room.
    private var isFirst = true

    /// `refused`: for so long the same output may be refused in life after life.
    package init(
        _ configuration: Configuration, in surroundings: Surroundings, instance: Instance = Instance(),
        eventsPerCommit: Int = Limits.eventsPerCommit, refused patience: Duration = Patience.refusal, shouldStop: @escaping () -> Bool
    ) {
        self.configuration = configuration
        self.surroundings = surroundings
        self.instance = instance
        self.eventsPerCommit = eventsPerCommit
        self.shouldStop = shouldStop
        refusals = Refusals(patience: patience)
    }

    /// Returns when a stop was asked for.
    package mutating func run() throws {
        let start = Deadline(after: Patience.firstStart)
        var wasReady = false
        while true {
            readySince = nil
            do {
                return try live()
            } catch is CommitLoop.Stopped {
                return
            } catch let gone as CompactedAway {
                rebuilt.insert(gone.topic)
            } catch let failure as DaemonFailure {
                // What a successor has written since fits nothing that this process has read.
                if failure.kind == .data { try lookForSuccessor() }
                throw failure
            } catch {
                if shouldStop() { return }
                if readySince != nil { wasReady = true }
                if let fencing = Self.fencing(error) {
                    try awaitSuccessor(fencing)
                    continue
                }
                if !wasReady && start.hasPassed {
                    throw DaemonFailure(.unavailable, "no start within \(Patience.firstStart.components.seconds) seconds: \(error)")
                }
                try rest(after: error)
            }
        }
    }

    private mutating func live() throws {
        let isFirst = isFirst
        self.isFirst = false
        var loop = try CommitLoop.start(
            configuration, in: surroundings, instance: &instance, rebuilding: rebuilt, eventsPerCommit: eventsPerCommit,
            isFirst: isFirst)
        try loop.replay(shouldStop: shouldStop)
        readySince = monotonicNanoseconds()
        rebuilt = []
        do {
            try loop.run(shouldStop: shouldStop)
        } catch {
            loop.close()
            throw error
        }
        loop.close()
        Log.information(.stopped, "stopped")
    }

    /// Says why a life ended and waits before the next: while the cause stays the first one says it, and the pause grows.
    private mutating func rest(after error: any Error) throws {
        var pace = Patience.restart
        if let refusal = Self.refusal(error) {
            failures = try refusals.note(refusal, after: readySince.map { .nanoseconds(Int64(monotonicNanoseconds() - $0)) })
            if refusal.isForbidden { pace = Patience.forbiddenRestart }
        } else {
            failures = readySince == nil ? failures + 1 : 1
        }
        surroundings.metrics.health.starts()
        ServiceManager.current.progress("starting again from the journal")
        if let error = error as? KafkaError, error.errorClass == .retriable { BrokerReach.current.failed(error) }
        Log.write(
            failures == 1 ? .warning : .debug, .startingAgain, "starting again from the journal",
            ["cause": "\(Self.refusal(error) ?? error)"])
        let end = Deadline(after: min(pace.step * failures, pace.most))
        while !end.hasPassed && !shouldStop() {
            ServiceManager.current.progress("waiting before another start")
            pause(milliseconds: 100)
        }
    }

    /// What says that brokers do not take what this process sends, or let it do nothing; nil of any other error.
    private static func refusal(_ error: any Error) -> KafkaError? {
        if case SinkFailure.refused(let refusal)? = error as? SinkFailure { return refusal }
        return (error as? KafkaError).flatMap { $0.isForbidden ? $0 : nil }
    }

    /// What says that another producer has the deployment's transactional id; nil of any other error.
    private static func fencing(_ error: any Error) -> String? {
        if case SinkFailure.fenced(let cause)? = error as? SinkFailure { return cause }
        if let error = error as? KafkaError, error.errorClass == .fenced { return error.description }
        return nil
    }

    /// Throws when the journal names a successor, as far as it can be read.
    private mutating func lookForSuccessor() throws {
        do {
            var journal = try JournalReader(surroundings.source, topic: Topics(configuration).journal, isWhole: false)
            try journal.readCommitted()
            try instance.look(at: journal.lastTakeover)
        } catch is KafkaError {}
    }

    /// Waits for the journal to name the successor that fenced this process, and throws what ends it. When none does within the time limit,
    /// the one that took the transactional id found that it had been overtaken itself, or ended: then this process goes on.
    private mutating func awaitSuccessor(_ cause: String) throws {
        Log.warning(.fenced, "fenced; looking in the journal for who has taken over", ["cause": cause])
        UnderWay.begin("looking for a successor")
        surroundings.metrics.health.isFenced(true)
        let deadline = Deadline(after: Patience.successor)
        while !deadline.hasPassed && !shouldStop() {
            do {
                var journal = try JournalReader(surroundings.source, topic: Topics(configuration).journal, isWhole: false)
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
        surroundings.metrics.health.isFenced(false)
        Log.warning(.noSuccessor, "no successor is in the journal; taking over again")
    }
}
