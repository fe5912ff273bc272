// What was read for one commit, on its way from the reading thread to the committing one: the records, what they were decoded to, and
// what the journal says about them.
import Kafka
import Wire

/// `@unchecked Sendable`: it belongs to the thread that reads until it is handed over, and comes back empty.
final class InputBatch: @unchecked Sendable {
    var records: RecordBatch
    let decoded = DecodedBatch()
    /// The commit's clock, milliseconds since the Unix epoch.
    var clock: Int64 = 0
    var ranges: [JournalRecord.Range] = []
    /// What the commit reaches.
    var barriers: ReachedBarriers?
    /// How many events of what is large the commit says; nil while the journal is repeated.
    var eventLimit: Int?
    /// The record of the commit when the journal is repeated.
    var repeated: JournalRecord?
    // For the metrics (CommitCounts).
    var readings: [CommitCounts.Reading] = []
    var arrivals: [CommitCounts.Arrivals] = []
    var ignored: [String: Int] = [:]
    var ignoredMembers: [String: Int] = [:]
    /// More memory than this is not kept for the next records: one of a few megabytes comes once in a while.
    private let keptBytes: Int

    init(_ budget: MemoryBudget) {
        records = RecordBatch(capacityBytes: min(1 << 20, budget.batchBytes))
        keptBytes = 2 * budget.batchBytes
    }

    func removeAll() {
        records.removeAll(keeping: keptBytes)
        decoded.removeAll(keeping: keptBytes)
        ranges.removeAll(keepingCapacity: true)
        readings.removeAll(keepingCapacity: true)
        arrivals.removeAll(keepingCapacity: true)
        ignored.removeAll(keepingCapacity: true)
        ignoredMembers.removeAll(keepingCapacity: true)
        barriers = nil
        eventLimit = nil
        repeated = nil
    }
}
