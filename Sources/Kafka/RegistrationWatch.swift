// Tells whether a transaction met the markers of the one before.
//
// A transaction is over for its producer before the coordinator has written its markers. Partitions that are registered for the next one
// meanwhile are refused (CONCURRENT_TRANSACTIONS), and librdkafka 2.0.2 asks again after 20 ms, whatever `retry.backoff.ms` is. No call
// tells of it; but the time between an answer to a registration and the next request does.

import CRdkafka
import Synchronization

/// What librdkafka's threads tell of a producer's registrations of partitions.
final class RegistrationWatch: Sendable {
    private struct State {
        var lastAnswer: ContinuousClock.Instant?
        var longestWait = Duration.zero
    }

    private static let addPartitionsToTransaction: Int16 = 24

    private let state = Mutex(State())

    /// The longest time between an answer and the next request, of those since `clear`.
    var longestWait: Duration { state.withLock { $0.longestWait } }

    func clear() { state.withLock { $0 = State() } }

    private func asked(_ kind: Int16) {
        guard kind == Self.addPartitionsToTransaction else { return }
        state.withLock { state in
            if let answer = state.lastAnswer { state.longestWait = max(state.longestWait, ContinuousClock.now - answer) }
        }
    }

    private func answered(_ kind: Int16) {
        guard kind == Self.addPartitionsToTransaction else { return }
        state.withLock { $0.lastAnswer = ContinuousClock.now }
    }

    /// Has a client that is made with this configuration tell. The watch must outlive the client.
    func install(on native: OpaquePointer) {
        let opaque = Unmanaged.passUnretained(self).toOpaque()
        rd_kafka_conf_interceptor_add_on_new(
            native, "registrations",
            { client, _, opaque, _, _ in
                rd_kafka_interceptor_add_on_request_sent(
                    client, "registrations",
                    { _, _, _, _, kind, _, _, _, opaque in
                        RegistrationWatch.of(opaque)?.asked(kind)
                        return RD_KAFKA_RESP_ERR_NO_ERROR
                    }, opaque)
                return rd_kafka_interceptor_add_on_response_received(
                    client, "registrations",
                    { _, _, _, _, kind, _, _, _, _, _, opaque in
                        RegistrationWatch.of(opaque)?.answered(kind)
                        return RD_KAFKA_RESP_ERR_NO_ERROR
                    }, opaque)
            }, opaque)
    }

    private static func of(_ opaque: UnsafeMutableRawPointer?) -> RegistrationWatch? {
        opaque.map { Unmanaged<RegistrationWatch>.fromOpaque($0).takeUnretainedValue() }
    }
}
