// What the transactional and the plain producer have in common: topics, sending, delivery reports, closing.

import CRdkafka

struct ProducerCore: ~Copyable {
    let client: ClientHandle
    let name: String
    private let isTransactional: Bool
    private(set) var topicNames: [String] = []
    private var nativeTopics: [OpaquePointer] = []
    private var partitionCounts: [Int] = []
    private var arguments: UnsafeMutablePointer<rd_kafka_vu_t>
    private var argumentCapacity = Self.fixedArguments + 16
    /// Calls of `produce` since the ledger was cleared.
    private var producedCount = 0
    private(set) var isClosed = false

    /// Topic, partition, flags, value, key, mark, timestamp.
    private static let fixedArguments = 7

    init(
        configuration: ClientConfiguration, forced: [(String, String)], name: String, isTransactional: Bool, handlers: ClientHandlers
    ) throws(KafkaError) {
        let native = try configuration.makeNative(for: .producer, forced: forced)
        client = try ClientHandle(
            .producer, native: native, events: ClientEvents(handlers: handlers), operation: "make producer", object: name)
        self.name = name
        self.isTransactional = isTransactional
        arguments = .allocate(capacity: argumentCapacity)
        arguments.initialize(repeating: rd_kafka_vu_t(), count: argumentCapacity)
    }

    deinit {
        if !isClosed {
            for topic in nativeTopics { rd_kafka_topic_destroy(topic) }
            client.destroy(deadline: .seconds(5))
        }
        arguments.deallocate()
    }

    mutating func close(deadline: Duration) -> Bool {
        guard !isClosed else { return true }
        isClosed = true
        for topic in nativeTopics { rd_kafka_topic_destroy(topic) }
        return client.destroy(deadline: deadline)
    }

    /// The first record to a topic nobody asked about would wait up to a second for its leader: this asks.
    mutating func openTopic(_ topic: String, timeout: Duration) throws(KafkaError) -> ProducerTopic {
        requireOpen()
        if let index = topicNames.firstIndex(of: topic) {
            return ProducerTopic(index: index, partitionCount: partitionCounts[index])
        }
        let partitionCount = try client.partitionCount(of: topic, timeout: timeout)
        topicNames.append(topic)
        partitionCounts.append(partitionCount)
        nativeTopics.append(rd_kafka_topic_new(client.pointer, topic, nil))
        client.events.deliveries.addTopic(partitionCount: partitionCount)
        return ProducerTopic(index: topicNames.count - 1, partitionCount: partitionCount)
    }

    mutating func produce(
        to topic: ProducerTopic, partition: Int32?, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
        headers: borrowing RecordHeaders, timestampMilliseconds: Int64?, deadline: Duration
    ) throws(KafkaError) {
        requireOpen()
        let recordIndex = producedCount
        let count = fillArguments(
            topic: topic, partition: partition, key: key, value: value, headers: headers.entries,
            timestampMilliseconds: timestampMilliseconds, recordIndex: recordIndex)
        let failure = headers.bytes.withUnsafeBytes { bytes in
            pointHeaders(headers.entries, into: bytes)
            return enqueue(argumentCount: count, deadline: deadline)
        }
        if let failure {
            throw KafkaError(
                consuming: failure, operation: "send record", object: topicNames[topic.index], client: client.pointer,
                isTransactional: isTransactional)
        }
        producedCount += 1
    }

    /// When librdkafka's queue is full, serves delivery reports until there is room.
    private func enqueue(argumentCount: Int, deadline: Duration) -> OpaquePointer? {
        var limit: Deadline?
        while true {
            guard let failure = rd_kafka_produceva(client.pointer, arguments, argumentCount) else { return nil }
            let end = limit ?? Deadline(after: deadline)
            limit = end
            guard rd_kafka_error_code(failure) == RD_KAFKA_RESP_ERR__QUEUE_FULL, !end.hasPassed else { return failure }
            rd_kafka_error_destroy(failure)
            rd_kafka_poll(client.pointer, min(10, end.remaining.wholeMilliseconds))
        }
    }

    private mutating func fillArguments(
        topic: ProducerTopic, partition: Int32?, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
        headers: [RecordHeaders.Entry], timestampMilliseconds: Int64?, recordIndex: Int
    ) -> Int {
        let count = Self.fixedArguments + headers.count
        if count > argumentCapacity { growArguments(to: count) }
        arguments[0].vtype = RD_KAFKA_VTYPE_RKT
        arguments[0].u.rkt = nativeTopics[topic.index]
        arguments[1].vtype = RD_KAFKA_VTYPE_PARTITION
        arguments[1].u.i32 = partition ?? -1
        arguments[2].vtype = RD_KAFKA_VTYPE_MSGFLAGS
        arguments[2].u.i = Int32(RD_KAFKA_MSG_F_COPY)
        arguments[3].vtype = RD_KAFKA_VTYPE_VALUE
        Self.point(&arguments[3], to: value)
        arguments[4].vtype = RD_KAFKA_VTYPE_KEY
        Self.point(&arguments[4], to: key)
        arguments[5].vtype = RD_KAFKA_VTYPE_OPAQUE
        arguments[5].u.ptr = DeliveryLedger.mark(topicIndex: topic.index, recordIndex: recordIndex)
        // 0 is librdkafka's "now".
        arguments[6].vtype = RD_KAFKA_VTYPE_TIMESTAMP
        arguments[6].u.i64 = timestampMilliseconds ?? 0
        return count
    }

    /// A null pointer is null; what is empty but there needs some address.
    private static func point(_ argument: inout rd_kafka_vu_t, to bytes: UnsafeRawBufferPointer?) {
        let start = bytes.map { $0.baseAddress ?? UnsafeRawPointer(StaticString("").utf8Start) }
        argument.u.mem.ptr = UnsafeMutableRawPointer(mutating: start)
        argument.u.mem.size = bytes?.count ?? 0
    }

    private func pointHeaders(_ headers: [RecordHeaders.Entry], into bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        for (position, header) in headers.enumerated() {
            let argument = arguments + Self.fixedArguments + position
            argument.pointee.vtype = RD_KAFKA_VTYPE_HEADER
            argument.pointee.u.header.name = (start + header.nameStart).assumingMemoryBound(to: CChar.self)
            argument.pointee.u.header.val = header.valueLength < 0 ? nil : start + header.valueStart
            argument.pointee.u.header.size = max(0, header.valueLength)
        }
    }

    private mutating func growArguments(to count: Int) {
        arguments.deallocate()
        argumentCapacity = count * 2
        arguments = .allocate(capacity: argumentCapacity)
        arguments.initialize(repeating: rd_kafka_vu_t(), count: argumentCapacity)
    }

    /// Serves delivery reports, log lines and statistics that have come, or waits for some.
    func serveEvents(timeout: Duration = .zero) {
        requireOpen()
        rd_kafka_poll(client.pointer, timeout.wholeMilliseconds)
    }

    /// Forgets what was delivered before.
    mutating func clearDeliveries() {
        client.events.deliveries.clear()
        producedCount = 0
    }

    /// Waits until every record sent is delivered or refused.
    func flush(timeout: Duration) throws(KafkaError) {
        requireOpen()
        let code = rd_kafka_flush(client.pointer, timeout.wholeMilliseconds)
        if code != RD_KAFKA_RESP_ERR_NO_ERROR { throw KafkaError(operation: "flush", object: name, code: code) }
    }

    func requireOpen() {
        precondition(!isClosed, "the producer is closed")
    }
}
