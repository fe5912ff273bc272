// What `validate` is given to check.
import Campaigns
import Wire

/// One definition as it stands in a file.
struct GivenDefinition {
    enum Content {
        case schema(JSON)
        case campaign(JSON)
        /// A control event, which may publish a schema or a campaign.
        case event(JSON)
        /// Nothing that can be checked.
        case unknown(Problem)
        /// No JSON; where it stops being any, if that can be said.
        case malformed(reason: String, JSONFault?)
    }

    /// The file, as it was named.
    var file: String
    /// The line it stands on, counted from 1, where a file has a definition on each line.
    var line: Int?
    var content: Content
}
