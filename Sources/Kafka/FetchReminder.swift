// Reminds librdkafka to fetch again once its full queue has been emptied.
//
// When the prefetch queue is full, 2.0.2 stops fetching and looks again only when something wakes the broker's thread, or after a second;
// that its queue was emptied does not wake it (fixed in 2.2.0 by fetch.queue.backoff.ms). A reader that empties 16 MiB in 50 ms would
// stand still for the rest. Any request to the partitions' leaders wakes their threads: this asks for offsets, and ignores the answer.

import CRdkafka

struct FetchReminder {
    /// When the queue holds about so much, fetching may have stopped: half of what stops it.
    private let fullBytes: Int
    private let fullRecords: Int
    private var mayHaveStopped = false
    private let partitions: [TopicPartition]

    /// How long an answer is waited for; without a fetch in the way it takes less.
    private static let patience: Int32 = 2

    init(configuration: ClientConfiguration, partitions: [TopicPartition]) {
        fullBytes = configuration.number("queued.max.messages.kbytes", for: .consumer) * 1_024 / 2
        fullRecords = configuration.number("queued.min.messages", for: .consumer) / 2
        self.partitions = partitions
    }

    /// To be called before records are taken from a queue that holds so many.
    mutating func willTake(from queueLength: Int, recordBytes: Int) {
        if isFull(queueLength * recordBytes, queueLength) { mayHaveStopped = true }
    }

    /// To be called after records were taken; asks the leaders at most once each time that the queue was full.
    mutating func didTake(leaving queueLength: Int, recordBytes: Int, client: OpaquePointer) {
        guard mayHaveStopped, !isFull(queueLength * recordBytes * 2, queueLength * 2) else { return }
        mayHaveStopped = false
        guard let list = rd_kafka_topic_partition_list_new(Int32(partitions.count)) else { return }
        defer { rd_kafka_topic_partition_list_destroy(list) }
        for wanted in partitions {
            rd_kafka_topic_partition_list_add(list, wanted.topic, wanted.partition).pointee.offset = 0
        }
        _ = rd_kafka_offsets_for_times(client, list, Self.patience)
    }

    private func isFull(_ bytes: Int, _ records: Int) -> Bool {
        bytes >= fullBytes || records >= fullRecords
    }
}
