// The keys of contract §9 in one table: what finds unknown ones and what environment variables may override.
import Campaigns

/// What may stand at a key.
indirect enum ConfigurationKey: Sendable {
    /// One text, number or boolean.
    case value
    /// `{file: …}`
    case secret
    case mapping([(name: String, key: ConfigurationKey)])
    case list(of: ConfigurationKey)
    /// Names that librdkafka knows; the Kafka module has the list of those allowed.
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
        ("http", .mapping([("listen", .value), ("token", .secret)])),
        ("snapshots", .mapping([("every", .value), ("formats", .list(of: .value)), ("keep", .value), ("for", .value)])),
        ("memory", .value),
    ])

    private static let secretMembers: [(name: String, key: ConfigurationKey)] = [("file", .value)]

    /// One problem for each key in the tree that the table does not have.
    func unknownKeys(in node: YamlNode) -> [ConfigurationProblem] {
        switch (self, node.content) {
        case (.mapping(let members), .mapping(let entries)):
            entries.flatMap { entry in
                if let member = members.first(where: { $0.name == entry.key }) { return member.key.unknownKeys(in: entry.value) }
                return [Self.unknown(entry.value, known: members.map(\.name))]
            }
        case (.secret, .mapping): ConfigurationKey.mapping(Self.secretMembers).unknownKeys(in: node)
        case (.list(let element), .list(let items)): items.flatMap { element.unknownKeys(in: $0) }
        // A Kafka setting that is a mapping can only be a secret.
        case (.kafka, .mapping(let entries)): entries.flatMap { ConfigurationKey.secret.unknownKeys(in: $0.value) }
        default: []
        }
    }

    /// The paths of everything one environment variable can set, as components: `["topics", "prefix"]`, and whether it is a secret's file.
    static let overridable: [(path: [String], isSecret: Bool)] = root.overridable(below: [])

    private func overridable(below path: [String]) -> [(path: [String], isSecret: Bool)] {
        switch self {
        case .value: [(path, false)]
        case .secret: [(path, true)]
        case .mapping(let members): members.flatMap { $0.key.overridable(below: path + [$0.name]) }
        case .list, .kafka: []
        }
    }

    private static func unknown(_ node: YamlNode, known: [String]) -> ConfigurationProblem {
        let name = node.path.split(separator: ".").last.map(String.init) ?? node.path
        let hint = nearest(to: name, among: known).map { "did you mean \($0)?" } ?? "known: \(known.joined(separator: ", "))"
        return ConfigurationProblem(path: node.path, message: "is no key of the configuration", place: node.place, hint: hint)
    }

    /// The known name that is a slip of the pen away, up to two letters; nil when none is.
    static func nearest(to name: String, among known: [String]) -> String? {
        guard let best = NearestName.nearest(to: name, among: known), best.distance <= max(1, min(2, best.name.utf8.count / 2)) else {
            return nil
        }
        return best.name
    }
}
