// What the answers of the API hold (contract §8), by the names of their routes. Clients ignore members that they do not know.
import Campaigns
import Engine
import HTTP
import Wire

enum AnswerDescription {
    /// Of a route; an object that nobody described is one.
    static func schema(of route: String) -> JSONSchema { schemas[route] ?? JSONSchema(["type": .string("object")]) }

    /// What a change answers: what became of its control event.
    static let publication = JSONSchema.object([
        .required("state", .word(of: ["pending", "live", "rejected"]), "pending: not read yet."),
        .required("offset", count, "Of the control event on its topic."), .optional("sequence", count, "The commit that it was."),
        .optional("type", .word(of: ControlEventType.self), "What was asked for; not there where that could not be read."),
        .optional("schema", .text(), "The schema that it was about."), .optional("campaign", .text(), "The campaign that it was about."),
        .optional("version", .integer(from: 1), "Its version since, or the one that was stopped or deleted."),
        .optional("complete", .boolean, "Whether all of its first evaluation is said."),
        .optional("problems", .list(of: .component("problem")), "Why it was refused."),
    ])

    /// RFC 9457.
    static let problem = JSONSchema.object([
        .required("type", .text(), "The path of a page that helps."),
        .required("code", .word(of: ProblemCode.allCases.map(\.rawValue)), "Stable: the last piece of the type."),
        .required("title", .text(), "What the code means."), .required("status", .integer(from: 400, to: 599), "As in the head."),
        .required("detail", .text(), "What is wrong this time."), .required("instance", .text(), "Names this refusal, for the log."),
        .optional("hint", .text(), "What to do about it."), .optional("sequence", count, "The newest commit."),
        .optional("problems", .list(of: .component("problem")), "Of a definition: all of them."),
        .optional("line", .integer(from: 1), "Of a body that is no JSON: where it stops being any."),
        .optional("column", .integer(from: 1), "Bytes into that line."),
    ])

    private static let count = JSONSchema.integer(from: 0)
    private static let instant = JSONSchema.any(of: [AsyncAPI.instant, .null])

    private static func page(of item: JSONSchema, _ more: [DescribedMember] = []) -> JSONSchema {
        .object(
            [
                .required("items", .list(of: item, atMost: 1000), "Fewer than asked for, even none, may come with a next."),
                .required("next", JSONSchema.text().orNull, "The cursor of the next page; null: that was all."),
            ] + more)
    }

    private static let schemas: [String: JSONSchema] = [
        "status": .object([
            .required("ready", .boolean, "Whether commits are made."), .required("status", .text(), "In a sentence."),
            .required(
                "reasons",
                .list(
                    of: .object([
                        .required("check", .text(), "A stable word."), .required("since", instant, "From when on."),
                        .required("message", .text(), "What is wrong."), .required("help", .text(), "What to do."),
                    ])), "Why it is not ready."),
            .required("sequence", count, "The last commit."), .required("clock", instant, "Its clock."),
            .required("audiences", count, "Those not retired."), .required("campaigns", count, "How many."),
            .required("schemas", count, "How many."), .required("members", count, "Of all audiences."),
            .required("version", .text(), "Of the program."), .required("group", .text(), "The deployment."),
            .optional(
                "figures", JSONSchema(["type": .string("object")]), "What was counted since the start, where figures=1 asks for it."),
        ]),
        "audience": audience, "audiences": page(of: audience),
        "members": page(
            of: .object([
                .required("identity", .component("identity"), "Who."), .required("rows", .integer(from: 1), "How many stand for it."),
                .required("attributes", JSONSchema(["type": .string("object")]), "By name."),
                .optional(
                    "validUntil", instant, "When it leaves if nothing is written, where validUntil=1 asks; null: not known, or never."),
            ]), [.required("size", count, "Members of the audience.")]),
        "campaign": .object(
            campaign + [
                .required("definition", JSONSchema(["type": .string("object")]), "As it was published."),
                .required("transitions", .map(of: .object(transition)), "For each its rows, as they stand."),
            ]),
        "campaigns": page(of: .object(campaign)),
        "schemas": page(of: .object([.required("name", .text(), "Of the schema.")])),
        "schema": .object([
            .required("name", .text(), "Of the schema."), .required("definition", JSONSchema(["type": .string("object")]), "As it stands."),
        ]),
        "snapshots": page(of: .component("manifest")),
        "history": .object([
            .required("audience", .text(), "Of which it is."), .required("step", .word(of: HistoryStep.self), "How long a step is."),
            .required("since", instant, "Nothing is known of what was before; null: nothing was noted yet."),
            .required("steps", .list(of: .word(of: HistoryStep.self)), "Those that are kept."),
            .required(
                "points",
                .list(
                    of: .object([
                        .required("time", AsyncAPI.instant, "When the step begins."), .required("size", count, "Members at its end."),
                        .required("entered", count, "In it."), .required("left", count, "In it."),
                    ])), "One for each step, the oldest first."),
            .required(
                "causes",
                JSONSchema.object([
                    .required("since", AsyncAPI.instant, "From when on: 24 hours ago, or when the history begins."),
                    .required("entered", .map(of: count), "How many, by cause; without those of which there are none."),
                    .required("left", .map(of: count), "The same of those who left."),
                ]).orNull, "Why members entered and left; null: nothing was noted yet."),
        ]),
        "campaign-version": .object([
            .required("id", .text(), "Of the campaign."), .required("version", .integer(from: 1), "Which it is."),
            .required("liveAt", instant, "The clock of the commit that published it; null: not known."),
            .required("sequence", count.orNull, "That commit; null: not known."),
            .required("offset", count.orNull, "Of its control event; null: not known."),
            .required("definition", JSONSchema(["type": .string("object")]), "As it was published."),
        ]),
        "transition-rows": .object([
            .required("items", .list(of: .object(record), atMost: 1000), "The records that rows lead to."),
            .required("next", .null, "There is no order in which one could go on."),
            .required("more", .boolean, "Whether there are more rows than were asked for."),
        ]),
        "dead-letters": page(of: deadLetter),
        "publication": publication,
        "validate-campaign": .object([
            .required("valid", .boolean, "Whether it could be published."),
            .required("problems", .list(of: .component("problem")), "All of them."),
        ]),
        "explain-identity": ExplanationDescription.schema, "explain-record": ExplanationDescription.schema,
    ]

    private static let audience = JSONSchema.object([
        .required("id", .text(), "Of the audience."), .required("label", .text(), "What people call it."),
        .required("state", .word(of: ["live", "scheduled", "completed", "stopped", "retired"]), "That of who writes it."),
        .required("namespace", .text(), "Of its identities."), .required("campaign", .text(), "Who writes it."),
        .required("campaignVersion", count, "Of that."), .required("size", count, "Its members."),
        .required("rows", count, "The sum of theirs."), .required("rejected", count, "Rows without an identity."),
        .required("complete", .boolean, "Whether all of the last change is said."), .required("lastChange", count, "The commit of it."),
        .required(
            "attributes", .list(of: .object([.required("name", .text(), "As in events."), .required("type", .text(), "Of its values.")])),
            "What members carry."),
        .optional("day", JSONSchema.any(of: [day, .null]), "The last 24 hours, where trend=1 asks for them."),
    ])

    private static let day = JSONSchema.object([
        .required("entered", count, "Who came."), .required("left", count, "Who went."),
        .required("sizes", .list(of: count, atMost: 24), "Members, an hour apart, or a minute in the first hours; the last is now."),
    ])

    private static let campaign: [DescribedMember] = [
        .required("id", .text(), "Of the campaign."), .required("name", .text(), "What people call it."),
        .required("version", .integer(from: 1), "How often it was published."),
        .required("state", .word(of: ["live", "scheduled", "completed", "stopped"]), "Whether it follows."),
        .required("timezone", .text(), "IANA name."), .required("startAt", instant, "From when on."),
        .required("endAt", instant, "Until when."),
        .required("audiences", .list(of: .text()), "Those that it writes."),
    ]

    private static let record: [DescribedMember] = [
        .required("schema", .text(), "Of the record."), .required("key", JSONSchema.text().orNull, "Its key; null: the row has none."),
    ]

    /// What the role `read` alone is shown has no member otherwise: key, value and headers.
    private static let deadLetter = JSONSchema.object([
        .required("place", .text(), "Its partition and offset in the topic of dead letters, such as 0/12."),
        .required("time", instant, "When it was refused; null: not known."), .required("topic", .text(), "Where the record came from."),
        .required("partition", count, "Of that topic."), .required("offset", count, "In that partition."),
        .required("stage", .text(), "What refused it."), .required("reason", .any(of: [.word(of: RefusalKind.self), .null]), "As what."),
        .required("message", .text(), "Why."), .required("shortened", .boolean, "Whether only size and hash of its value are here."),
        .optional("key", JSONSchema.text().orNull, "Of the record."),
        .optional("keyHex", .text(), "In its place, of bytes that are no text."),
        .optional("value", JSONSchema.text().orNull, "Of the record."),
        .optional("valueHex", .text(), "In its place, of bytes that are no text."),
        .optional(
            "headers",
            .list(
                of: .object([
                    .required("name", .text(), "Of the header."), .optional("value", JSONSchema.text().orNull, "Its text."),
                    .optional("valueHex", .text(), "In its place, of bytes that are no text."),
                ])), "Those that the record had."),
    ])

    private static let transition: [DescribedMember] = [
        .required("rows", count, "How many."), .required("unmatched", count, "Rows without a record."),
        .required("ambiguous", count, "Rows with several."), .required("rejected", count, "Rows without an identity."),
    ]
}
