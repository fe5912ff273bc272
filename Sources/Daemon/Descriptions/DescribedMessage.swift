// One kind of record on a topic, as AsyncAPI tells of it.
import Campaigns

/// A message.
struct DescribedMessage: Sendable {
    /// Names it in the document.
    let name: String
    /// One sentence for who reads or writes it.
    let help: String
    let payload: JSONSchema
    /// What the record's key is; nil: it means nothing.
    var key: String?
    /// The headers of a CloudEvent of that type (contract §4), which outputs have; nil: those of `headers`.
    var eventType: String?
    /// Other headers; nil: none are needed.
    var headers: JSONSchema?
    var example: JSON?

    /// The Message Object.
    var json: JSON {
        var members = [
            JSON.Member("name", .string(eventType ?? name)), JSON.Member("summary", .string(help)),
            JSON.Member("contentType", .string("application/json")), JSON.Member("payload", payload.json),
        ]
        if let headers = eventType.map(Self.cloudEvent) ?? headers { members.append(JSON.Member("headers", headers.json)) }
        let key = JSONSchema(["type": .array([.string("string"), .string("null")])]).with(
            "description", .string(key ?? "It means nothing."))
        members.append(
            JSON.Member(
                "bindings",
                .object([
                    JSON.Member(
                        "kafka",
                        .object([JSON.Member("key", key.json), JSON.Member("bindingVersion", .string(AsyncAPI.bindingVersion))]))
                ])))
        if let example { members.append(JSON.Member("examples", .array([.object([JSON.Member("payload", example)])]))) }
        return .object(members)
    }

    /// "Headers are binary CloudEvents."
    private static func cloudEvent(_ type: String) -> JSONSchema {
        JSONSchema.object([
            .required("ce_specversion", .constant(.string("1.0")), "Of CloudEvents."),
            .required(
                "ce_id", .text(pattern: "^[0-9]+-[0-9]+$"),
                "The commit's sequence and the event's number in it: one sent again has the same."),
            .required("ce_source", .text(pattern: "^audienced/.+$"), "audienced/, and the group of the deployment."),
            .required("ce_type", .constant(.string(type)), "What has happened."),
            .required("ce_time", AsyncAPI.instant, "The clock of the commit."),
            .required("content-type", .constant(.string("application/json")), "Of the value."),
        ])
    }
}
