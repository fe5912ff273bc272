// Problem documents (RFC 9457) as people read them, and what the program ends with after one.
import Campaigns

struct ProblemText {
    private let status: Int
    private let document: JSON?

    init(status: Int, body: [UInt8]) {
        self.status = status
        document = JSON(text: body)
    }

    /// What went wrong, where, why, and what to do: a line, and one more for each problem of a definition.
    func message(from server: String, columns: Int?) -> String {
        let detail = document?.text("detail") ?? document?.text("title") ?? "the server answers \(status)"
        let code = document?.text("code").map { " (\($0))" } ?? ""
        let hint = (ownHint ?? document?.text("hint")).map { " — \(printable($0))" } ?? ""
        let line = "\(server): \(printable(detail))\(printable(code))\(hint)"
        return ([line] + ProblemReport(columns: columns).lines(of: problems)).joined(separator: "\n")
    }

    private var problems: [Problem] { document.map { Problem.all(in: $0, "problems") } ?? [] }

    /// The server speaks of headers, which nobody writes here.
    private var ownHint: String? {
        switch status {
        case 401 where document?.text("hint")?.hasPrefix("no token is configured") == true:
            "it has no token at all: start it with AUDIENCED_HTTP_TOKEN_FILE or http.token, and name the same file here: --token-file FILE"
        case 401: "name the file of a token: --token-file FILE, or AUDIENCED_TOKEN_FILE"
        default: nil
        }
    }

    /// 1: the request is at fault. The others: no server that could do it, no access, a fault of the server.
    var exitCode: ExitCode {
        switch status {
        case 401, 403: .noAccess
        case 408, 429, 502...504: .unavailable
        case 500...: .internal
        default: .refused
        }
    }
}

extension Problem {
    /// Those of a member of a document, made fit to be shown.
    static func all(in document: JSON, _ member: String) -> [Problem] {
        document.elements(member).map { item in
            Problem(
                path: printable(item.text("path") ?? ""), message: printable(item.text("message") ?? item.line),
                hint: item.text("hint").map(printable))
        }
    }
}
