// The commit loop: take what has come, apply it, and publish the difference with the journal record in one transaction. Control events
// that have come go before changes; each definition is a commit of its own (contract §4).
import Campaigns
import Engine
import Kafka
import Wire

extension Session {
    /// The clock moves at least this often, with or without traffic (contract §7: 500 ms).
    private static let tick = Duration.milliseconds(200)
    /// An empty commit keeps the transactional id alive and lets a zombie find out.
    private static let heartbeatNanoseconds: UInt64 = 10_000_000_000
    /// Control events that share a transaction.
    private static let controlEventsPerTransaction = 100
    private static let positionsEveryNanoseconds: UInt64 = 1_000_000_000

    /// Runs until `shouldStop` says so, which is asked at every tick.
    mutating func run(shouldStop: () -> Bool) throws {
        // "At every start this topic is read up to its end, as it was at that moment, before any change that is not committed yet."
        try takeControl(upTo: try inputs.controlEnd())
        var lastReport = monotonicNanoseconds()
        var isReported = true
        while !shouldStop() {
            _ = inputs.waitForRecords(Session.tick)
            let before = processor.sequence
            try takeControl()
            try takeChanges()
            if processor.sequence == before { try tick() }
            try publish()
            try serveSnapshots()
            if processor.sequence != before { isReported = false }
            if !isReported && monotonicNanoseconds() - lastReport > Session.positionsEveryNanoseconds {
                inputs.reportPositions()
                lastReport = monotonicNanoseconds()
                isReported = true
            }
        }
        try finishSnapshots()
        if !isReported { inputs.reportPositions() }
    }

    // Control.

    /// Handles the control events that have come, or, with an offset, all below it.
    private mutating func takeControl(upTo end: Int64? = nil) throws {
        var handled = 0
        let start = monotonicNanoseconds()
        while true {
            batch.removeAll()
            let wait: Duration = end == nil ? .zero : .milliseconds(100)
            if let end, inputs.partitions[Inputs.control].position >= end { break }
            let taken = try inputs.take(Inputs.control, into: &batch, maximumRecords: Session.controlEventsPerTransaction, timeout: wait)
            for number in 0..<taken {
                try handleControl(number, clock: nextClock(of: number..<number + 1))
                handled += 1
                if handled % Session.controlEventsPerTransaction == 0 || !reached.isEmpty { try publish() }
            }
            if taken == 0 {
                guard let end else { break }
                // The end may be markers of transactions, which are nobody's record.
                if monotonicNanoseconds() - start > 1_000_000_000, try inputs.controlEnd() == end { break }
            }
        }
        if handled > 0 {
            processor.changes.expectNewDefinitions()
            try publish()
        }
    }

    /// One control event: what the clock changed is committed first, then the event.
    private mutating func handleControl(_ number: Int, clock: Int64) throws {
        moveClock(clock)
        let record = batch[number]
        let input = inputRecord(record, topic: topics.control, batch)
        let before = processor.sequence
        let decoder = processor.control
        let headers = contentHeaders(record, batch)
        let problems = unreadBarrier(record.value, headers)
        let demand = processor.apply(
            { () throws(ControlRefusal) in
                if let problems { throw problems }
                guard let value = record.value else { throw .unreadable(Refusal("a control event has a value")) }
                return try decoder.decode(value, headers: headers)
            }, of: input)
        let isCommitted = processor.sequence != before
        switch demand {
        case .nothing: break
        case .barrier(let id, let after): barriers.add(Barriers.Barrier(id: id, after: after))
        case .clock(let instant):
            eventClock = max(eventClock, instant)
            moveClock(max(clock, instant))
        }
        if !isCommitted { processor.commit() }
        let range = inputs.range(of: number..<number + 1, in: batch, partition: Inputs.control)
        endCommit(control: range, changes: [])
    }

    /// A barrier that waits for inputs nobody reads, or a clock event where the wall clock rules, is refused.
    private func unreadBarrier(_ value: UnsafeRawBufferPointer?, _ headers: ContentHeaders) -> ControlRefusal? {
        guard let value, let event = try? processor.control.decode(value, headers: headers) else { return nil }
        switch event {
        case .barrierRequested(_, let after):
            let problems = Barriers.problems(after, inputs)
            return problems.isEmpty ? nil : .rejected(isSchema: false, subject: nil, problems: problems)
        case .clockAdvanced where configuration.clock == .wall:
            let problem = Problem(
                path: "type", message: "clock.advanced needs `clock: events`", hint: "this deployment follows the wall clock")
            return .rejected(isSchema: false, subject: nil, problems: [problem])
        default: return nil
        }
    }

    /// "Both instants are commits of their own": where campaigns start or end on the clock's way to an instant, a commit is made at the
    /// clock of that. The journal has them as records, which repeat them.
    private mutating func stopOnTheWay(to instant: Int64) {
        if isReplaying { return }
        for stop in processor.engine.commitInstants(until: instant) {
            processor.commit(at: stop)
            endCommit(control: nil, changes: [])
        }
    }

    /// Moves the clock, and commits what that changes: time comes before control.
    private mutating func moveClock(_ clock: Int64) {
        stopOnTheWay(to: clock)
        processor.apply(clock: clock)
        if processor.hasChanges {
            processor.commit()
            endCommit(control: nil, changes: [])
        }
    }

    // Changes.

    private mutating func takeChanges() throws {
        batch.removeAll()
        guard try inputs.takeChanges(into: &batch) > 0 else { return }
        var refusals = decode()
        if processor.changes.sawUnknown { refusals = try decodeAfterControl() }
        applyChanges(refusals, clock: nextClock(of: 0..<batch.count))
    }

    /// "Before a change is refused for an unknown table, or one of its members ignored as unknown for the first time since the last control
    /// event, the topic is read to its end as of then: a row that was written after its schema is never lost." The batch keeps its
    /// place while control events go first.
    private mutating func decodeAfterControl() throws -> [Refused] {
        // What was decoded is decoded again; a control event moves the clock, and would apply it as if it had come before.
        processor.batch.removeAll()
        var kept = RecordBatch()
        swap(&kept, &batch)
        try takeControl(upTo: try inputs.controlEnd())
        swap(&kept, &batch)
        return decode(again: true)
    }

    /// A record that was refused: its number in the batch, and why.
    private struct Refused {
        var number: Int
        var reason: String
    }

    /// Decodes the batch into the processor's changes; `again`, when that was done before, with fewer definitions.
    private func decode(again: Bool = false) -> [Refused] {
        processor.batch.removeAll()
        processor.changes.beginBatch(again: again)
        var refusals: [Refused] = []
        for number in 0..<batch.count {
            let record = batch[number]
            do throws(Refusal) {
                try processor.changes.decode(
                    record.value, key: record.key, headers: contentHeaders(record, batch), mapped: inputs.table(of: record.topicIndex),
                    into: processor.batch)
            } catch {
                refusals.append(Refused(number: number, reason: error.reason))
            }
        }
        return refusals
    }

    private mutating func applyChanges(_ refusals: [Refused], clock: Int64) {
        stopOnTheWay(to: clock)
        for refused in refusals {
            let record = batch[refused.number]
            processor.refuse(
                inputRecord(record, topic: inputs.topic(of: record.topicIndex), batch), stage: .change, reason: refused.reason)
        }
        processor.apply(clock: clock)
        processor.commit()
        var ranges: [JournalRecord.Range] = []
        var first = 0
        while first < batch.count {
            let (topic, number) = (batch[first].topicIndex, batch[first].partition)
            var end = first + 1
            while end < batch.count && batch[end].partition == number && batch[end].topicIndex == topic { end += 1 }
            let partition = inputs.partition(inputs.topic(of: topic), number)!
            ranges.append(inputs.range(of: first..<end, in: batch, partition: partition))
            first = end
        }
        endCommit(control: nil, changes: ranges)
    }

    // Time.

    /// Nothing came: time may still change something, and now and then an empty commit is due.
    private mutating func tick() throws {
        moveClock(nextClock(of: 0..<0))
        if journal.isEmpty && processor.engine.clock != Int64.min && monotonicNanoseconds() - lastCommit > Session.heartbeatNanoseconds {
            processor.commit()
            endCommit(control: nil, changes: [])
        }
    }

    /// The clock of a commit that takes in some records of the batch.
    mutating func nextClock(of records: Range<Int>) -> Int64 {
        switch configuration.clock {
        case .wall:
            return clock.now()
        case .events:
            let limit = configuration.clockAhead.map { wallMilliseconds() + $0.components.seconds * 1000 } ?? Int64.max
            for number in records where batch[number].timestampMilliseconds <= limit {
                eventClock = max(eventClock, batch[number].timestampMilliseconds)
            }
            return eventClock
        }
    }

    // The end of commits and transactions.

    /// Adds a commit's journal record to the transaction.
    mutating func endCommit(
        control: JournalRecord.Range?, changes: [JournalRecord.Range], snapshots announced: [JournalRecord.Announcement] = []
    ) {
        reached += barriers.takeReached(inputs)
        if isReplaying {
            if !reached.isEmpty { snapshots?.noteBarrier(processor) }
            reached.removeAll()
            processor.output.removeAll()
            return
        }
        let record = JournalRecord(
            sequence: processor.sequence, clock: processor.engine.clock, control: control, changes: changes, snapshots: announced,
            fingerprint: fingerprint)
        journal.append((record.sequence, record.encoded))
    }

    /// Publishes the commits since the last transaction: outputs, barriers reached by the last of them, and the journal records. An
    /// aborted transaction is sent again, byte by byte. Reached barriers are points of snapshots.
    mutating func publish() throws {
        guard !journal.isEmpty else { return }
        var attempt = 0
        while true {
            do throws(SinkFailure) {
                try send()
                break
            } catch {
                guard case .abortable(let cause) = error, attempt < 100 else { throw error }
                attempt += 1
                Log.warning("transaction aborted, sending it again", ["attempt": String(attempt), "cause": cause])
                do throws(SinkFailure) { try sink.abort() } catch { throw error }
                pause(milliseconds: UInt32(min(attempt * 20, 1000)))
            }
        }
        logOutputs()
        let isSnapshotPoint = !reached.isEmpty
        journal.removeAll(keepingCapacity: true)
        reached.removeAll(keepingCapacity: true)
        processor.output.removeAll()
        lastCommit = monotonicNanoseconds()
        if isSnapshotPoint { try takeAllSnapshots() }
    }

    /// Says what of the committed outputs an operator wants to know: events that went without something, and one line for each dead letter.
    private mutating func logOutputs() {
        if processor.truncatedEvents > logged.truncatedEvents {
            let count = processor.truncatedEvents - logged.truncatedEvents
            Log.warning("events were too large and went without what did not fit", ["count": String(count)])
            logged.truncatedEvents = processor.truncatedEvents
        }
        if processor.deadLetters == logged.deadLetters { return }
        logged.deadLetters = processor.deadLetters
        let most = 100
        var count = 0
        processor.output.forEach { record in
            guard record.topic == .deadLetters else { return }
            count += 1
            if count > most { return }
            Log.warning(
                "dead letter",
                [
                    "topic": record.about("topic") ?? "", "partition": record.about("partition") ?? "",
                    "offset": record.about("offset") ?? "", "stage": record.about("stage") ?? "",
                    "cause": record.about("exception.message") ?? "",
                ])
        }
        if count > most { Log.warning("more dead letters in the same commit", ["count": String(count - most)]) }
    }

    private mutating func send() throws(SinkFailure) {
        try sink.begin()
        try sink.send(processor.output)
        if !reached.isEmpty {
            var (offsets, outputs) = (JSONText(), JSONText())
            offsets.append(json(inputs.positions))
            outputs.append(json(try sink.outputEnds()))
            try sink.send(processor.barriers(reached, offsets: offsets, outputs: outputs))
        }
        for record in journal { try sink.send(journal: record.bytes, sequence: record.sequence) }
        try sink.commit()
    }

    // Replay of the journal.

    /// Repeats the commit of a journal record.
    mutating func repeatCommit(_ record: JournalRecord) throws {
        batch.removeAll()
        if let range = record.control {
            try inputs.read(range, hashesHeaders: record.hashesHeaders, partition: Inputs.control, into: &batch)
            inputs.setPosition(Inputs.control, to: range.from)
            try handleControl(0, clock: record.clock)
            eventClock = max(eventClock, record.clock)
            processor.changes.expectNewDefinitions()
        } else {
            for range in record.changes {
                guard let partition = inputs.partition(range.topic ?? topics.control, range.partition) else { continue }
                try inputs.read(range, hashesHeaders: record.hashesHeaders, partition: partition, into: &batch)
                inputs.setPosition(partition, to: range.from)
            }
            eventClock = max(eventClock, record.clock)
            applyChanges(decode(), clock: record.clock)
        }
        for range in record.changes + (record.control.map { [$0] } ?? []) {
            if let partition = inputs.partition(range.topic ?? topics.control, range.partition) {
                inputs.setPosition(partition, to: range.to)
            }
        }
        snapshots?.note(record.snapshots)
        guard processor.sequence == record.sequence else {
            throw CommandFailure(
                .internal,
                "the journal's commit \(record.sequence) became \(processor.sequence) when repeated: this program does not repeat it")
        }
    }

    private func contentHeaders(_ record: Record, _ batch: borrowing RecordBatch) -> ContentHeaders {
        var headers = ContentHeaders()
        for number in 0..<record.headerCount {
            let header = batch.header(number, of: record)
            headers.take(name: header.name, value: header.value)
        }
        return headers
    }

    private func inputRecord(_ record: Record, topic: String, _ batch: borrowing RecordBatch) -> InputRecord {
        InputRecord(
            topic: topic, partition: record.partition, offset: record.offset, timestamp: record.timestampMilliseconds, key: record.key,
            value: record.value,
            headers: (0..<record.headerCount).map { number in
                let header = batch.header(number, of: record)
                return (header.name, header.value)
            })
    }
}
