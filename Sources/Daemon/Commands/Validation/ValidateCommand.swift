// `audienced validate`: every problem of the definitions in some files, before they are published. No broker, no configuration.
import Campaigns

extension Command {
    static let validate = Command(
        name: "validate", purpose: "no broker: every problem of the campaigns and schemas in files",
        operands: [
            Operand(
                name: "FILE", count: .several,
                purpose: """
                    campaigns and schemas: one as JSON, an array of them, or one on each
                    line; bare, or in the event that publishes it
                    """)
        ],
        options: [
            Option(name: "--schemas", kind: .list("FILE"), purpose: "files that are read before the others"),
            Option(
                name: "--json",
                purpose: """
                    for programs: one JSON object per problem or warning, with severity
                    (error or warning), file, line, column, byte, kind, definition, path,
                    message and hint
                    """),
        ],
        details: """
            Schemas are checked first, then campaigns in the order given, also against each other. What is accepted but hardly meant is a
            warning, and no problem.
            """,
        examples: ["audienced validate Config/first-campaign.ndjson", "audienced validate campaigns/*.json --schemas schemas/*.json"],
        exitCodes: [(.done, "no problem, whatever warnings"), (.refused, "problems"), (.data, "a file cannot be read")],
        run: validateFiles)
}

@Sendable private func validateFiles(_ arguments: Arguments) throws -> ExitCode {
    let files = (arguments.lists["--schemas"] ?? []) + arguments.operands
    guard !files.isEmpty else { throw Arguments.refusal("validate needs a file", .validate) }
    let validation = Validation(of: try GivenDefinition.all(in: files), zoneNames: TimeZones.system.names, zones: TimeZones.system.rules)
    if arguments.flags.contains("--json") {
        for problem in validation.findings {
            var text = JSONText()
            text.append(problem.json)
            print(String(decoding: text.bytes, as: UTF8.self))
        }
    } else {
        print(ProblemReport(columns: Console.output.columns).text(of: validation, files: Set(files).count), terminator: "")
    }
    return validation.problems.isEmpty ? .done : .refused
}
