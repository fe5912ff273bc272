// `audienced verify`: whether what was told is what is held. Events of `audience-members` are read whole and added up, and compared with
// the members that the daemon lists, at the commits at which it lists them.
import Campaigns
import Kafka
import Wire

extension Command {
    static let verify = Command(
        name: "verify", purpose: "adds up all events of members, and compares with the members that a daemon has",
        operands: [Operand(name: "AUDIENCE", count: .several, purpose: "their ids; none: all audiences")],
        options: [
            Option(
                name: "--config", kind: .value("FILE"), isRequired: true, purpose: "the daemon's configuration: which Kafka, which topics")
        ] + serverOptions,
        details: """
            Reads audience-members from Kafka up to its end, lists the members of each audience through the API, reads what has come
            meanwhile, and compares each member at the commit at which it was listed: who follows the events has the same members, rows
            and attributes. Nothing is stopped for it, and nothing written. What differs is looked at three times before it is told.
            Whether members are what the definitions mean is a second question: the daemon's audit asks it all the time (audit lines of
            the log, audienced_audit_drift_total), and audienced replay --verify of recorded input as a whole.
            """,
        examples: [
            "audienced verify --config /etc/audienced/audienced.yaml", "audienced verify recent-buyers --config audienced.yaml --json",
        ],
        exitCodes: [
            (.done, "no difference"), (.refused, "differences, which are listed; or an audience is still being told"),
            (.usage, "an option or the configuration is wrong"), (.data, "audience-members holds what are no events of members"),
            (.unavailable, "no server, or no broker, answers"), (.noAccess, "no token, or one that may not list members"),
        ], run: verifyMembers)
}

/// So often is looked again at what differs: an audience may have been in the middle of being told.
private let mostRounds = 3
/// So many differences of an audience are shown to people; `--json` has all.
private let mostShown = 20

@Sendable private func verifyMembers(_ arguments: Arguments) throws -> ExitCode {
    let client = try DaemonClient(arguments, of: .verify)
    Log.show(from: .error)
    let (configuration, secrets) = try loadConfiguration(arguments.required("--config"))
    try client.check(isOf: configuration)
    let kafka = KafkaSource(
        client: ClientConfiguration(settings: secrets.kafka, bounds: configuration.memoryBudget.queues), group: configuration.group)
    var wanted = arguments.operands
    if wanted.isEmpty {
        try client.forEachItem(of: DaemonClient.path("audiences")) { item in if let id = item.text("id") { wanted.append(id) } }
    }
    let progress = ProgressLine(title: "verify", noun: "events and members")
    var found: [String: VerifiedAudience] = [:]
    do {
        defer { progress.end() }
        for round in 1...mostRounds where !wanted.isEmpty {
            if round > 1 { pause(milliseconds: 1000) }
            let looked = try look(at: wanted, client, kafka, Topics(configuration).name(.members), progress)
            for audience in looked { found[audience.id] = audience }
            wanted = looked.filter { !$0.differences.isEmpty || $0.isUnfinished }.map(\.id)
        }
    } catch let error as KafkaError {
        throw CommandFailure(error.errorClass == .retriable ? .unavailable : .data, "\(error)")
    }
    let all = found.values.sorted { isBefore($0.id, $1.id) }
    report(all, isJSON: arguments.flags.contains("--json"))
    return wanted.isEmpty ? .done : .refused
}

private func look(
    at audiences: [String], _ client: DaemonClient, _ kafka: KafkaSource, _ topic: String, _ progress: ProgressLine
) throws -> [VerifiedAudience] {
    var events = MemberEvents(kafka, topic: topic, audiences: Set(audiences))
    var count: Int64 = 0
    var before: Int64 = 0
    func say(_ events: Int64) {
        count = before + events
        progress.say(count)
    }
    try events.begin(progress: say)
    var listed: [(id: String, members: ListedMembers, isWhole: Bool)] = []
    for id in audiences {
        // What is listed is at or behind what was read of the events.
        let query = [("atLeast", "\(events.sequence)"), ("wait", "30")]
        func isComplete() throws -> Bool {
            try client.get(DaemonClient.path("audiences", id), query: query).json.boolean("complete") ?? false
        }
        let wasComplete = try isComplete()
        var members = ListedMembers()
        var after: String?
        repeat {
            let page = try client.get(
                DaemonClient.path("audiences", id, "members"), query: query + [("limit", "1000")] + (after.map { [("after", $0)] } ?? []))
            members.add(page.json.elements("items"), at: page.sequence)
            count += Int64(page.json.elements("items").count)
            progress.say(count)
            after = page.json.text("next")
        } while after != nil
        listed.append((id, members, try wasComplete && isComplete()))
    }
    before = count
    try events.goOn(progress: say)
    return listed.map { id, members, isWhole in
        var audience = VerifiedAudience(id, events, members)
        audience.isUnfinished = !isWhole
        return audience
    }
}

private func report(_ audiences: [VerifiedAudience], isJSON: Bool) {
    if isJSON {
        for audience in audiences { print(audience.json.line) }
        return
    }
    let console = Console.output
    guard !audiences.isEmpty else { return print("no audiences") }
    var table = TextTable([
        .init(title: "AUDIENCE"), .init(title: "MEMBERS", isNumber: true), .init(title: "SEQUENCE", isNumber: true),
        .init(title: "DIFFERENCES", isNumber: true), .init(title: "STATE"),
    ])
    for audience in audiences {
        table.add([
            .init(audience.id), .init(Int64(audience.members)), .init(audience.sequence), .init(Int64(audience.differences.count)),
            .init(audience.isUnfinished ? "still being told" : audience.differences.isEmpty ? "the same" : "differs"),
        ])
    }
    var lines = table.lines(columns: console.columns)
    for audience in audiences where !audience.differences.isEmpty {
        lines.append(StyledLine())
        lines += audience.differences.prefix(mostShown).map { StyledLine(printable("\(audience.id)  \($0.identity)  \($0.what)")) }
        let rest = audience.differences.count - mostShown
        if rest > 0 { lines.append(StyledLine("… and \(rest) more of \(printable(audience.id)): --json has all")) }
    }
    print(console.text(lines), terminator: "")
}
