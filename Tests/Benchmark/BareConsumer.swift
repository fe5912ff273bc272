// What the daemon is compared with: librdkafka with its own defaults and none of our code, which takes every record of a topic in batches,
// counts its bytes and throws it away.
import CRdkafka
import Daemon

enum BareConsumer {
    /// Reads from the beginning until there were that many records. Returns the time from making the consumer to the last record.
    static func read(brokers: String, topic: String, partitions: Int32, records: Int) throws -> (time: UInt64, bytes: Int) {
        let start = monotonicNanoseconds()
        let settings: OpaquePointer = rd_kafka_conf_new()
        for (name, value) in [("bootstrap.servers", brokers), ("group.id", "bare"), ("enable.auto.commit", "false")] {
            guard rd_kafka_conf_set(settings, name, value, nil, 0) == RD_KAFKA_CONF_OK else { throw Failure("librdkafka refuses \(name)") }
        }
        guard let client = rd_kafka_new(RD_KAFKA_CONSUMER, settings, nil, 0) else { throw Failure("librdkafka makes no consumer") }
        defer { rd_kafka_destroy(client) }
        rd_kafka_poll_set_consumer(client)
        let list = rd_kafka_topic_partition_list_new(partitions)
        defer { rd_kafka_topic_partition_list_destroy(list) }
        for partition in 0..<partitions {
            rd_kafka_topic_partition_list_add(list, topic, partition).pointee.offset = Int64(RD_KAFKA_OFFSET_BEGINNING)
        }
        rd_kafka_assign(client, list)
        let queue: OpaquePointer = rd_kafka_queue_get_consumer(client)
        defer { rd_kafka_queue_destroy(queue) }
        var messages: [UnsafeMutablePointer<rd_kafka_message_t>?] = Array(repeating: nil, count: 1000)
        var (seen, bytes) = (0, 0)
        while seen < records {
            let count = rd_kafka_consume_batch_queue(queue, 10_000, &messages, messages.count)
            guard count > 0 else { throw Failure("\(topic): only \(seen) of \(records) records can be read") }
            for message in messages[..<count] {
                guard let message else { continue }
                if message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR {
                    seen += 1
                    bytes += message.pointee.len + message.pointee.key_len
                }
                rd_kafka_message_destroy(message)
            }
        }
        return (monotonicNanoseconds() - start, bytes)
    }
}
