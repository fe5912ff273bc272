// What all commands that ask a running daemon have in common: how it is reached, and the codes they end with.

extension Command {
    /// A command that asks a running daemon.
    init(
        asking name: String, purpose: String, operands: [Operand] = [], options: [Option] = [], details: String, examples: [String],
        exitCodes: [(code: ExitCode, meaning: String)] = [], run: @escaping @Sendable (Arguments, DaemonClient) throws -> ExitCode
    ) {
        let common: [(code: ExitCode, meaning: String)] = [
            (.done, "done"), (.refused, "the server refuses it; the message says why"), (.usage, "an option that is wrong or missing"),
            (.unavailable, "no server there, or it is not ready to answer"), (.noAccess, "no token, or one that may not do that"),
        ]
        self.init(
            name: name, purpose: purpose, operands: operands, options: options + Self.serverOptions, details: details, examples: examples,
            exitCodes: exitCodes + common.filter { each in !exitCodes.contains { $0.code == each.code } }, run: { _ in .done })
        let command = self
        self.run = { try run($0, DaemonClient($0, of: command)) }
        endsWithItsReader = true
    }

    static let serverOptions = [
        Option(
            name: "--server", kind: .value("URL"),
            purpose: """
                http://host:port or unix:/path; without it $AUDIENCED_SERVER, else the socket
                /run/audienced/http.sock if it is there, else http://127.0.0.1:8080
                """),
        Option(name: "--token-file", kind: .value("FILE"), purpose: "a file with the token; without it $AUDIENCED_TOKEN_FILE"),
        Option(name: "--json", purpose: "for programs: the server's JSON, of lists one object on each line"),
    ]
}
