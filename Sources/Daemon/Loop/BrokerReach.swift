// Whether Kafka answers, told in two lines: one when it no longer does, one when it does again, with how long. What librdkafka says of each
// attempt in between is for the debug level.
import Kafka
import Synchronization

/// What the threads that talk to brokers found out, together.
final class BrokerReach: Sendable {
    /// There is one Kafka for all clients of the process.
    static let current = BrokerReach()

    private struct State {
        /// On the monotonic clock; nil while it answers.
        var awaySince: UInt64?
        /// The last that was heard of one, on the same clock; nil: nothing yet.
        var lastAnswer: UInt64?
        /// The last that librdkafka said of a connection: what its errors leave out.
        var lastWords = ""
    }

    private let state = Mutex(State())

    /// A request was answered.
    func answered() {
        let away = state.withLock { state in
            defer { state = State(lastAnswer: monotonicNanoseconds()) }
            return state.awaySince
        }
        guard let away else { return }
        let seconds = Double((monotonicNanoseconds() - away) / 100_000_000) / 10
        Log.information(.kafkaBack, "kafka answers again", ["after_seconds": String(seconds)])
    }

    /// A request was not answered in time, or its connection was lost.
    func failed(_ error: KafkaError) {
        let (isNew, lastWords) = state.withLock { state in
            defer { state.awaySince = state.awaySince ?? monotonicNanoseconds() }
            return (state.awaySince == nil, state.lastWords)
        }
        guard isNew else {
            Log.debug(.kafkaStillAway, "kafka does not answer", ["cause": "\(error)"])
            return
        }
        Log.warning(.kafkaAway, "kafka does not answer; trying again until it does", ["cause": "\(error)", "connection": lastWords])
    }

    /// Whether the last request was not answered: what fails meanwhile has been explained by one line, and is for the debug level.
    var isAway: Bool { state.withLock { $0.awaySince != nil } }

    /// For how long no broker has answered, in nanoseconds; nil while they answer.
    var silenceNanoseconds: UInt64? {
        let now = monotonicNanoseconds()
        return state.withLock { state in
            state.awaySince.map { away in
                let last = min(away, state.lastAnswer ?? away)
                return now > last ? now - last : 0
            }
        }
    }

    /// Whether some broker has answered lately, whatever else has failed.
    func hasAnswered(within time: Duration) -> Bool {
        let last = state.withLock { $0.lastAnswer }
        return last.map { .nanoseconds(Int64(monotonicNanoseconds() - $0)) <= time } ?? false
    }

    /// Takes a line of librdkafka's.
    func heard(_ line: LogLine) {
        // A client that asked in vain is closed before its error is told; what that says must not cover why.
        if line.level.rawValue <= LogLevel.error.rawValue, !line.isOfClosing { state.withLock { $0.lastWords = line.text } }
        Log.debug(.kafkaClient, "librdkafka: \(line.text)", ["facility": line.facility])
    }
}

/// What librdkafka says by itself.
let kafkaHandlers = ClientHandlers(log: { BrokerReach.current.heard($0) })
