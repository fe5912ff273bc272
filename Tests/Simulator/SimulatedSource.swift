// The simulated broker as a process reads it: what has come lags behind what is there, and ends are told once.
import Daemon
import Kafka

struct SimulatedSource: Source, @unchecked Sendable {
    let broker: SimulatedBroker
    let process: SimulatedProcess

    var maximumSentBytes: Int { 1 << 24 }

    func facts(of topics: Topics, mentioned: () throws -> Set<String>) throws -> TopicFacts {
        try process.reach("ask for the topics")
        return TopicFacts(partitionCounts: broker.partitionCounts, compacted: broker.compacted)
    }

    func reader(
        of assignment: [AssignedPartition], options: ConsumerOptions, wakeUp: WakeUp
    ) throws(KafkaError) -> any SourceReader {
        try process.reach("make a reader of \(assignment.count) partitions")
        return SimulatedReader(self, assignment, isCommitted: options.isolation == .readCommitted)
    }

    func deleteRecords(of partition: TopicPartition, before offset: Int64) throws(KafkaError) {
        try process.reach("delete \(partition.topic) before \(offset)")
        broker.delete(partition.topic, partition.partition, before: offset)
    }
}

final class SimulatedReader: SourceReader {
    private struct Place {
        let topic: String
        let number: Int32
        let topicIndex: Int
        /// The next offset to hand over.
        var position: Int64
        /// Everything below has come.
        var come: Int64
        /// The end that was told last.
        var toldEnd: Int64 = -1
        var isHeld = false
    }

    let topics: [String]
    private let broker: SimulatedBroker
    private let process: SimulatedProcess
    private let isCommitted: Bool
    private var places: [Place] = []

    private var course: Course { process.course }

    init(_ source: SimulatedSource, _ assignment: [AssignedPartition], isCommitted: Bool) {
        broker = source.broker
        process = source.process
        self.isCommitted = isCommitted
        var topics: [String] = []
        for assigned in assignment {
            if !topics.contains(assigned.topic) { topics.append(assigned.topic) }
            guard case .offset(let start) = assigned.start else { preconditionFailure("the loop reads from offsets") }
            places.append(
                Place(
                    topic: assigned.topic, number: assigned.partition, topicIndex: topics.firstIndex(of: assigned.topic)!,
                    position: start, come: start))
        }
        self.topics = topics
    }

    private func stored(_ topic: String, _ number: Int32) throws(KafkaError) -> StoredPartition {
        guard let partition = broker.partition(topic, number) else {
            throw KafkaError(operation: "read", object: "\(topic)/\(number)", codeName: "UNKNOWN_TOPIC_OR_PART", errorClass: .fatal)
        }
        return partition
    }

    private func end(_ partition: StoredPartition) -> Int64 { isCommitted ? partition.stable : partition.end }

    // Waiting.

    /// Something comes, of some partitions.
    private func fetch(_ place: Int, whole: Bool) {
        guard let partition = broker.partition(places[place].topic, places[place].number) else { return }
        let end = end(partition)
        guard end > places[place].come else { return }
        places[place].come = whole || course.chance(600) ? end : Int64(course.number(Int(places[place].come)...Int(end)))
    }

    var waitingRecords: Int {
        places.reduce(0) { $0 + ($1.isHeld ? 0 : Int($1.come - $1.position) + (isEndDue($1) ? 1 : 0)) }
    }

    private func isEndDue(_ place: Place) -> Bool {
        guard let partition = broker.partition(place.topic, place.number) else { return false }
        return place.toldEnd != place.come && place.come == end(partition)
    }

    func hold(_ isHeld: Bool, partition: Int) { places[partition].isHeld = isHeld }

    func listen() {
        guard process.lives(.read, "listen") else { return }
        for place in places.indices where course.chance(300) { fetch(place, whole: false) }
    }

    func waitForSignal(timeout: Duration) {
        course.time.pass(course.number(0...1000), of: timeout)
        guard process.lives(.read, "wait") else { return }
        for place in places.indices { fetch(place, whole: false) }
    }

    // Polling.

    func poll(
        partition place: Int, into batch: inout RecordBatch, maximumRecords: Int, maximumBytes: Int, timeout: Duration
    ) throws(KafkaError) -> Int {
        let name = "\(places[place].topic)/\(places[place].number)"
        try process.reach("poll \(name)")
        let partition = try stored(places[place].topic, places[place].number)
        guard partition.low <= places[place].position, places[place].position <= partition.end else {
            throw KafkaError(operation: "read", object: name, codeName: "OFFSET_OUT_OF_RANGE", errorClass: .fatal)
        }
        if timeout > .zero && places[place].come == places[place].position {
            course.time.pass(course.number(0...300), of: timeout)
            fetch(place, whole: true)
        }
        var count = 0
        while places[place].position < places[place].come && count < maximumRecords {
            if case .record(let record, let transaction) = partition.entries[Int(places[place].position)],
                !isCommitted || broker.isSeen(transaction)
            {
                append(record, of: places[place], to: &batch)
                count += 1
            }
            places[place].position += 1
        }
        if places[place].position == places[place].come, isEndDue(places[place]), course.chance(700) {
            places[place].toldEnd = places[place].position
            batch.partitionEnds.append(
                PartitionEnd(topicIndex: places[place].topicIndex, partition: places[place].number, offset: places[place].position))
        }
        batch.seal()
        return count
    }

    private func append(_ record: StoredRecord, of place: Place, to batch: inout RecordBatch) {
        (record.key ?? []).withUnsafeBytes { key in
            (record.value ?? []).withUnsafeBytes { value in
                batch.append(
                    topicIndex: Int32(place.topicIndex), partition: place.number, offset: place.position,
                    timestampMilliseconds: record.timestamp, key: record.key == nil ? nil : key.baseAddress ?? batchNothing,
                    keyCount: key.count, value: record.value == nil ? nil : value.baseAddress ?? batchNothing, valueCount: value.count)
            }
        }
        for header in record.headers {
            header.name.withUnsafeBytes { name in
                (header.value ?? []).withUnsafeBytes { value in
                    batch.appendHeader(
                        name: name.baseAddress ?? batchNothing, nameCount: name.count,
                        value: header.value == nil ? nil : value.baseAddress ?? batchNothing, valueCount: value.count)
                }
            }
        }
    }

    // Asking.

    func watermarks(topic: String, partition: Int32, timeout: Duration) throws(KafkaError) -> (low: Int64, high: Int64) {
        try process.reach("ask for the range of \(topic)/\(partition)")
        let stored = try stored(topic, partition)
        return (stored.low, end(stored))
    }

    func watermarks(of partitions: [TopicPartition], timeout: Duration) throws(KafkaError) -> [(low: Int64, high: Int64)] {
        var found: [(low: Int64, high: Int64)] = []
        for place in partitions { found.append(try watermarks(topic: place.topic, partition: place.partition, timeout: timeout)) }
        return found
    }

    func offsets(of partitions: [TopicPartition], notOlderThan timestamps: [Int64], timeout: Duration) throws(KafkaError) -> [Int64?] {
        try process.reach("ask for offsets by time")
        var found: [Int64?] = []
        for (place, instant) in zip(partitions, timestamps) {
            let stored = try stored(place.topic, place.partition)
            let offsets = Int(stored.low)..<Int(max(stored.low, end(stored)))
            let first = offsets.first { offset in
                switch stored.entries[offset] {
                case .record(let record, _): record.timestamp >= instant
                case .marker(let timestamp): timestamp >= instant
                case .gone: false
                }
            }
            found.append(first.map(Int64.init))
        }
        return found
    }

    func beginnings(of topic: String, from first: Int32, timeout: Duration) throws(KafkaError) -> [Int64] {
        let count = Int32(try partitionCount(of: topic, timeout: timeout))
        var offsets: [Int64] = []
        for number in first..<max(first, count) { offsets.append(try stored(topic, number).low) }
        return offsets
    }

    func partitionCount(of topic: String, timeout: Duration) throws(KafkaError) -> Int {
        try process.reach("ask about \(topic)")
        guard let count = broker.partitionCounts[topic] else {
            throw KafkaError(operation: "ask about", object: topic, codeName: "UNKNOWN_TOPIC_OR_PART", errorClass: .fatal)
        }
        return count
    }

    func commitOffsets(_ offsets: [GroupOffset]) throws(KafkaError) { try process.reach("tell positions") }

    func close(deadline: Duration) {}
}

/// Where what is empty lies.
nonisolated(unsafe) private let batchNothing = UnsafeRawPointer(UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 1))
