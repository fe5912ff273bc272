// What the descriptions of schemas, campaigns and events have in common (contract §1, §2).
import Campaigns

/// Parts that stand in `$defs` of several documents, or within one many times.
enum DefinitionParts {
    static let identifier = JSONSchema.text(pattern: "^[A-Za-z_][A-Za-z0-9_-]{0,\(Limits.identifierCharacters - 1)}$")
        .with("description", .string("A letter or _, then up to \(Limits.identifierCharacters - 1) letters, digits, _ or -."))

    static let instant = JSONSchema.any(of: [
        .text(
            pattern: #"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$"#,
            format: "date-time"),
        .integer(from: InstantText.minimum, to: InstantText.maximum),
    ])
    .with("description", .string("RFC 3339 with an offset, or milliseconds since 1970-01-01T00:00:00Z."))
    .with("examples", .array([.string("2026-03-01T09:30:00Z")]))

    private static let duration = JSONSchema.text(
        pattern: #"^P(?=[0-9T])([0-9]+Y)?([0-9]+M)?([0-9]+W)?([0-9]+D)?(T(?=[0-9])([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]{1,3})?S)?)?$"#
    )
    .with("description", .string("ISO 8601. Years, months, weeks and days follow the calendar of the campaign's time zone."))
    .with("examples", .array(["PT30M", "P3D", "P1M"].map(JSON.string)))

    private static let label = JSONSchema.text(atMost: Limits.labelBytes)

    private static let expression = JSONSchema.text(atMost: Limits.expressionBytes)
        .with("description", .string("An expression about the row: fields, links by dots, aggregates over collections, functions."))

    private static let filter = JSONSchema([
        "description": .string(
            "A condition as a text, or a group: {\"and\": […]}, {\"or\": […]}, {\"except\": [keep, remove, …]}, whose items are filters."),
        "anyOf": .array([
            JSONSchema.text(atMost: Limits.expressionBytes).json, JSONSchema.null.json,
            JSONSchema.object(
                [("and", "All of them."), ("or", "At least one of them."), ("except", "The first, and none of the others.")].map {
                    .optional($0.0, .list(of: .reference("filter"), atLeast: 1), $0.1)
                }
            ).with("minProperties", .integer(1)).with("maxProperties", .integer(1)).closed.json,
        ]),
        "examples": .array([.string("EXISTS(purchases WHERE at >= DaysAgo(30))"), .string("country = 'FR'")]),
    ])

    /// Of schemas and events.
    static let simple: [(name: String, schema: JSONSchema)] = [("identifier", identifier), ("label", label)]

    /// Of events.
    static let instants: [(name: String, schema: JSONSchema)] = [("instant", instant)]

    /// Of campaigns.
    static let campaign =
        simple + instants + [("duration", duration), ("expression", expression), ("filter", filter)]
        + [
            ("transition", .text().with("description", .string("An activity's id, or \"activity.output\" for an output with a name."))),
            ("sort", sort), ("attribute", attribute), ("identity", identity),
        ]

    private static let sort = JSONSchema.object([
        .required("by", .reference("expression"), "What decides; nulls come last either way."),
        .absentOrNull("order", .word(of: SortOrder.self), "asc: the lowest first; desc: the highest.", default: .string("asc")),
    ]).closed

    private static let attribute = JSONSchema.object([
        .required("source", .reference("expression"), "What is carried, of the row.", example: .string("country")),
        .required("name", .text(), "What it is called in events.", example: .string("country")),
    ]).closed

    private static let identity = JSONSchema.object([
        .required(
            "field", .text(), "A field that the schema declares as an identity, or a carried column of text.", example: .string("email")),
        .required("namespace", .reference("identifier"), "What kind of identity it is.", example: .string("Email")),
    ]).closed

    /// What editors look at, which is allowed at the top of definitions and ignored.
    static let schemaReference = DescribedMember.absentOrNull(
        "$schema", .text(), "Where the schema of this file is, for editors; audienced ignores it.")
}
