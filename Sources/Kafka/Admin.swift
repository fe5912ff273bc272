// What has to be asked or told about topics before anything is read or sent: do they exist, how are they configured, create them.

import CRdkafka

/// What a topic is like.
public struct TopicDescription: Sendable, Equatable {
    /// With the deployment's prefix.
    public let name: String
    /// False: all else is empty.
    public let exists: Bool
    /// 0 when it is not there.
    public let partitionCount: Int
    /// Every setting of the topic that has a value and is no secret, the broker's defaults included: `cleanup.policy`, `retention.ms`, …
    public let settings: [String: String]
}

/// A topic to be created.
public struct NewTopic: Sendable {
    /// With the deployment's prefix.
    public let name: String
    /// Nil is the broker's default.
    public let partitionCount: Int32?
    /// Replicas of each partition; nil is the broker's default.
    public let replicaCount: Int32?
    /// The topic's own settings: `cleanup.policy` → `compact`, …
    public let settings: [String: String]

    public init(name: String, partitionCount: Int32?, replicaCount: Int32? = nil, settings: [String: String] = [:]) {
        self.name = name
        self.partitionCount = partitionCount
        self.replicaCount = replicaCount
        self.settings = settings
    }
}

/// What became of a topic to be created.
public struct TopicCreation: Sendable, Equatable {
    /// What the broker said.
    public enum Outcome: Sendable, Equatable {
        case created
        /// Whatever it is like: `describe` tells.
        case alreadyExisted
        case failed(KafkaError)
    }

    /// Of the topic.
    public let name: String
    /// Whether it is there now.
    public let outcome: Outcome
}

/// A client for administration.
///
/// `@unchecked Sendable`: it holds nothing but librdkafka's handle, which any thread may use, and a flag that only mutating calls change.
public struct Admin: ~Copyable, @unchecked Sendable {
    private let client: ClientHandle
    private var isClosed = false

    /// - Throws: a setting that is refused (`fatal`).
    public init(configuration: ClientConfiguration, handlers: ClientHandlers) throws(KafkaError) {
        // A consumer's handle: by itself it never makes a broker create the topics it asks about.
        let native = try configuration.makeNative(for: .consumer, forced: [("allow.auto.create.topics", "false")])
        client = try ClientHandle(
            .consumer, native: native, events: ClientEvents(handlers: handlers), operation: "make admin client", object: "brokers")
    }

    deinit {
        if !isClosed { client.destroy(deadline: .seconds(5)) }
    }

    /// - Returns: whether it ended before the deadline; it goes on ending by itself after it.
    @discardableResult
    public mutating func close(deadline: Duration) -> Bool {
        guard !isClosed else { return true }
        isClosed = true
        return client.destroy(deadline: deadline)
    }

    // MARK: - Describing

    /// Describes topics, in the order asked for. `timeout` is for all of it.
    /// - Throws: `retriable` when no broker answers, `fatal` without permission.
    public func describe(topics names: [String], timeout: Duration) throws(KafkaError) -> [TopicDescription] {
        requireOpen()
        let deadline = Deadline(after: timeout)
        var partitionCounts: [String: Int] = [:]
        for name in names {
            do throws(KafkaError) {
                partitionCounts[name] = try client.partitionCount(of: name, timeout: deadline.remaining)
            } catch  where error.isUnknownTopic {
                continue
            }
        }
        let found = partitionCounts.keys.sorted()
        // Who is asked is the controller, as the last answer about a topic named it.
        let settings: [String: [String: String]] = try Attempts.ask(
            within: deadline.remaining, lookAround: { _ = try? client.partitionCount(of: found[0], timeout: $0) }
        ) { timeout throws(KafkaError) in try self.settings(of: found, timeout: timeout) }
        return names.map { name in
            TopicDescription(
                name: name, exists: partitionCounts[name] != nil, partitionCount: partitionCounts[name] ?? 0,
                settings: settings[name] ?? [:])
        }
    }

    private func settings(of names: [String], timeout: Duration) throws(KafkaError) -> [String: [String: String]] {
        guard !names.isEmpty else { return [:] }
        var resources: [OpaquePointer?] = names.map { rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, $0) }
        defer { rd_kafka_ConfigResource_destroy_array(&resources, resources.count) }
        let event = try call(
            RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, "describe topics", names.joined(separator: ", "), timeout: timeout
        ) { options, queue in
            rd_kafka_DescribeConfigs(client.pointer, &resources, resources.count, options, queue)
        }
        defer { rd_kafka_event_destroy(event) }
        var count = 0
        let found = rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event), &count)
        var settings: [String: [String: String]] = [:]
        for index in 0..<count {
            guard let resource = found?[index] else { continue }
            let name = String(cString: rd_kafka_ConfigResource_name(resource))
            let code = rd_kafka_ConfigResource_error(resource)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
                let text = rd_kafka_ConfigResource_error_string(resource).map { String(cString: $0) }
                throw KafkaError(operation: "describe topic", object: name, code: code, message: text)
            }
            settings[name] = Self.entries(of: resource)
        }
        return settings
    }

    private static func entries(of resource: OpaquePointer) -> [String: String] {
        var count = 0
        let entries = rd_kafka_ConfigResource_configs(resource, &count)
        var settings: [String: String] = [:]
        for index in 0..<count {
            guard let entry = entries?[index], let value = rd_kafka_ConfigEntry_value(entry) else { continue }
            settings[String(cString: rd_kafka_ConfigEntry_name(entry))] = String(cString: value)
        }
        return settings
    }

    // MARK: - Creating

    /// Creates topics; each has its own outcome, in the order given. Returns when the brokers know them, or at `timeout`.
    /// - Throws: what concerns the whole call: `retriable` when no broker answers.
    public func create(topics: [NewTopic], timeout: Duration) throws(KafkaError) -> [TopicCreation] {
        requireOpen()
        guard !topics.isEmpty else { return [] }
        var natives: [OpaquePointer?] = []
        defer { rd_kafka_NewTopic_destroy_array(&natives, natives.count) }
        for topic in topics { natives.append(try Self.native(topic)) }
        let names = topics.map(\.name)
        let event = try call(
            RD_KAFKA_ADMIN_OP_CREATETOPICS, "create topics", names.joined(separator: ", "), timeout: timeout
        ) { options, queue in
            rd_kafka_CreateTopics(client.pointer, &natives, natives.count, options, queue)
        }
        defer { rd_kafka_event_destroy(event) }
        var count = 0
        let results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count)
        var outcomes: [String: TopicCreation.Outcome] = [:]
        for index in 0..<count {
            guard let result = results?[index] else { continue }
            let name = String(cString: rd_kafka_topic_result_name(result))
            outcomes[name] = Self.outcome(of: result, name: name)
        }
        return names.map { name in
            let missing = KafkaError(operation: "create topic", object: name, code: RD_KAFKA_RESP_ERR__FAIL, message: "no answer about it")
            return TopicCreation(name: name, outcome: outcomes[name] ?? .failed(missing))
        }
    }

    private static func outcome(of result: OpaquePointer, name: String) -> TopicCreation.Outcome {
        switch rd_kafka_topic_result_error(result) {
        case RD_KAFKA_RESP_ERR_NO_ERROR: return .created
        case RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS: return .alreadyExisted
        case let code:
            let text = rd_kafka_topic_result_error_string(result).map { String(cString: $0) }
            return .failed(KafkaError(operation: "create topic", object: name, code: code, message: text))
        }
    }

    private static func native(_ topic: NewTopic) throws(KafkaError) -> OpaquePointer {
        let (made, text) = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { text in
            text.initialize(repeating: 0)
            let made = rd_kafka_NewTopic_new(
                topic.name, topic.partitionCount ?? -1, topic.replicaCount ?? -1, text.baseAddress, text.count)
            return (made, text.baseAddress.map { String(cString: $0) })
        }
        guard let made else {
            throw KafkaError(operation: "create topic", object: topic.name, code: RD_KAFKA_RESP_ERR__INVALID_ARG, message: text)
        }
        for (name, value) in topic.settings.sorted(by: { $0.key < $1.key }) { rd_kafka_NewTopic_set_config(made, name, value) }
        return made
    }

    // MARK: - Deleting

    /// Deletes a partition's records below an offset. Those that are gone already are no error.
    /// - Throws: `retriable` when no broker answers, `fatal` without permission or when nothing may be deleted.
    public func deleteRecords(of partition: TopicPartition, before offset: Int64, timeout: Duration) throws(KafkaError) {
        requireOpen()
        let operation = "delete records"
        let object = "\(partition.topic)/\(partition.partition)"
        guard let places = rd_kafka_topic_partition_list_new(1) else { preconditionFailure("librdkafka has no memory left") }
        defer { rd_kafka_topic_partition_list_destroy(places) }
        rd_kafka_topic_partition_list_add(places, partition.topic, partition.partition).pointee.offset = offset
        var asked = rd_kafka_DeleteRecords_new(places)
        defer { rd_kafka_DeleteRecords_destroy(asked) }
        let event = try call(RD_KAFKA_ADMIN_OP_DELETERECORDS, operation, object, timeout: timeout) { options, queue in
            rd_kafka_DeleteRecords(client.pointer, &asked, 1, options, queue)
        }
        defer { rd_kafka_event_destroy(event) }
        let deleted = rd_kafka_DeleteRecords_result_offsets(rd_kafka_event_DeleteRecords_result(event))
        let code = deleted.map { $0.pointee.cnt == 1 ? $0.pointee.elems[0].err : RD_KAFKA_RESP_ERR__FAIL } ?? RD_KAFKA_RESP_ERR__FAIL
        if code != RD_KAFKA_RESP_ERR_NO_ERROR { throw KafkaError(operation: operation, object: object, code: code) }
    }

    // MARK: - One call

    /// Starts a call and waits for its answer: an event that the caller destroys.
    private func call(
        _ kind: rd_kafka_admin_op_t, _ operation: String, _ object: String, timeout: Duration,
        _ start: (OpaquePointer?, OpaquePointer) -> Void
    ) throws(KafkaError) -> OpaquePointer {
        let limit = max(1, timeout.wholeMilliseconds)
        let options = rd_kafka_AdminOptions_new(client.pointer, kind)
        defer { rd_kafka_AdminOptions_destroy(options) }
        // librdkafka's own limits are 1 … 3,600,000 ms.
        rd_kafka_AdminOptions_set_request_timeout(options, min(limit, 3_600_000), nil, 0)
        if kind == RD_KAFKA_ADMIN_OP_CREATETOPICS {
            rd_kafka_AdminOptions_set_operation_timeout(options, min(limit, 3_600_000), nil, 0)
        }
        guard let queue = rd_kafka_queue_new(client.pointer) else { preconditionFailure("librdkafka has no memory left") }
        defer { rd_kafka_queue_destroy(queue) }
        start(options, queue)
        let timedOut = KafkaError(operation: operation, object: object, code: RD_KAFKA_RESP_ERR__TIMED_OUT)
        guard let event = rd_kafka_queue_poll(queue, limit) else { throw timedOut }
        let code = rd_kafka_event_error(event)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            let text = rd_kafka_event_error_string(event).map { String(cString: $0) }
            rd_kafka_event_destroy(event)
            throw KafkaError(operation: operation, object: object, code: code, message: text)
        }
        return event
    }

    private func requireOpen() {
        precondition(!isClosed, "the admin client is closed")
    }
}
