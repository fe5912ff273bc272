// Goal: who wants a page is shown one also where there is none, with the status and the headers of the refusal; programs get the document.
// Method: a server whose pages say what they are of, asked with the headers of browsers and of programs.
import Testing

@testable import HTTP

@Suite struct ProblemPageTests {
    private static let browser = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

    private func server(tokens: [Token] = []) throws -> Server {
        let route = Route(.get, "/there", name: "there", summary: "Is there.", role: .read, answers: ["text/html"]) { _, responder in
            responder.answer(ProblemDocument(.tooBusy, "too much is asked"))
        }
        return try Server(
            .tcp(host: "127.0.0.1", port: 0), routes: [route], access: Access(tokens: tokens),
            problemPage: { problem, target in
                target == "/plain" ? nil : Response(text: "<p>\(problem.code.rawValue) of \(target)</p>", type: "text/html")
            })
    }

    @Test func whoWantsAPageIsShownOne() throws {
        let (open, closed) = (try server(), try server(tokens: try tokens()))
        defer {
            open.stop()
            closed.stop()
        }
        let gone = try #require(try ask(open, "GET /gone", headers: [Self.browser]))
        #expect(status(gone) == 404 && gone.hasSuffix("<p>not-found of /gone</p>") && gone.contains("\r\nContent-Security-Policy: default"))
        let busy = try #require(try ask(open, "GET /there", headers: [Self.browser]))
        #expect(status(busy) == 429 && busy.hasSuffix("<p>too-busy of /there</p>") && busy.contains("\r\nRetry-After: "))
        let foreign = try #require(try ask(open, "GET /there", headers: [Self.browser], host: "evil.example"))
        #expect(status(foreign) == 421 && foreign.hasSuffix("<p>host-foreign of /there</p>"))
        let secret = try #require(try ask(closed, "GET /there", headers: [Self.browser]))
        #expect(status(secret) == 401 && secret.hasSuffix("of /there</p>") && secret.contains("\r\nWWW-Authenticate: Basic"))
    }

    @Test(arguments: ["Accept: */*", "Accept: application/json", "Accept: application/problem+json, text/html", "X-Nothing: 1"])
    func programsGetTheDocument(accept: String) throws {
        let server = try server()
        defer { server.stop() }
        let answer = try #require(try ask(server, "GET /gone", headers: [accept]))
        #expect(status(answer) == 404 && answer.contains("\r\nContent-Type: application/problem+json") && !answer.contains("<p>"))
        let plain = try #require(try ask(server, "GET /plain", headers: [Self.browser]))
        #expect(status(plain) == 404 && plain.contains("\r\nContent-Type: application/problem+json"))
    }

    /// A browser that was told a token for a page sends it for the page's stream only where it is asked for the same kind.
    @Test(arguments: [("text/html", "Basic"), ("text/event-stream", "Basic"), ("application/json", "Bearer"), ("*/*", "Bearer")])
    func challenges(accept: String, scheme: String) throws {
        #expect(Access(tokens: try tokens()).challenge(["Accept": accept]).hasPrefix("\(scheme) realm="))
        #expect(Access().challenge(["Accept": accept]).hasPrefix("Bearer"))
    }
}
