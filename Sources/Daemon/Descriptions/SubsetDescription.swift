// The subsets of a split (contract §2.2).
import Campaigns

enum SubsetDescription {
    static let schema = JSONSchema.object([
        .required("name", .reference("identifier"), "Of the output."),
        .absentOrNull("filter", .reference("filter"), "Which rows; all of them, when absent."),
        .absentOrNull(
            "sample", .object([.required("percent", percent, "Of the rows, with two decimals at most; the same ones for ever.")]).closed,
            "A random part of the rows."),
        .absentOrNull(
            "limit",
            .object([
                .absentOrNull("count", .integer(from: 0), "So many rows at most."),
                .absentOrNull("percent", percent, "So much of the rows that it would take otherwise."),
            ]).havingOne(of: ["count", "percent"]).closed, "How many rows go there: the first by `sort`."),
        .absentOrNull("sort", .reference("sort"), "Who goes first; a fixed random order, when absent."),
        .absentOrNull("code", .text(), "What the column \(Split.codeColumn) says of its rows; its name, when absent."),
    ]).closed

    private static let percent = JSONSchema.number(from: 0, to: 100)
}
