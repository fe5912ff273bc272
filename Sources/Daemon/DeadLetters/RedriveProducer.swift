// Sends refused records to their topics again, in transactions of its own, each with a record of what it has sent (RedriveMarks).
import Kafka
import Wire

final class RedriveProducer {
    private var producer: TransactionalProducer
    private let marksTopic: ProducerTopic
    private var topics: [String: ProducerTopic] = [:]
    /// What the open transaction sends.
    private var sent = RedriveMarks()
    private var (count, bytes) = (0, 0)
    private var headers = RecordHeaders()

    /// A transaction holds no more: readers of the topics wait for its end.
    private static let mostRecords = 500
    private static let mostBytes = 8 << 20

    /// Takes over from another redrive of the deployment, which ends: what it has not committed is not sent.
    /// - Parameter topic: of the marks; it is there.
    init(_ client: ClientConfiguration, group: String, marks topic: String) throws {
        producer = try TransactionalProducer(
            configuration: client, transactionalIdentifier: "\(group).redrive", handlers: kafkaHandlers)
        let deadline = Deadline(after: Patience.transaction)
        while case .unfinished(let error) = try producer.initTransactions(timeout: Patience.step) {
            if deadline.hasPassed { throw error }
        }
        marksTopic = try producer.openTopic(topic, timeout: Patience.answer)
    }

    /// Sends a refused record as it was: to its partition, or where its key leads when that is not there any more.
    func send(_ letter: FoundDeadLetter) throws {
        let topic = try topic(letter.topic)
        if count == 0 { try producer.begin() }
        headers.removeAll()
        for header in letter.headers {
            Self.withBytes(header.name) { name in
                Self.withBytes(header.value) { value in
                    headers.append(name: name ?? UnsafeRawBufferPointer(start: nil, count: 0), value: value)
                }
            }
        }
        let partition = letter.partition < topic.partitionCount ? letter.partition : nil
        try Self.withBytes(letter.key) { key in
            try Self.withBytes(letter.value) { value in
                try producer.produce(
                    to: topic, partition: partition, key: key, value: value, headers: headers, timestampMilliseconds: letter.timestamp)
            }
        }
        sent.insert(letter)
        count += 1
        bytes += letter.byteCount
        if count >= Self.mostRecords || bytes >= Self.mostBytes { try commit() }
    }

    private func topic(_ name: String) throws -> ProducerTopic {
        if let topic = topics[name] { return topic }
        // They can be asked about between two transactions only.
        try commit()
        let topic = try producer.openTopic(name, timeout: Patience.answer)
        topics[name] = topic
        return topic
    }

    /// Commits what was sent since the last commit. It is not known what became of it when that throws: the next redrive looks.
    func commit() throws {
        if count == 0 { return }
        try Self.withBytes(RedriveMarks.key) { key in
            try Self.withBytes(sent.encoded(at: wallMilliseconds())) { value in
                try producer.produce(to: marksTopic, partition: 0, key: key, value: value)
            }
        }
        let deadline = Deadline(after: Patience.transaction)
        while true {
            switch producer.commit(timeout: Patience.step) {
            case .committed:
                sent = RedriveMarks()
                (count, bytes) = (0, 0)
                return
            case .unfinished(let error): if deadline.hasPassed { throw error }
            case .refused(let error): throw producer.firstFailedDelivery?.error ?? error
            case .unknown(let error): throw error
            case .fenced: throw DaemonFailure(.successor, "another redrive of this deployment has begun")
            }
        }
    }

    /// What is not committed is not sent.
    func close() { producer.close(deadline: Patience.closeProducer) }

    private static func withBytes<Result>(_ bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer?) throws -> Result) rethrows -> Result {
        guard let bytes else { return try body(nil) }
        return try bytes.withUnsafeBytes { try body($0) }
    }
}
