// What goes wrong with a broker, on purpose.

import CRdkafka

@testable import Kafka

extension MockBroker {
    /// The next requests of this kind (Kafka's number of it: 0 Produce, 1 Fetch, 22 InitProducerId, 26 EndTxn) fail with these errors.
    func failNextRequests(ofKind kind: Int16, with errors: [rd_kafka_resp_err_t]) {
        errors.withUnsafeBufferPointer {
            rd_kafka_mock_push_request_errors_array(cluster, kind, $0.count, $0.baseAddress)
        }
    }

    /// Takes back the errors that are left for requests of this kind.
    func forgetErrors(ofKind kind: Int16) {
        rd_kafka_mock_clear_request_errors(cluster, kind)
    }

    /// The broker waits this long before each answer.
    func delayAnswers(ofBroker broker: Int32 = 1, by delay: Duration) {
        rd_kafka_mock_broker_set_rtt(cluster, broker, delay.wholeMilliseconds)
    }

    /// Refuses connections, or accepts them again.
    func setReachable(_ isReachable: Bool, broker: Int32 = 1) {
        _ = isReachable ? rd_kafka_mock_broker_set_up(cluster, broker) : rd_kafka_mock_broker_set_down(cluster, broker)
    }

    /// Another broker of the cluster leads a partition from now on.
    func setLeader(of topic: String, partition: Int32, to broker: Int32) {
        rd_kafka_mock_partition_set_leader(cluster, topic, partition, broker)
    }
}
