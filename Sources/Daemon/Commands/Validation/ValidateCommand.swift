// `audienced validate`: every problem of the definitions in some files, before they are published. No broker, no configuration.
import Campaigns
import Glibc
import Storage

private let usage = """
    usage: audienced validate FILE... [--schemas FILE...] [--json]

      FILE       campaigns and schemas: one as JSON, an array of them, or one on each
                 line; bare, or in the event that publishes it
      --schemas  files that are read before the others
      --json     for programs: one JSON object per problem or warning, with severity
                 (error or warning), file, line, column, byte, kind, definition, path,
                 message and hint

    Schemas are checked first, then campaigns in the order given, also against each
    other. What is accepted but hardly meant is a warning, and no problem. Exit code:
    0 no problem, 1 problems, 64 usage, 65 a file cannot be read.
    """

func validateCommand(_ arguments: [String]) throws -> ExitCode {
    let arguments = try Arguments(arguments, options: [], flags: ["--json"], lists: ["--schemas"], takesFiles: true, usage: usage)
    let files = (arguments.lists["--schemas"] ?? []) + arguments.files
    guard !files.isEmpty else { throw CommandFailure(.usage, "validate needs a file\n\(usage)") }
    let validation = Validation(of: try readDefinitions(files), zoneNames: TimeZones.names, zones: TimeZones.system)
    if arguments.flags.contains("--json") {
        for problem in validation.findings {
            var text = JSONText()
            text.append(problem.json)
            print(String(decoding: text.bytes, as: UTF8.self))
        }
    } else {
        print(ProblemReport(columns: ProblemReport.terminalColumns).text(of: validation, files: Set(files).count), terminator: "")
    }
    return validation.problems.isEmpty ? .done : .refused
}

/// Reads all files, or says of each that cannot be read why.
private func readDefinitions(_ files: [String]) throws(CommandFailure) -> [GivenDefinition] {
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
