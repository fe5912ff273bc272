// librdkafka's broker in this process, for the demo and for tests without Kafka. It is no proof of anything: aborted records stay visible,
// nobody is fenced, a partition keeps its newest 5 MB only, and it answers no admin calls.

import CRdkafka

/// A broker on a port of the loopback address, chosen by the system.
///
/// `@unchecked Sendable`: librdkafka locks the mock cluster; the flag is changed by mutating calls only.
public struct MockBroker: ~Copyable, @unchecked Sendable {
    private let client: ClientHandle
    /// Tests ask it for faults.
    let cluster: OpaquePointer
    private var isStopped = false

    /// Starts it.
    /// - Parameter brokerCount: 1 … 10 brokers in one cluster.
    public init(brokerCount: Int32 = 1, handlers: ClientHandlers = .silent) throws(KafkaError) {
        precondition((1...10).contains(brokerCount), "a mock cluster has 1 … 10 brokers")
        let client = try ClientHandle(
            .producer, native: rd_kafka_conf_new(), events: ClientEvents(handlers: handlers), operation: "start mock broker",
            object: "127.0.0.1")
        guard let made = rd_kafka_mock_cluster_new(client.pointer, brokerCount) else {
            client.destroy(deadline: .seconds(1))
            throw KafkaError(operation: "start mock broker", object: "127.0.0.1", code: RD_KAFKA_RESP_ERR__FAIL)
        }
        self.client = client
        cluster = made
    }

    deinit {
        if !isStopped { Self.tearDown(client, cluster) }
    }

    /// The value for `bootstrap.servers`.
    public var bootstrapServers: String { String(cString: rd_kafka_mock_cluster_bootstraps(cluster)) }

    /// Creates a topic. Topics that are asked for are not created by themselves as long as clients forbid it; ours do.
    public func createTopic(_ name: String, partitionCount: Int32) throws(KafkaError) {
        let code = rd_kafka_mock_topic_create(cluster, name, partitionCount, 1)
        if code != RD_KAFKA_RESP_ERR_NO_ERROR { throw KafkaError(operation: "create mock topic", object: name, code: code) }
    }

    /// Stops it; calling it again does nothing. Clients that are still there find no broker.
    public mutating func stop() {
        guard !isStopped else { return }
        isStopped = true
        Self.tearDown(client, cluster)
    }

    private static func tearDown(_ client: ClientHandle, _ cluster: OpaquePointer) {
        rd_kafka_mock_cluster_destroy(cluster)
        client.destroy(deadline: .seconds(5))
    }
}
