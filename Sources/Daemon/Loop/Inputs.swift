// The input topics as the loop reads them: one queue per partition, so that a batch comes in the order of contract §4 by itself, and a
// journal record's ranges can be read again one after the other.
//
// What was read of a partition is its position: behind the last record taken, or at an end that was met behind it, since markers of
// transactions and aborted records are nobody's and count as read.
import Kafka
import Wire

struct Inputs: ~Copyable {
    private let source: any Source
    /// How large a batch is at most.
    let budget: MemoryBudget
    private var reader: any SourceReader
    /// Signalled when something comes, and by whoever else the reader waits for.
    let wakeUp: WakeUp
    /// Asks brokers: on the reader's own connections an answer waits behind the fetch under way.
    private let asker: any SourceReader
    /// The control partition is the first; the others by topic name and partition.
    var partitions: [Partition]
    private let hash = RecordHash()
    /// Topics from which records that were read may be taken away, by whole name.
    private let compacted: Set<String>
    /// Those of which that has happened: what the journal says of them is not repeated.
    let rebuilt: Set<String>
    /// Per topic of the assignment.
    private var tables: [String?]

    static let control = 0

    /// - Parameter asker: a reader without an assignment.
    init(
        _ source: any Source, partitions: [Partition], budget: MemoryBudget, compacted: Set<String> = [], rebuilt: Set<String> = [],
        asker: any SourceReader
    ) throws {
        let wakeUp = try WakeUp()
        let reader = try Inputs.reader(of: partitions, source, wakeUp)
        self.asker = asker
        self.budget = budget
        self.compacted = compacted
        self.rebuilt = rebuilt
        self.source = source
        self.partitions = partitions
        self.wakeUp = wakeUp
        self.reader = reader
        tables = Inputs.tables(of: partitions, in: reader.topics)
    }

    private static func reader(of partitions: [Partition], _ source: any Source, _ wakeUp: WakeUp) throws -> any SourceReader {
        let assignment = partitions.map {
            AssignedPartition(topic: $0.topic, partition: $0.number, start: .offset(max($0.taken, $0.position)))
        }
        let reader = try source.reader(of: assignment, options: ConsumerOptions(reportsPartitionEnd: true), wakeUp: wakeUp)
        for (place, partition) in partitions.enumerated() { reader.hold(partition.isWaiting, partition: place) }
        return reader
    }

    private static func tables(of partitions: [Partition], in topics: [String]) -> [String?] {
        topics.map { topic in partitions.first { $0.topic == topic }?.table }
    }

    // Taking.

    /// Forgets the signals until now: who then looks for what it waits for, and waits when it is not there, misses nothing.
    func listen() { reader.listen() }

    /// Sleeps until `wakeUp` is signalled, or the time is up.
    func waitForSignal(_ timeout: Duration) { reader.waitForSignal(timeout: timeout) }

    /// How many records have come and wait to be taken.
    var waitingRecords: Int { reader.waitingRecords }

    /// Whether something has come that was not taken, or an end was met and not passed.
    var hasNews: Bool { waitingRecords > 0 || partitions.contains { $0.end > $0.position } }

    /// Takes what has come of a partition. Throws when it has not what was to be read next: nothing is skipped.
    mutating func take(_ partition: Int, into batch: inout RecordBatch, maximumRecords: Int, timeout: Duration = .zero) throws -> Int {
        let endsBefore = batch.partitionEnds.count
        do throws(KafkaError) {
            let taken = try reader.poll(
                partition: partition, into: &batch, maximumRecords: maximumRecords, maximumBytes: budget.batchBytes, timeout: timeout)
            if taken > 0 { partitions[partition].taken = batch[batch.count - 1].offset + 1 }
            if let end = batch.partitionEnds[endsBefore...].last { partitions[partition].end = end.offset }
            return taken
        } catch {
            let place = partitions[partition]
            if error.isUnknownTopic { throw InputFailure.gone(place.topic) }
            if error.isOffsetOutOfRange { throw InputFailure.cut(place.topic, place.number, readUpTo: place.position) }
            throw error
        }
    }

    /// Takes what has come of all change partitions that wait for nothing; each gets a fair share of what the batch has room for, until it
    /// has enough or nothing is left.
    mutating func takeChanges(into batch: inout RecordBatch) throws {
        var isMore = true
        while isMore && !isEnough(batch) {
            isMore = false
            let share = max(1, (budget.batchRecords - batch.count) / max(1, partitions.count - 1))
            for place in partitions.indices.dropFirst() where !partitions[place].isWaiting && batch.byteCount < budget.batchBytes {
                if try take(place, into: &batch, maximumRecords: share) == share { isMore = true }
            }
        }
    }

    /// Whether a batch is worth a commit while another is under way.
    func isEnough(_ batch: borrowing RecordBatch) -> Bool {
        batch.count >= budget.enoughRecords || batch.byteCount >= budget.batchBytes
    }

    // Positions.

    /// The journal range of consecutive records of one partition, and moves its position behind them.
    mutating func range(of records: Range<Int>, in batch: borrowing RecordBatch, partition: Int) -> JournalRecord.Range {
        let range = describe(records, in: batch, partition: partition, hashesHeaders: true)
        partitions[partition].position = range.to
        partitions[partition].journaled = range.to
        if range.records > 0 { partitions[partition].last = range }
        return range
    }

    private mutating func describe(
        _ records: Range<Int>, in batch: borrowing RecordBatch, partition: Int, hashesHeaders: Bool
    ) -> JournalRecord.Range {
        hash.reset()
        var to = partitions[partition].position
        for number in records {
            let record = batch[number]
            hash.update(
                offset: record.offset, timestamp: record.timestampMilliseconds, key: record.key, value: record.value,
                headerCount: hashesHeaders ? record.headerCount : nil)
            for place in 0..<(hashesHeaders ? record.headerCount : 0) {
                let header = batch.header(place, of: record)
                hash.update(headerName: header.name, value: header.value)
            }
            to = record.offset + 1
        }
        if let last = records.last, batch[last].timestampMilliseconds >= 0 {
            partitions[partition].lastTimestamp = batch[last].timestampMilliseconds
        }
        return JournalRecord.Range(
            topic: partition == Inputs.control ? nil : partitions[partition].topic, partition: partitions[partition].number,
            from: partitions[partition].position, to: to, records: records.count, hash: hash.value)
    }

    /// Moves positions to the ends that were met: of the control partition, or of the others. Every record taken of them must have its
    /// range. Returns whether one moved.
    mutating func passEnds(ofControl: Bool) -> Bool {
        var hasMoved = false
        for partition in partitions.indices where (partition == Inputs.control) == ofControl {
            guard partitions[partition].end > partitions[partition].position else { continue }
            partitions[partition].position = partitions[partition].end
            hasMoved = true
        }
        return hasMoved
    }

    /// Ranges without records, for what was passed since the journal was written: a barrier is reached by it.
    mutating func passedRanges() -> [JournalRecord.Range] {
        hash.reset()
        var ranges: [JournalRecord.Range] = []
        for (place, partition) in partitions.enumerated() where partition.position > partition.journaled {
            ranges.append(
                JournalRecord.Range(
                    topic: partition.topic, partition: partition.number, from: partition.journaled, to: partition.position, records: 0,
                    hash: hash.value))
            partitions[place].journaled = partition.position
        }
        return ranges
    }

    /// Reads a range of a journal record again. Throws when it is not what was read then.
    mutating func read(_ range: JournalRecord.Range, of record: JournalRecord, into batch: inout RecordBatch) throws {
        try read(range, hashesHeaders: record.hashesHeaders, into: &batch)
        if range.records > 0 && record.hashesHeaders, let partition = partition(of: range) { partitions[partition].last = range }
    }

    /// Looks whether partitions have still what was last read of them, and goes on behind that: what is known of them, in their order.
    mutating func verify(_ known: [LoopFacts.Input]) throws {
        var batch = RecordBatch()
        for input in known {
            guard let place = partition(input.topic, input.partition), partitions[place].position < input.position else { continue }
            if let range = partitions[place].last { try read(range, hashesHeaders: true, into: &batch) }
            batch.removeAll()
            partitions[place].position = input.position
            partitions[place].journaled = input.journaled
        }
    }

    private func partition(of range: JournalRecord.Range) -> Int? {
        partition(range.topic ?? partitions[Inputs.control].topic, range.partition)
    }

    private mutating func read(_ range: JournalRecord.Range, hashesHeaders: Bool, into batch: inout RecordBatch) throws {
        guard let partition = partition(of: range) else {
            preconditionFailure("a start knows all partitions that its journal mentions")
        }
        if rebuilt.contains(partitions[partition].topic) {
            partitions[partition].position = range.to
            partitions[partition].journaled = range.to
            return
        }
        let first = batch.count
        let deadline = Deadline(after: Patience.rereading)
        while batch.count - first < range.records {
            let missing = range.records - (batch.count - first)
            let taken = try take(partition, into: &batch, maximumRecords: missing, timeout: .milliseconds(500))
            // Behind an end that was met nothing comes any more.
            if taken == 0, partitions[partition].end >= range.to || deadline.hasPassed {
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
        partitions[partition].journaled = range.to
    }

    private func disagreement(_ range: JournalRecord.Range, _ what: String) -> any Error {
        // Of a topic that is not mapped, rows share keys, and compaction has taken rows away (contract §3): nothing goes on without them.
        if let topic = range.topic, compacted.contains(topic), partition(of: range).map({ partitions[$0].table != nil }) == true {
            return CompactedAway(topic: topic)
        }
        let place = "\(range.topic ?? partitions[Inputs.control].topic)/\(range.partition)"
        return InputFailure.notWhatWasRead("\(place), offsets \(range.from) to \(range.to): \(what)")
    }

    /// The partition of a whole topic name and number; nil if it is not read.
    func partition(_ topic: String, _ number: Int32) -> Int? {
        partitions.firstIndex { $0.topic == topic && $0.number == number }
    }

    /// Whole name and table of a record's topic, by its index in the assignment's topics.
    func topic(of index: Int) -> String { reader.topics[index] }

    func table(of index: Int) -> String? { tables[index] }

    /// The next offset of every partition, by whole topic name.
    var positions: TopicOffsets {
        var positions: TopicOffsets = [:]
        for partition in partitions { positions[partition.topic, default: [:]][partition.number] = partition.position }
        return positions
    }

    /// The next offset of the control topic that is not taken yet.
    var controlPosition: Int64 { partitions[Inputs.control].position }

    /// Where the control topic ends now.
    func controlEnd() throws -> Int64 {
        try asker.watermarks(topic: partitions[Inputs.control].topic, partition: 0, timeout: Patience.answer).high
    }

    /// Commits how far was read for tools that show lag; nothing is read back from there.
    func reportPositions() {
        let offsets = partitions.map { GroupOffset(topic: $0.topic, partition: $0.number, offset: $0.position) }
        do { try reader.commitOffsets(offsets) } catch { Log.warning(.groupOffsets, "group offsets", ["cause": "\(error)"]) }
    }

    mutating func close() {
        reader.close(deadline: Patience.close)
        asker.close(deadline: Patience.close)
    }
}

extension Inputs {
    // Topics that wait for their schema (contract §3).

    /// The topics that wait, with the tables they are mapped to.
    var waitingTopics: [(topic: String, table: String?)] {
        var found: [(topic: String, table: String?)] = []
        for partition in partitions where partition.isWaiting && found.last?.topic != partition.topic {
            found.append((partition.topic, partition.table))
        }
        return found
    }

    /// Begins to read the topics that wait and may be read now, by the tables they are mapped to. Returns their names.
    mutating func begin(where mayBegin: (_ table: String?) -> Bool) -> [String] {
        var begun: [String] = []
        for place in partitions.indices where partitions[place].isWaiting && mayBegin(partitions[place].table) {
            partitions[place].isWaiting = false
            reader.hold(false, partition: place)
            if begun.last != partitions[place].topic { begun.append(partitions[place].topic) }
        }
        return begun
    }

    // Partitions that are added while the daemon runs.

    /// How many partitions of a topic are read.
    func partitionCount(of topic: String) -> Int { partitions.count { $0.topic == topic } }

    /// Asks for the partitions of a change topic, and reads those that are new from their beginning. Returns whether there are any.
    mutating func grow(_ topic: String, timeout: Duration) throws -> Bool {
        let added = try addedPartitions(of: topic, timeout: timeout)
        guard let first = added.first, let last = added.last else { return false }
        var grown = partitions + added
        grown[1...].sort { $0.topic == $1.topic ? $0.number < $1.number : $0.topic.utf8.lexicographicallyPrecedes($1.topic.utf8) }
        try replaceReader(reading: grown)
        Log.information(
            .partitionsAdded, "partitions were added to a topic, and are read from their beginning",
            ["topic": topic, "partitions": "\(first.number) to \(last.number)"])
        return true
    }

    /// Another assignment is another reader, which goes on behind what the first has taken.
    mutating func replaceReader(reading partitions: [Partition]) throws {
        reader.close(deadline: .zero)
        reader = try Inputs.reader(of: partitions, source, wakeUp)
        self.partitions = partitions
        tables = Inputs.tables(of: partitions, in: reader.topics)
    }

    /// The partitions that are not read yet.
    private func addedPartitions(of topic: String, timeout: Duration) throws -> [Partition] {
        guard let known = partitions.dropFirst().last(where: { $0.topic == topic }) else { return [] }
        let next = known.number + 1
        return try asker.beginnings(of: topic, from: next, timeout: timeout).enumerated().map { place, low in
            Partition(topic: topic, table: known.table, number: next + Int32(place), position: low, isWaiting: known.isWaiting)
        }
    }
}
