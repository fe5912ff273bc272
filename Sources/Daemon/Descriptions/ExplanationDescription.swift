// What an explanation holds, on the whole; its steps go as deep as the campaign does.
import Campaigns
import Engine

enum ExplanationDescription {
    static let schema = JSONSchema.object([
        .required("audience", .text(), "Of which it is asked."), .required("sequence", .integer(from: 0), "As of which commit."),
        .required("clock", AsyncAPI.instant, "Of that commit."),
        .required("subject", JSONSchema(["type": .string("object")]), "An identity (namespace, id), or a record (key)."),
        .required("member", .boolean, "Whether it is one."), .required("summary", .text(), "Why, in a sentence."),
        .required("validUntil", instant, "When a member leaves if nothing is written; null: not known, or never."),
        .optional("validUntilReason", .text(), "Why it is not known."),
        .required(
            "byTime",
            .object([
                .required("changes", JSONSchema.boolean.orNull, "Whether time alone changes the answer; null: not known."),
                .optional("at", instant, "When."),
            ]), "What happens if nothing is written."),
        .required("contributions", .list(of: contribution), "The campaigns that write the audience."),
        .required("rows", .list(of: row), "Each with what every activity on its way did with it."),
        .required("toEnter", .list(of: JSONSchema(["type": .string("object")]), atMost: 3), "What would let it in, the least first."),
        .required("truncated", .boolean, "Whether there was more to look at than an answer may."),
    ])

    private static let instant = JSONSchema.any(of: [AsyncAPI.instant, .null])

    private static let contribution = JSONSchema.object([
        .required("campaign", .text(), "Its id."), .required("version", .integer(from: 1), "Its version."),
        .required("activity", .text(), "The save."), .required("standing", .text(), "How the save follows."),
        .required("member", .boolean, "By that alone."),
    ])

    private static let row = JSONSchema.object([
        .required("campaign", .text(), "Which led it."), .required("schema", .text(), "Of its record."),
        .required("key", JSONSchema.text().orNull, "Of its record; null: it has none."), .required("at", .text(), "How far it came."),
        .required("in", .boolean, "Whether it passed."),
        .required(
            "steps",
            .list(
                of: .object([
                    .required("activity", .text(), "Its id."), .required("type", .text(), "Its type."),
                    .required("result", .text(), "What it did with the row."),
                ])), "The activities, in order, with conditions and what decided."),
    ])
}
