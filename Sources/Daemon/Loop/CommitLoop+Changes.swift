// Changes in the commit loop: which topics are read, what comes is decoded and handed over, and what the journal says of it.
import Campaigns
import Engine
import Kafka
import Wire

extension CommitLoop {
    // Inputs.

    /// Begins to read the topics whose schema is live: "a mapped topic is read from when its table's schema is live, an unmapped one from
    /// when any schema is". Returns those topics.
    @discardableResult
    mutating func beginTopics() -> [String] {
        let machine = machine
        return inputs.begin { table in table.map(machine.isTable) ?? (machine.tableCount > 0) }
    }

    /// Reads partitions that were added to a topic. Throws when a topic is no longer what was read.
    mutating func growInputs() throws {
        for (topic, count) in try watch.found().sorted(by: { $0.key < $1.key }) where topics.isChangeTopic(topic) {
            if count > inputs.partitionCount(of: topic), try inputs.grow(topic, timeout: Patience.quickAnswer) { noteReadings() }
        }
    }

    /// Tells the watch how far was read.
    func noteReadings() {
        watch.note(
            inputs.partitions.map {
                InputWatch.Reading(topic: $0.topic, partition: $0.number, position: $0.position, lastTimestamp: $0.lastTimestamp)
            })
    }

    /// Counts as read what ends of partitions were met behind: markers of transactions and aborted records. A barrier that waited for no
    /// more is reached, in a commit without records. Returns whether there was anything.
    mutating func passEnds() throws -> Bool {
        guard inputs.passEnds(ofControl: false) else { return false }
        if barriers.hasReached(inputs) {
            batch.clock = nextClock()
            try commitBatch()
        }
        return true
    }

    // Changes.

    /// Decodes and hands over the changes that were gathered. Returns whether there were any.
    mutating func takeChanges() throws -> Bool {
        let batch = batch
        guard batch.records.count > 0 else { return false }
        batch.records.sort()
        decode()
        if machine.changes.sawUnknown {
            try decodeAfterControl()
            ignored.tellNewMembers(machine.changes.ignoredMembers)
        }
        batch.clock = nextClock(newest(of: batch.records, 0..<batch.records.count))
        othersChange = Deadline(after: Patience.othersChange)
        checkpoints?.note(records: batch.records.count)
        try commitBatch()
        return true
    }

    /// "Before a change is refused for an unknown table, or one of its members ignored as unknown for the first time since the last control
    /// event, the topic is read to its end as of then: a row that was written after its schema is never lost." The batch keeps its
    /// place while control events go first.
    private mutating func decodeAfterControl() throws {
        try takeControl(upTo: try inputs.controlEnd())
        decode(again: true)
    }

    /// Decodes the batch; `again`, when that was done before, with fewer definitions.
    func decode(again: Bool = false) {
        let batch = batch
        batch.decoded.removeAll()
        batch.ignored.removeAll(keepingCapacity: true)
        machine.changes.beginBatch(again: again)
        for number in 0..<batch.records.count {
            let record = batch.records[number]
            let before = batch.decoded.changes.count
            do throws(Refusal) {
                try machine.changes.decode(
                    record.value, key: record.key, headers: contentHeaders(record, batch.records),
                    mapped: inputs.table(of: record.topicIndex), into: batch.decoded.changes)
                if batch.decoded.changes.count == before { batch.ignored[inputs.table(of: record.topicIndex) ?? "", default: 0] += 1 }
            } catch {
                let refused = inputRecord(record, topic: inputs.topic(of: record.topicIndex), batch.records)
                batch.decoded.refused.append(DecodedBatch.Refused(record: refused, refusal: error))
            }
        }
    }

    /// Ends the batch: notes what the journal says of its records, and which barriers are reached with them.
    mutating func commitBatch() throws {
        describeRanges()
        told.note(machine.changes.ignoredMemberCounts, in: batch)
        _ = inputs.passEnds(ofControl: false)
        if !othersChange.hasPassed { batch.eventLimit = max(1, commits.eventsPerCommit / 2) }
        let reached = takeReachedBarriers()
        if reached != nil {
            let passed = inputs.passedRanges()
            batch.ranges += passed
        }
        try startCommit(reached)
    }

    /// Hands the batch to the committing thread; the next one is another.
    mutating func startCommit(_ reached: ReachedBarriers?) throws {
        batch.barriers = reached
        try committing.start(batch)
        // With one that may wait and one in hand, the third is free.
        current = (current + 1) % batches.count
        if reached != nil { try passBarriers() }
    }

    /// Notes what the journal says of the batch's records, and that they are read.
    private mutating func describeRanges() {
        let batch = batch
        var first = 0
        while first < batch.records.count {
            let (topic, number) = (batch.records[first].topicIndex, batch.records[first].partition)
            var end = first + 1
            while end < batch.records.count && batch.records[end].partition == number && batch.records[end].topicIndex == topic { end += 1 }
            let partition = inputs.partition(inputs.topic(of: topic), number)!
            let range = inputs.range(of: first..<end, in: batch.records, partition: partition)
            batch.ranges.append(range)
            batch.readings.append(reading(of: range, first..<end, batch.records))
            noteArrivals(of: first..<end, in: batch)
            first = end
        }
    }

    /// The barriers that are reached with what was read. Those that wait for the last of what was decided will have these inputs in, too.
    mutating func takeReachedBarriers() -> ReachedBarriers? {
        let reached = barriers.takeReached(inputs)
        return reached.isEmpty && !isBarrierPending ? nil : ReachedBarriers(ids: reached, positions: inputs.positions)
    }

    /// Reached barriers are points of snapshots, once their events are said.
    mutating func passBarriers() throws {
        try committing.finish()
        isBarrierPending = commits.barriers != nil
        if isBarrierPending { return }
        if commits.isReplaying {
            snapshots?.noteBarrier(machine)
        } else {
            try finish()
            try takeAllSnapshots()
        }
    }

    // Records.

    func contentHeaders(_ record: Record, _ batch: borrowing RecordBatch) -> ContentHeaders {
        var headers = ContentHeaders()
        for number in 0..<record.headerCount {
            let header = batch.header(number, of: record)
            headers.take(name: header.name, value: header.value)
        }
        return headers
    }

    func inputRecord(_ record: Record, topic: String, _ batch: borrowing RecordBatch) -> InputRecord {
        InputRecord(
            topic: topic, partition: record.partition, offset: record.offset, timestamp: record.timestampMilliseconds, key: record.key,
            value: record.value,
            headers: (0..<record.headerCount).map { number in
                let header = batch.header(number, of: record)
                return (header.name, header.value)
            })
    }
}
