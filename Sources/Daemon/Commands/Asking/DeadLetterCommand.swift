// `audienced dlq`: which records were refused and why, one of them whole, and sending them again.
import Campaigns
import Wire

extension Command {
    static let deadLetters = Command(
        name: "dlq", purpose: "dead letters: lists them by topic and reason, shows one, sends them again",
        operands: [
            Operand(
                name: "ACTION", choices: ["list", "show", "redrive"], purpose: "list and show ask a daemon, redrive writes to Kafka"),
            Operand(name: "PLACE", count: .optional, purpose: "for show: partition and offset in audienced.dlq, such as 0/12"),
        ],
        options: [
            Option(name: "--topic", kind: .value("TOPIC"), purpose: "only records of this topic, by its whole name"),
            Option(
                name: "--reason", kind: .choice("REASON", of: RefusalKind.allCases.map(\.rawValue)),
                purpose: "only records that were refused as this, such as wrong-value"),
            Option(name: "--each", purpose: "list: each record with its place and reason in words, instead of counts"),
            Option(name: "--config", kind: .value("FILE"), purpose: "redrive: the daemon's configuration"),
            Option(name: "--partition", kind: .value("N"), purpose: "redrive: only those in this partition of audienced.dlq"),
            Option(name: "--from", kind: .value("OFFSET"), purpose: "redrive: only those from this offset of their partition on"),
            Option(name: "--to", kind: .value("OFFSET"), purpose: "redrive: only those up to this offset, itself included"),
            Option(name: "--dry-run", purpose: "redrive: says what would be sent, and sends nothing"),
        ] + serverOptions,
        details: """
            A dead letter is a record that was refused: it lies in audienced.dlq as it was, with headers that say where it was read and why.
            redrive sends such records to their topics and partitions again, when what they were refused for is put right: key, value,
            headers and timestamp as they were, those of a key in their order. What a redrive has sent it does not send again: that is
            remembered in the topic audienced.<group>.redrive, in the same transactions, so that a redrive may end in the middle and be
            begun again. A row that was redriven is newer than what came since, unless its table has a version. Control events are
            redriven only when --topic names theirs.
            """,
        examples: [
            "audienced dlq list", "audienced dlq list --reason wrong-value --each", "audienced dlq show 0/12",
            "audienced dlq redrive --config /etc/audienced/audienced.yaml --topic purchases --reason unknown-table --dry-run",
        ],
        exitCodes: [
            (.done, "done"), (.refused, "the server refuses it, or something could not be redriven"),
            (.usage, "an option or the configuration is wrong"), (.data, "the topics are not as they must be"),
            (.unavailable, "no server, or no broker, answers"), (.fenced, "another redrive has begun"),
            (.noAccess, "no token, or one that may not do that"),
        ]
    ) { arguments in
        switch arguments.operands[0] {
        case "redrive": return try redrive(arguments)
        case "show": return try showDeadLetter(arguments)
        default: return try listDeadLetters(arguments)
        }
    }
}

/// What an action does not understand is no slip that may be passed over: a filter that does not filter sends too much.
func refuseOptions(_ names: [String], of action: String, _ arguments: Arguments) throws(CommandFailure) {
    if let name = names.first(where: { arguments.values[$0] != nil || arguments.flags.contains($0) }) {
        throw Arguments.refusal("\(name) is no option of dlq \(action)", .deadLetters)
    }
}

private let redriveOptions = ["--config", "--partition", "--from", "--to", "--dry-run"]

private func listDeadLetters(_ arguments: Arguments) throws -> ExitCode {
    try refuseOptions(redriveOptions, of: "list", arguments)
    if arguments.operands.count > 1 { throw Arguments.refusal("list takes no place", .deadLetters, hint: "show does") }
    let client = try DaemonClient(arguments, of: .deadLetters)
    let filters = [("topic", "--topic"), ("reason", "--reason")]
    let query = filters.compactMap { name, option in arguments.values[option].map { (name, $0) } } + [("values", "0")]
    let (isJSON, isEach) = (arguments.flags.contains("--json"), arguments.flags.contains("--each"))
    let progress = ProgressLine(title: "dlq list", noun: "dead letters")
    defer { progress.end() }
    var groups = DeadLetterGroups()
    var table = TextTable([
        .init(title: "PLACE"), .init(title: "TIME"), .init(title: "RECORD"), .init(title: "REASON"), .init(title: "MESSAGE"),
    ])
    try client.forEachItem(of: DaemonClient.path("dead-letters"), query: query) { item in
        groups.add(item)
        if !isEach { return }
        if isJSON { return print(item.line) }
        let record = "\(item.text("topic") ?? "")/\(item.integer("partition") ?? 0) \(item.integer("offset") ?? 0)"
        table.add(
            ["place", "time"].map { .init(item.text($0) ?? "–") } + [.init(record)]
                + ["reason", "message"].map { .init(item.text($0) ?? "–") })
    } afterPage: {
        progress.say(groups.count)
    }
    if isJSON {
        if !isEach { for group in groups.json { print(group.line) } }
        return .done
    }
    let console = Console.output
    let lines = groups.count == 0 ? [StyledLine("no dead letters")] : (isEach ? table : groups.table).lines(columns: console.columns)
    print(console.text(lines), terminator: "")
    return .done
}

private func showDeadLetter(_ arguments: Arguments) throws -> ExitCode {
    try refuseOptions(redriveOptions + ["--topic", "--reason", "--each"], of: "show", arguments)
    guard arguments.operands.count == 2, let place = DeadLetterPlace(arguments.operands[1]) else {
        throw Arguments.refusal("show needs a place", .deadLetters, hint: "partition and offset in audienced.dlq, such as 0/12")
    }
    let client = try DaemonClient(arguments, of: .deadLetters)
    let answer = try client.get(DaemonClient.path("dead-letters"), query: [("at", "\(place)")])
    guard let letter = answer.json.elements("items").first else {
        throw CommandFailure(.refused, "there is no dead letter at \(place)\nhint: audienced dlq list --each shows the places")
    }
    if arguments.flags.contains("--json") {
        print(letter.line)
        return .done
    }
    let headers = letter.elements("headers").map { header in
        "\(header.text("name") ?? ""): \(header.text("value") ?? header.text("valueHex") ?? "null")"
    }
    var lines = Facts(letter, leaving: ["headers", "value", "valueHex"]).lines
    lines += headers.map { StyledLine("header     \(printable($0))") }
    if letter["value"] ?? letter["valueHex"] == nil {
        lines.append(StyledLine("value      only the role read is shown it"))
    } else {
        lines += [StyledLine(), StyledLine(printable(letter.text("value") ?? letter.text("valueHex") ?? "null"))]
    }
    print(Console.output.text(lines), terminator: "")
    return .done
}
