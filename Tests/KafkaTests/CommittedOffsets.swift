// The group's offsets as tools that show lag see them; the daemon only sends them.

import CRdkafka

@testable import Kafka

extension TopicConsumer {
    /// The group's offset of a partition; nil without one.
    func committedOffset(of partition: TopicPartition, timeout: Duration) throws(KafkaError) -> Int64? {
        try withNativePartitions(count: 1) { list throws(KafkaError) in
            let element = rd_kafka_topic_partition_list_add(list, partition.topic, partition.partition)!
            let code = rd_kafka_committed(client.pointer, list, timeout.wholeMilliseconds)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
                throw KafkaError(operation: "ask for group offsets", object: partition.topic, code: code)
            }
            return element.pointee.offset < 0 ? nil : element.pointee.offset
        }
    }
}
