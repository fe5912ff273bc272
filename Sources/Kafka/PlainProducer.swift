// An idempotent producer without transactions: feeds change topics in the demo and in tests.

import CRdkafka

/// A producer whose records are visible one by one, each once and in the order of sending.
///
/// `@unchecked Sendable`: as `TransactionalProducer`, it may be handed to another thread, which then is its only user.
public struct PlainProducer: ~Copyable, @unchecked Sendable {
    private var core: ProducerCore

    /// Makes a producer; nothing is sent yet.
    /// - Parameters:
    ///   - name: what errors call it.
    ///   - deliveryTimeout: after it a record is given up.
    /// - Throws: a setting that is refused (`fatal`).
    public init(
        configuration: ClientConfiguration, name: String, deliveryTimeout: Duration = .seconds(60), handlers: ClientHandlers
    ) throws(KafkaError) {
        core = try ProducerCore(
            configuration: configuration, forced: ClientConfiguration.producerSettings(deliveryTimeout: deliveryTimeout), name: name,
            isTransactional: false, handlers: handlers)
    }

    /// Asks for a topic's partitions and makes it known.
    /// - Throws: `retriable` when no broker answers, `fatal` when there is no such topic.
    public mutating func openTopic(_ name: String, timeout: Duration) throws(KafkaError) -> ProducerTopic {
        try core.openTopic(name, timeout: timeout)
    }

    /// Sends a record; its bytes are copied. See `TransactionalProducer.produce`.
    /// - Throws: `poison` for a record over `message.max.bytes`, `retriable` when the queue stayed full, `fatal`.
    public mutating func produce(
        to topic: ProducerTopic, partition: Int32? = nil, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
        headers: borrowing RecordHeaders = RecordHeaders(), timestampMilliseconds: Int64? = nil, deadline: Duration = .seconds(10)
    ) throws(KafkaError) {
        try core.produce(
            to: topic, partition: partition, key: key, value: value, headers: headers,
            timestampMilliseconds: timestampMilliseconds, deadline: deadline)
    }

    /// Serves delivery reports without waiting: to be called now and then by who sends a little at a time and never flushes.
    public func serveEvents() {
        core.serveEvents()
    }

    /// Waits until every record is acknowledged.
    /// - Throws: `retriable` when the time is up, else the first record's refusal.
    public mutating func flush(timeout: Duration) throws(KafkaError) {
        try core.flush(timeout: timeout)
        if let failure = firstFailedDelivery { throw failure.error }
    }

    /// Where the records since the producer was made (or `clearDeliveries`) landed, per partition the highest.
    public var deliveredOffsets: [DeliveredOffset] { core.client.events.deliveries.offsets(topicNames: core.topicNames) }

    /// The first record that was refused since then.
    public var firstFailedDelivery: FailedDelivery? { core.client.events.deliveries.firstFailure }

    /// Forgets deliveries and refusals. Only after a flush: reports that are still to come would be counted anew.
    public mutating func clearDeliveries() {
        core.clearDeliveries()
    }

    /// Ends the producer; what is not flushed is lost.
    /// - Returns: whether it ended before the deadline; it goes on ending by itself after it.
    @discardableResult
    public mutating func close(deadline: Duration) -> Bool {
        core.close(deadline: deadline)
    }
}
