// What each type of activity may say of itself beside `id`, `type` and `label` (contract §2.2), one row of the table for each.
import Campaigns

enum ActivityDescription {
    /// The members of a type; the activity closes it.
    static func schema(of type: ActivityType) -> JSONSchema {
        let description = description(of: type)
        let schema = JSONSchema.object(description.members).with("description", .string(description.help))
        return description.alternatives.isEmpty ? schema : schema.havingOne(of: description.alternatives)
    }

    private typealias Description = (help: String, members: [DescribedMember], alternatives: [String])

    private static func description(of type: ActivityType) -> Description {
        switch type {
        case .buildAudience, .readAudience: source(type)
        case .combine, .split, .deduplication, .andJoin: choice(type)
        case .enrichment: ("Adds columns to the rows.", [from] + EnrichmentDescription.members, [])
        case .reconciliation, .changeDimension: otherDimension(type)
        case .fork, .wait, .test: control(type)
        case .channel: ("Asks a sender to reach each person.", [from] + ChannelDescription.members, [])
        case .saveAudience: ("Keeps an audience: its members are who the rows stand for.", [from] + SaveDescription.members, [])
        case .end: ("The end of a path; it does nothing.", [from], [])
        case .alert:
            (
                "Says so when the number of rows is what it should not be.",
                [
                    from,
                    .absentOrNull("title", .text(), "What the alert says, as it is."),
                    .absentOrNull("message", .text(), "What it says besides."),
                    .absentOrNull("when", expression, "A condition about recCount, the number of rows.", default: .string(Alert.usual)),
                ], []
            )
        }
    }

    // What several have.

    private static let expression = JSONSchema.reference("expression")
    private static let transition = JSONSchema.reference("transition")
    private static let filter = DescribedMember.absentOrNull("filter", .reference("filter"), "Which rows; all of them, when absent.")
    private static let dimension = DescribedMember.required("dimension", .reference("identifier"), "The schema of the records.")
    private static let complement = complement("Whether the rows that are left out have an output, complement.")
    private static let seed = DescribedMember.absentOrNull(
        "seed", .text(), "Of the random choice: activities with one seed choose alike. campaign/activity, when absent.")

    private static func complement(_ help: String) -> DescribedMember {
        .absentOrNull("complement", .boolean, help, default: .boolean(false))
    }

    private static let from = DescribedMember.required(
        "from", .any(of: [transition, .list(of: transition, atLeast: 1, atMost: 1)]), "The transition whose rows it takes.")
    private static let several = DescribedMember.required(
        "from", .list(of: transition, atLeast: 2), "The transitions whose rows it takes, two or more.")
    private static let primary = DescribedMember.absentOrNull(
        "primary", transition, "Of `from` the one that goes first; the first of them, when absent.")

    // The types.

    private static func source(_ type: ActivityType) -> Description {
        if type == .buildAudience { return ("The records of a schema that meet a filter.", [dimension, filter], []) }
        return (
            "The records whose identities are members of an audience of another campaign.",
            [
                .required("audience", .reference("identifier"), "The id of the audience."), dimension,
                .required("identityField", .text(), "The field that holds the identity, in the audience's namespace."),
                .absentOrNull("attributes", .list(of: .text()), "Attributes of the audience that rows carry as columns."),
            ], []
        )
    }

    private static func choice(_ type: ActivityType) -> Description {
        switch type {
        case .combine: ("Puts several populations together, or takes some from others.", combine, [])
        case .split:
            (
                "Sends rows to subsets, in their order; each has an output of its name.",
                [
                    from, .required("subsets", .list(of: SubsetDescription.schema, atLeast: 1), "In the order in which they choose."),
                    .absentOrNull("overlap", .boolean, "Whether a subset sees rows that an earlier one took.", default: .boolean(false)),
                    complement, seed,
                ], []
            )
        case .deduplication: ("Of rows that are equal, keeps the best few.", deduplication, [])
        default: ("The rows of the primary, while every other transition is active.", [several, primary], [])
        }
    }

    private static let combine: [DescribedMember] = [
        .required("operation", .word(of: Combine.Operation.self), "What is done with them."), several,
        .absentOrNull(
            "by", .any(of: [.constant(.string("key")), .list(of: expression, atLeast: 1)]),
            "What makes two rows one: the key of their record, or expressions.", default: .string("key")),
        primary,
        .absentOrNull(
            "match",
            .map(
                of: .list(
                    of: .object([
                        .required("primary", expression, "Of the primary's row."), .required("other", expression, "Of the other's row."),
                    ]).closed, atLeast: 1)),
            "Of an exclusion across dimensions: for a transition, what must be equal for a row to be removed."),
        complement("Whether the rows that are left out have an output, complement. A union leaves out none."),
    ]

    private static let deduplication: [DescribedMember] = [
        from,
        .required("fields", .list(of: expression, atLeast: 1), "Rows that are equal on all of them are a group."),
        .absentOrNull("keep", .integer(from: 0), "How many stay of each group; 0: all.", default: .integer(1)),
        .absentOrNull(
            "method", .any(of: [.constant(.string("random")), method]),
            "Which of them stay: any, those with the lowest or highest value, those that have a value, or by a list of values.",
            default: .string("random")),
        .absentOrNull(
            "nulls", .word(of: Deduplication.Nulls.self),
            "A row of which a field is null: keep: is a group of its own; group: null equals null; drop: is removed.",
            default: .string(Deduplication.Nulls.keep.rawValue)),
        complement, seed,
    ]

    private static let method = JSONSchema.object([
        .optional("lowest", expression, "The lowest value first, nulls last."),
        .optional("highest", expression, "The highest value first, nulls last."),
        .optional("nonEmpty", expression, "Those that are neither null nor empty first."),
        .optional(
            "values",
            .object([
                .required("of", expression, "Whose values."),
                .required("order", .list(of: .anything), "The values, the best first; others come last."),
            ]).closed, "By the place of the value in a list."),
    ]).with("minProperties", .integer(1)).with("maxProperties", .integer(1)).closed

    private static func otherDimension(_ type: ActivityType) -> Description {
        if type == .changeDimension {
            let help = "Links or reverse names from the old record to the new one, with dots between: customer.household."
            return ("Rows of one dimension as rows of another, which links lead to.", [from, .required("link", .text(), help)], [])
        }
        let rule = JSONSchema.object([
            .required("source", expression, "Of the row."), .required("target", .text(), "A field of the new record that must be equal."),
        ])
        return (
            "Rows of one dimension as rows of another, found by their values.",
            [
                from, dimension, .required("rules", .list(of: rule.closed, atLeast: 1), "All of them must hold."), filter,
                .absentOrNull(
                    "keepUnreconciled", .boolean, "Whether rows stay for which no record was found.", default: .boolean(true)),
                complement("Whether rows for which no record was found have an output, complement."),
            ], []
        )
    }

    private static func control(_ type: ActivityType) -> Description {
        switch type {
        case .fork:
            let names = JSONSchema.list(of: .reference("identifier"), atLeast: 2).with("uniqueItems", .boolean(true))
            return ("The same rows to several followers.", [from, .required("outputs", names, "The names of its outputs.")], [])
        case .wait:
            return (
                "Holds rows back: each for a time, or all until an instant.",
                [
                    from, .absentOrNull("duration", .reference("duration"), "How long each row waits, from when it came."),
                    .absentOrNull("until", .reference("instant"), "When all pass."),
                ], ["duration", "until"]
            )
        default:
            let condition = JSONSchema.object([
                .required("name", .reference("identifier"), "Of the output."),
                .required("when", expression, "A condition about recCount, the number of rows.", example: .string("recCount >= 1000")),
            ])
            return (
                "Sends all rows to one output, by their number: the first whose condition is true.",
                [
                    from, .required("conditions", .list(of: condition.closed, atLeast: 1), "In their order."),
                    .absentOrNull(
                        "default", .boolean, "Whether there is an output default for when none is true.", default: .boolean(true)),
                ], []
            )
        }
    }
}
