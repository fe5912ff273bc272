// Asks a daemon for changes, and says what has become of each.
import Campaigns
import HTTP

struct ChangeOrders {
    private let client: DaemonClient
    private let isJSON: Bool
    private let wait: Int?
    private var headers: Headers = [:]
    private let plan: SavedPlan?

    /// `plan`: what is sent was planned.
    init(
        _ arguments: Arguments, of command: Command, _ client: DaemonClient, plan: SavedPlan? = nil
    ) throws(CommandFailure) {
        self.client = client
        self.plan = plan
        isJSON = arguments.flags.contains("--json")
        wait = try arguments.integer("--wait", within: 0...30, of: command)
        switch try arguments.integer("--if-version", within: 0 ... .max, of: command) {
        case 0?: headers.add("If-None-Match", "*")
        case let version?: headers.add("If-Match", "\"\(version)\"")
        case nil: break
        }
    }

    /// Sends one change and tells what the daemon answers; the code is that of the answer.
    func send(_ change: PublishedChange) throws(CommandFailure) -> ExitCode {
        let answer: DaemonClient.Answer
        do throws(ClientError) {
            let query = wait.map { [("wait", String($0))] } ?? []
            answer = try client.change(
                change.method, change.path, query: query, headers: plan?.headers(of: change) ?? headers, body: change.body)
        } catch {
            if isJSON, case .problem(_, let body) = error { print(String(decoding: body, as: UTF8.self)) }
            var failure = client.failure(error)
            failure.message = "\(change.name) is not \(change.verb): \(failure.message)"
            switch error {
            case .timeout, .brokenAnswer: failure.message += "\nwhether it was done is not known: look at its version"
            default: break
            }
            throw failure
        }
        if isJSON { print(answer.json.line) } else { tell(change, answer) }
        return answer.status == 202 && wait != 0 ? .unavailable : .done
    }

    private func tell(_ change: PublishedChange, _ answer: DaemonClient.Answer) {
        guard answer.status != 202 else {
            let place = answer.json.integer("offset").map { ": \(Resources.root)/publications/\($0) says what becomes of it" } ?? ""
            return print("\(change.name): on its way, not committed yet\(place)")
        }
        let version = change.verb == "published" ? answer.json.integer("version").map { ", version \($0)" } ?? "" : ""
        let place = [("commit", "sequence"), ("offset", "offset")]
            .compactMap { word, name in answer.json.integer(name).map { "\(word) \(grouped($0))" } }.joined(separator: ", ")
        print("\(change.name): \(change.verb)\(version)\(place.isEmpty ? "" : " (\(place))")")
        if answer.json.boolean("complete") == false { print("  who enters and leaves by it is said in the commits that follow") }
        let warnings = Problem.all(in: answer.json, "warnings")
        for line in ProblemReport(columns: Console.output.columns).lines(of: warnings) { print(line) }
    }
}
