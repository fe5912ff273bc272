// Where commits go. The daemon's sink is Kafka's transactional producer; tests stand in for it to break the protocol on purpose.
public import Kafka
public import Wire

/// Why a transaction did not happen.
public enum SinkFailure: Error {
    /// Send the same bytes again, in a new transaction.
    case abortable(String)
    /// Whether it happened is not known, or the producer can no longer be used: start again from the journal.
    case unknown(String)
    /// A topic refuses what was sent, and would again; the error names it. Its limits may not be those of the start: start again, which
    /// reads them (`Refusals` says how often).
    case refused(KafkaError)
    /// A successor has taken over.
    case fenced(String)
}

/// One transaction at a time: begin, send, commit.
public protocol CommitSink: AnyObject {
    func begin() throws(SinkFailure)
    func send(_ output: OutputBatch) throws(SinkFailure)
    func send(journal record: [UInt8], sequence: Int64) throws(SinkFailure)
    /// Of the output topics, where to read up to: of the last commit between two transactions; within one, waits
    /// until what was sent has its offsets.
    func outputEnds() throws(SinkFailure) -> TopicOffsets
    /// Behind the last record of the journal that was committed; nil where nobody said where it is.
    var journalEnd: Int64? { get }
    func commit() throws(SinkFailure)
    /// Called when a transaction is over: returns once another one may begin.
    func rest()
    /// Gives up the open transaction, if there is one.
    func abort() throws(SinkFailure)
    func close()
}
