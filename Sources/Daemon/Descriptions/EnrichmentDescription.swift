// What an enrichment adds (contract §2.2): columns of the row, of linked records, and of others that are equal.
import Campaigns

enum EnrichmentDescription {
    static let members: [DescribedMember] = [
        .absentOrNull("columns", .list(of: column), "Columns of values of the row itself."),
        .absentOrNull("collections", .list(of: collection), "Columns of the first records of a collection."),
        .absentOrNull("joins", .list(of: join), "Columns of rows of another transition or schema that are equal."),
    ]

    private static let expression = JSONSchema.reference("expression")

    private static let column = JSONSchema.object([
        .required("name", .text(), "Of the column."), .required("value", expression, "What it holds."),
    ]).closed

    private static let collection = JSONSchema.object([
        .required("link", .text(), "The name of a 1-N collection, or a path that ends in one."),
        .absentOrNull("filter", .reference("filter"), "Which records; all of them, when absent."),
        .absentOrNull("sort", .reference("sort"), "Which records come first."),
        .required("lines", .integer(from: 0), "How many records become columns."),
        .required("fields", .list(of: .text(), atLeast: 1), "The fields of the records that become columns."),
        .absentOrNull("alias", .reference("identifier"), "What the columns' names begin with; the link, when absent."),
    ]).closed

    private static let join = JSONSchema.object([
        .required("from", .text(), "A transition, or else a schema."),
        .required(
            "on",
            .list(
                of: .object([
                    .required("source", expression, "Of the row."), .required("target", expression, "Of the other row."),
                ]).closed, atLeast: 1), "What must be equal, all of it."),
        .required("columns", .list(of: column, atLeast: 1), "Columns of values of the other row."),
    ]).closed
}
