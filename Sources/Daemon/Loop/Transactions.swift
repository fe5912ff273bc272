// The end of the loop's pipeline: publishes commits in transactions, outputs and journal records together. Commits that were made while
// a transaction was under way share the next one.
import Synchronization
import Wire

/// `@unchecked Sendable`: used by its stage's thread only.
final class Transactions: @unchecked Sendable {
    private let sink: any CommitSink
    private let lastPlace: Mutex<JournalPlace?>

    /// `last`: where the last commit stands that was published before.
    init(_ sink: any CommitSink, last: JournalPlace?) {
        self.sink = sink
        lastPlace = Mutex(last)
    }

    /// Where the last commit that was published stands; nil where nobody said where it is. Any thread may ask.
    var last: JournalPlace? { lastPlace.withLock { $0 } }

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
        if let first = sequences.first, let last = sequences.last { UnderWay.begin("the transaction of commits \(first) to \(last)") }
        defer { UnderWay.end() }
        var attempt = 0
        while true {
            do throws(SinkFailure) {
                try send(parts)
                for part in parts { log(part.output) }
                notePlace(of: parts)
                return
            } catch {
                guard case .abortable(let cause) = error, attempt < 100 else { throw error }
                attempt += 1
                // The first says it; while the broker is away there are many, and why has been said.
                (attempt == 1 && !BrokerReach.current.isAway ? Log.warning : Log.debug)(
                    "transaction aborted, sending it again", ["attempt": String(attempt), "cause": cause])
                try sink.abort()
                pause(milliseconds: UInt32(min(attempt * 20, 1000)))
            }
        }
    }

    private func notePlace(of parts: ArraySlice<TransactionPart>) {
        guard let entry = parts.last(where: { !$0.journal.isEmpty })?.journal.last else { return }
        let place = sink.journalEnd.map { end in
            entry.bytes.withUnsafeBytes { JournalPlace(sequence: entry.sequence, offset: end - 1, value: $0) }
        }
        lastPlace.withLock { $0 = place }
    }

    /// Says what of the committed outputs an operator wants to know: events that went without something, and one line for each dead letter.
    private func log(_ output: OutputBatch) {
        if output.truncatedEvents > 0 {
            Log.warning("events were too large and went without what did not fit", ["count": String(output.truncatedEvents)])
        }
        if output.deadLetters == 0 { return }
        let maximum = 100
        var count = 0
        output.forEach { record in
            guard record.topic == .deadLetters else { return }
            count += 1
            if count > maximum { return }
            Log.warning(
                "dead letter",
                [
                    "topic": record.about("topic") ?? "", "partition": record.about("partition") ?? "",
                    "offset": record.about("offset") ?? "", "stage": record.about("stage") ?? "",
                    "cause": record.about("exception.message") ?? "",
                ])
        }
        if count > maximum { Log.warning("more dead letters in the same commit", ["count": String(count - maximum)]) }
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
