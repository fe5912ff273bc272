// JSON Schema of a campaign (contract §2.2): `Config/schemas/campaign.json`. What only the whole can tell (whether a field is there, or the
// graph has a cycle) is for `validate`.
import Campaigns

enum CampaignDescription {
    static let document = JSONSchema.document(
        title: "Campaign",
        "A campaign of audienced: a graph of activities, each follows every change. `audienced validate` finds what a schema cannot.",
        body, parts: DefinitionParts.campaign + [("activity", activity)] + activities, examples: [example])

    private static let body = JSONSchema.object([
        DefinitionParts.schemaReference,
        .required(
            "id", .reference("identifier"), "Names the campaign: publishing this id again replaces it.", example: .string("win-back")),
        .absentOrNull("name", .text(), "What people call it; its id, when absent."),
        .absentOrNull(
            "timezone", .text(atLeast: 1), "IANA name of the time zone of its days and months, in its exact spelling.",
            default: .string(TimeZoneRules.utc.name), example: .string("Europe/Paris")),
        .absentOrNull("startAt", .reference("instant"), "From when on it is valid; before that, every population is empty."),
        .absentOrNull("endAt", .reference("instant"), "When it ends, after startAt; its audiences then stay as they are."),
        .required(
            "activities", .list(of: .reference("activity"), atLeast: 1, atMost: Limits.activities),
            "The graph: each takes its rows from those that `from` names. At most \(Limits.channelActivities) of them are channels."),
    ]).closed

    private static let activity = JSONSchema.object([
        .required("id", .reference("identifier"), "Its name within the campaign, which others take rows by."),
        .required("type", .word(of: ActivityType.self), "What it does."),
        .absentOrNull("label", .text(), "What people call it."),
    ])
    .depending(on: "type", ActivityType.allCases.map { ($0.rawValue, .reference($0.rawValue)) })
    .closed

    private static let activities = ActivityType.allCases.map { (name: $0.rawValue, schema: ActivityDescription.schema(of: $0)) }

    private static let example = JSON.object([
        JSON.Member("id", .string("recent-buyers")), JSON.Member("name", .string("Recent buyers")),
        JSON.Member(
            "activities",
            .array([
                .object([
                    JSON.Member("id", .string("buyers")), JSON.Member("type", .string(ActivityType.buildAudience.rawValue)),
                    JSON.Member("dimension", .string("customers")),
                    JSON.Member("filter", .string("EXISTS(purchases WHERE at >= DaysAgo(30))")),
                ]),
                .object([
                    JSON.Member("id", .string("save")), JSON.Member("type", .string(ActivityType.saveAudience.rawValue)),
                    JSON.Member("from", .string("buyers")),
                    JSON.Member("audience", .object([JSON.Member("id", .string("recent-buyers"))])),
                    JSON.Member(
                        "identity", .object([JSON.Member("field", .string("email")), JSON.Member("namespace", .string("Email"))])),
                ]),
            ])),
    ])
}
