// The input topics as the loop reads them: one queue per partition, so that a batch comes in the order of contract §4 by itself, and a
// journal record's ranges can be read again one after the other.
import Kafka
import Wire

struct Inputs: ~Copyable {
    /// One partition and how far it was read.
    struct Partition {
        /// Whole name; the table its topic is mapped to.
        var topic: String
        var table: String?
        var number: Int32
        /// The next offset to read.
        var position: Int64
    }

    /// Records and bytes that a batch takes at most.
    static let recordsPerBatch = 10_000
    static let bytesPerBatch = 8 << 20

    private var consumer: TopicConsumer
    /// The control partition is the first; the others by topic name and partition.
    private(set) var partitions: [Partition]
    private let hash = RecordHash()
    /// Per topic of the assignment.
    private let tables: [String?]

    static let control = 0

    init(_ client: ClientConfiguration, group: String, partitions: [Partition]) throws {
        self.partitions = partitions
        let assignment = partitions.map { AssignedPartition(topic: $0.topic, partition: $0.number, start: .offset($0.position)) }
        consumer = try TopicConsumer(
            configuration: client, group: group, assignment: assignment, handlers: kafkaHandlers)
        tables = consumer.topics.map { topic in partitions.first { $0.topic == topic }?.table }
    }

    /// Sleeps until something has come, or the time is up.
    func waitForRecords(_ timeout: Duration) -> Bool { consumer.waitForRecords(timeout: timeout) }

    /// How many records have come and wait to be taken.
    var waitingRecords: Int { consumer.waitingRecords }

    /// Takes what has come of a partition.
    mutating func take(_ partition: Int, into batch: inout RecordBatch, maximumRecords: Int, timeout: Duration = .zero) throws -> Int {
        try consumer.poll(
            partition: partition, into: &batch, maximumRecords: maximumRecords, maximumBytes: Inputs.bytesPerBatch, timeout: timeout)
    }

    /// Takes what has come of all change partitions, in their order; each gets a fair share of the batch.
    mutating func takeChanges(into batch: inout RecordBatch) throws -> Int {
        let share = max(1, Inputs.recordsPerBatch / max(1, partitions.count - 1))
        var taken = 0
        for partition in partitions.indices.dropFirst() where batch.byteCount < Inputs.bytesPerBatch {
            taken += try take(partition, into: &batch, maximumRecords: share)
        }
        return taken
    }

    /// The journal range of consecutive records of one partition, and moves its position behind them.
    mutating func range(of records: Range<Int>, in batch: borrowing RecordBatch, partition: Int) -> JournalRecord.Range {
        let range = describe(records, in: batch, partition: partition, hashesHeaders: true)
        partitions[partition].position = range.to
        return range
    }

    private func describe(
        _ records: Range<Int>, in batch: borrowing RecordBatch, partition: Int, hashesHeaders: Bool
    ) -> JournalRecord.Range {
        hash.reset()
        var last: Int64 = 0
        for number in records {
            let record = batch[number]
            hash.update(
                offset: record.offset, timestamp: record.timestampMilliseconds, key: record.key, value: record.value,
                headerCount: hashesHeaders ? record.headerCount : nil)
            for place in 0..<(hashesHeaders ? record.headerCount : 0) {
                let header = batch.header(place, of: record)
                hash.update(headerName: header.name, value: header.value)
            }
            last = record.offset
        }
        return JournalRecord.Range(
            topic: partition == Inputs.control ? nil : partitions[partition].topic, partition: partitions[partition].number,
            from: partitions[partition].position, to: last + 1, records: records.count, hash: hash.value)
    }

    /// Reads a range of the journal again; `hashesHeaders` is its record's. Throws when it is not what was read then.
    mutating func read(_ range: JournalRecord.Range, hashesHeaders: Bool, partition: Int, into batch: inout RecordBatch) throws {
        let first = batch.count
        let start = monotonicNanoseconds()
        while batch.count - first < range.records {
            let missing = range.records - (batch.count - first)
            if try take(partition, into: &batch, maximumRecords: missing, timeout: .milliseconds(500)) == 0,
                monotonicNanoseconds() - start > 60_000_000_000 {
                throw disagreement(range, "only \(batch.count - first) of \(range.records) records can be read")
            }
        }
        let read = first..<batch.count
        let found = describe(read, in: batch, partition: partition, hashesHeaders: hashesHeaders)
        if range.records > 0 {
            guard batch[first].offset >= range.from, found.to <= range.to, found.hash == range.hash else {
                throw disagreement(range, "the records there are not those that were read then")
            }
        }
        partitions[partition].position = range.to
    }

    private func disagreement(_ range: JournalRecord.Range, _ what: String) -> CommandFailure {
        CommandFailure(
            .data,
            """
            \(range.topic ?? "control topic")/\(range.partition), offsets \(range.from) to \(range.to): \(what). The state of the last commit cannot \
            be rebuilt from a topic that forgets or was made anew. Restore the topic, or start a new deployment: another `group`, with empty \
            output topics.
            """)
    }

    /// The partition of a whole topic name and number; nil if it is not read.
    func partition(_ topic: String, _ number: Int32) -> Int? {
        partitions.firstIndex { $0.topic == topic && $0.number == number }
    }

    /// Whole name and table of a record's topic, by its index in the assignment's topics.
    func topic(of index: Int) -> String { consumer.topics[index] }

    func table(of index: Int) -> String? { tables[index] }

    /// The next offset of every partition, by whole topic name.
    var positions: [String: [Int32: Int64]] {
        var positions: [String: [Int32: Int64]] = [:]
        for partition in partitions { positions[partition.topic, default: [:]][partition.number] = partition.position }
        return positions
    }

    mutating func setPosition(_ partition: Int, to offset: Int64) {
        partitions[partition].position = offset
    }

    /// Where the control topic ends now.
    func controlEnd() throws -> Int64 {
        try consumer.watermarks(topic: partitions[Inputs.control].topic, partition: 0, timeout: .seconds(30)).high
    }

    /// Commits how far was read for tools that show lag; nothing is read back from there.
    func reportPositions() {
        let offsets = partitions.map { GroupOffset(topic: $0.topic, partition: $0.number, offset: $0.position) }
        do { try consumer.commitOffsets(offsets) } catch { Log.warning("group offsets", ["cause": "\(error)"]) }
    }

    mutating func close() {
        consumer.close(deadline: .seconds(5))
    }
}
