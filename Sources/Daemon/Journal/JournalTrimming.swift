// Deletes the journal's records that no start needs any more, where `checkpoints.trim` says so (contract §4, §9): those before the older
// of the two checkpoints that are kept.
import Kafka

struct JournalTrimming: Sendable {
    let client: ClientConfiguration
    let topic: String

    /// Deletes what stands below an offset, and waits until that is done.
    func trim(before offset: Int64) throws(KafkaError) {
        var admin = try Admin(configuration: client, handlers: kafkaHandlers)
        defer { admin.close(deadline: Patience.close) }
        try admin.deleteRecords(of: TopicPartition(topic: topic, partition: 0), before: offset, timeout: Patience.answer)
    }
}
