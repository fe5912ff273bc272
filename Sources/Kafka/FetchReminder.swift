// Reminds librdkafka to fetch again of a partition once its full queue has been emptied.
//
// When the prefetch queue is full, 2.0.2 stops fetching and looks again only when something wakes the broker's thread, or after a second;
// that its queue was emptied does not wake it (fixed in 2.2.0 by fetch.queue.backoff.ms). A reader that empties 16 MiB in 50 ms would
// stand still for the rest. Any request to the partition's leader wakes its thread: this asks for an offset, and ignores the answer.

import CRdkafka

struct FetchReminder {
    /// When the queue holds about so much, fetching may have stopped: half of what stops it.
    private let fullBytes: Int
    private let fullRecords: Int
    private let partitions: [AssignedPartition]
    /// By the partition's place in the assignment.
    private var mayHaveStopped: [Bool]

    /// How long an answer is waited for; without a fetch in the way it takes less.
    private static let patience: Int32 = 2

    init(queueBytes: Int, queueRecords: Int, partitions: [AssignedPartition]) {
        fullBytes = queueBytes / 2
        fullRecords = queueRecords / 2
        self.partitions = partitions
        mayHaveStopped = Array(repeating: false, count: partitions.count)
    }

    /// To be called before records are taken from a queue that holds this many.
    mutating func willTake(from partition: Int, holding queueLength: Int, recordBytes: Int) {
        if isFull(queueLength * recordBytes, queueLength) { mayHaveStopped[partition] = true }
    }

    /// To be called after records were taken; asks the leader at most once each time that the queue was full.
    mutating func didTake(from partition: Int, leaving queueLength: Int, recordBytes: Int, client: OpaquePointer) {
        guard mayHaveStopped[partition], !isFull(queueLength * recordBytes * 2, queueLength * 2) else { return }
        mayHaveStopped[partition] = false
        guard let list = rd_kafka_topic_partition_list_new(1) else { return }
        defer { rd_kafka_topic_partition_list_destroy(list) }
        rd_kafka_topic_partition_list_add(list, partitions[partition].topic, partitions[partition].partition).pointee.offset = 0
        _ = rd_kafka_offsets_for_times(client, list, Self.patience)
    }

    private func isFull(_ bytes: Int, _ records: Int) -> Bool {
        bytes >= fullBytes || records >= fullRecords
    }
}
