// The settings of librdkafka that an operator may pass through, under librdkafka's own names. Everything else is decided here
// (ClientConfiguration) because exactly-once, the bounds on memory or the partitioning depend on it.

/// One setting that may be passed through.
public struct AllowedSetting: Sendable, Hashable {
    /// Which clients understand it; the others are not given it, because they would warn.
    public enum Side: Sendable { case both, consumer, producer }

    /// As librdkafka has it.
    public let name: String
    /// Whose setting it is.
    public let side: Side
    /// Its value opens something: it comes from a file and is never printed. A name (`sasl.username`, `sasl.oauthbearer.client.id`), a
    /// certificate and the place of a file do not.
    public let isSecret: Bool
}

extension ClientConfiguration {
    /// Every setting that may be passed through, sorted by name.
    public static let allowedSettings: [AllowedSetting] =
        (setting(
            .both,
            [
                "bootstrap.servers", "client.id", "client.rack", "broker.address.family", "broker.address.ttl", "connections.max.idle.ms",
                "metadata.max.age.ms", "topic.metadata.refresh.interval.ms", "reconnect.backoff.ms", "reconnect.backoff.max.ms",
                "message.max.bytes", "receive.message.max.bytes", "statistics.interval.ms", "log.connection.close",
                "socket.timeout.ms", "socket.send.buffer.bytes", "socket.receive.buffer.bytes", "socket.keepalive.enable",
                "socket.nagle.disable", "socket.max.fails", "socket.connection.setup.timeout.ms",
                "security.protocol", "ssl.cipher.suites", "ssl.curves.list", "ssl.sigalgs.list", "ssl.key.location",
                "ssl.certificate.location", "ssl.certificate.pem", "ssl.ca.location", "ssl.ca.pem", "ssl.crl.location",
                "ssl.keystore.location", "enable.ssl.certificate.verification", "ssl.endpoint.identification.algorithm",
                "sasl.mechanism", "sasl.mechanisms", "sasl.kerberos.service.name", "sasl.kerberos.principal", "sasl.kerberos.kinit.cmd",
                "sasl.kerberos.keytab", "sasl.kerberos.min.time.before.relogin", "sasl.oauthbearer.method",
                "sasl.oauthbearer.client.id", "sasl.oauthbearer.scope", "sasl.oauthbearer.extensions",
                "sasl.oauthbearer.token.endpoint.url", "sasl.username",
            ])
        + setting(
            .both, isSecret: true,
            [
                "sasl.password", "sasl.oauthbearer.config", "sasl.oauthbearer.client.secret", "ssl.key.password",
                "ssl.key.pem", "ssl.keystore.password",
            ])
        + setting(
            .consumer,
            [
                "fetch.wait.max.ms", "fetch.min.bytes", "fetch.max.bytes", "fetch.message.max.bytes", "max.partition.fetch.bytes",
                "fetch.error.backoff.ms", "queued.min.messages", "queued.max.messages.kbytes", "check.crcs",
            ])
        + setting(
            .producer,
            [
                "compression.codec", "compression.type", "compression.level", "linger.ms", "queue.buffering.max.ms",
                "queue.buffering.max.messages", "queue.buffering.max.kbytes", "queue.buffering.backpressure.threshold",
                "batch.size", "batch.num.messages",
            ])).sorted { $0.name < $1.name }

    /// Whether a value of this setting must not be seen; unknown settings are none.
    public static func isSecret(_ key: String) -> Bool { allowedSettingsByName[key]?.isSecret == true }

    static let allowedSettingsByName = Dictionary(uniqueKeysWithValues: allowedSettings.map { ($0.name, $0) })

    /// Settings that someone may well try and that this program decides, with the reason.
    static let reservedSettings: [String: String] = [
        "acks": "outputs are always acknowledged by all replicas",
        "request.required.acks": "outputs are always acknowledged by all replicas",
        "auto.offset.reset": "a missing offset is an error, never a jump",
        "debug": "its lines may hold record data",
        "enable.auto.commit": "the journal alone says what was read",
        "enable.idempotence": "it is always on",
        "enable.partition.eof": "each reader has its own",
        "group.id": "it follows from the name of the deployment",
        "isolation.level": "each reader has its own",
        "partitioner": "records are placed as Java's default does it (murmur2)",
        "retry.backoff.ms": "the latency of a commit depends on it",
        "transaction.timeout.ms": "it is bound to the other time limits",
        "transactional.id": "it follows from the name of the deployment",
    ]

    /// Names that Kafka's other clients have for what an allowed setting does, with that setting.
    static let namesOfOtherClients: [String: String] = [
        "broker.list": "bootstrap.servers",
        "brokers": "bootstrap.servers",
        "metadata.broker.list": "bootstrap.servers",
        "sasl.jaas.config": "sasl.username and sasl.password: {file: …}",
        "security.mechanism": "sasl.mechanisms",
        "ssl.key.file": "ssl.key.location",
        "ssl.keyfile": "ssl.key.location",
        "ssl.keystore.certificate.chain": "ssl.certificate.pem",
        "ssl.keystore.key": "ssl.key.pem: {file: …} or ssl.key.location",
        "ssl.truststore.certificates": "ssl.ca.pem",
        "ssl.truststore.location": "ssl.ca.location, a file of PEM",
        "ssl.truststore.password": "ssl.ca.location, which needs none",
        "username": "sasl.username",
        "password": "sasl.password: {file: …}",
    ]

    /// Whether a setting that is not allowed has a name that says why or what to write in its place.
    public static func isKnownElsewhere(_ key: String) -> Bool { reservedSettings[key] != nil || namesOfOtherClients[key] != nil }

    private static func setting(_ side: AllowedSetting.Side, isSecret: Bool = false, _ names: [String]) -> [AllowedSetting] {
        names.map { AllowedSetting(name: $0, side: side, isSecret: isSecret) }
    }
}
