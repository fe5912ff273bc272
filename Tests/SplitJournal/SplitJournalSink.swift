// Wrong on purpose: it commits the journal record in a transaction of its own, after that of the outputs. A kill between the two repeats
// members that were already emitted. The kill test and the simulator must notice; that is all it is for.
import Daemon
import Wire

/// Kafka's sink, with the journal torn off.
final class SplitJournalSink: CommitSink {
    private let whole: any CommitSink
    private var records: [(bytes: [UInt8], sequence: Int64)] = []

    init(_ whole: any CommitSink) {
        self.whole = whole
    }

    func begin() throws(SinkFailure) {
        records.removeAll()
        try whole.begin()
    }

    func send(_ output: OutputBatch) throws(SinkFailure) {
        try whole.send(output)
    }

    func send(journal record: [UInt8], sequence: Int64) throws(SinkFailure) {
        records.append((record, sequence))
    }

    func outputEnds() throws(SinkFailure) -> TopicOffsets {
        try whole.outputEnds()
    }

    func commit() throws(SinkFailure) {
        try whole.commit()
        try whole.begin()
        for record in records { try whole.send(journal: record.bytes, sequence: record.sequence) }
        try whole.commit()
    }

    var journalEnd: Int64? { whole.journalEnd }

    func rest() {
        whole.rest()
    }

    func abort() throws(SinkFailure) {
        try whole.abort()
    }

    func close() {
        whole.close()
    }
}
