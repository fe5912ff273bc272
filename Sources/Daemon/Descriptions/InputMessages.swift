// The records of the input topics (contract §2, §3).
import Campaigns

enum InputMessages {
    static let control = [
        DescribedMessage(
            name: "control",
            help: "Publishes, stops and deletes, asks for a barrier, or moves the clock of a test; or a CloudEvent of that.",
            payload: JSONSchema(["$ref": .string("./schemas/event.json")]))
    ]

    /// The formats of changes; which one a record has, its shape tells.
    static let changes = [
        DescribedMessage(
            name: "change", help: "A row of a table was written (u), whole, or deleted (d).",
            payload: .object([
                .required("table", .text(), "The name of the schema."), .required("op", .word(of: ["u", "d"]), "What was done."),
                .required("row", row, "The whole row; of a delete the primary key is enough."),
            ]), key: sharedKey,
            example: .object([
                JSON.Member("table", .string("customers")), JSON.Member("op", .string("u")),
                JSON.Member("row", .object([JSON.Member("id", .string("1")), JSON.Member("email", .string("a@example.com"))])),
            ])),
        DescribedMessage(
            name: "change-request", help: "On a topic that is mapped to a table: a flat row, and what was done with it.",
            payload: .object([.required("_change_request_type", .word(of: ["u", "U", "d", "D"]), "Written or deleted.")]), key: sharedKey),
        DescribedMessage(
            name: "debezium", help: "What Debezium's connectors write, also within `payload` beside `schema`, or as a CloudEvent.",
            payload: .object([
                .optional("before", row.orNull, "The row as it was."), .optional("after", row.orNull, "The row as it is."),
                .required("op", .word(of: ["c", "u", "r", "d", "t", "m"]), "What was done."),
                .required(
                    "source", .object([.optional("table", .text(), "The table, on a topic that is mapped to none.")]),
                    "Where it comes from."),
            ]), key: sharedKey),
        DescribedMessage(
            name: "row", help: "On a topic that is mapped to a table: a whole row, or with __deleted = true one that is gone.",
            payload: row, key: sharedKey),
        DescribedMessage(
            name: "tombstone", help: "On a topic that is mapped to a table: the row is gone.", payload: .null,
            key: "The primary key as JSON."),
    ]

    private static let row = JSONSchema(["type": .string("object")])
    private static let sharedKey = "The same for all rows that hang together, since it decides the partition."
}
