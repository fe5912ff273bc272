// What a client is made with: the operator's settings (from the allow-list), our defaults under them, and over them what each
// kind of client is forced to. Settings are checked all at once, before anything starts.

import CRdkafka

/// A setting that cannot be used.
public struct SettingProblem: Sendable, Hashable {
    /// The setting's name, as it was given.
    public let key: String
    /// What is wrong with it and what would be right. Never holds the value of a secret.
    public let message: String
}

/// librdkafka settings passed through by the operator. Printing it shows no value of a secret.
public struct ClientConfiguration: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Name → value. Settings outside the allow-list make the creation of a client fail.
    let settings: [String: String]
    /// Under the operator's settings.
    let bounds: QueueBounds

    public init(settings: [String: String], bounds: QueueBounds = QueueBounds()) {
        self.settings = settings
        self.bounds = bounds
    }

    public var description: String {
        let shown = settings.sorted { $0.key < $1.key }.map { key, value in
            "\(key)=\(Self.allowedSettingsByName[key]?.isSecret == false ? value : "[hidden]")"
        }
        return shown.joined(separator: " ")
    }

    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["settings": description]) }
}

// MARK: - Our own settings

extension ClientConfiguration {
    /// The largest record that is read: a bound of the contract, not of Kafka.
    static let maximumRecordBytes = 10 << 20

    /// Under the operator's settings. What waits is bounded so that memory is.
    private func defaults(for side: AllowedSetting.Side) -> [(String, String)] {
        let common = [
            ("client.id", "audienced"), ("socket.nagle.disable", "true"), ("socket.keepalive.enable", "true"),
            ("reconnect.backoff.max.ms", "\(reconnectMilliseconds)"),
        ]
        return switch side {
        case .both: common
        case .consumer:
            // A partition that comes to a reader waits for the answer to the fetch that is under way without it: at a start, for each.
            common + [
                ("check.crcs", "true"), ("fetch.message.max.bytes", "\(bounds.partitionFetchBytes)"),
                ("fetch.wait.max.ms", "100"), ("receive.message.max.bytes", "\(Self.receivedBytes)"),
            ] + fetchSettings
        case .producer:
            // message.max.bytes: of one record, a dead letter as large as an input record; batch.size is what a batch of several may have,
            // just below a broker's own default.
            common + [
                ("queue.buffering.max.kbytes", "\(bounds.sendKilobytes)"), ("queue.buffering.max.messages", "\(bounds.sendRecords)"),
                ("linger.ms", "5"), ("message.max.bytes", "\(Self.maximumRecordBytes + 1_048_576)"), ("batch.size", "1000000"),
            ]
        }
    }

    /// That a broker is back, after it was away for long, is noticed this late at the most, and so is another coordinator of transactions:
    /// librdkafka looks for one when it cannot connect. Its own default is 10 s, that of Java's clients one. It takes none below
    /// `reconnect.backoff.ms`.
    private var reconnectMilliseconds: Int { max(1_000, Int(settings["reconnect.backoff.ms"] ?? "") ?? 0) }

    /// A broker that hangs keeps its connections, and is asked until a request has waited for so long; its partitions have another leader
    /// after 9 s. librdkafka's own default is 60 s. Only of clients that ask and read no records: what is fetched may take longer over a
    /// slow line, and who writes waits for nearly as long as a transaction may take, since the end of one that is asked for again must not
    /// meet the next (KIP-890). An operator's own wish goes before it.
    var askerSettings: [(String, String)] {
        if settings["socket.timeout.ms"] != nil { return [] }
        let wait = Int(settings["fetch.wait.max.ms"] ?? "") ?? 0
        return [("socket.timeout.ms", "\(min(300_000, max(10_000, wait + 1_000)))")]
    }

    /// A broker takes requests of 100 MiB by default, and a record that fills one must not stop its partition.
    private static let receivedBytes = 256 << 20

    /// librdkafka takes no fetch.max.bytes below message.max.bytes, which is nothing else to a consumer, and none above
    /// receive.message.max.bytes: what the operator says of those is kept to.
    private var fetchSettings: [(String, String)] {
        let least = Int(settings["message.max.bytes"] ?? "") ?? min(1_000_000, bounds.fetchBytes)
        let most = Int(settings["receive.message.max.bytes"] ?? "") ?? Self.receivedBytes
        return [("message.max.bytes", "\(least)"), ("fetch.max.bytes", "\(max(least, min(bounds.fetchBytes, most - 512)))")]
    }

    /// The bounds of one partition's queue, which share what there is for all. Where the operator has a wish, it is for one queue, too.
    func queueLimits(partitionCount: Int) -> (kilobytes: Int, records: Int) {
        (
            Int(settings["queued.max.messages.kbytes"] ?? "") ?? bounds.queueKilobytes(partitionCount: partitionCount),
            Int(settings["queued.min.messages"] ?? "") ?? bounds.queueRecords(partitionCount: partitionCount)
        )
    }

    /// The number that a setting with a default of ours has.
    func number(_ key: String, for side: AllowedSetting.Side) -> Int {
        let ours = defaults(for: side).first { $0.0 == key }?.1
        guard let number = Int(settings[key] ?? ours ?? "") ?? Int(ours ?? "") else { preconditionFailure("\(key) has no default") }
        return number
    }

    /// The largest record that a producer sends, in a batch of its own.
    public var maximumSentBytes: Int {
        let queueBytes = number("queue.buffering.max.kbytes", for: .producer).multipliedReportingOverflow(by: 1_024)
        return min(number("message.max.bytes", for: .producer), queueBytes.overflow ? .max : queueBytes.partialValue)
    }

    /// Bounds batches besides the operator's own wish.
    func batchSettings(maximumBatchBytes: Int?) -> [(String, String)] {
        guard let maximumBatchBytes else { return [] }
        return [("batch.size", "\(min(maximumBatchBytes, number("batch.size", for: .producer)))")]
    }

    /// Settings of a reader that nobody may change.
    static func consumerSettings(group: String, isolation: IsolationLevel, reportsPartitionEnd: Bool) -> [(String, String)] {
        [
            ("group.id", group), ("enable.auto.commit", "false"), ("enable.auto.offset.store", "false"),
            ("auto.offset.reset", "error"), ("isolation.level", isolation.rawValue),
            ("enable.partition.eof", reportsPartitionEnd ? "true" : "false"), ("allow.auto.create.topics", "false"),
        ]
    }

    /// Settings of any producer that nobody may change: a send is given up after `deliveryTimeout`.
    static func producerSettings(deliveryTimeout: Duration) -> [(String, String)] {
        [
            ("enable.idempotence", "true"), ("partitioner", "murmur2_random"), ("allow.auto.create.topics", "false"),
            ("message.timeout.ms", "\(max(1, deliveryTimeout.wholeMilliseconds))"),
        ]
    }

    /// Settings of a transactional producer. The short back-off is what a transaction waits when it meets the markers of the one
    /// before (CONCURRENT_TRANSACTIONS): with the default of 100 ms a commit takes 31–109 ms instead of 4. Connecting again to a
    /// broker that is away has a back-off of its own (reconnect.backoff.ms).
    static func transactionalSettings(transactionalIdentifier: String, transactionTimeout: Duration) -> [(String, String)] {
        producerSettings(deliveryTimeout: transactionTimeout - .seconds(1)) + [
            ("transactional.id", transactionalIdentifier), ("retry.backoff.ms", "2"),
            ("transaction.timeout.ms", "\(transactionTimeout.wholeMilliseconds)"),
        ]
    }
}

// MARK: - Making and checking

extension ClientConfiguration {
    /// A configuration object for librdkafka, owned by the caller (`rd_kafka_conf_destroy`, or given to `rd_kafka_new`).
    /// - Throws: the first setting that is refused, `fatal`.
    func makeNative(
        for side: AllowedSetting.Side, forced: [(String, String)], leavingOut left: String? = nil
    ) throws(KafkaError) -> OpaquePointer {
        var all = defaults(for: side)
        for (key, value) in settings.sorted(by: { $0.key < $1.key }) where key != left {
            if let problem = Self.nameProblem(key) {
                throw KafkaError(operation: "configure", object: key, code: RD_KAFKA_RESP_ERR__INVALID_ARG, message: problem)
            }
            guard let allowed = Self.allowedSettingsByName[key], allowed.side == .both || allowed.side == side else { continue }
            all.append((key, value))
        }
        let native: OpaquePointer = rd_kafka_conf_new()
        for (key, value) in all + forced {
            if let problem = Self.set(key, value, on: native) {
                rd_kafka_conf_destroy(native)
                throw KafkaError(operation: "configure", object: key, code: RD_KAFKA_RESP_ERR__INVALID_ARG, message: problem)
            }
        }
        return native
    }

    /// Everything that is wrong with `settings`, sorted by key; empty means that clients can be made with them. Nothing is
    /// connected to. Each value is tried on a configuration object of librdkafka; if all are good alone, the whole is tried too
    /// (files that cannot be read, settings that exclude each other).
    public static func problems(in settings: [String: String]) -> [SettingProblem] {
        var found: [SettingProblem] = []
        for (key, value) in settings.sorted(by: { $0.key < $1.key }) {
            if let message = problem(with: key, value) { found.append(SettingProblem(key: key, message: message)) }
        }
        if (settings["bootstrap.servers"] ?? "").isEmpty {
            found.append(SettingProblem(key: "bootstrap.servers", message: "is required: host:port, several separated by commas"))
        }
        return found.isEmpty ? problemsAsAWhole(of: settings) : found
    }

    private static func problemsAsAWhole(of settings: [String: String]) -> [SettingProblem] {
        let configuration = ClientConfiguration(settings: settings)
        var found: [SettingProblem] = []
        let reader = consumerSettings(group: "trial", isolation: .readCommitted, reportsPartitionEnd: false)
        let writer = transactionalSettings(
            transactionalIdentifier: "trial", transactionTimeout: TransactionalProducer.defaultTransactionTimeout)
        for (kind, side, forced) in [(ClientKind.consumer, AllowedSetting.Side.consumer, reader), (.producer, .producer, writer)] {
            do throws(KafkaError) {
                let native = try configuration.makeNative(for: side, forced: forced, leavingOut: "bootstrap.servers")
                let client = try ClientHandle(
                    kind, native: native, events: ClientEvents(handlers: .silent), operation: "configure", object: "client")
                client.destroy(deadline: .seconds(5))
            } catch {
                let named = settings.keys.filter { error.message.contains($0) }.max { $0.count < $1.count }
                let problem = SettingProblem(key: named ?? "security.protocol", message: error.message)
                if !found.contains(problem) { found.append(problem) }
            }
        }
        return found
    }

    /// What is wrong with one setting by itself, or nil.
    public static func problem(with key: String, _ value: String) -> String? {
        let native: OpaquePointer = rd_kafka_conf_new()
        defer { rd_kafka_conf_destroy(native) }
        return nameProblem(key) ?? set(key, value, on: native)
    }

    /// Nil if the setting may be passed through.
    public static func nameProblem(_ key: String) -> String? {
        if allowedSettingsByName[key] != nil { return nil }
        if let reason = reservedSettings[key] { return "cannot be set: \(reason)" }
        if let name = namesOfOtherClients[key] { return "is another client's name: librdkafka's is \(name)" }
        return "is not a setting that is passed on to librdkafka"
    }

    /// Nil if it was set.
    private static func set(_ key: String, _ value: String, on native: OpaquePointer) -> String? {
        guard !value.utf8.contains(0) else { return "must not contain a NUL character" }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { text in
            guard rd_kafka_conf_set(native, key, value, text.baseAddress, text.count) != RD_KAFKA_CONF_OK else { return nil }
            guard let start = text.baseAddress, !isSecret(key) else { return "is refused by librdkafka" }
            // Some of its messages end with a line feed.
            return String(String(cString: start).prefix { !$0.isNewline })
        }
    }
}
