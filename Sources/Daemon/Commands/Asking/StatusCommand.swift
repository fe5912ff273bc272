// `audienced status`: what the daemon says of itself, once or again and again.
import Campaigns
import Glibc

extension Command {
    static let status = Command(
        asking: "status", purpose: "asks a daemon: what is committed, and whether it is well",
        options: [
            Option(name: "--watch", purpose: "again every 2 s, until Ctrl-C; a server that is away for a while does not end it")
        ],
        details: "What is not as it should be stands first.", examples: ["audienced status", "audienced status --watch"]
    ) { arguments, client in
        guard arguments.flags.contains("--watch") else {
            let answer = try client.get(DaemonClient.path("status"))
            show(answer, arguments) { _ in statusLines(answer.json) }
            return .done
        }
        while true {
            try showOnce(client, arguments)
            fflush(nil)
            sleep(2)
        }
    }
}

/// The server's members, whichever it has, with those that may ask for somebody's help first.
private func statusLines(_ status: JSON) -> [StyledLine] {
    Facts(status, first: ["ready", "readiness", "state", "reasons", "problems", "warnings"]).lines
}

private func showOnce(_ client: DaemonClient, _ arguments: Arguments) throws {
    let console = Console.output
    let lines: [StyledLine]
    do throws(CommandFailure) {
        let answer = try client.get(DaemonClient.path("status"))
        if arguments.flags.contains("--json") { return print(answer.json.line) }
        lines = statusLines(answer.json)
    } catch {
        // It may be back in a moment, after a start for example. What the token or the address is, does not change by itself.
        guard error.code == .unavailable else { throw error }
        guard console.isTerminal, !arguments.flags.contains("--json") else { return printError(error.message) }
        lines = [StyledLine(error.message, .left)]
    }
    guard console.isTerminal else { return print(console.text(lines)) }
    // Over what was there before, from the top, so that nothing flickers.
    let text = console.text(lines.map { $0.fitted(to: console.columns ?? .max) }).split(separator: "\n", omittingEmptySubsequences: false)
        .joined(separator: "\u{1b}[K\n")
    print("\u{1b}[H\(text)\u{1b}[J", terminator: "")
}
