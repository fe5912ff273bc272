// What commands ask a running daemon with: its address and token from the options, answers as JSON, and every failure as a message and an
// exit code.
import Campaigns
import Glibc
import HTTP
import Storage

struct DaemonClient {
    /// An answer that is no failure.
    struct Answer {
        let status: Int
        let body: [UInt8]
        let json: JSON
        /// The commit that it shows; 0 where it names none.
        let sequence: Int64
    }

    /// They belong to who asks; the configuration of a daemon has no keys of these names.
    static let serverVariable = "AUDIENCED_SERVER"
    static let tokenVariable = "AUDIENCED_TOKEN_FILE"

    private let client: Client
    private static let socket = "/run/audienced/http.sock"
    /// A server that has too much to do is asked again, a second later each time, so often.
    private static let mostAttempts = 20

    init(_ arguments: Arguments, of command: Command) throws {
        let address = arguments.values["--server"] ?? Self.variable(Self.serverVariable) ?? Self.usualAddress
        let token = try (arguments.values["--token-file"] ?? Self.variable(Self.tokenVariable)).map(Self.token)
        do throws(ClientError) {
            client = try Client(address, token: token)
        } catch {
            throw Arguments.refusal("\(error)", command)
        }
    }

    private static var usualAddress: String { access(socket, F_OK) == 0 ? "unix:\(socket)" : "http://127.0.0.1:8080" }

    private static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func token(in file: String) throws(CommandFailure) -> String {
        do throws(StorageError) {
            // A name alone is one of this folder; the reader takes it for one of the service manager's.
            return try Secrets(credentialsDirectory: nil).read(file: file.hasPrefix("/") ? file : "\(folder)/\(file)", key: "--token-file")
        } catch {
            var failure = error
            failure.operation = "read the token in"
            if error.errorNumber == ENOENT { failure.hint = "name the file that has it: --token-file, or AUDIENCED_TOKEN_FILE" }
            throw CommandFailure(.usage, failure.description)
        }
    }

    private static var folder: String {
        guard let path = getcwd(nil, 0) else { return "." }
        defer { free(path) }
        return String(cString: path)
    }

    /// An encoded path below the root of the API.
    static func path(_ pieces: String...) -> String { Resources.root + pieces.map { Client.path($0) }.joined() }

    func get(_ path: String, query: [(String, String)] = []) throws(CommandFailure) -> Answer {
        try patiently { () throws(ClientError) in try answer(client.send(.get, path, query: query)) }
    }

    /// Asks with a body what changes nothing, so that it can be asked again.
    func ask(_ path: String, body: [UInt8]) throws(CommandFailure) -> Answer {
        try patiently { () throws(ClientError) in try change(.post, path, query: [], headers: [:], body: body) }
    }

    private func patiently(_ ask: () throws(ClientError) -> Answer) throws(CommandFailure) -> Answer {
        for _ in 1..<Self.mostAttempts {
            do throws(ClientError) {
                return try ask()
            } catch {
                guard case .problem(status: 429, _) = error else { throw failure(error) }
                sleep(1)
            }
        }
        do throws(ClientError) { return try ask() } catch { throw failure(error) }
    }

    /// Asks for a change, once: whether it was done is not known when the answer is lost.
    func change(
        _ method: Method, _ path: String, query: [(String, String)], headers: Headers, body: [UInt8]?
    ) throws(ClientError) -> Answer {
        try answer(client.send(method, path, query: query, headers: headers, body: body))
    }

    /// Asks for a file, which is taken piece by piece.
    func download(_ path: String, _ take: (UnsafeRawBufferPointer) throws -> Void) throws {
        var failure: (any Error)?
        do throws(ClientError) {
            try client.stream(.get, path) { piece in
                do { try take(piece) } catch { failure = error }
                return failure == nil
            }
        } catch { throw self.failure(error) }
        if let failure { throw failure }
    }

    /// Calls the body with every item of a list, through all of its pages.
    func forEachItem(
        of path: String, query: [(String, String)] = [], _ body: (JSON) throws -> Void, afterPage: () -> Void = {}
    ) throws {
        var after: String?
        repeat {
            let page = try get(path, query: query + [("limit", "1000")] + (after.map { [("after", $0)] } ?? [])).json
            for item in page.elements("items") { try body(item) }
            afterPage()
            after = page.text("next")
        } while after != nil
    }

    private func answer(_ answer: (head: Client.Head, body: [UInt8])) throws(ClientError) -> Answer {
        guard let json = JSON(text: answer.body) else { throw .brokenAnswer(address: client.base, cause: "it is no JSON") }
        let sequence = answer.head.headers["Audienced-Sequence"].flatMap { Int64($0) } ?? 0
        return Answer(status: answer.head.status, body: answer.body, json: json, sequence: sequence)
    }

    /// What a command ends with.
    func failure(_ error: ClientError) -> CommandFailure {
        switch error {
        case .refusedToken(let status, let body), .problem(let status, let body):
            let problem = ProblemText(status: status, body: body)
            return CommandFailure(problem.exitCode, problem.message(from: client.base, columns: Console.errors.columns))
        case .noServer, .timeout, .brokenAnswer: return CommandFailure(.unavailable, error.description)
        case .malformedAddress: return CommandFailure(.usage, error.description)
        }
    }
}
