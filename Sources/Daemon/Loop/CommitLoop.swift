// The commit loop: take what has come, apply it, and publish the difference with the journal record in one transaction. Control events
// that have come go before changes; each definition is a commit of its own (contract §4).
//
// Three threads work on successive batches: this one reads and decodes, `committing` applies and encodes (Commits), `publishing` waits for
// Kafka (Transactions). Control events (ControlEvents.swift), time and snapshots are handled on this one, once `committing` has
// nothing in hand.
import Campaigns
import Engine
import Kafka
import Wire

extension Session {
    /// So many records that wait are worth a commit while another is under way.
    private static let enoughRecords = 4096

    /// Runs until `shouldStop` says so, which is asked at every tick.
    mutating func run(shouldStop: () -> Bool) throws {
        // "At every start this topic is read up to its end, as it was at that moment, before any change that is not committed yet."
        try takeControl(upTo: try inputs.controlEnd())
        beginTopics()
        for (topic, table) in inputs.waitingTopics {
            let schema = table.map { "the schema of \($0)" } ?? "a schema"
            Log.information("a topic waits for \(schema); nothing of it is read until that is published", ["topic": topic])
        }
        noteReadings()
        var nextReport = Deadline(after: Patience.positions)
        var isReported = true
        while !shouldStop() {
            _ = inputs.waitForRecords(Patience.tick)
            gather()
            try publishing.check()
            try growInputs()
            let tookControl = try takeControl()
            let tookChanges = try takeChanges()
            if !tookControl && !tookChanges { try moveOn() }
            let passedEnds = try passEnds()
            if tookControl || tookChanges || passedEnds { isReported = false }
            try serveSnapshots()
            if !isReported && nextReport.hasPassed {
                try finish()
                inputs.reportPositions()
                noteReadings()
                nextReport = Deadline(after: Patience.positions)
                isReported = true
            }
        }
        try finish()
        try finishSnapshots()
        if !isReported { inputs.reportPositions() }
        ignored.tellCounts(processor.changes)
    }

    /// While a commit is under way, what comes waits for the next one, unless there is enough to work on already: batches grow with the
    /// load, and the journal has one record for each.
    private func gather() {
        while !(committing.isIdle && publishing.isIdle) && inputs.waitingRecords < Session.enoughRecords {
            (committing.isIdle ? publishing.waitUntilIdle : committing.waitUntilIdle)(1)
        }
    }

    /// Waits until everything applied is committed: then the processor, and what the sink says, are this thread's.
    func finish() throws {
        try committing.finish()
        try commits.handOver()
        try publishing.finish()
    }

    // Inputs.

    /// Begins to read the topics whose schema is live: "a mapped topic is read from when its table's schema is live, an unmapped one from
    /// when any schema is". Returns those topics.
    @discardableResult
    mutating func beginTopics() -> [String] {
        let processor = processor
        return inputs.begin { table in table.map(processor.isTable) ?? (processor.tableCount > 0) }
    }

    /// Reads partitions that were added to a topic. Throws when a topic is no longer what was read.
    private mutating func growInputs() throws {
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
    private mutating func passEnds() throws -> Bool {
        guard inputs.passEnds(ofControl: false) else { return false }
        if barriers.hasReached(inputs) {
            batch.clock = nextClock()
            try commitBatch()
        }
        return true
    }

    // Changes.

    /// Reads, decodes and hands over the changes that have come. Returns whether there were any.
    mutating func takeChanges() throws -> Bool {
        let batch = batch
        guard try inputs.takeChanges(into: &batch.records) > 0 else { return false }
        decode()
        if processor.changes.sawUnknown {
            try decodeAfterControl()
            ignored.tellNewMembers(processor.changes.ignoredMembers)
        }
        batch.clock = nextClock(newest(of: batch.records, 0..<batch.records.count))
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
    private func decode(again: Bool = false) {
        let batch = batch
        batch.decoded.removeAll()
        processor.changes.beginBatch(again: again)
        for number in 0..<batch.records.count {
            let record = batch.records[number]
            do throws(Refusal) {
                try processor.changes.decode(
                    record.value, key: record.key, headers: contentHeaders(record, batch.records),
                    mapped: inputs.table(of: record.topicIndex), into: batch.decoded.changes)
            } catch {
                let refused = inputRecord(record, topic: inputs.topic(of: record.topicIndex), batch.records)
                batch.decoded.refused.append(DecodedBatch.Refused(record: refused, reason: error.reason))
            }
        }
    }

    /// Ends the batch: notes what the journal says of its records, and which barriers are reached with them.
    private mutating func commitBatch() throws {
        describeRanges()
        _ = inputs.passEnds(ofControl: false)
        let reached = takeReachedBarriers()
        if reached != nil {
            let passed = inputs.passedRanges()
            batch.ranges += passed
        }
        try startCommit(reached)
    }

    /// Hands the batch to the committing thread; the next one is another.
    private mutating func startCommit(_ reached: ReachedBarriers?) throws {
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
            batch.ranges.append(inputs.range(of: first..<end, in: batch.records, partition: partition))
            first = end
        }
    }

    /// The barriers that are reached with what was read: the commit at hand carries them.
    mutating func takeReachedBarriers() -> ReachedBarriers? {
        let reached = barriers.takeReached(inputs)
        return reached.isEmpty ? nil : ReachedBarriers(ids: reached, positions: inputs.positions)
    }

    /// Reached barriers are points of snapshots.
    mutating func passBarriers() throws {
        try committing.finish()
        if commits.isReplaying {
            snapshots?.noteBarrier(processor)
            return
        }
        try publishing.finish()
        try takeAllSnapshots()
    }

    // Time.

    /// Nothing came: time may still change something, and now and then an empty commit is due.
    private mutating func moveOn() throws {
        try committing.finish()
        commits.moveClock(nextClock())
        if commits.isHandedOver && processor.engine.clock != Int64.min && commits.nextHeartbeat.hasPassed {
            processor.commit()
            commits.endCommit(control: nil, changes: [])
        }
        try commits.handOver()
    }

    /// The clock of the next commit; `newest` is the largest timestamp that it takes in and that may move the clock.
    mutating func nextClock(_ newest: Int64 = .min) -> Int64 {
        switch configuration.clock {
        case .wall:
            return clock.now()
        case .events:
            eventClock = max(eventClock, newest)
            return eventClock
        }
    }

    /// The largest timestamp of some records that is not too far ahead of the wall clock.
    func newest(of batch: borrowing RecordBatch, _ records: Range<Int>) -> Int64 {
        let limit = configuration.clockAhead.map { wallMilliseconds() + $0.components.seconds * 1000 } ?? Int64.max
        var newest = Int64.min
        for number in records where batch[number].timestampMilliseconds <= limit {
            newest = max(newest, batch[number].timestampMilliseconds)
        }
        return newest
    }

    // Replay of the journal.

    /// Repeats the commit of a journal record.
    mutating func repeatCommit(_ record: JournalRecord) throws {
        eventClock = max(eventClock, record.clock)
        if let range = record.control {
            try committing.finish()
            controlBatch.removeAll()
            // Of changes it has only ranges without records: what a barrier was reached by.
            for range in record.changes { try inputs.read(range, of: record, into: &controlBatch) }
            try inputs.read(range, of: record, into: &controlBatch)
            try handleControl(0, clock: record.clock, wasRefused: range.isRefused)
            processor.changes.expectNewDefinitions()
            try commits.checkRepeated(record.sequence)
        } else {
            let batch = batch
            for range in record.changes { try inputs.read(range, of: record, into: &batch.records) }
            decode()
            batch.clock = record.clock
            batch.repeatedSequence = record.sequence
            try startCommit(takeReachedBarriers())
        }
        snapshots?.note(record.snapshots)
    }

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
