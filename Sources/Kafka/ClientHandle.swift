// Owns one rd_kafka_t: made from a configuration object, destroyed within a deadline.

import CRdkafka
import Glibc
import Synchronization

enum ClientKind { case producer, consumer }

/// The owner of a client. `destroy` has to be called once; after it nothing else may be.
///
/// Not Sendable: it is held by one `~Copyable` owner (consumer, producer, admin client, mock broker).
final class ClientHandle {
    let pointer: OpaquePointer
    let events: ClientEvents

    /// Takes over `native`, also when it fails.
    init(
        _ kind: ClientKind, native: OpaquePointer, events: ClientEvents, operation: String, object: String
    ) throws(KafkaError) {
        events.install(on: native, kind: kind)
        let (made, failure) = Self.make(kind, native: native)
        guard let made else {
            // With interceptors, which producers have, librdkafka 2.0.2 has freed half of it by now, and would free that again: it is left.
            if kind == .consumer { rd_kafka_conf_destroy(native) }
            Unmanaged.passUnretained(events).release()
            throw KafkaError(operation: operation, object: object, code: RD_KAFKA_RESP_ERR__INVALID_ARG, message: failure)
        }
        pointer = made
        self.events = events
    }

    private static func make(_ kind: ClientKind, native: OpaquePointer) -> (OpaquePointer?, String) {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { text in
            text.initialize(repeating: 0)
            let type = kind == .producer ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER
            let made = rd_kafka_new(type, native, text.baseAddress, text.count)
            return (made, text.baseAddress.map { String(cString: $0) } ?? "")
        }
    }

    /// Ends the client. librdkafka 2.0.2 knows ways to hang here, so it happens on a thread of its own; what is not done at the
    /// deadline goes on there, or hangs there, and nobody waits for it.
    /// - Returns: whether it was done in time.
    @discardableResult
    func destroy(deadline: Duration) -> Bool {
        let work = ClientDestruction(client: pointer, events: events)
        var thread = pthread_t()
        let started = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<ClientDestruction>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, Unmanaged.passRetained(work).toOpaque())
        guard started == 0 else {
            Unmanaged.passUnretained(work).release()
            work.run()
            return true
        }
        pthread_detach(thread)
        return work.wait(timeout: deadline)
    }
}

/// The last thing done with a client: handed to one thread, which runs it once. The thread that handed it over only looks whether
/// it is done: that needs no descriptor, and a client may have to be ended because none is left.
private final class ClientDestruction {
    private let client: OpaquePointer
    private let events: ClientEvents
    private let isDone = Atomic(false)

    init(client: OpaquePointer, events: ClientEvents) {
        self.client = client
        self.events = events
    }

    /// - Returns: whether it is done.
    func wait(timeout: Duration) -> Bool {
        let deadline = Deadline(after: timeout)
        while !isDone.load(ordering: .acquiring) {
            if deadline.hasPassed { return false }
            usleep(1_000)
        }
        return true
    }

    func run() {
        // A consumer here is never a member of a group, so there is nothing to leave.
        rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE)
        Unmanaged.passUnretained(events).release()
        isDone.store(true, ordering: .releasing)
    }
}
