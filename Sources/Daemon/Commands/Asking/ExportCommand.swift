// `audienced export`: the members of an audience, page by page.
import Campaigns

extension Command {
    static let export = Command(
        asking: "export", purpose: "asks a daemon: the members of an audience, all of them",
        operands: [Operand(name: "AUDIENCE", purpose: "its id")],
        options: [
            Option(
                name: "--format", kind: .choice("FORMAT", of: MemberFormat.allCases.map(\.rawValue)),
                purpose: """
                    ndjson (unless this is given): a member as JSON on each line; csv: a line of
                    names, then namespace, identity and the audience's attributes
                    """),
            Option(name: "--output", kind: .value("FILE"), purpose: "written there, and replaced when all is in it; else standard output"),
        ],
        details: """
            Members come in the order of the bytes of their identities, in pages. Each page is committed state of its own sequence: who
            enters or leaves meanwhile may be in it or not. A snapshot is one state as a whole. How far it is goes to standard error.
            """,
        examples: ["audienced export recent-buyers", "audienced export recent-buyers --format csv --output members.csv"],
        exitCodes: [(.data, "the output cannot be written")], run: exportMembers)
}

@Sendable private func exportMembers(_ arguments: Arguments, _ client: DaemonClient) throws -> ExitCode {
    let id = arguments.operands[0]
    let format = arguments.values["--format"].flatMap(MemberFormat.init) ?? .ndjson
    if format == .csv, arguments.flags.contains("--json") {
        throw Arguments.refusal("--json and --format csv exclude each other", .export)
    }
    let audience = try client.get(DaemonClient.path("audiences", id)).json
    let attributes = audience.elements("attributes").compactMap { $0.text("name") }
    let path = arguments.values["--output"]
    let output = try ExportOutput(file: path)
    // Members on a terminal show by themselves how far it is.
    let progress = ProgressLine(
        title: "export \(printable(id))", noun: "members", total: audience.integer("size") ?? 0,
        isShown: path != nil || !Console.output.isTerminal)
    var count: Int64 = 0
    defer { progress.end() }
    try output.append(format.header(attributes))
    try client.forEachItem(of: DaemonClient.path("audiences", id, "members")) { member in
        count += 1
        try output.append(format.line(of: member, attributes))
    } afterPage: {
        progress.say(count)
    }
    try output.close()
    return .done
}
