// What `validate` and `publish` are given.
import Campaigns
import Storage
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

    /// Reads all files, or says of each that cannot be read why.
    static func all(in files: [String]) throws(CommandFailure) -> [GivenDefinition] {
        let reader = DefinitionFileReader()
        var definitions: [GivenDefinition] = []
        var failures: [String] = []
        for file in files {
            do throws(StorageError) {
                definitions += try reader.read(file)
            } catch {
                failures.append(error.description)
            }
        }
        if !failures.isEmpty { throw CommandFailure(.data, failures.joined(separator: "\naudienced: ")) }
        return definitions
    }
}
