// The end of the loop's pipeline: publishes commits in transactions, outputs and journal records together. Commits that were made while
// a transaction was under way share the next one.
import Synchronization
import Wire

/// `@unchecked Sendable`: used by its stage's thread only.
final class Transactions: @unchecked Sendable {
    private let sink: any CommitSink
    private let metrics: Metrics
    private let interface: Interface?
    private var deadLetterLines = DeadLetterLines()
    private let places: Mutex<(last: JournalPlace?, wanted: Int64?, found: JournalPlace?)>

    /// `last`: where the last commit stands that was published before.
    init(_ sink: any CommitSink, last: JournalPlace?, _ metrics: Metrics, _ interface: Interface?) {
        self.sink = sink
        self.metrics = metrics
        self.interface = interface
        places = Mutex((last, nil, nil))
    }

    // Where commits stand in the journal. Any thread may ask.

    /// Looks out for a commit, which is the last that was made.
    func lookOut(for sequence: Int64) {
        places.withLock { places in
            let isThere = places.last?.sequence == sequence
            places = (places.last, isThere ? nil : sequence, isThere ? places.last : nil)
        }
    }

    /// Whether the commit is not published yet.
    var isLookingOut: Bool { places.withLock { $0.wanted != nil } }

    /// The commit that was looked out for, once it is published; nil also where nobody said where it is.
    var found: JournalPlace? { places.withLock { $0.found } }

    /// Publishes parts in order. Reached barriers end a transaction: they say what can be read once it is committed.
    func publish(_ parts: [TransactionPart]) throws(SinkFailure) {
        var first = parts.startIndex
        for place in parts.indices where parts[place].barriers != nil || place == parts.endIndex - 1 {
            try publish(parts[first...place])
            sink.rest()
            first = place + 1
        }
    }

    /// An aborted transaction is sent again, byte by byte.
    private func publish(_ parts: ArraySlice<TransactionPart>) throws(SinkFailure) {
        let sequences = parts.flatMap { $0.journal.map(\.sequence) }
        let began = monotonicNanoseconds()
        if let first = sequences.first, let last = sequences.last { UnderWay.begin("the transaction of commits \(first) to \(last)") }
        defer { UnderWay.end() }
        var attempt = 0
        let journalEnd = sink.journalEnd
        while true {
            do throws(SinkFailure) {
                try send(parts)
                metrics.committed(
                    parts.map(\.counts), commits: sequences.count, last: sequences.last, nanoseconds: monotonicNanoseconds() - began,
                    isRedone: attempt > 0)
                for part in parts {
                    log(part)
                    if let change = part.change { interface?.acknowledge(change) }
                }
                notePlaces(of: parts, from: journalEnd)
                return
            } catch {
                guard case .abortable(let cause) = error, attempt < 100 else { throw error }
                attempt += 1
                metrics.aborted(commits: sequences.count)
                // The first says it; while the broker is away there are many, and why has been said.
                Log.write(
                    attempt == 1 && !BrokerReach.current.isAway ? .warning : .debug, .transactionAborted,
                    "transaction aborted, sending it again", ["attempt": String(attempt), "cause": cause])
                try sink.abort()
                pause(milliseconds: UInt32(min(attempt * 20, 1000)))
            }
        }
    }

    /// The records of these commits stand behind the end that the journal had before them.
    private func notePlaces(of parts: ArraySlice<TransactionPart>, from journalEnd: Int64?) {
        func place(of entry: TransactionPart.JournalEntry) -> JournalPlace? {
            journalEnd.map { start in
                entry.bytes.withUnsafeBytes { JournalPlace(sequence: entry.sequence, offset: start, value: $0) }
            }
        }
        let entries = parts.flatMap(\.journal)
        guard let last = entries.last else { return }
        places.withLock { places in
            places.last = place(of: last)
            guard let wanted = entries.first(where: { $0.sequence == places.wanted }) else { return }
            (places.wanted, places.found) = (nil, place(of: wanted))
        }
    }

    /// Says what of the committed outputs an operator wants to know: definitions, events that went without something, and dead letters by
    /// their reasons; each of those for whoever looks closer.
    private func log(_ part: TransactionPart) {
        let output = part.output
        for definition in part.counts.definitions { definition.log() }
        for line in deadLetterLines.take(part.counts.deadLetters) { line.log() }
        if output.truncatedEvents > 0 {
            Log.warning(
                .eventsTruncated, "events were too large and went without what did not fit", ["count": String(output.truncatedEvents)])
        }
        if output.deadLetters == 0 || !Log.isShown(.debug) { return }
        let maximum = 100
        var count = 0
        output.forEach { record in
            guard record.topic == .deadLetters else { return }
            count += 1
            if count > maximum { return }
            Log.debug(
                .deadLetter, "dead letter",
                [
                    "topic": record.about("topic") ?? "", "partition": record.about("partition") ?? "",
                    "offset": record.about("offset") ?? "", "stage": record.about("stage") ?? "",
                    "cause": record.about("exception.message") ?? "",
                ])
        }
    }

    private func send(_ parts: ArraySlice<TransactionPart>) throws(SinkFailure) {
        try sink.begin()
        for part in parts { try sink.send(part.output) }
        if let barriers = parts.last?.barriers { try sink.send(barriers.records(outputs: try sink.outputEnds())) }
        for part in parts {
            for record in part.journal { try sink.send(journal: record.bytes, sequence: record.sequence) }
        }
        try sink.commit()
    }
}
