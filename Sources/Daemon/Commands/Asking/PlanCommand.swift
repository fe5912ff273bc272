// `audienced plan`: what publishing campaigns would do to a running daemon, which does nothing.
import Campaigns
import HTTP
import Storage

extension Command {
    static let plan = Command(
        asking: "plan", purpose: "asks a daemon: what publishing campaigns would do; nothing is published",
        operands: [
            Operand(
                name: "FILE", count: .several,
                purpose: """
                    campaigns: one as JSON, an array of them, or one on each line; bare, or in
                    the event that publishes it. Several are planned as published one by one
                    """)
        ],
        options: [
            Option(
                name: "--max-leave", kind: .value("N|P%"), purpose: "exceeded when more members leave an audience, or a larger part"),
            Option(
                name: "--max-enter", kind: .value("N|P%"),
                purpose: "the same of those that enter; of an audience without members no percentage is enough"),
            Option(name: "--min-size", kind: .value("N"), purpose: "exceeded when an audience would have fewer members"),
            Option(
                name: "--max-cost", kind: .value("N"),
                purpose: "exceeded when so many more parts of the plan look at a change of some table"),
            Option(name: "--detailed-exitcode", purpose: "end with 2 when there is a difference"),
            Option(name: "--save", kind: .value("FILE"), purpose: "writes the plan as JSON, for publish --plan"),
        ],
        details: """
            Exact, as of the last commit: members of each audience now and then, who leaves, enters and changes with the reason for some,
            rows of every transition, what channels would send, and what it costs. The campaigns are published on a copy of the state,
            which is dropped; the daemon needs memory for that. Audiences of other campaigns that read these are in it.
            """,
        examples: [
            "audienced plan recent-buyers.json --max-leave 5% --save plan.json", "audienced plan recent-buyers.json --detailed-exitcode",
        ],
        exitCodes: [
            (.done, "planned, and within the thresholds"), (.refused, "the definitions have problems, or the server refuses it"),
            (.differs, "with --detailed-exitcode: somebody would leave, enter or change, or something be sent"),
            (.exceeded, "a threshold is exceeded"), (.data, "a file cannot be read or written"),
        ], run: planFiles)
}

@Sendable private func planFiles(_ arguments: Arguments, _ client: DaemonClient) throws -> ExitCode {
    guard !arguments.operands.isEmpty else { throw Arguments.refusal("FILE is missing", .plan) }
    let thresholds = try PlanThresholds(arguments)
    let definitions = try PublishedChange.campaigns(in: arguments.operands)
    let answer = try client.ask(DaemonClient.path("campaigns") + ":plan", body: Array(JSON.array(definitions).line.utf8))
    if let path = arguments.values["--save"] { try AtomicFile.write(answer.body + [UInt8(ascii: "\n")], to: path) }
    let exceeded = thresholds.exceeded(by: answer.json)
    show(answer, arguments) { PlanText(answer.json, columns: $0, exceeded: exceeded).lines }
    if !exceeded.isEmpty {
        if arguments.flags.contains("--json") { for line in exceeded { printError(line) } }
        return .exceeded
    }
    return arguments.flags.contains("--detailed-exitcode") && PlanText.differs(answer.json) ? .differs : .done
}
