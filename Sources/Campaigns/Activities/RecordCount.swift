// `recCount`: the rows of an inbound, as the expressions of test and alert know them.

/// The one name that those expressions know besides functions.
public enum RecordCount {
    /// As expressions write it; there it is a carried column, an integer.
    public static let name = "recCount"
}
