// Sends records in transactions: all of one become visible together, or none. A second producer with the same transactional id fences the
// first.
//
//     made ─ initTransactions ─▶ ready ─ begin ─▶ open ─ commit ─▶ ready
//                                                  └──── abort ──▶ ready
//
// A call that runs out of time goes on in the background and is resumed by making the same call again; until it is finished, no other call
// may be made (but `close`). To make one is a bug, and traps.

import CRdkafka

/// How far a call came within its time limit.
public enum Progress: Sendable, Equatable {
    case finished
    /// It goes on in the background. Make the same call again, or close the producer. The error says what it waits for.
    case unfinished(KafkaError)
}

/// What became of a transaction.
public enum CommitOutcome: Sendable, Equatable {
    /// It is committed.
    case committed
    /// Not known yet. Call `commit` again; a caller that stops asking has to treat it as `unknown`.
    case unfinished(KafkaError)
    /// It is certainly not committed: `abort`, then send the same records again. If a record was refused, `firstFailedDelivery` names it.
    case refused(KafkaError)
    /// It may be committed or not. Close this producer, make another one (whose `initTransactions` ends the transaction for good), and
    /// look what is there.
    case unknown(KafkaError)
    /// A successor took over. Whether it is committed only the successor can tell.
    case fenced(KafkaError)
}

/// A producer of transactions.
///
/// `@unchecked Sendable`: it may be handed to another thread, which then is its only user: it cannot be copied and nearly all of its calls
/// are mutating. Delivery reports are counted on the thread that calls it; librdkafka's own threads only write log lines.
public struct TransactionalProducer: ~Copyable, @unchecked Sendable {
    /// Where it stands.
    public enum State: Sendable, Equatable {
        case made, initialising, ready, open, committing, aborting
        /// A fatal error: it can only be closed.
        case failed
        case closed
    }

    /// After this long without a commit the broker aborts an open transaction.
    public static let defaultTransactionTimeout = Duration.seconds(15)

    /// Shorter time limits of `initTransactions`, `commit` and `abort` are taken for this one: a call that gives up before librdkafka's own
    /// thread has so much as noted it confuses the next one (2.0.2 then says `_STATE`, and the outcome is unknown).
    public static let shortestTimeout = Duration.milliseconds(100)

    /// What may be called next.
    public private(set) var state = State.made
    /// What the broker knows the producer by, before and after a restart.
    public let transactionalIdentifier: String
    private var core: ProducerCore

    /// Makes a producer; nothing is sent yet.
    /// - Parameters:
    ///   - transactionTimeout: 2 s … 15 min (a broker's default limit); records are given up one second before it.
    ///   - maximumBatchBytes: no batch of several records is larger, so that a topic which takes each of them takes them together.
    /// - Throws: a setting that is refused (`fatal`).
    public init(
        configuration: ClientConfiguration, transactionalIdentifier: String,
        transactionTimeout: Duration = Self.defaultTransactionTimeout, maximumBatchBytes: Int? = nil, handlers: ClientHandlers
    ) throws(KafkaError) {
        precondition(
            transactionTimeout >= .seconds(2) && transactionTimeout <= .seconds(900), "a transaction timeout is 2 s … 15 min")
        self.transactionalIdentifier = transactionalIdentifier
        core = try ProducerCore(
            configuration: configuration,
            forced: ClientConfiguration.transactionalSettings(
                transactionalIdentifier: transactionalIdentifier, transactionTimeout: transactionTimeout)
                + configuration.batchSettings(maximumBatchBytes: maximumBatchBytes),
            name: transactionalIdentifier, isTransactional: true, handlers: handlers)
    }

    /// Takes over the transactional id: fences any producer that has it and ends its open transaction. Once, before anything else.
    /// - Throws: `fatal`, also `fenced`.
    public mutating func initTransactions(timeout: Duration) throws(KafkaError) -> Progress {
        require(state == .made || state == .initialising, "initTransactions")
        state = .initialising
        return try progress(
            rd_kafka_init_transactions(core.client.pointer, limit(timeout)), "take over transactional id")
    }

    /// Asks for a topic's partitions, at any time before the first transaction or between two, and makes it known.
    /// - Throws: `retriable` when no broker answers, `fatal` when there is no such topic.
    public mutating func openTopic(_ name: String, timeout: Duration) throws(KafkaError) -> ProducerTopic {
        try core.openTopic(name, timeout: timeout)
    }

    /// Begins a transaction. Forgets the deliveries of the one before.
    /// - Throws: `fatal` or `fenced`.
    public mutating func begin() throws(KafkaError) {
        require(state == .ready, "begin")
        core.serveEvents()
        core.clearDeliveries()
        core.client.events.registrations.clear()
        if let error = rd_kafka_begin_transaction(core.client.pointer) {
            state = .failed
            throw failure(error, "begin transaction")
        }
        state = .open
    }

    /// Adds a record to the open transaction; its bytes are copied.
    /// - Parameters:
    ///   - partition: nil places it by its key, as Java's default does (murmur2); at random without one.
    ///   - key: nil is a null key.
    ///   - value: nil is a null value (a tombstone).
    ///   - timestampMilliseconds: since the Unix epoch; nil is now, and so is 0, which librdkafka 2.0.2 has no other meaning for.
    ///   - deadline: how long to wait when librdkafka's queue is full.
    /// - Throws: `poison` for a record over `message.max.bytes` (the transaction is good without it), `retriable` when the queue stayed
    ///   full, `abortable`, `fatal`, `fenced`.
    public mutating func produce(
        to topic: ProducerTopic, partition: Int32? = nil, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
        headers: borrowing RecordHeaders = RecordHeaders(), timestampMilliseconds: Int64? = nil, deadline: Duration = .seconds(10)
    ) throws(KafkaError) {
        require(state == .open, "produce")
        do throws(KafkaError) {
            try core.produce(
                to: topic, partition: partition, key: key, value: value, headers: headers,
                timestampMilliseconds: timestampMilliseconds, deadline: deadline)
        } catch {
            throw error.codeName == "_STATE" ? causeOfFailure(error) : error
        }
    }

    /// A transaction that has failed takes no more records. Its commit fails too, and says why; the report of a record that made it fail
    /// may still be on its way.
    private mutating func causeOfFailure(_ error: KafkaError) -> KafkaError {
        guard case .refused(let cause) = commit(timeout: Self.shortestTimeout) else { return error }
        let reports = Deadline(after: Self.shortestTimeout)
        while firstFailedDelivery == nil && !reports.hasPassed { core.serveEvents(timeout: reports.remaining) }
        return cause
    }

    /// Waits until every record of the transaction has been acknowledged, so that `deliveredOffsets` knows all of them.
    /// - Throws: `retriable` when the time is up, or as soon as one was refused: the others are not sent then.
    public mutating func flush(timeout: Duration) throws(KafkaError) {
        require(state == .open, "flush")
        let end = Deadline(after: timeout)
        while true {
            do throws(KafkaError) {
                try core.flush(timeout: min(end.remaining, .milliseconds(100)))
                return
            } catch {
                if firstFailedDelivery != nil || end.hasPassed { throw error }
            }
        }
    }

    /// Waits for all records of the transaction and commits it.
    public mutating func commit(timeout: Duration) -> CommitOutcome {
        require(state == .open || state == .committing, "commit")
        state = .committing
        guard let native = rd_kafka_commit_transaction(core.client.pointer, limit(timeout)) else {
            core.serveEvents()
            state = .ready
            return .committed
        }
        let error = failure(native, "commit transaction")
        switch error.errorClass {
        case .retriable: return .unfinished(error)
        case .abortable:
            core.serveEvents()
            state = .open
            return .refused(error)
        case .fenced:
            state = .failed
            return .fenced(error)
        case .fatal, .poison:
            state = .failed
            return .unknown(error)
        }
    }

    /// Throws the open transaction away.
    /// - Throws: `fatal` or `fenced`.
    public mutating func abort(timeout: Duration) throws(KafkaError) -> Progress {
        require(state == .open || state == .aborting, "abort")
        state = .aborting
        return try progress(rd_kafka_abort_transaction(core.client.pointer, limit(timeout)), "abort transaction")
    }

    /// Where the records of the last transaction landed, per partition the highest; whole after `committed`.
    public var deliveredOffsets: [DeliveredOffset] { core.client.events.deliveries.offsets(topicNames: core.topicNames) }

    /// Whether some record's offset was not told (it had to be sent again): ask for the partitions' ends instead.
    public var hasUnknownDeliveredOffsets: Bool { core.client.events.deliveries.hasUnknownOffsets }

    /// How long the last transaction waited, at the most, between an answer to a registration of partitions and the next one: 20 ms or more
    /// when it met the markers of the transaction before.
    public var registrationWait: Duration { core.client.events.registrations.longestWait }

    /// The first record of the last transaction that was refused.
    public var firstFailedDelivery: FailedDelivery? { core.client.events.deliveries.firstFailure }

    /// Ends the producer. An open transaction is aborted if that is possible within half of the time; else the broker does it when its
    /// timeout passes, and readers wait that long.
    /// - Returns: whether it ended before the deadline; it goes on ending by itself after it.
    @discardableResult
    public mutating func close(deadline: Duration) -> Bool {
        guard state != .closed else { return true }
        let end = Deadline(after: deadline)
        if state == .open || state == .aborting { _ = try? abort(timeout: deadline / 2) }
        state = .closed
        return core.close(deadline: end.remaining)
    }

    // MARK: -

    private func limit(_ timeout: Duration) -> Int32 { max(timeout, Self.shortestTimeout).wholeMilliseconds }

    private mutating func progress(_ native: OpaquePointer?, _ operation: String) throws(KafkaError) -> Progress {
        guard let native else {
            core.serveEvents()
            state = .ready
            return .finished
        }
        let error = failure(native, operation)
        if error.errorClass == .retriable { return .unfinished(error) }
        state = .failed
        throw error
    }

    private func failure(_ native: OpaquePointer, _ operation: String) -> KafkaError {
        KafkaError(
            consuming: native, operation: operation, object: transactionalIdentifier, client: core.client.pointer, isTransactional: true)
    }

    private func require(_ isAllowed: Bool, _ call: StaticString) {
        precondition(isAllowed, "\(call) may not be called in this state: \(state)")
    }
}
