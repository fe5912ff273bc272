// The records of the output topics (contract §4), a row for each: what EventEncoder writes. Readers ignore members that they do not know.
import Campaigns
import Engine
import Wire

enum OutputMessages {
    /// What is on a topic.
    static func messages(on topic: OutputTopic) -> [DescribedMessage] {
        switch topic {
        case .members: [member("entered", "realized"), member("updated", "existing"), member("exited", "exited"), forgotten]
        case .updated: updates
        case .channelRequests: [request]
        case .deadLetters: [deadLetter]
        }
    }

    /// What they have in common.
    static let parts: [(name: String, schema: JSONSchema)] = [
        (
            "identity",
            .object([
                .required("namespace", .text(), "What kind of identity it is."), .required("id", .text(), "Whose it is."),
            ])
        ),
        (
            "problem",
            .object([
                .required("path", .text(), "Where in the definition: activities[2].filter."),
                .required("message", .text(), "What is wrong."),
                .optional("hint", JSONSchema.text().orNull, "What may be meant."),
            ])
        ),
        ("offsets", .map(of: .map(of: .integer(from: 0)))),
        ("manifest", SnapshotDescription.manifest),
    ]

    // Members every event has.

    private static let count = JSONSchema.integer(from: 0)
    private static let sequence = DescribedMember.required("sequence", .integer(from: 1), "Of the commit.")
    private static let time = DescribedMember.required("time", AsyncAPI.instant, "The clock of the commit.")
    private static let campaign = DescribedMember.required("campaign", .text(), "The campaign that writes the audience.")
    private static let version = DescribedMember.required("campaignVersion", .integer(from: 1), "Its version.")
    private static let truncated = DescribedMember.optional(
        "truncated", .constant(.boolean(true)), "There is when something was left out for its size.")
    private static let identity = DescribedMember.required("identity", .component("identity"), "Whose it is.")
    private static let warnings = DescribedMember.optional("warnings", .list(of: .component("problem")), "What is hardly meant.")

    // The topics.

    private static func member(_ what: String, _ status: String) -> DescribedMessage {
        let attributes = DescribedMember.optional(
            "attributes", JSONSchema(["type": .string("object")]), "What the campaign carries, by name; left out of what is too large.")
        let validUntil = DescribedMember.optional(
            "validUntil", JSONSchema.any(of: [AsyncAPI.instant, .null]), "When the member leaves if nothing is written; absent: not known.")
        let staying = what == "exited" ? [] : [attributes, truncated, validUntil]
        let members: [DescribedMember] =
            [
                .required("audience", .text(), "Its id."), identity, .required("status", .constant(.string(status)), "What has happened."),
            ] + staying + [
                .required("rows", count, "How many rows stand for the identity."),
                .required("cause", .word(of: Cause.allCases.map(\.text)), "Why."), campaign, version, sequence, time,
            ]
        return DescribedMessage(
            name: "audience.member.\(what)", help: "Somebody \(what == "updated" ? "is still in, with other attributes or rows" : what).",
            payload: .object(members), key: memberKey, eventType: "audience.member.\(what)", example: example(status))
    }

    private static let memberKey = "audienceId|namespace|identity; the partition is that of namespace|identity."

    private static let forgotten = DescribedMessage(
        name: "audience.member.forgotten", help: "After each exit, so that compaction forgets who left.", payload: .null, key: memberKey)

    private static func example(_ status: String) -> JSON {
        let values = status == "exited" ? [] : [JSON.Member("attributes", .object([JSON.Member("country", .string("FR"))]))]
        let identity = JSON.object([JSON.Member("namespace", .string("Email")), JSON.Member("id", .string("a@example.com"))])
        return .object(
            [
                JSON.Member("audience", .string("recent-buyers")), JSON.Member("identity", identity),
                JSON.Member("status", .string(status)),
            ] + values + [
                JSON.Member("rows", .integer(status == "exited" ? 0 : 1)), JSON.Member("cause", .string(Cause.change.text)),
                JSON.Member("campaign", .string("recent-buyers")), JSON.Member("campaignVersion", .integer(3)),
                JSON.Member("sequence", .integer(8123)), JSON.Member("time", .string("2026-03-01T09:30:00.250Z")),
            ])
    }

    private static let updates: [DescribedMessage] = [
        update(
            "audience.updated", "An audience changed in a commit, or its publish completed in it.", "The audience's id.",
            [
                .required("audience", .text(), "Its id."), .required("label", .text(), "What people call it."),
                .required("size", count, "Its members."), .required("rows", count, "The sum of their rows."),
                .required("entered", count, "In this commit."), .required("updated", count, "In this commit."),
                .required("exited", count, "In this commit."), .required("rejected", count, "Rows without an identity."),
                .required("complete", .boolean, "Whether all of it is said; else the next commits go on."), campaign, version,
            ]),
        update("audience.retired", "No campaign writes it any more.", "The audience's id.", [.required("audience", .text(), "Its id.")]),
        update(
            "audience.snapshot", "A snapshot lies on the disk.", "The audience's id.",
            [.required("audience", .text(), "Its id."), .optional("snapshot", .component("manifest"), "Its manifest."), truncated]),
        update(
            "campaign.live", "A campaign, or a new version, follows its input.", "The campaign's id.",
            [.required("campaign", .text(), "Its id."), version, warnings]),
        update(
            "campaign.stopped", "Its audiences stay as they are.", "The campaign's id.",
            [.required("campaign", .text(), "Its id."), version]),
        update(
            "campaign.deleted", "What it alone wrote is emptied.", "The campaign's id.",
            [.required("campaign", .text(), "Its id."), version]),
        update("schema.live", "A schema is known.", "The schema's name.", [.required("schema", .text(), "Its name."), warnings]),
        update("campaign.rejected", "It changed nothing.", "The campaign's id.", rejected("campaign")),
        update("schema.rejected", "It changed nothing.", "The schema's name.", rejected("schema")),
        update(
            "alert.raised", "A number of rows is what it should not be.", "The campaign's id.",
            [
                .required("campaign", .text(), "Its id."), .required("activity", .text(), "The alert's id."),
                .required("title", JSONSchema.text().orNull, "As the campaign says it."),
                .required("message", JSONSchema.text().orNull, "As the campaign says it."), .required("rows", count, "How many there are."),
                truncated,
            ]),
        update(
            "barrier.reached", "What was asked for is in.", "The barrier's id.",
            [
                .required("id", .text(), "The barrier's."), .optional("offsets", .component("offsets"), "Inputs below these are in."),
                .optional("outputs", .component("offsets"), "Who reads outputs up to here has seen all of it."),
            ]),
    ]

    private static func rejected(_ what: String) -> [DescribedMember] {
        [
            .required(what, JSONSchema.text().orNull, "As far as it could be read."),
            .required("problems", .list(of: .component("problem"), atLeast: 1), "All of them."),
        ]
    }

    private static func update(_ type: String, _ help: String, _ key: String, _ members: [DescribedMember]) -> DescribedMessage {
        let named = DescribedMember.required("type", .constant(.string(type)), "What has happened.")
        return DescribedMessage(name: type, help: help, payload: .object([named] + members + [sequence, time]), key: key, eventType: type)
    }

    private static let request = DescribedMessage(
        name: "channel.requested", help: "Somebody is to be reached.",
        payload: .object([
            .required("request", .text(), "Names the request: one sent again has the same."), campaign,
            .required("activity", .text(), "The channel's id."), .required("channel", .word(of: Channel.Kind.self), "How."),
            .required("category", .word(of: Channel.Category.self), "Why."), identity,
            .required("address", JSONSchema.text().orNull, "Where; null when it was left out for its size."),
            .required("template", JSONSchema.text().orNull, "What is sent, by its name elsewhere."),
            .optional("attributes", JSONSchema(["type": .string("object")]), "What the campaign carries, by name."), truncated,
            .required("schema", .text(), "Of the row that it is about."),
            .required("key", JSONSchema.text().orNull, "The key text of that row; null: it has no record."), time,
        ]), key: "campaign|activity|namespace|identity; the partition is that of namespace|identity.", eventType: "channel.requested")

    private static let deadLetter = DescribedMessage(
        name: "dead-letter", help: "A record that was refused, as it was, and why. What is too large has size and sha256 in its place.",
        payload: .anything, key: "That of the record.",
        headers: .object(
            [
                ("topic", "Where it was read."), ("partition", "Where it was read."), ("offset", "Where it was read."),
                ("stage", "CONTROL or CHANGE."), ("exception.message", "Why it was refused."),
            ].map { .required("__connect.errors.\($0.0)", .text(), $0.1) }))
}
