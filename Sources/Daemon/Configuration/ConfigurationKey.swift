// The keys of contract §9 in one table: what finds unknown ones, says what was meant, and what environment variables may override.
import Campaigns

/// What may stand at a key.
indirect enum ConfigurationKey: Sendable {
    /// One text, number or boolean.
    case value
    /// `{file: …}`
    case secret
    case mapping([(name: String, key: ConfigurationKey)])
    case list(of: ConfigurationKey)
    /// Names that librdkafka knows.
    case kafka

    static let root: ConfigurationKey = .mapping([
        ("kafka", .kafka),
        ("group", .value),
        (
            "topics",
            .mapping([
                ("prefix", .value), ("control", .value),
                ("changes", .list(of: .mapping([("topic", .value), ("table", .value)]))), ("create", .value),
            ])
        ),
        ("clock", .value), ("clock-step", .value), ("clock-ahead", .value),
        ("data", .value),
        ("checkpoints", .mapping([("every", .value), ("also", .value), ("trim", .value)])),
        (
            "http",
            .mapping([
                ("listen", .value), ("token", .secret),
                ("tokens", .list(of: .mapping([("name", .value), ("file", .value), ("role", .value)]))), ("hosts", .list(of: .value)),
            ])
        ),
        ("metrics", .mapping([("audiences", .value), ("transitions", .value)])),
        ("snapshots", .mapping([("every", .value), ("formats", .list(of: .value)), ("keep", .value), ("for", .value)])),
        ("memory", .value),
    ])

    /// One problem for each key in the tree that the table does not have.
    func unknownKeys(in node: YamlNode) -> [ConfigurationProblem] {
        switch (self, node.content) {
        case (.mapping(let members), .mapping(let entries)):
            entries.flatMap { entry in
                if let member = members.first(where: { $0.name == entry.key }) { return member.key.unknownKeys(in: entry.value) }
                return [Self.unknown(entry, in: node, known: members.map(\.name))]
            }
        case (.secret, .mapping(let entries)): entries.filter { $0.key != "file" }.map { Self.unknown($0, besideFileIn: node) }
        case (.list(let element), .list(let items)): items.flatMap { element.unknownKeys(in: $0) }
        // Names of settings are for KafkaSection; here is what stands beside the file of a secret.
        case (.kafka, .mapping(let entries)):
            entries.filter { KafkaSection.isSecret($0.key) || $0.value["file"] != nil }
                .flatMap { ConfigurationKey.secret.unknownKeys(in: $0.value) }
        default: []
        }
    }

    /// What one environment variable can set: its path as components, such as `["topics", "prefix"]`, and whether it is a secret's file.
    static let overridable: [(path: [String], isSecret: Bool)] = root.paths().filter { !$0.isList }.map { ($0.path, $0.isSecret) }

    /// The path of every value, secret and list below this key.
    private func paths(below path: [String] = []) -> [(path: [String], isSecret: Bool, isList: Bool)] {
        switch self {
        case .value: [(path, false, false)]
        case .secret: [(path, true, false)]
        case .list: [(path, false, true)]
        case .mapping(let members): members.flatMap { $0.key.paths(below: path + [$0.name]) }
        case .kafka: []
        }
    }

    private static func unknown(_ entry: YamlNode.Entry, in parent: YamlNode, known: [String]) -> ConfigurationProblem {
        let place = entry.value.place
        if let name = NearestName.slip(of: entry.key, among: known) {
            return ConfigurationProblem(
                path: entry.value.path, message: "is no key of the configuration", place: place, hint: "did you mean \(name)?")
        }
        let blank = missingBlank(in: entry.key, among: known)
        guard blank != nil || !entry.value.isNull else { return stray(in: parent, at: place) }
        let hint = blank ?? home(of: entry.key).map { "it belongs elsewhere: \($0)" } ?? "known: \(known.joined(separator: ", "))"
        return ConfigurationProblem(path: entry.value.path, message: "is no key of the configuration", place: place, hint: hint)
    }

    /// Beside or instead of `file` may stand a secret that has braces or a comma in it: only what looks like `file` is shown.
    private static func unknown(_ entry: YamlNode.Entry, besideFileIn parent: YamlNode) -> ConfigurationProblem {
        guard NearestName.slip(of: entry.key, among: ["file"]) != nil else { return stray(in: parent, at: entry.value.place) }
        let message = "is no key of the configuration"
        return ConfigurationProblem(path: entry.value.path, message: message, place: entry.value.place, hint: "did you mean file?")
    }

    /// An unknown name that nothing follows: behind a comma it may be the rest of a text without quotes, even of a secret. So it is not
    /// shown.
    static func stray(in parent: YamlNode, at place: ConfigurationProblem.Place) -> ConfigurationProblem {
        ConfigurationProblem(
            path: parent.path, message: "something stands in it that is no key", place: place,
            hint: "a text that holds a comma, a colon or a brace needs quotes; secrets are written {file: NAME}")
    }

    /// A hint for `group:x` and `group=x`, which YAML takes for one name.
    static func missingBlank(in key: String, among known: [String]) -> String? {
        let name = key.prefix { $0 != ":" && $0 != "=" && $0 != " " }
        return name.count < key.count && known.contains(String(name)) ? "write \(name): with a blank behind the colon" : nil
    }

    /// Where a key belongs that stands in the wrong section, written as it should be: `topics: {prefix: …}`; nil when nobody knows it.
    private static func home(of key: String) -> String? {
        if KafkaSection.isAllowed(key) { return "kafka: {\(key): …}" }
        if key.hasPrefix("kafka."), KafkaSection.isAllowed(String(key.dropFirst(6))) { return "kafka: {\(key.dropFirst(6)): …}" }
        let paths = root.paths().map(\.path)
        guard let path = paths.first(where: { $0.joined(separator: ".") == key }) ?? paths.first(where: { $0.count > 1 && $0.last == key })
        else { return nil }
        let written: String = path.dropLast().reversed().reduce("\(path.last ?? key): …") { inner, name in "\(name): {\(inner)}" }
        return written
    }
}
