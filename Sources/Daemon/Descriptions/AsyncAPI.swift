// The description of the topics, AsyncAPI 3: what is read and written, with the settings that the start gives them (Topics.swift). It is
// seen from the daemon: it receives inputs and sends outputs. Names are those without a prefix.
import Campaigns
import Wire

enum AsyncAPI {
    /// Of the Kafka bindings.
    static let bindingVersion = "0.5.0"

    /// An instant as outputs have it.
    static let instant = JSONSchema.text(
        pattern: #"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$"#, format: "date-time")

    /// The document.
    static let document = object([
        ("asyncapi", .string("3.0.0")),
        (
            "info",
            object([
                ("title", .string("audienced")), ("version", .string(Program.version)),
                (
                    "description",
                    .string(
                        "Rows and campaigns in, changes of audiences out, each once. A commit is one transaction: read committed."
                    )
                ),
            ])
        ), ("defaultContentType", .string("application/json")),
        ("channels", object(channels.map { ($0.name, $0.json) })), ("operations", object(channels.map { ($0.name, $0.operation) })),
        (
            "components",
            object([
                ("messages", object(channels.flatMap(\.messages).map { ($0.name, $0.json) })),
                ("schemas", object(OutputMessages.parts.map { ($0.name, $0.schema.json) })),
            ])
        ),
    ])

    private static let topics = Topics(Configuration(kafka: [:], data: ""))

    private static let channels =
        [
            Channel(topics.control, isRead: true, "Schemas and campaigns: one partition, kept for ever.", InputMessages.control)
        ]
        + topics.changes.map { change in
            Channel(
                change.name, isRead: true, "Rows of all tables; topics.changes names others, and maps them to tables.",
                InputMessages.changes)
        } + OutputTopic.allCases.map { Channel(topics.name($0), isRead: false, help(of: $0), OutputMessages.messages(on: $0)) }

    private static func help(of topic: OutputTopic) -> String {
        switch topic {
        case .members: "Who entered, who is still in with other values, who left: per member in this order. Compaction leaves who is in."
        case .updated: "What became of audiences, campaigns, schemas and barriers."
        case .channelRequests: "Who is to be reached. Compacted: it is also the memory of what was sent."
        case .deadLetters: "Refused records. They have the time of their originals."
        }
    }

    /// A topic.
    private struct Channel {
        let name: String
        let isRead: Bool
        let help: String
        let messages: [DescribedMessage]

        init(_ name: String, isRead: Bool, _ help: String, _ messages: [DescribedMessage]) {
            self.name = name
            self.isRead = isRead
            self.help = help
            self.messages = messages
        }

        /// The Channel Object.
        var json: JSON {
            let references = messages.map { ($0.name, reference("#/components/messages/\($0.name)")) }
            return object([
                ("address", .string(name)), ("description", .string(help)), ("messages", object(references)),
                ("bindings", object([("kafka", binding)])),
            ])
        }

        private var binding: JSON {
            guard let wanted = topics.wanted.first(where: { $0.name == name }) else { preconditionFailure("\(name) is no topic of ours") }
            let settings = wanted.settings.sorted { $0.key < $1.key }.map { setting -> (String, JSON) in
                if setting.key == "cleanup.policy" { return (setting.key, .array([.string(setting.value)])) }
                return (setting.key, Int64(setting.value).map(JSON.integer) ?? .string(setting.value))
            }
            let partitions = wanted.partitions.map { [("partitions", JSON.integer(Int64($0)))] } ?? []
            return object(
                [("topic", .string(name))] + partitions + [
                    ("topicConfiguration", object(settings)), ("bindingVersion", .string(AsyncAPI.bindingVersion)),
                ])
        }

        /// The Operation Object.
        var operation: JSON {
            let place = "#/channels/\(name)"
            return object([
                ("action", .string(isRead ? "receive" : "send")), ("channel", reference(place)), ("summary", .string(help)),
                ("messages", .array(messages.map { reference("\(place)/messages/\($0.name)") })),
            ])
        }
    }

    private static func reference(_ place: String) -> JSON { object([("$ref", .string(place))]) }
    private static func object(_ members: [(String, JSON)]) -> JSON { .object(members.map { JSON.Member($0.0, $0.1) }) }
}
