// `recCount`: the rows of an inbound, as the expressions of test and alert know them.

/// The one name that those expressions know besides functions.
public enum RecordCount {
    /// As expressions write it; there it is a carried column, an integer.
    public static let name = "recCount"

    /// What those expressions are about: a row without a record that carries the count.
    static let shape = Shape(
        dimension: Schema(name: "a count of rows", fields: [], primaryKey: [], version: nil, identities: [], links: []),
        columns: [name: .integer])
}

extension ActivityReader {
    /// A condition on the number of rows, which is no group tree; nil when it is absent or wrong.
    func countCondition(_ source: String?, at path: String) -> Expression? {
        expression(source, at: path, about: RecordCount.shape, as: .boolean, hint: "a condition compares, as in \(RecordCount.name) > 0")
    }
}
