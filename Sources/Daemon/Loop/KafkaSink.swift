// The sink of the daemon: transactions of librdkafka's producer, taken up again until they are through or certainly not.
import Kafka
import Wire

final class KafkaSink: CommitSink {
    private var producer: TransactionalProducer
    private let topics: Topics
    private let journal: ProducerTopic
    private var destinations: [ProducerTopic] = []
    private var headers = RecordHeaders()
    private let facts: TopicFacts
    private var ends: TopicOffsets = [:]
    /// A broker acknowledged a record of an earlier transaction and did not say where it is.
    private var isSomeEndUnknown = false
    private var pace = TransactionPace()
    /// Which topics the transaction that is open, or was the last, writes.
    private var isWritten = [Bool](repeating: false, count: OutputTopic.allCases.count)
    /// When the last transaction was committed, and how long after the one before it had begun.
    private var lastCommit = ContinuousClock.now
    private var lastGap = Duration.zero
    /// An abort was not through, and is left to the next start.
    private var isGivenUp = false

    /// Takes over the deployment's transactional id, which fences a predecessor. Only then `ends` looks who else has taken over, and where
    /// the output partitions end: until then the predecessor may write. At last the takeover is written to the journal.
    init(
        _ client: ClientConfiguration, group: String, topics: Topics, facts: TopicFacts, takeover: Takeover,
        ends: () throws -> TopicOffsets
    ) throws {
        producer = try TransactionalProducer(
            configuration: client, transactionalIdentifier: group, maximumBatchBytes: facts.smallestBatchBytes, handlers: kafkaHandlers)
        self.topics = topics
        self.facts = facts
        let deadline = Deadline(after: Patience.transaction)
        while true {
            guard case .unfinished(let error) = try producer.initTransactions(timeout: Patience.step) else { break }
            ServiceManager.current.progress("waiting for the broker")
            BrokerReach.current.failed(error)
            if deadline.hasPassed { throw error }
        }
        self.ends = try ends()
        for topic in OutputTopic.allCases { destinations.append(try producer.openTopic(topics.name(topic), timeout: Patience.answer)) }
        journal = try producer.openTopic(topics.journal, timeout: Patience.answer)
        try begin()
        try send(journal: takeover.encoded, key: Takeover.key)
        try commit()
    }

    func begin() throws(SinkFailure) {
        lastGap = ContinuousClock.now - lastCommit
        for topic in OutputTopic.allCases { isWritten[topic.rawValue] = false }
        do throws(KafkaError) { try producer.begin() } catch { throw failure(error) }
    }

    func send(_ output: OutputBatch) throws(SinkFailure) {
        do throws(KafkaError) {
            try output.forEach { (record: OutputBatch.View) throws(KafkaError) in
                isWritten[record.topic.rawValue] = true
                headers.removeAll()
                for header in record.headers { headers.append(name: header.name, value: header.value) }
                let topic = destinations[record.topic.rawValue]
                let partition = record.partitionKey.map { topic.partition(of: $0) }
                try producer.produce(
                    to: topic, partition: partition, key: record.key, value: record.value, headers: headers,
                    timestampMilliseconds: timestamp(record))
                if record.endsKey { try producer.produce(to: topic, partition: partition, key: record.key, value: nil) }
            }
        } catch {
            throw failure(error)
        }
    }

    /// A record's own timestamp, which only dead letters have. One that the topic would refuse becomes the time of sending, and so does
    /// 1970-01-01T00:00:00Z: for librdkafka 2.0.2 the timestamp 0 means now.
    private func timestamp(_ record: OutputBatch.View) -> Int64? {
        if record.timestamp < 0 { return nil }
        return facts.takesDeadLetter(of: record.timestamp, now: wallMilliseconds()) ? record.timestamp : nil
    }

    func send(journal record: [UInt8], sequence: Int64) throws(SinkFailure) {
        try send(journal: record, key: String(sequence))
    }

    private func send(journal record: [UInt8], key: String) throws(SinkFailure) {
        let key = Array(key.utf8)
        var problem: KafkaError?
        key.withUnsafeBytes { key in
            record.withUnsafeBytes { value in
                do throws(KafkaError) { try producer.produce(to: journal, partition: 0, key: key, value: value) } catch { problem = error }
            }
        }
        if let problem { throw failure(problem) }
    }

    func outputEnds() throws(SinkFailure) -> TopicOffsets {
        let isOpen = producer.state == .open
        if isOpen {
            do throws(KafkaError) { try producer.flush(timeout: Patience.transaction) } catch { throw failure(error) }
        }
        // A start asks the brokers for the ends.
        if isSomeEndUnknown || producer.hasUnknownDeliveredOffsets {
            throw .unknown("a record was acknowledged without its offset, so where an output partition ends is not known")
        }
        guard isOpen else { return ends }
        var ends = ends
        for delivered in producer.deliveredOffsets where delivered.topic != topics.journal {
            ends[delivered.topic, default: [:]][delivered.partition] = delivered.offset + 1
        }
        return ends
    }

    var journalEnd: Int64? { isSomeEndUnknown ? nil : ends[topics.journal]?[0] }

    func commit() throws(SinkFailure) {
        let deadline = Deadline(after: Patience.transaction)
        let coordinatorDeadline = Deadline(after: Patience.coordinator)
        while true {
            switch producer.commit(timeout: Patience.step) {
            case .committed:
                lastCommit = ContinuousClock.now
                pace.note(gap: lastGap, registrationWait: producer.registrationWait)
                if producer.hasUnknownDeliveredOffsets { isSomeEndUnknown = true }
                for delivered in producer.deliveredOffsets {
                    ends[delivered.topic, default: [:]][delivered.partition] = delivered.offset + 1
                }
                return
            case .unfinished(let error):
                ServiceManager.current.progress("waiting for the broker")
                BrokerReach.current.failed(error)
                if deadline.hasPassed || hangsAlone(coordinatorDeadline) { throw .unknown(error.description) }
            case .refused(let error): throw failure(error)
            case .unknown(let error): throw .unknown(error.description)
            case .fenced(let error): throw .fenced(error.description)
            }
        }
    }

    func rest() {
        pause(until: lastCommit + pace.pause)
    }

    func abort() throws(SinkFailure) {
        guard !isGivenUp, producer.state == .open || producer.state == .aborting else { return }
        let coordinatorDeadline = Deadline(after: Patience.coordinator)
        while true {
            do throws(KafkaError) {
                guard case .unfinished(let error) = try producer.abort(timeout: Patience.step) else { return }
                ServiceManager.current.progress("waiting for the broker")
                isGivenUp = hangsAlone(coordinatorDeadline)
                if !isGivenUp { continue }
                throw error
            } catch {
                throw isGivenUp ? .unknown(error.description) : failure(error)
            }
        }
    }

    /// Whether a call has gone on for long though some broker answers: a new producer asks that one who coordinates transactions now, and
    /// its takeover ends the transaction for good.
    private func hangsAlone(_ deadline: Deadline) -> Bool {
        deadline.hasPassed && BrokerReach.current.hasAnswered(within: Patience.step)
    }

    func close() {
        producer.close(deadline: Patience.closeProducer)
    }

    private var topicsOfTransaction: String {
        let outputs = OutputTopic.allCases.filter { isWritten[$0.rawValue] }.map { topics.name($0) }
        return (outputs.sorted() + [topics.journal]).joined(separator: ", ")
    }

    private func failure(_ error: KafkaError) -> SinkFailure {
        switch error.errorClass {
        case .fenced: return .fenced(error.description)
        case .abortable, .retriable:
            // What made the transaction fail may be a record that its topic does not take.
            if let failed = producer.firstFailedDelivery, failed.error.isRefusal { return .refused(failed.error) }
            // Before anything is sent the topics are registered for the transaction, and no answer to that names one.
            return error.isForbidden ? .refused(error.about(topicsOfTransaction)) : .abortable(error.description)
        case .poison: return .refused(error)
        case .fatal: return .unknown(error.description)
        }
    }
}
