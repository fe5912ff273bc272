// The counts of transitions that were counted last, by campaign: counting looks at every row, so nobody makes the engine do it again and
// again.
import Campaigns
import Kafka
import Synchronization

final class CountedTransitions: Sendable {
    private struct Counted {
        let version: Int
        let counts: JSON
        let sequence: Int64
        let clock: Int64
        let deadline: Deadline
    }

    /// So long counts are shown again.
    private static let age = Duration.seconds(10)
    private let counted = Mutex<[String: Counted]>([:])

    /// Counts of the same version that are not old, and that a commit at or before the last acknowledged one had.
    func recent(_ campaign: String, version: Int, through newest: Int64) -> (counts: JSON, sequence: Int64, clock: Int64)? {
        counted.withLock { counted in
            guard let found = counted[campaign], found.version == version, found.sequence <= newest, !found.deadline.hasPassed else {
                return nil
            }
            return (found.counts, found.sequence, found.clock)
        }
    }

    func note(_ campaign: String, version: Int, _ counts: JSON, sequence: Int64, clock: Int64) {
        counted.withLock {
            $0[campaign] = Counted(version: version, counts: counts, sequence: sequence, clock: clock, deadline: Deadline(after: Self.age))
        }
    }

    /// The life is another one: what was counted in the one before may never have been committed.
    func begin() { counted.withLock { $0 = [:] } }
}
