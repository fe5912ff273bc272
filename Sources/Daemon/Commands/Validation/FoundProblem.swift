// What `validate` finds, with the place to look at.
import Campaigns

/// One problem or warning, and where it was found.
struct FoundProblem {
    enum Severity: String {
        case error, warning
    }

    var severity = Severity.error
    /// The file, as it was named.
    var file: String
    /// The line, counted from 1: of the definition, where a file has one on each line; of the fault, where the text is no JSON.
    var line: Int?
    /// Bytes into the line, counted from 1, and into the file, counted from 0, of what is no JSON.
    var fault: (column: Int, byte: Int)?
    /// "campaign" or "schema"; nil for what is neither.
    var kind: String?
    /// The id of the campaign or the name of the schema, as far as it can be read.
    var definition: String?
    var problem: Problem
}
