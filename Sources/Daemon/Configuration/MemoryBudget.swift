// How `memory` is divided (contract §9): what waits, is read ahead or is copied has a share each, and the rest is for what the daemon is
// there for, rows and what the campaigns keep of them.
//
//   share                          of memory    at the most    where
//   records read ahead             1/8          512 MiB        librdkafka's queues, of all partitions together
//   records being sent             1/32         128 MiB        librdkafka's queue, with what each costs besides
//   batches of the loop            3 × 1/64     3 × 8 MiB      records as read; about as much again once they are decoded
//   outputs that wait              1/16         64 MiB         between the committing thread and the publishing one, and as much there
//   rows kept for a checkpoint     1/16                        where more changes meanwhile, it is given up
//   pieces for the disk            1/32         2 MiB          of a checkpoint, between the loop and the thread that writes it
//   members for the disk           1/16                        of snapshots, and one snapshot more, however large
//
// Together they take little more than half of it, when all of it happens at once. A smaller `memory` makes commits smaller, and each costs
// its transaction; one larger than 4 GiB makes nothing faster.
import Campaigns
import Kafka

/// The shares of `memory`. Each has its reason where it is used.
struct MemoryBudget: Equatable, Sendable {
    /// The most bytes of an image that are handed over as one piece, about.
    static let pieceBytes = 256 << 10
    /// What a record that was read costs beside its bytes: its entry, and its cells.
    private static let recordBytes = 512
    /// What an event costs beside its bytes and before it is acknowledged, about.
    private static let eventBytes = 1_024

    let memoryBytes: Int

    /// - Parameter memoryBytes: what the process may use.
    init(memoryBytes: Int) {
        precondition(memoryBytes > 0, "some memory is there")
        self.memoryBytes = memoryBytes
    }

    private func share(_ part: Int, atMost most: Int = .max) -> Int { min(most, memoryBytes / part) }

    /// What librdkafka's queues may take.
    var queues: QueueBounds {
        QueueBounds(
            readBytes: share(8, atMost: QueueBounds.enoughReadBytes), sentBytes: share(32, atMost: QueueBounds.enoughSentBytes))
    }

    /// Bytes of the records that a batch takes at most.
    var batchBytes: Int { max(256 << 10, share(64, atMost: 8 << 20)) }

    /// Records that a batch takes at most.
    var batchRecords: Int { min(10_000, batchBytes / Self.recordBytes) }

    /// This many that have come are worth a commit while another is under way.
    var enoughRecords: Int { min(4_096, batchRecords / 2) }

    /// Outputs that wait for the transaction under way.
    var outputBytes: Int { share(16, atMost: 64 << 20) }

    /// How many events of what is large one commit says.
    var eventsPerCommit: Int { min(Limits.eventsPerCommit, max(256, outputBytes / 2 / Self.eventBytes)) }

    /// Rows as they were, while they are copied for a checkpoint.
    var keptRowBytes: Int { share(16) }

    /// Pieces of a checkpoint that wait for the disk.
    var waitingPieces: Int { max(1, share(32, atMost: 2 << 20) / Self.pieceBytes) }

    /// Members that wait to be written as snapshots.
    var snapshotBytes: Int { share(16) }
}

extension Configuration {
    /// How what the process may use is divided.
    var memoryBudget: MemoryBudget { MemoryBudget(memoryBytes: memoryBytes) }
}
