// `audienced dlq redrive`: with the daemon's configuration straight to the brokers, whether a daemon runs or not.
import Campaigns
import Kafka
import Wire

func redrive(_ arguments: Arguments) throws -> ExitCode {
    try refuseOptions(["--each", "--server", "--token-file"], of: "redrive", arguments)
    guard let path = arguments.values["--config"] else {
        throw Arguments.refusal("redrive needs --config", .deadLetters, hint: "the file that the daemon was started with")
    }
    if arguments.operands.count > 1 {
        throw Arguments.refusal("redrive takes no place", .deadLetters, hint: "--partition 0 --from 12 --to 12")
    }
    // What librdkafka has to say is in the errors.
    Log.show(from: .error)
    let (configuration, secrets) = try loadConfiguration(path)
    let kafka = KafkaSource(
        client: ClientConfiguration(settings: secrets.kafka, bounds: configuration.memoryBudget.queues), group: configuration.group)
    let reason = arguments.values["--reason"].flatMap(RefusalKind.init(rawValue:))
    var redrive = Redrive(kafka, Topics(configuration), DeadLetterFilter(topic: arguments.values["--topic"], reason: reason))
    redrive.partition = try arguments.integer("--partition", within: 0...Int(Int32.max), of: .deadLetters).map(Int32.init)
    let from = try arguments.integer("--from", within: 0...Int.max, of: .deadLetters) ?? 0
    let to = try arguments.integer("--to", within: 0...Int.max, of: .deadLetters) ?? .max
    if to < from { throw Arguments.refusal("--to is before --from", .deadLetters) }
    redrive.offsets = Int64(from)...Int64(to)
    redrive.isTrial = arguments.flags.contains("--dry-run")
    let progress = ProgressLine(title: "dlq redrive", noun: "dead letters")
    do {
        defer { progress.end() }
        try redrive.run { progress.say($0) }
    } catch let error as KafkaError {
        throw failure(error)
    }
    report(redrive, isJSON: arguments.flags.contains("--json"))
    return redrive.counts.values.contains { $0[.shortened] != nil } ? .refused : .done
}

private func failure(_ error: KafkaError) -> CommandFailure {
    switch error.errorClass {
    case .fenced: CommandFailure(.fenced, "another redrive of this deployment has begun")
    case .retriable: CommandFailure(.unavailable, "\(error)\nhint: what was redriven before is remembered; begin again when brokers answer")
    case .abortable, .fatal, .poison:
        CommandFailure(.data, "\(error)\nhint: what was redriven before is remembered; begin again when that is put right")
    }
}

private func report(_ redrive: Redrive, isJSON: Bool) {
    let counts = redrive.counts.sorted { $0.key < $1.key }
    if isJSON {
        for (kind, found) in counts {
            let outcomes = Redrive.Outcome.allCases.map { JSON.Member($0.rawValue, .integer(Int64(found[$0] ?? 0))) }
            let members = [
                JSON.Member("topic", .string(kind.topic)), JSON.Member("reason", kind.reason.isEmpty ? .null : .string(kind.reason)),
                JSON.Member("dryRun", .boolean(redrive.isTrial)),
            ]
            print(JSON.object(members + outcomes).line)
        }
        return
    }
    let console = Console.output
    guard !counts.isEmpty else { return print("no dead letters") }
    let titles = [redrive.isTrial ? "WOULD BE REDRIVEN" : "REDRIVEN", "BEFORE", "TOO LARGE", "ELSEWHERE"]
    var table = TextTable([.init(title: "TOPIC"), .init(title: "REASON")] + titles.map { .init(title: $0, isNumber: true) })
    for (kind, found) in counts {
        table.add(
            [.init(kind.topic), .init(kind.reason.isEmpty ? "other" : kind.reason)]
                + Redrive.Outcome.allCases.map { .init(Int64(found[$0] ?? 0)) })
    }
    print(console.text(table.lines(columns: console.columns)), terminator: "")
}
