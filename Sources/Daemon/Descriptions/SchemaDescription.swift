// JSON Schema of a schema of rows (contract §2.1): `Config/schemas/schema.json`.
import Campaigns

enum SchemaDescription {
    static let document = JSONSchema.document(
        title: "Schema",
        "A schema of audienced: the fields of a table's rows, their key, whom they are about, and how they hang together.",
        body, parts: DefinitionParts.simple, examples: [example])

    private static let identifier = JSONSchema.reference("identifier")
    private static let label = DescribedMember.absentOrNull("label", .reference("label"), "What people call it; it may change.")

    private static let body = JSONSchema.object([
        DefinitionParts.schemaReference,
        .required("name", identifier, "Names the schema, and the table of its rows.", example: .string("purchases")), label,
        .required("fields", .list(of: field, atLeast: 1, atMost: Limits.fields), "The fields of its rows; new ones may be added later."),
        .required(
            "primaryKey", .list(of: .text(), atLeast: 1, atMost: Limits.fields), "The fields that name a row; they are never null.",
            example: .array([.string("id")])),
        .absentOrNull(
            "version", .text(), "An integer or datetime field: a change with an older value than the row has is ignored."),
        .absentOrNull("identities", .list(of: identity, atMost: Limits.fields), "The fields that say whom a row is about."),
        .absentOrNull("links", .list(of: link, atMost: Limits.links), "Records of other schemas that a row belongs to."),
    ]).closed

    private static let field = JSONSchema.object([
        .required("name", identifier, "What expressions and rows call it."), label,
        .required("type", .word(of: FieldType.self), "What its values are."),
    ])
    .depending(on: "type", FieldType.allCases.map { ($0.rawValue, .object(members(of: $0))) })
    .closed

    /// What a field of a type may say besides.
    private static func members(of type: FieldType) -> [DescribedMember] {
        let unit = DescribedMember.absentOrNull(
            "unit", .word(of: InstantUnit.self), "What an integer counts in the rows of this table.",
            default: .string(InstantUnit.milliseconds.rawValue))
        let noUnit = DescribedMember.optional("unit", .null, "Only a datetime has one.")
        switch type {
        case .datetime: return [unit]
        case .enum:
            let values = JSONSchema.list(of: .text(), atLeast: 1, atMost: Limits.enumValues)
            return [.required("values", values, "The texts that it may hold; new ones may be added later."), noUnit]
        case .string, .integer, .double, .boolean, .date: return [noUnit]
        }
    }

    private static let identity = JSONSchema.object([
        .required("field", .text(), "A string field.", example: .string("email")),
        .required("namespace", identifier, "What kind of identity it holds.", example: .string("Email")),
    ]).closed

    private static let link = JSONSchema.object([
        .required("name", identifier, "What expressions call the record that it leads to.", example: .string("customer")),
        .required("to", identifier, "The schema of that record.", example: .string("customers")),
        .required(
            "on", .map(of: .text()), "For each field of this schema, the field of the other's primary key that it equals.",
            example: .object([JSON.Member("customer_id", .string("id"))])),
        .absentOrNull("reverse", identifier, "What the other calls the collection of these rows.", example: .string("purchases")),
        .absentOrNull("unique", .boolean, "Whether at most one row leads to each record.", default: .boolean(false)),
    ]).closed

    private static let example = JSON.object([
        JSON.Member("name", .string("customers")),
        JSON.Member(
            "fields",
            .array(
                ["id", "email", "country"].map {
                    .object([JSON.Member("name", .string($0)), JSON.Member("type", .string(FieldType.string.rawValue))])
                })),
        JSON.Member("primaryKey", .array([.string("id")])),
        JSON.Member(
            "identities", .array([.object([JSON.Member("field", .string("email")), JSON.Member("namespace", .string("Email"))])])),
    ])
}
