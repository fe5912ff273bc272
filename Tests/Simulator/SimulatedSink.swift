// The simulated broker as a process writes it: what KafkaSink promises, with all that may go wrong of it.
import Daemon
import Kafka
import Wire

final class SimulatedSink: CommitSink {
    private let broker: SimulatedBroker
    private let process: SimulatedProcess
    private let topics: Topics
    private let id: String
    private let epoch: Int
    private var transaction: Int?
    private var mustAbort = false
    private var ends: TopicOffsets
    private var delivered: TopicOffsets = [:]
    /// A record was acknowledged without its offset.
    private var isSomeEndUnknown = false

    private var course: Course { process.course }
    /// There are fewer calls than of a reader.
    private var faults: Int { process.faults * 5 }

    /// Takes the id over; `ends` is asked once nobody else writes any more, and the takeover is written at last.
    init(
        _ broker: SimulatedBroker, _ process: SimulatedProcess, id: String, _ topics: Topics, _ takeover: Takeover,
        _ ends: () throws -> TopicOffsets
    ) throws {
        try process.reach("take over")
        self.broker = broker
        self.process = process
        self.topics = topics
        self.id = id
        epoch = broker.takeOver(id)
        process.course.note("\(process.name) takes over with epoch \(epoch)")
        self.ends = [:]
        self.ends = try ends()
        try begin()
        try send(takeover.encoded, key: Takeover.key)
        try commit()
    }

    private func reach(_ call: String) throws(SinkFailure) {
        guard process.lives(.write, call) else { throw .unknown("\(process.name) was killed") }
        if broker.isFenced(id, epoch: epoch) {
            course.note("\(process.name): \(call) is fenced")
            throw .fenced("another producer has the id")
        }
    }

    func begin() throws(SinkFailure) {
        try reach("begin")
        transaction = broker.begin(id)
        delivered = [:]
        mustAbort = false
    }

    func send(_ output: OutputBatch) throws(SinkFailure) {
        try reach("send \(output.count) records")
        try mayFail("send")
        output.forEach { record in
            let topic = topics.name(record.topic)
            let key = record.key.map { Array($0) }
            let partition = place(of: record.partitionKey.map { Array($0) } ?? key ?? [], in: topic)
            let headers = record.headers.map { (name: Array($0.name), value: $0.value.map { Array($0) }) }
            let stored = StoredRecord(
                key: key, value: record.value.map { Array($0) }, headers: headers,
                timestamp: record.timestamp >= 0 ? record.timestamp : course.time.wallMilliseconds())
            append(stored, to: topic, partition)
            if record.endsKey { append(StoredRecord(key: key, value: nil, timestamp: stored.timestamp), to: topic, partition) }
        }
    }

    func send(journal record: [UInt8], sequence: Int64) throws(SinkFailure) {
        try reach("send the journal's record \(sequence)")
        try mayFail("send")
        try send(record, key: String(sequence))
    }

    private func send(_ record: [UInt8], key: String) throws(SinkFailure) {
        append(StoredRecord(key: Array(key.utf8), value: record, timestamp: course.time.wallMilliseconds()), to: topics.journal, 0)
    }

    private func append(_ record: StoredRecord, to topic: String, _ partition: Int32) {
        delivered[topic, default: [:]][partition] = broker.append(record, to: topic, partition, transaction: transaction) + 1
    }

    private func place(of key: [UInt8], in topic: String) -> Int32 {
        let hash = key.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        return Int32(hash >> 7 % UInt64(broker.partitionCounts[topic]!))
    }

    /// The broker may give the transaction up, so that it is certainly not committed, or refuse what is sent.
    private func mayFail(_ call: String) throws(SinkFailure) {
        if mustAbort || course.chance(faults) {
            course.note("\(process.name): \(call) fails, and the transaction with it")
            if !mustAbort, course.chance(100) {
                throw .refused(KafkaError(operation: call, object: "on purpose", codeName: "MSG_SIZE_TOO_LARGE", errorClass: .poison))
            }
            mustAbort = true
            throw .abortable("on purpose")
        }
    }

    func outputEnds() throws(SinkFailure) -> TopicOffsets {
        try reach("ask for the ends of outputs")
        if isSomeEndUnknown { throw .unknown("a record was acknowledged without its offset") }
        guard transaction != nil else { return ends }
        try mayFail("flush")
        var ends = ends
        for (topic, partitions) in delivered where topic != topics.journal { ends[topic, default: [:]].merge(partitions) { $1 } }
        return ends
    }

    var journalEnd: Int64? { isSomeEndUnknown ? nil : ends[topics.journal]?[0] }

    func commit() throws(SinkFailure) {
        try reach("commit")
        try mayFail("commit")
        if course.chance(faults) {
            course.note("\(process.name): the commit gets no answer, and did not happen")
            throw .unknown("no answer")
        }
        broker.end(transaction!, isCommit: true)
        transaction = nil
        if course.chance(faults) {
            course.note("\(process.name): the commit gets no answer, and happened")
            throw .unknown("no answer")
        }
        if course.chance(faults) { isSomeEndUnknown = true }
        for (topic, partitions) in delivered { ends[topic, default: [:]].merge(partitions) { $1 } }
    }

    func rest() {}

    func abort() throws(SinkFailure) {
        guard let transaction else { return }
        try reach("abort")
        broker.end(transaction, isCommit: false)
        self.transaction = nil
    }

    func close() {}
}
