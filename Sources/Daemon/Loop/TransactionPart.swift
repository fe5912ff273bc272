// What the committing thread hands to the publishing one.
import Wire

/// Commits that are published together.
///
/// `@unchecked Sendable`: nobody else has the output any more.
struct TransactionPart: @unchecked Sendable {
    typealias JournalEntry = (sequence: Int64, bytes: [UInt8])

    var output: OutputBatch
    var journal: [JournalEntry]
    /// Those that the last of the commits has reached.
    var barriers: BarrierEvents?
    /// What lists show otherwise once it is acknowledged; nil: nobody asks.
    var change: CommittedChange?

    /// What they add to the metrics, once they are acknowledged.
    var counts = CommitCounts()

    /// About how much memory it takes.
    var byteCount: Int { output.memoryBytes + journal.reduce(0) { $0 + $1.bytes.count } }
}
