// A descriptor that becomes readable when somebody signals it: an eventfd. Who waits for records and for something else, waits for one of
// these, which all of them signal.

import CRdkafka
import Glibc

/// What a thread waits for. Any thread may signal it; one waits.
public final class WakeUp: Sendable {
    /// Non-blocking; readable while a signal is pending.
    let descriptor: Int32
    /// What a signal writes: librdkafka is told to write the same.
    static let signalBytes: UInt64 = 1

    /// - Throws: `fatal` when no descriptor is left.
    public init() throws(KafkaError) {
        descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        guard descriptor >= 0 else {
            throw KafkaError(
                operation: "make a descriptor", object: "eventfd", code: RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE,
                message: String(cString: strerror(errno)))
        }
    }

    deinit {
        Glibc.close(descriptor)
    }

    /// Wakes who waits, or who will next.
    public func signal() {
        var value = Self.signalBytes
        _ = write(descriptor, &value, MemoryLayout<UInt64>.size)
    }

    /// Forgets the signals that are pending.
    func reset() {
        var value: UInt64 = 0
        _ = read(descriptor, &value, MemoryLayout<UInt64>.size)
    }

    /// Sleeps until a signal is pending. A signal handler may end it early.
    /// - Returns: whether one is.
    func wait(timeout: Duration) -> Bool {
        let deadline = Deadline(after: timeout)
        repeat {
            var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = Glibc.poll(&request, 1, deadline.remaining.wholeMilliseconds)
            if ready > 0 { return true }
            if ready == 0 { return false }
        } while !deadline.hasPassed
        return false
    }
}
