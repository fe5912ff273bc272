// Deletes the journal's records that no start needs any more, where `checkpoints.trim` says so (contract §4, §9): those before the older
// of the two checkpoints that are kept.
import Kafka

struct JournalTrimming: Sendable {
    let source: any Source
    let topic: String

    /// Deletes what stands below an offset, and waits until that is done. A failure, which is said, costs room alone: the next checkpoint
    /// deletes what this one could not.
    func trim(before offset: Int64) {
        do throws(KafkaError) {
            try source.deleteRecords(of: TopicPartition(topic: topic, partition: 0), before: offset)
            Log.debug(.journalTrimmed, "journal records that no checkpoint needs are deleted", ["before": String(offset)])
        } catch {
            Log.warning(.journalNotTrimmed, "journal records that no checkpoint needs cannot be deleted", ["cause": "\(error)"])
        }
    }
}
