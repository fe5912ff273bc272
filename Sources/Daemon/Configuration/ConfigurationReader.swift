// YAML text and environment to a Configuration, and every problem in them at once (contract §9).

internal import Campaigns

/// Reads configurations. Pure: no file, no environment of its own.
struct ConfigurationReader {
    /// The least that `memory` may say, in bytes.
    static let minimumMemoryBytes = 64 << 20

    private var values: ConfigurationValues
    private let root: YamlNode

    /// The configuration that the text and the variables say, and every problem in them: with one or more, what they say wrongly has its
    /// default in the configuration.
    /// - Parameters:
    ///   - text: UTF-8, one YAML or JSON document.
    ///   - environment: of the process; variables that begin with `AUDIENCED_` override keys.
    static func read(_ text: [UInt8], environment: [String: String]) -> (configuration: Configuration, problems: [ConfigurationProblem]) {
        var root: YamlNode
        var problems: [ConfigurationProblem]
        do {
            (root, problems) = try YamlDocument.read(text)
        } catch {
            return (Configuration(kafka: [:], data: ""), error.problems)
        }
        root = EnvironmentOverrides.apply(environment, to: root, problems: &problems)
        var reader = ConfigurationReader(values: ConfigurationValues(problems: problems), root: root)
        let configuration = reader.configuration()
        return (configuration, inOrder(reader.values.problems + ConfigurationKey.root.unknownKeys(in: root)))
    }

    private mutating func configuration() -> Configuration {
        guard let root = values.mapping(root, hint: "such as data: /var/lib/audienced") else {
            return Configuration(kafka: [:], data: "")
        }
        var configuration = Configuration(kafka: KafkaSection.read(root["kafka"], &values), data: data(root["data"]))
        if let group = topicName(root["group"]) { configuration.group = group }
        topics(root["topics"], into: &configuration.topics)
        checkWholeNames(configuration, root)
        if let clock: Configuration.ClockSource = values.choice(root["clock"]) { configuration.clock = clock }
        if let step = values.duration(root["clock-step"]) { configuration.clockStep = step }
        configuration.clockAhead = clockAhead(root["clock-ahead"])
        checkpoints(root["checkpoints"], into: &configuration)
        configuration.http = HTTPSection.read(root["http"], &values)
        metrics(root["metrics"], into: &configuration.metrics)
        snapshots(root["snapshots"], into: &configuration.snapshots)
        let memory = values.parsed(
            root["memory"], "a size of 64MiB or more", hint: "a number of bytes, or with KiB, MiB, GiB or TiB", likely: SizeText.likely
        ) {
            SizeText.parse($0).flatMap { $0 >= Self.minimumMemoryBytes ? $0 : nil }
        }
        if let memory { configuration.memoryBytes = memory }
        return configuration
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
            let table = values.parsedText(item["table"], "the name of a table", hint: "letters, digits, _ and -, with a letter or _ first")
            {
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
        return values.parsed(
            node, "none or a duration longer than zero", hint: "ISO 8601, such as PT5M", likely: DurationText.likely,
            DurationText.parsePositive)
    }

    private mutating func checkpoints(_ node: YamlNode?, into configuration: inout Configuration) {
        guard let section = values.mapping(node, hint: "every, also and trim") else { return }
        if let every = values.duration(section["every"]) { configuration.checkpoints.every = every }
        if let trim = values.boolean(section["trim"]) { configuration.checkpoints.trim = trim }
        guard let node = section["also"], let also = values.text(node, hint: "none or a folder"), also != "none" else { return }
        if also.isEmpty || also.utf8.contains(0) {
            values.report(node, "is no path of a folder", hint: "none, or a folder that another machine can read")
        } else if also.split(separator: "/") == configuration.data.split(separator: "/"),
            also.hasPrefix("/") == configuration.data.hasPrefix("/")
        {
            values.report(node, "is the folder that data names", hint: "a second home is on another disk; none is allowed too")
        } else {
            configuration.checkpoints.also = also
        }
    }

    private mutating func metrics(_ node: YamlNode?, into metrics: inout Configuration.Metrics) {
        guard let section = values.mapping(node, hint: "audiences and transitions") else { return }
        if let audiences = values.integer(section["audiences"], in: 0...100_000) { metrics.audiences = audiences }
        if let transitions = values.boolean(section["transitions"]) { metrics.transitions = transitions }
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
