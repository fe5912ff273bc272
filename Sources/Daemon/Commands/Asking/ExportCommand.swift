// `audienced export`: the members of an audience, page by page.
import Campaigns
import Kafka
import Wire

extension Command {
    static let export = Command(
        asking: "export", purpose: "asks a daemon: the members of an audience, all of them",
        operands: [Operand(name: "AUDIENCE", purpose: "its id")],
        options: [
            Option(
                name: "--format", kind: .choice("FORMAT", of: MemberFormat.allCases.map(\.rawValue)),
                purpose: """
                    ndjson (unless this is given): a member as JSON on each line; csv: a line of
                    names, then _namespace, _id, _rows and the audience's attributes
                    """),
            Option(
                name: "--config", kind: .value("FILE"),
                purpose: """
                    the daemon's configuration: which Kafka, which topics. The members are then
                    those of one commit: the newest snapshot, joined with the events that followed
                    """),
            Option(name: "--output", kind: .value("FILE"), purpose: "written there, and replaced when all is in it; else standard output"),
        ],
        details: """
            Members come in the order of the bytes of their identities, in pages. Each page is committed state of its own sequence: who
            enters or leaves meanwhile may be in it or not. With --config all are of one commit, which is told on standard error: who
            follows the events behind it has all there is. How far it is goes to standard error.
            """,
        examples: [
            "audienced export recent-buyers", "audienced export recent-buyers --format csv --output members.csv",
            "audienced export recent-buyers --config /etc/audienced/audienced.yaml --output members.ndjson",
        ],
        exitCodes: [(.data, "the output cannot be written, or a snapshot is damaged"), (.unavailable, "no server, or no broker, answers")],
        run: exportMembers)
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
    if let configuration = arguments.values["--config"] {
        let members = try joined(id, audience, client, configuration, progress)
        try output.append(format.header(attributes))
        try members.forEach { try output.append(format.line(of: $0, attributes)) }
        try output.close()
        progress.end()
        printError("\(members.count) members of \(id) as of commit \(members.sequence)")
        return .done
    }
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

/// The members as of the commit that the daemon has acknowledged last.
private func joined(
    _ id: String, _ audience: JSON, _ client: DaemonClient, _ path: String, _ progress: ProgressLine
) throws -> JoinedMembers {
    Log.show(from: .error)
    let (configuration, secrets) = try loadConfiguration(path)
    try client.check(isOf: configuration)
    let kafka = KafkaSource(
        client: ClientConfiguration(settings: secrets.kafka, bounds: configuration.memoryBudget.queues), group: configuration.group)
    let sequence = try client.get(DaemonClient.path("status")).sequence
    guard let namespace = audience.text("namespace") else { throw CommandFailure(.data, "the server does not say whom \(id) is about") }
    var members = JoinedMembers(id, namespace: namespace, at: sequence)
    let topic = Topics(configuration).name(.members)
    do {
        try members.takeSnapshot(client, topic: topic)
        try members.takeEvents(kafka, topic: topic) { progress.say($0) }
    } catch let error as KafkaError {
        throw CommandFailure(error.errorClass == .retriable ? .unavailable : .data, "\(error)")
    }
    return members
}
