// Reads partitions that are assigned once, when the consumer is made: another assignment is another consumer. No group is joined, nothing
// seeks or pauses, so records can be taken in batches (in 2.0.2 those may lose or repeat records only when something does). Every
// partition has a queue of its own: the caller decides which comes next, and a batch is in the order it asked for.

import CRdkafka
import Glibc

/// A reader of a fixed list of partitions.
///
/// `@unchecked Sendable`: it may be handed to another thread, which then is its only user: it cannot be copied, polling is mutating,
/// and the calls that are not (queries) touch nothing but librdkafka's handle, which any thread may use.
public struct TopicConsumer: ~Copyable, @unchecked Sendable {
    /// The topics of the assignment in the order of their first appearance: `Record.topicIndex` counts in it.
    public let topics: [String]
    let client: ClientHandle
    private let group: String
    /// What is about no partition: log lines, statistics, errors.
    private let events: OpaquePointer
    /// One queue per assigned partition, in the order of the assignment.
    private let queues: [OpaquePointer]
    private let wakeUp: WakeUp
    /// librdkafka's own objects of `topics`: records name their topic by these addresses.
    private let nativeTopics: [OpaquePointer]
    private let messages: UnsafeMutablePointer<UnsafeMutablePointer<rd_kafka_message_t>?>
    private var estimatedRecordBytes = 1_024
    private var reminder: FetchReminder
    /// Per partition of the assignment: see `hold`.
    private var isHeld: [Bool]
    private var isClosed = false

    /// At most this many messages are taken from a queue at once.
    private static let chunkCapacity = 1_024

    /// Makes a reader; it fetches from now on. An unreachable broker is no error: records just do not come.
    /// - Parameters:
    ///   - group: the group that offsets are committed for; it is not joined.
    ///   - assignment: what to read; empty for a consumer that only asks (`watermarks`, `partitionCount`).
    ///   - wakeUp: signalled whenever something comes into a queue that was empty.
    /// - Throws: a setting that is refused (`fatal`).
    public init(
        configuration: ClientConfiguration, group: String, assignment: [AssignedPartition], options: ConsumerOptions = .init(),
        wakeUp given: WakeUp? = nil, handlers: ClientHandlers
    ) throws(KafkaError) {
        let wakeUp = if let given { given } else { try WakeUp() }
        // Each partition has a queue of its own, and librdkafka's limits are one queue's.
        let limits = configuration.queueLimits(partitionCount: assignment.count)
        let native = try configuration.makeNative(
            for: .consumer,
            forced: ClientConfiguration.consumerSettings(
                group: group, isolation: options.isolation, reportsPartitionEnd: options.reportsPartitionEnd)
                + [("queued.max.messages.kbytes", "\(limits.kilobytes)"), ("queued.min.messages", "\(limits.records)")]
                + (assignment.isEmpty ? configuration.askerSettings : [])
                + (options.fetchWait.map { [("fetch.wait.max.ms", "\($0.wholeMilliseconds)")] } ?? []))
        let client = try ClientHandle(
            .consumer, native: native, events: ClientEvents(handlers: handlers), operation: "make consumer", object: group)
        // Log lines, statistics and errors come through the consumer's queue: one poll serves all.
        rd_kafka_poll_set_consumer(client.pointer)
        let queues = assignment.map { Self.separateQueue(of: $0, client) }
        let events: OpaquePointer = rd_kafka_queue_get_consumer(client.pointer)
        var payload = WakeUp.signalBytes
        for queue in queues + [events] {
            rd_kafka_queue_io_event_enable(queue, wakeUp.descriptor, &payload, MemoryLayout<UInt64>.size)
        }

        var names: [String] = []
        for assigned in assignment where !names.contains(assigned.topic) { names.append(assigned.topic) }
        let nativeTopics: [OpaquePointer] = names.map { rd_kafka_topic_new(client.pointer, $0, nil) }
        let messages = UnsafeMutablePointer<UnsafeMutablePointer<rd_kafka_message_t>?>.allocate(capacity: Self.chunkCapacity)
        messages.initialize(repeating: nil, count: Self.chunkCapacity)
        if let failure = Self.assign(assignment, to: client) {
            Self.tearDown(client, queues + [events], nativeTopics, messages, deadline: .seconds(5))
            throw failure
        }
        reminder = FetchReminder(
            queueBytes: limits.kilobytes * 1_024, queueRecords: limits.records, partitions: assignment)
        isHeld = Array(repeating: false, count: assignment.count)
        topics = names
        self.client = client
        self.group = group
        self.events = events
        self.queues = queues
        self.wakeUp = wakeUp
        self.nativeTopics = nativeTopics
        self.messages = messages
    }

    deinit {
        if !isClosed { Self.tearDown(client, queues + [events], nativeTopics, messages, deadline: .seconds(5)) }
    }

    /// The partition's own queue. It is taken out of the consumer's before anything is assigned, so that no record gets there first.
    private static func separateQueue(of partition: AssignedPartition, _ client: ClientHandle) -> OpaquePointer {
        guard let queue = rd_kafka_queue_get_partition(client.pointer, partition.topic, partition.partition) else {
            preconditionFailure("a consumer has a queue for every partition")
        }
        rd_kafka_queue_forward(queue, nil)
        return queue
    }

    private static func assign(_ assignment: [AssignedPartition], to client: ClientHandle) -> KafkaError? {
        guard !assignment.isEmpty, let list = rd_kafka_topic_partition_list_new(Int32(assignment.count)) else { return nil }
        defer { rd_kafka_topic_partition_list_destroy(list) }
        for assigned in assignment {
            rd_kafka_topic_partition_list_add(list, assigned.topic, assigned.partition).pointee.offset = assigned.start.native
        }
        let code = rd_kafka_assign(client.pointer, list)
        if code == RD_KAFKA_RESP_ERR_NO_ERROR { return nil }
        return KafkaError(operation: "assign partitions", object: assignment.map(\.topic).joined(separator: ", "), code: code)
    }

    /// Ends the reader; calling it again does nothing.
    /// - Returns: whether it ended before the deadline; it goes on ending by itself after it.
    @discardableResult
    public mutating func close(deadline: Duration) -> Bool {
        guard !isClosed else { return true }
        isClosed = true
        return Self.tearDown(client, queues + [events], nativeTopics, messages, deadline: deadline)
    }

    @discardableResult
    private static func tearDown(
        _ client: ClientHandle, _ queues: [OpaquePointer], _ nativeTopics: [OpaquePointer],
        _ messages: UnsafeMutablePointer<UnsafeMutablePointer<rd_kafka_message_t>?>, deadline: Duration
    ) -> Bool {
        for queue in queues {
            rd_kafka_queue_io_event_enable(queue, -1, nil, 0)
            rd_kafka_queue_destroy(queue)
        }
        for topic in nativeTopics { rd_kafka_topic_destroy(topic) }
        messages.deallocate()
        return client.destroy(deadline: deadline)
    }

    /// Traps when a closed consumer is used.
    func requireOpen() {
        precondition(!isClosed, "the consumer is closed")
    }
}

// MARK: - Waiting

extension TopicConsumer {
    /// Whether the queue of some partition that is not held has something to poll.
    public var hasRecords: Bool {
        requireOpen()
        return queues.indices.contains { !isHeld[$0] && rd_kafka_queue_length(queues[$0]) > 0 }
    }

    /// How many records the queues of partitions that are not held have (ends of partitions and errors count as one).
    public var waitingRecords: Int {
        requireOpen()
        return queues.indices.reduce(0) { isHeld[$1] ? $0 : $0 + rd_kafka_queue_length(queues[$1]) }
    }

    /// Holds a partition, or lets it go: what comes into the queue of one that is held wakes nobody. Its queue is as bounded as any
    /// other's; it may still be polled.
    /// - Parameter partition: its place in the assignment.
    public mutating func hold(_ isHeld: Bool, partition: Int) {
        self.isHeld[partition] = isHeld
    }

    /// Sleeps until some partition's queue holds something to poll, or the time is up. Logs what librdkafka says meanwhile.
    /// - Returns: whether one does. It may also be the end of the partition, or an error.
    public func waitForRecords(timeout: Duration) -> Bool {
        let deadline = Deadline(after: timeout)
        while true {
            listen()
            if hasRecords { return true }
            waitForSignal(timeout: deadline.remaining)
            if deadline.hasPassed {
                listen()
                return hasRecords
            }
        }
    }

    /// Forgets the signals until now, and logs what librdkafka says. To be called before it is looked whether there is something: what
    /// comes after that signals again.
    public func listen() {
        requireOpen()
        wakeUp.reset()
        serveEvents()
    }

    /// Sleeps until somebody has signalled the consumer's `WakeUp` since `listen`, or the time is up.
    /// - Returns: whether somebody has.
    @discardableResult
    public func waitForSignal(timeout: Duration) -> Bool {
        requireOpen()
        return wakeUp.wait(timeout: timeout)
    }
}

extension TopicConsumer {
    /// Takes what is about no partition. Errors there are about brokers, which librdkafka goes on trying to reach.
    private func serveEvents() {
        while rd_kafka_queue_length(events) > 0 {
            let received = rd_kafka_consume_batch_queue(events, 0, messages, Self.chunkCapacity)
            guard received > 0 else { return }
            for position in 0..<received {
                guard let message = messages[position] else { continue }
                if message.pointee.err != RD_KAFKA_RESP_ERR_NO_ERROR {
                    client.events.log(.warning, "READ", String(cString: rd_kafka_message_errstr(message)))
                }
                rd_kafka_message_destroy(message)
            }
        }
    }
}

// MARK: - Polling

extension TopicConsumer {
    /// Appends records of one partition to `batch`: what is there, without waiting for more; only if there is nothing, it waits up to
    /// `timeout` for the first. The bound on records is exact, the one on bytes is met as soon as it is passed (by at most what is
    /// prefetched).
    /// Ends of partitions are appended to the batch too. Transport errors that librdkafka gets over by itself are logged.
    /// - Parameter partition: its place in the assignment.
    /// - Returns: how many records were appended.
    /// - Throws: what needs the operator: offset out of range, unknown topic or partition, no permission, corrupt records. Records that
    ///   came before it are in the batch all the same. The partition concerned does not go on by itself.
    @discardableResult
    public mutating func poll(
        partition: Int, into batch: inout RecordBatch, maximumRecords: Int, maximumBytes: Int, timeout: Duration
    ) throws(KafkaError) -> Int {
        requireOpen()
        precondition(maximumRecords > 0 && maximumBytes > 0, "the bounds of a poll are positive")
        let source = queues[partition]
        let recordsBefore = batch.count
        let bytesBefore = batch.byteCount
        let endsBefore = batch.partitionEnds.count
        var wait = timeout.wholeMilliseconds
        var failure: KafkaError?
        defer { batch.seal() }
        reminder.willTake(from: partition, holding: rd_kafka_queue_length(source), recordBytes: estimatedRecordBytes)
        while failure == nil {
            let roomForRecords = maximumRecords - (batch.count - recordsBefore)
            let roomForBytes = maximumBytes - (batch.byteCount - bytesBefore)
            guard roomForRecords > 0, roomForBytes > 0 else { break }
            let wanted = min(Self.chunkCapacity, roomForRecords, max(1, roomForBytes / estimatedRecordBytes))
            // With a time limit the call returns only when it has all it was asked for, so it is given one only to wait for the first.
            var received = rd_kafka_consume_batch_queue(source, 0, messages, wanted)
            if received == 0, wait > 0, batch.count == recordsBefore, batch.partitionEnds.count == endsBefore {
                received = rd_kafka_consume_batch_queue(source, wait, messages, 1)
                wait = 0
            }
            guard received > 0 else { break }
            failure = take(received, into: &batch)
        }
        reminder.didTake(
            from: partition, leaving: rd_kafka_queue_length(source), recordBytes: estimatedRecordBytes, client: client.pointer)
        if let failure { throw failure }
        return batch.count - recordsBefore
    }

    /// Copies and destroys the messages taken. They may be kept by nobody: one keeps the whole fetched block in memory.
    private mutating func take(_ count: Int, into batch: inout RecordBatch) -> KafkaError? {
        let bytesBefore = batch.byteCount
        var failure: KafkaError?
        var lastTopic: OpaquePointer?
        var lastIndex: Int32 = 0
        for position in 0..<count {
            guard let message = messages[position] else { continue }
            if message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR {
                if message.pointee.rkt != lastTopic {
                    lastTopic = message.pointee.rkt
                    lastIndex = topicIndex(of: message.pointee.rkt)
                }
                Self.append(message, topicIndex: lastIndex, to: &batch)
            } else if let problem = event(message.pointee, into: &batch), failure == nil {
                failure = problem
            }
            rd_kafka_message_destroy(message)
        }
        estimatedRecordBytes = max(1, (batch.byteCount - bytesBefore) / count)
        return failure
    }

    private static func append(
        _ message: UnsafeMutablePointer<rd_kafka_message_t>, topicIndex: Int32, to batch: inout RecordBatch
    ) {
        var kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
        let timestamp = rd_kafka_message_timestamp(message, &kind)
        batch.append(
            topicIndex: topicIndex, partition: message.pointee.partition, offset: message.pointee.offset,
            timestampMilliseconds: kind == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE ? -1 : timestamp,
            key: message.pointee.key, keyCount: message.pointee.key_len,
            value: message.pointee.payload, valueCount: message.pointee.len)
        var headers: OpaquePointer?
        guard rd_kafka_message_headers(message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR else { return }
        var index = 0
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var count = 0
        while rd_kafka_header_get_all(headers, index, &name, &value, &count) == RD_KAFKA_RESP_ERR_NO_ERROR, let start = name {
            batch.appendHeader(name: start, nameCount: strlen(start), value: value, valueCount: count)
            index += 1
        }
    }

    /// What a message without a record says: nil if it needs nobody.
    private func event(_ message: rd_kafka_message_t, into batch: inout RecordBatch) -> KafkaError? {
        if message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF {
            batch.partitionEnds.append(
                PartitionEnd(
                    topicIndex: Int(topicIndex(of: message.rkt)), partition: message.partition, offset: message.offset))
            return nil
        }
        let topic = message.rkt.map { String(cString: rd_kafka_topic_name($0)) } ?? "group \(group)"
        let text = message.payload.map { String(cString: $0.assumingMemoryBound(to: CChar.self)) }
        let position = message.offset >= 0 ? " offset \(message.offset)" : ""
        let error = KafkaError(operation: "read", object: "\(topic)/\(message.partition)\(position)", code: message.err, message: text)
        guard error.errorClass == .retriable else { return error }
        client.events.log(.warning, "READ", error.description)
        return nil
    }

    private func topicIndex(of topic: OpaquePointer?) -> Int32 {
        guard let topic else { return 0 }
        if let index = nativeTopics.firstIndex(of: topic) { return Int32(index) }
        let name = String(cString: rd_kafka_topic_name(topic))
        guard let index = topics.firstIndex(of: name) else { preconditionFailure("a record of a topic that is not assigned: \(name)") }
        return Int32(index)
    }
}
