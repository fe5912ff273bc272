// JSON Schema of control events (contract §2), plain or as structured CloudEvents: `Config/schemas/event.json`.
import Campaigns
import Wire

enum EventDescription {
    static let document = JSONSchema.document(
        title: "Control event",
        "What the topic of control events takes: it publishes, stops and deletes, asks for a barrier, or moves the clock of a test.",
        JSONSchema([
            "if": JSONSchema(["required": .array(cloudEvent.map { .string($0.name) })]).json,
            "then": JSONSchema.object(cloudEvent).json, "else": JSONSchema.reference("control").json,
        ]),
        parts: DefinitionParts.instants + [("control", control), ("offsets", offsets)]
            + ControlEventType.allCases.map {
                ($0.rawValue, .object(members(of: $0)))
            },
        examples: [
            .object([
                JSON.Member("type", .string(ControlEventType.barrierRequested.rawValue)), JSON.Member("id", .string("nightly-2026-03-01")),
            ])
        ])

    /// The members that make an object a structured CloudEvent; it may have more.
    private static let cloudEvent: [DescribedMember] = [
        .required("specversion", .anything, "Of CloudEvents."), .required("data", .reference("control"), "The control event."),
    ]

    private static let control = JSONSchema.object([
        DefinitionParts.schemaReference,
        .required("type", .word(of: ControlEventType.self), "What it does."),
        .optional("time", .reference("instant"), "When it was written; `audienced replay` goes by it."),
    ])
    .depending(on: "type", ControlEventType.allCases.map { ($0.rawValue, .reference($0.rawValue)) })
    .closed

    private static let offsets = JSONSchema.map(
        of: .map(of: .integer(from: 0), names: .text(pattern: "^(0|[1-9][0-9]*)$"))
    )
    .with("description", .string("For each topic, with the prefix, and each of its partitions an offset."))
    .with("examples", .array([.object([JSON.Member("profile-changes", .object([JSON.Member("0", .integer(1000))]))])]))

    private static func members(of type: ControlEventType) -> [DescribedMember] {
        let name = JSONSchema.text(atMost: Limits.keyTextBytes)
        switch type {
        case .schemaPublished: return [.required("schema", .document("schema"), "A new schema, or one with more in it.")]
        case .campaignPublished: return [.required("campaign", .document("campaign"), "A new campaign, or a new version.")]
        case .campaignStopped: return [.required("campaignId", name, "Its audiences stay as they are.")]
        case .campaignDeleted: return [.required("campaignId", name, "Audiences that it alone writes are emptied and retired.")]
        case .barrierRequested:
            return [
                .required("id", name, "Comes back in barrier.reached."),
                .absentOrNull("after", .reference("offsets"), "What must be in a commit first: everything below these offsets."),
            ]
        case .clockAdvanced:
            return [.required("to", .reference("instant"), "Where the clock stands then; only with clock: events.")]
        }
    }
}
