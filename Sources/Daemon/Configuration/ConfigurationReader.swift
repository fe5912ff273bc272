// YAML text and environment to a Configuration, or every problem in them at once (contract §9).

internal import Campaigns

/// Reads configurations. Pure: no file, no environment of its own.
public struct ConfigurationReader {
    /// Checks one setting of `kafka`: what is wrong with its name or value, or nil. The Kafka module has the list of those allowed.
    public typealias KafkaCheck = (_ key: String, _ value: String) -> String?

    /// The least that `memory` may say, in bytes.
    public static let leastMemoryBytes = 64 << 20

    private var values: ConfigurationValues
    private let root: YamlNode
    private let checkKafka: KafkaCheck

    /// The configuration that the text and the variables say.
    /// - Parameters:
    ///   - text: UTF-8, one YAML or JSON document.
    ///   - environment: of the process; variables that begin with `AUDIENCED_` override keys.
    ///   - checkKafka: asked for each setting that stands in the text; `Configuration.readSecrets` checks all of them together.
    public static func read(
        _ text: [UInt8], environment: [String: String] = [:], checkKafka: KafkaCheck = { _, _ in nil }
    ) throws(ConfigurationError) -> Configuration {
        var (root, problems) = try YamlDocument.read(text)
        root = EnvironmentOverrides.apply(environment, to: root, problems: &problems)
        let (configuration, found) = withoutActuallyEscaping(checkKafka) { check in
            var reader = ConfigurationReader(values: ConfigurationValues(problems: problems), root: root, checkKafka: check)
            let configuration = reader.configuration()
            return (configuration, reader.values.problems)
        }
        let all = found + (rootIsMapping(root) ? ConfigurationKey.root.unknownKeys(in: root) : [])
        guard all.isEmpty else { throw ConfigurationError(problems: inOrder(all)) }
        return configuration
    }

    private static func rootIsMapping(_ root: YamlNode) -> Bool {
        guard case .mapping = root.content else { return false }
        return true
    }

    private mutating func configuration() -> Configuration {
        guard let root = values.mapping(root, hint: "such as data: /var/lib/audienced") else {
            return Configuration(kafka: [:], data: "")
        }
        var configuration = Configuration(kafka: kafka(root["kafka"]), data: data(root["data"]))
        if let group = topicName(root["group"]) { configuration.group = group }
        topics(root["topics"], into: &configuration.topics)
        checkWholeNames(configuration, root)
        if let clock: Configuration.ClockSource = values.choice(root["clock"]) { configuration.clock = clock }
        if let step = values.duration(root["clock-step"]) { configuration.clockStep = step }
        configuration.clockAhead = clockAhead(root["clock-ahead"])
        if let http = values.mapping(root["http"], hint: "listen and token") {
            let hint = "host:port or unix:/absolute/path, at most \(Configuration.Listen.mostPathBytes) bytes"
            let listen = values.parsed(http["listen"], "an address to listen on", hint: hint) { Configuration.Listen($0) }
            if let listen { configuration.http.listen = listen }
            configuration.http.token = values.secret(http["token"])
        }
        snapshots(root["snapshots"], into: &configuration.snapshots)
        let memory = values.parsed(root["memory"], "a size of 64MiB or more", hint: "a number of bytes, or with KiB, MiB, GiB or TiB") {
            SizeText.parse($0).flatMap { $0 >= Self.leastMemoryBytes ? $0 : nil }
        }
        if let memory { configuration.memoryBytes = memory }
        return configuration
    }

    private mutating func kafka(_ node: YamlNode?) -> [String: Configuration.KafkaSetting] {
        var settings: [String: Configuration.KafkaSetting] = [:]
        let section = values.mapping(node, hint: "librdkafka's settings, such as bootstrap.servers: 127.0.0.1:9092")
        if case .mapping(let entries) = section?.content {
            for entry in entries {
                if let setting = kafkaSetting(entry) { settings[entry.key] = setting }
            }
        }
        if section?["bootstrap.servers"] == nil {
            values.reportMissing("kafka.bootstrap.servers", hint: "host:port of one broker or several, separated by commas")
        }
        return settings
    }

    private mutating func kafkaSetting(_ entry: YamlNode.Entry) -> Configuration.KafkaSetting? {
        guard case .scalar(let text, _) = entry.value.content else {
            if case .list = entry.value.content {
                values.report(entry.value, "must be one value or {file: …}, not a list", hint: "several values are separated by commas")
                return nil
            }
            return values.secret(entry.value).map { .secret($0) }
        }
        guard !entry.value.isNull, !text.utf8.contains(0), entry.key != "bootstrap.servers" || !text.isEmpty else {
            values.report(entry.value, "must have a value")
            return nil
        }
        if let message = checkKafka(entry.key, text) {
            values.report(entry.value, message)
            return nil
        }
        return .text(text)
    }

    private mutating func data(_ node: YamlNode?) -> String {
        let hint = "the folder of checkpoints and snapshots, such as /var/lib/audienced"
        guard let node else {
            values.reportMissing("data", hint: hint)
            return ""
        }
        guard let path = values.text(node, hint: hint) else { return "" }
        if path.isEmpty || path.utf8.contains(0) { values.report(node, "is no path of a folder", hint: hint) }
        return path
    }

    private mutating func topics(_ node: YamlNode?, into topics: inout Configuration.Topics) {
        guard let section = values.mapping(node, hint: "prefix, control, changes and create") else { return }
        if let prefix = values.text(section["prefix"]), let node = section["prefix"] {
            topics.prefix = prefix
            if !TopicNames.isPlain(prefix) {
                values.report(node, "\(shown(prefix)) is no beginning of a topic's name", hint: TopicNames.hint)
            }
        }
        if let control = topicName(section["control"]) { topics.control = control }
        if let create = values.boolean(section["create"]) { topics.create = create }
        let hint = "such as [{topic: purchases, table: purchases}]"
        guard let items = values.list(section["changes"], hint: hint) else { return }
        topics.changes = items.compactMap { item in
            guard let item = values.mapping(item, hint: hint) else {
                if item.isNull { values.report(item, "must name a topic", hint: hint) }
                return nil
            }
            if item["topic"] == nil { values.report(item, "must name a topic", hint: hint) }
            let table = values.parsed(item["table"], "the name of a table", hint: "letters, digits, _ and -, with a letter or _ first") {
                Identifier.isValid($0) ? $0 : nil
            }
            return topicName(item["topic"]).map { Configuration.ChangeTopic(topic: $0, table: table) }
        }
    }

    private mutating func topicName(_ node: YamlNode?) -> String? {
        guard let node, let name = values.text(node) else { return nil }
        guard TopicNames.isTopic(name) else {
            values.report(node, "\(shown(name)) is no name that Kafka allows", hint: TopicNames.hint)
            return nil
        }
        return name
    }

    /// Names that are fine alone but not together.
    private mutating func checkWholeNames(_ configuration: Configuration, _ root: YamlNode) {
        for clash in TopicNames.clashes(in: configuration) {
            let node = clash.path.reduce(root as YamlNode?) { $0?[$1] }
            var target = node ?? root
            if let index = clash.index, case .list(let items) = node?.content, index < items.count { target = items[index] }
            values.report(target, clash.message, hint: clash.hint)
        }
    }

    private mutating func clockAhead(_ node: YamlNode?) -> Duration? {
        if case .scalar("none", _) = node?.content { return nil }
        return values.parsed(node, "none or a duration longer than zero", hint: "ISO 8601, such as PT5M") { text in
            DurationText.parse(text).flatMap { $0 > .zero ? $0 : nil }
        }
    }

    private mutating func snapshots(_ node: YamlNode?, into snapshots: inout Configuration.Snapshots) {
        guard let section = values.mapping(node, hint: "every, formats, keep and for") else { return }
        if let every = values.duration(section["every"]) { snapshots.every = every }
        if let keep = values.integer(section["keep"], in: 1...1_000_000) { snapshots.keep = keep }
        if let keepFor = values.duration(section["for"]) { snapshots.keepFor = keepFor }
        guard let items = values.list(section["formats"], hint: "such as [ndjson]") else { return }
        snapshots.formats = []
        for item in items {
            if case .scalar("parquet", _) = item.content {
                values.report(item, "parquet is not supported yet", hint: "ndjson and csv are")
                continue
            }
            guard let format: Configuration.SnapshotFormat = values.choice(item) else { continue }
            if snapshots.formats.contains(format) { values.report(item, "\(format.rawValue) is given twice", hint: "remove one of them") }
            snapshots.formats.append(format)
        }
    }

    /// Problems by line; those of variables and of missing keys last.
    private static func inOrder(_ problems: [ConfigurationProblem]) -> [ConfigurationProblem] {
        func line(_ problem: ConfigurationProblem) -> Int {
            if case .line(let line) = problem.place { line } else { Int.max }
        }
        return problems.enumerated().sorted { (line($0.element), $0.offset) < (line($1.element), $1.offset) }.map(\.element)
    }
}
