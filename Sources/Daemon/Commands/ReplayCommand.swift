// `audienced replay`.
import Campaigns

extension Command {
    static let replay = Command(
        name: "replay", purpose: "no broker: *.ndjson files in, output files out, the same bytes every time",
        options: [
            Option(
                name: "--input", kind: .value("DIR"), isRequired: true,
                purpose: """
                    every *.ndjson of this folder, merged by time: control events, and changes as
                    {"topic", "key", "value", "time"} or bare with a time
                    """),
            Option(
                name: "--output", kind: .value("DIR"), isRequired: true,
                purpose: """
                    audience-members.ndjson, audience-updated.ndjson, channel-requests.ndjson and
                    dlq.ndjson go here; made when missing, not within the input
                    """),
            Option(name: "--until", kind: .value("INSTANT"), purpose: "lines after this instant are not read: 2026-03-01T09:30:00Z"),
            Option(name: "--snapshots", purpose: "the members of every audience at the end, below DIR/snapshots"),
            Option(name: "--statistics", purpose: "one JSON object of counts and times on standard output"),
            Option(
                name: "--verify",
                purpose: """
                    evaluates everything anew at every barrier and at the end, by a plain evaluator, and compares;
                    says on standard error how much, or what differs; slow, and it needs a multiple of the memory
                    """),
            Option(
                name: "--explain", kind: .list("AUDIENCE NAMESPACE IDENTITY"),
                purpose: "says at the end why somebody is in an audience, or is not"),
            Option(name: "--plan", kind: .value("FILE"), purpose: "says at the end what publishing the campaigns of this file would do"),
            Option(name: "--json", purpose: "the explanation and the plan as JSON"),
            Option(name: "--strict", purpose: "end with 1 when something was refused"),
        ],
        details: "Does from files what the daemon does from topics, with the clock of the lines.",
        examples: ["audienced replay --input recorded --output replayed --snapshots --statistics"],
        exitCodes: [
            (.done, "replayed; what was refused is in dlq.ndjson"),
            (.refused, "--strict, and something was refused; --plan, and the campaigns have problems"),
            (.data, "a file or folder cannot be read or written; --verify, and something is not what it should be"),
        ],
        run: replayFiles)
}

@Sendable private func replayFiles(_ arguments: Arguments) throws -> ExitCode {
    var options = Replay.Options(input: arguments.required("--input"), output: arguments.required("--output"))
    if let text = arguments.values["--until"] {
        guard let until = InstantText.milliseconds(of: text) else {
            throw Arguments.refusal("--until \(shown(text)) is no instant", .replay, hint: "write 2026-03-01T09:30:00Z")
        }
        options.until = until
    }
    options.writesSnapshots = arguments.flags.contains("--snapshots")
    options.countsTransitions = arguments.flags.contains("--statistics")
    options.verifies = arguments.flags.contains("--verify")
    if let asked = arguments.lists["--explain"] {
        guard asked.count == 3 else {
            throw Arguments.refusal(
                "--explain needs three values, not \(asked.count)", .replay,
                hint: "an audience, a namespace and an identity: --explain recent-buyers Email ada@example.com")
        }
        options.explains = (.identity(namespace: asked[1], id: asked[2]), asked[0])
    }
    options.plans = try arguments.values["--plan"].map { path throws(CommandFailure) in try PublishedChange.campaigns(in: [path]) }
    try checkReplayFolders(input: options.input, output: options.output, writesSnapshots: options.writesSnapshots)
    let result = try replay(options)
    if arguments.flags.contains("--statistics") { print(result.json) }
    if let explained = result.explained { print(arguments.flags.contains("--json") ? explained.json.line : explained.text) }
    if let planned = result.planned { try tell(planned, isJSON: arguments.flags.contains("--json")) }
    if let verification = result.verification { try end(with: verification) }
    return arguments.flags.contains("--strict") && result.refused > 0 ? .refused : .done
}

/// Says what was planned.
private func tell(_ outcome: PlannedCampaigns.Outcome, isJSON: Bool) throws(CommandFailure) {
    switch outcome {
    case .planned(let plan):
        let console = Console.output
        print(isJSON ? plan.json.line + "\n" : console.text(PlanText(plan.json, columns: console.columns).lines), terminator: "")
    case .refused(let problems):
        let lines = ProblemReport(columns: Console.errors.columns).lines(of: problems)
        throw CommandFailure(.refused, (["the campaigns cannot be published:"] + lines).joined(separator: "\n"))
    case .givenUp: preconditionFailure("nobody gives it up")
    }
}

/// Says what was verified.
func end(with verification: VerificationReport) throws(CommandFailure) {
    if verification.hasDifferences { throw CommandFailure(.data, verification.summary) }
    printError(verification.summary)
}

/// Replays; a second time, with the order of the lines looked up first, when a file turns out not to be in order.
private func replay(_ options: Replay.Options) throws -> ReplayResult {
    do {
        var replay = try Replay(options, zoneNames: TimeZones.system.names, zone: TimeZones.system.rules)
        return try replay.run(findingRuns: false)
    } catch is ReplayInput.Disorder {
        var replay = try Replay(options, zoneNames: TimeZones.system.names, zone: TimeZones.system.rules)
        return try replay.run(findingRuns: true)
    }
}
