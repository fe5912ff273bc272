// `audienced publish`: definitions in files become control events, through a running daemon.
import Campaigns
import HTTP
import Storage

extension Command {
    static let publish = Command(
        asking: "publish", purpose: "asks a daemon: to publish the campaigns and schemas in files",
        operands: [
            Operand(
                name: "FILE", count: .several,
                purpose: """
                    campaigns and schemas: one as JSON, an array of them, or one on each
                    line; bare, or in the event that publishes, stops or deletes it
                    """)
        ],
        options: [
            Option(
                name: "--if-version", kind: .value("N"),
                purpose: "only over this version of it, 0: only if it is new; for a single campaign"),
            Option(
                name: "--plan", kind: .value("FILE"),
                purpose: "only what plan --save wrote there was made of, and only over the versions it was made for"),
            waitOption,
        ],
        details: """
            Schemas first, then the others in the order given. The daemon checks each: one with problems is not published, nor are those
            after it. --json prints each answer.
            """,
        examples: ["audienced publish recent-buyers.json", "audienced publish schemas.ndjson campaigns.ndjson --wait 30"],
        exitCodes: changeCodes + [(.refused, "problems; those before are published"), (.data, "a file cannot be read")], run: publishFiles)

    /// Of all commands that change something.
    static let waitOption = Option(
        name: "--wait", kind: .value("SECONDS"), purpose: "how long to wait for the commit, 0 to 30; 10 unless this is given")

    static let changeCodes: [(code: ExitCode, meaning: String)] = [
        (.done, "committed; with --wait 0 also: on its way"),
        (.unavailable, "no server there, or no commit in time: it is on its way, and will be committed or refused"),
    ]
}

@Sendable private func publishFiles(_ arguments: Arguments, _ client: DaemonClient) throws -> ExitCode {
    guard !arguments.operands.isEmpty else { throw Arguments.refusal("FILE is missing", .publish) }
    let changes = try PublishedChange.all(in: arguments.operands)
    let plan = try arguments.values["--plan"].map { try SavedPlan($0) }
    if plan != nil, arguments.values["--if-version"] != nil {
        throw Arguments.refusal("--plan names the version already, so --if-version has no place beside it", .publish)
    }
    try plan?.check(changes)
    let orders = try ChangeOrders(arguments, of: .publish, client, plan: plan)
    if arguments.values["--if-version"] != nil {
        guard changes.count == 1 else {
            throw Arguments.refusal("--if-version is for a single campaign, and the files have \(changes.count) definitions", .publish)
        }
        // The server would pass over it.
        if changes[0].isOfSchema { throw Arguments.refusal("--if-version is for campaigns: schemas have no version", .publish) }
    }
    for (place, change) in changes.enumerated() {
        let code: ExitCode
        do throws(CommandFailure) {
            code = try orders.send(change)
        } catch {
            // The server speaks of the one alone.
            let around = [("published before it", changes[..<place]), ("not sent", changes[(place + 1)...])]
            let told = around.filter { !$0.1.isEmpty }.map { "\n\($0.0): \($0.1.map(\.name).joined(separator: ", "))" }
            throw CommandFailure(error.code, error.message + told.joined())
        }
        if code != .done { return code }
    }
    return .done
}
