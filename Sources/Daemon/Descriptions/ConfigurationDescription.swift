// JSON Schema of the configuration (contract §9): `Config/schemas/configuration.json`. Which keys there are is in `ConfigurationKey`; here
// is what may stand there, a row for each.
import Campaigns
import Kafka

enum ConfigurationDescription {
    static let document = JSONSchema.document(
        title: "Configuration",
        "The configuration of the audienced daemon, in YAML. Config/audienced.yaml explains each key at length.",
        schema(of: .root, at: "").with("required", .array(["kafka", "data"].map(JSON.string))))

    /// Traps on a key without a row.
    private static func schema(of key: ConfigurationKey, at path: String) -> JSONSchema {
        switch key {
        case .value:
            guard let schema = row(path).schema else { preconditionFailure("what may stand at \(path) is not described") }
            return schema
        case .secret: return secret
        case .kafka: return kafka
        case .list(let item):
            let schema = JSONSchema.list(of: schema(of: item, at: path + "[]"), atLeast: mayBeEmpty.contains(path) ? 0 : 1)
            return mayBeEmpty.contains(path) ? schema.with("maxItems", .integer(Int64(HTTPSection.maximumItems))) : schema
        case .mapping(let members):
            let described = members.map { member -> DescribedMember in
                let whole = path.isEmpty ? member.name : "\(path).\(member.name)"
                let row = row(whole)
                // A section without anything in it is as none; a key without a value is a mistake.
                let schema = schema(of: member.key, at: whole)
                let isSection = if case .mapping = member.key { true } else { false }
                if required.contains(whole) { return .required(member.name, schema, row.help) }
                return .optional(member.name, isSection ? schema.orNull : schema, row.help, default: row.usual)
            }
            return JSONSchema.object(described).closed
        }
    }

    private static func row(_ path: String) -> Row {
        guard let row = rows[path] else { preconditionFailure("\(path) is not described") }
        return row
    }

    private struct Row {
        var help: String
        /// Of a value; of a section, a list and a secret nil: what stands in it has rows.
        var schema: JSONSchema?
        var usual: JSON?

        init(_ help: String, _ schema: JSONSchema? = nil, _ usual: JSON? = nil) {
            self.help = help
            self.schema = schema
            self.usual = usual
        }
    }

    private static let mayBeEmpty: Set<String> = ["http.tokens", "http.hosts"]
    private static let required: Set<String> = ["topics.changes[].topic", "http.tokens[].name", "http.tokens[].file", "http.tokens[].role"]

    private static let duration = JSONSchema.text(
        pattern: #"^P(?=[0-9T])([0-9]+W)?([0-9]+D)?(T(?=[0-9])([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]{1,3})?S)?)?$"#)
    private static let topic = JSONSchema.text(atMost: TopicNames.maximumBytes, pattern: "^[A-Za-z0-9._-]+$")
    private static let folder = JSONSchema.text(atLeast: 1)
    private static let file = JSONSchema.text(atLeast: 1)

    private static let rows: [String: Row] = [
        "kafka": Row("librdkafka's own settings, under their own names."),
        "group": Row("Names this deployment: consumer group, transactional id, journal, ce_source.", topic, .string("audienced")),
        "topics": Row("Which topics are read and written."),
        "topics.prefix": Row("Before the name of every topic.", .text(pattern: "^[A-Za-z0-9._-]*$"), .string("")),
        "topics.control": Row("Where schemas and campaigns come from.", topic, .string("campaign-publish")),
        "topics.changes": Row("Where rows come from."),
        "topics.changes[].topic": Row("Its name, without the prefix.", topic),
        "topics.changes[].table": Row("The table of records that do not name theirs, as those of connectors.", DefinitionParts.identifier),
        "topics.create": Row("Create topics that are missing.", .boolean, .boolean(true)),
        "clock": Row(
            "wall: this machine's clock; events: the largest timestamp of a record seen.", .word(of: Configuration.ClockSource.self),
            .string(Configuration.ClockSource.wall.rawValue)),
        "clock-step": Row("A larger step of this machine's clock is not taken.", duration, .string("PT5M")),
        "clock-ahead": Row(
            "With clock: events, a record further ahead than this does not move the clock.",
            .any(of: [.constant(.string("none")), duration]),
            .string("none")),
        "data": Row("The folder of checkpoints and snapshots; one process at a time uses it.", folder),
        "checkpoints": Row("Images of the state, so that a start is short."),
        "checkpoints.every": Row("How often, when something has changed.", duration, .string("PT1M")),
        "checkpoints.also": Row("A second home, that another machine can read; none is none.", folder, .string("none")),
        "checkpoints.trim": Row("Delete the journal's records that are older than both checkpoints.", .boolean, .boolean(false)),
        "http": Row("API, metrics and health."),
        "http.listen": Row(
            "host:port, or unix:/absolute/path; one that others reach needs a token.", .text(pattern: "^(unix:/.+|.+:[0-9]{1,5})$"),
            .string("127.0.0.1:8080")),
        "http.token": Row("The file of a bearer token of role publish."),
        "http.tokens": Row("Bearer tokens with names and roles.", nil, .array([])),
        "http.tokens[].name": Row("What the log calls it.", .text(atLeast: 1, atMost: HTTPSection.maximumNameBytes)),
        "http.tokens[].file": Row("The file that holds it.", file),
        "http.tokens[].role": Row(
            "observe: counts; read: members too; publish: changes too.", .word(of: Configuration.Role.self)),
        "http.hosts": Row("Further names that requests may have in their Host header.", nil, .array([])),
        "http.hosts[]": Row("Without a port.", .text(atLeast: 1)),
        "metrics": Row("How much of it there is."),
        "metrics.audiences": Row("The most audiences that have metrics of their own.", .integer(from: 0, to: 100_000), .integer(1000)),
        "metrics.transitions": Row("Whether the rows of transitions are counted.", .boolean, .boolean(false)),
        "snapshots": Row("The members of audiences as files."),
        "snapshots.every": Row("How often an audience that has changed is written.", duration, .string("PT1H")),
        "snapshots.formats": Row("One file each.", nil, .array([.string("ndjson")])),
        "snapshots.formats[]": Row("A format.", .word(of: Configuration.SnapshotFormat.self)),
        "snapshots.keep": Row("As many stay of each audience.", .integer(from: 1, to: 1_000_000), .integer(3)),
        "snapshots.for": Row("As long they stay.", duration, .string("P7D")),
        "memory": Row(
            "What the process may use, with KiB, MiB, GiB or TiB, at least 64MiB.",
            .any(of: [.text(pattern: "^[0-9]+([KMGT]iB)?$"), .integer(from: Int64(ConfigurationReader.minimumMemoryBytes))]),
            .string("4GiB")),
    ]

    private static let secret = JSONSchema.object([
        .required(
            "file", file, "The file that holds the secret: absolute, or in $CREDENTIALS_DIRECTORY.", example: .string("kafka-password"))
    ]).closed

    /// librdkafka knows the types of its settings; YAML's do not matter.
    private static let kafka: JSONSchema = {
        let scalar = JSONSchema(["type": .array(["string", "number", "boolean"].map(JSON.string))])
        return JSONSchema.object(
            ClientConfiguration.allowedSettings.map { setting in
                if setting.name == "bootstrap.servers" {
                    let help = "host:port of one broker or several, separated by commas."
                    return .required(setting.name, .any(of: [scalar, secret]), help, example: .string("127.0.0.1:9092"))
                }
                if setting.isSecret { return .optional(setting.name, secret, "librdkafka's setting; a secret comes from a file.") }
                let users =
                    switch setting.side {
                    case .both: "all its clients"
                    case .consumer: "what reads"
                    case .producer: "what writes"
                    }
                return .optional(setting.name, .any(of: [scalar, secret]), "librdkafka's setting, for \(users).")
            }
        ).closed
    }()
}
