// Goal: what a client gets from a running server, over TCP and a Unix socket: answers, refusals, parts of files, and who is let in.
// Method: the real server, asked by our client or by bytes on a socket.
import Campaigns
import Glibc
import Testing

@testable import HTTP

@Suite struct HTTPServerTests {
    private static func folder() -> String {
        var path = Array("/tmp/audienced-http-XXXXXX".utf8CString)
        _ = mkdtemp(&path)
        return path.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    private func problem(_ client: Client, _ method: HTTP.Method, _ path: String, headers: Headers = [:], body: [UInt8]? = nil)
        -> ClientError?
    {
        do throws(ClientError) {
            _ = try client.send(method, path, headers: headers, body: body)
            return nil
        } catch {
            return error
        }
    }

    private func code(_ body: [UInt8]) -> String? {
        String(decoding: body, as: UTF8.self).firstMatch(of: /"code":"([a-z-]+)"/).map { String($0.1) }
    }

    @Test(arguments: [false, true])
    func clientAndServer(overUnixSocket: Bool) throws {
        let folder = Self.folder()
        defer { rmdir(folder) }
        let listen = overUnixSocket ? Listen.unix(path: "\(folder)/s") : .tcp(host: "localhost", port: 0)
        let test = try TestServer(listen, access: Access(tokens: tokens(), readsAreOpen: true))
        let client = try Client(test.server.address.base, token: secrets[.publish])
        let answer = try client.send(.get, Client.path("items", "e/m", "Zoë &?"), query: [("limit", "7"), ("q", "a+b &é")])
        #expect(
            String(decoding: answer.body, as: UTF8.self)
                == #"{"parameters":{"identity":"Zoë &?","namespace":"e/m"},"bytes":0,"limit":7,"q":"a+b &é","asker":"publish"}"#)
        #expect(answer.head.headers["Content-Type"] == "application/json")
        for (name, value) in [
            ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Cache-Control", "no-store"),
        ] {
            #expect(answer.head.headers.values(name) == [value])
        }
        #expect(answer.head.headers["Access-Control-Allow-Origin"] == nil)
        let body = Array(repeating: UInt8(ascii: " "), count: 3 << 20)
        let added = try client.send(.post, "/items", body: body)
        #expect(String(decoding: added.body, as: UTF8.self).contains(#""bytes":3145728"#))
        let anonymous = try Client(test.server.address.base)
        #expect(try anonymous.send(.get, "/livez").body == Array("alive\n".utf8))
        guard case .refusedToken(401, let refusal)? = problem(anonymous, .post, "/items", body: []) else {
            Issue.record("nobody may publish without a token")
            return
        }
        #expect(code(refusal) == "token-needed")
        guard case .problem(404, let missing)? = problem(anonymous, .get, "/nothing") else {
            Issue.record("there is nothing")
            return
        }
        #expect(code(missing) == "not-found")
        #expect(test.answered.all.contains { $0.route == "add" && $0.status == 200 && $0.asker?.token == "publish" })
        let peer = test.answered.all.first?.asker?.peer
        #expect(peer?.hasPrefix(overUnixSocket ? "unix:uid=\(getuid())" : "127.0.0.1:") == true)
        // Longer than what sockets hold: the answer comes while it is being sent.
        let tooLong = Array(repeating: UInt8(ascii: " "), count: 12 << 20)
        guard case .problem(413, let length)? = problem(client, .post, "/items", body: tooLong) else {
            Issue.record("10 MiB are the most")
            return
        }
        #expect(code(length) == "body-too-long")
        #expect(test.answered.all.contains { $0.route == nil && $0.status == 404 && $0.instance != nil })
    }

    /// Head, further headers, body → status and code.
    @Test(arguments: [
        ("GET /livez", [], "", 200, nil as String?), ("HEAD /livez", [], "", 200, nil), ("GET /items/a", [], "", 405, "method-not-allowed"),
        ("OPTIONS /livez", [], "", 405, "method-not-allowed"), ("OPTIONS *", [], "", 405, "method-not-allowed"),
        ("BREW /livez", [], "", 405, "method-not-allowed"), ("GET /items/a%2Fb/%00", [], "", 400, "path-malformed"),
        ("GET /items/a%2Fb/%zz", [], "", 400, "path-malformed"), ("GET /items/a/%FF", [], "", 400, "path-malformed"),
        ("GET /items/a%2Fb/c", [], "", 200, nil), ("GET /items/a/b?limt=1", [], "", 400, "query-unknown"),
        ("GET /items/a/b?q=%00", [], "", 400, "query-malformed"), ("GET /livez#a", [], "", 400, "request-malformed"),
        ("GET livez", [], "", 400, "request-malformed"), ("GET http://evil.example/livez", [], "", 421, "host-foreign"),
        ("GET /livez", ["Authorization: Bearer x"], "", 401, "token-unknown"),
        ("GET /page", ["Accept: image/png"], "", 406, "not-acceptable"),
        ("GET /page", ["Accept: text/html"], "", 200, nil), ("GET /livez", ["Content-Length: 3"], "abc", 413, "body-too-long"),
        ("POST /items:validate", ["Content-Length: 2"], "{}", 415, "content-type-unknown"),
        ("POST /items:validate", ["Content-Length: 2", "Content-Type: text/plain"], "{}", 415, "content-type-unknown"),
        (
            "POST /items:validate", ["Content-Length: 3", "Content-Type: application/x-www-form-urlencoded"], "a=b", 415,
            "content-type-unknown"
        ),
        ("POST /items:validate", ["Content-Length: 2", "Content-Type: application/json; charset=utf-8"], "{}", 200, nil),
        (
            "POST /items:validate", ["Content-Length: 2", "Content-Type: application/json", "Content-Encoding: gzip"], "{}", 415,
            "content-type-unknown"
        ),
        (
            "POST /items:validate", ["Content-Length: 2", "Content-Type: application/json", "Origin: http://evil.example"], "{}", 403,
            "origin-foreign"
        ),
        (
            "POST /items:validate", ["Content-Length: 2", "Content-Type: application/json", "Sec-Fetch-Site: cross-site"], "{}", 403,
            "origin-foreign"
        ),
        ("POST /items:validate", ["Content-Length: 99999999", "Content-Type: application/json"], "{}", 413, "body-too-long"),
        (
            "POST /items:validate", ["Content-Length: 2", "Content-Type: application/json", "If-Match: 3"], "{}", 400,
            "request-malformed"
        ),
        (
            "POST /items:validate", ["Content-Length: 2", "Content-Type: application/json", "If-None-Match: *", "If-None-Match: *"], "{}",
            400, "headers-repeated"
        ),
        ("POST /items:validate", ["Content-Length: 2", "Content-Type: application/json", "If-Match: \"3\""], "{}", 200, nil),
        ("POST /items:validate", ["Transfer-Encoding: chunked", "Content-Type: application/json"], "2\r\n{}\r\n0\r\n\r\n", 200, nil),
        ("POST /items", ["Content-Length: 2", "Content-Type: application/json"], "{}", 401, "token-needed"),
        ("POST /items/a:stop", ["Content-Type: application/json", "Content-Length: 0"], "", 401, "token-needed"),
        ("GET /events", ["Accept: application/json"], "", 406, "not-acceptable"), ("GET /problems/not-found", [], "", 200, nil),
        ("GET /problems", [], "", 200, nil), ("GET /problems/not-fond", [], "", 404, "not-found"), ("GET /never", [], "", 500, "fault"),
        ("GET /livez", ["X: \(String(repeating: "a", count: 17000))"], "", 431, "head-too-long"),
        ("GET /\(String(repeating: "a", count: 8200))", [], "", 414, "target-too-long"),
    ])
    func refusals(head: String, headers: [String], body: String, expected: Int, code: String?) throws {
        let test = try TestServer()
        let answer = try #require(try ask(test.server, head, headers: headers, body: body))
        #expect(status(answer) == expected)
        if let code { #expect(self.code(Array(answer.utf8)) == code && answer.contains("application/problem+json")) }
        if expected == 405 { #expect(answer.contains("\r\nAllow: ")) }
        if expected == 401 { #expect(answer.contains("\r\nWWW-Authenticate: Bearer")) }
        if head.hasPrefix("HEAD") { #expect(answer.hasSuffix("\r\n\r\n") && answer.contains("Content-Length: 6\r\n")) }
        #expect(try status(ask(test.server, "GET /livez")) == 200)
    }

    @Test(arguments: ["evil.example", "localhost:1", "127.0.0.1", ""])
    func foreignHosts(host: String) throws {
        let test = try TestServer()
        #expect(try status(ask(test.server, "GET /livez", host: host)) == 421)
        #expect(try status(ask(test.server, "GET /livez", host: "LocalHost:\(test.server.address.port)")) == 200)
    }

    @Test func versionsAndHeaders() throws {
        let test = try TestServer()
        let whole = try #require(try ask(test.server, "GET /counts"))
        #expect(
            whole.contains("ETag: \"7\"\r\n") && whole.hasSuffix("[1]") && !whole.contains("\nInjected")
                && whole.contains("X-Split: aInjected: 1"))
        let known = try #require(try ask(test.server, "GET /counts", headers: ["If-None-Match: \"7\""]))
        #expect(status(known) == 304 && known.hasSuffix("\r\n\r\n") && known.contains("ETag: \"7\""))
    }

    @Test func partsOfFiles() throws {
        let file = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let test = try TestServer(file: file)
        let client = try Client(test.server.address.base)
        #expect(try client.send(.get, "/file").body == file)
        let part = try client.send(.get, "/file", headers: ["Range": "bytes=100000-100099", "If-Range": "\"f1\""])
        #expect(part.head.status == 206 && part.body == Array(file[100_000..<100_100]))
        #expect(part.head.headers["Content-Range"] == "bytes 100000-100099/200000")
        #expect(try client.send(.get, "/file", headers: ["Range": "bytes=-5"]).body == Array(file.suffix(5)))
        #expect(try client.send(.get, "/file", headers: ["Range": "bytes=0-5", "If-Range": "\"old\""]).body == file)
        guard case .problem(416, _)? = problem(client, .get, "/file", headers: ["Range": "bytes=200000-"]) else {
            Issue.record("there is nothing behind the end")
            return
        }
        #expect(try client.send(.get, "/file", headers: ["If-None-Match": "\"f1\""]).head.status == 304)
        var pieces = 0
        try client.stream(.get, "/file") { piece in
            pieces += piece.count
            return false
        }
        #expect(pieces > 0 && pieces < file.count)
    }

    @Test func listening() throws {
        let folder = Self.folder()
        defer { rmdir(folder) }
        let path = "\(folder)/s"
        let first = try TestServer(.unix(path: path))
        var information = stat()
        #expect(lstat(path, &information) == 0 && information.st_mode & 0o777 == 0o660)
        #expect(throws: ServerError.addressInUse(address: "unix:\(path)")) { try TestServer(.unix(path: path)) }
        #expect(try Client("unix:\(path)").send(.get, "/livez").head.status == 200)
        first.server.stop()
        #expect(lstat(path, &information) != 0)
        // What a killed server leaves.
        let address = try #require(SocketAddress(path: path))
        let stale = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        #expect(address.withPointer { bind(stale, $0, $1) } == 0)
        close(stale)
        let second = try TestServer(.unix(path: path))
        #expect(try Client("unix:\(path)").send(.get, "/livez").head.status == 200)
        second.server.stop()
        close(open(path, O_CREAT | O_WRONLY, 0o600))
        #expect(throws: ServerError.cannotListen(address: "unix:\(path)", cause: "a file is there that is no socket")) {
            try TestServer(.unix(path: path))
        }
        unlink(path)
        #expect(throws: ServerError.tokenNeeded(address: "0.0.0.0:0")) { try TestServer(.tcp(host: "0.0.0.0", port: 0)) }
        let all = try TestServer(.tcp(host: "0.0.0.0", port: 0), access: Access(tokens: tokens()))
        #expect(try Client(all.server.address.base).send(.get, "/livez").head.status == 200)
        #expect(throws: ServerError.addressInUse(address: "0.0.0.0:\(all.server.address.port)")) {
            try TestServer(.tcp(host: "0.0.0.0", port: all.server.address.port), access: Access(tokens: tokens()))
        }
        #expect(throws: ServerError.self) { try TestServer(.tcp(host: "no such name", port: 0)) }
    }

    @Test(.enabled(if: access("/proc/net/if_inet6", F_OK) == 0)) func overIPv6() throws {
        guard let test = try? TestServer(.tcp(host: "::1", port: 0)) else { return }
        #expect(try Client(test.server.address.base).send(.get, "/livez").head.status == 200)
        #expect(test.server.address.base == "http://[::1]:\(test.server.address.port)")
    }

    @Test func aClientSaysWhatIsWrong() throws {
        for base in ["", "localhost:8080", "https://h", "http://", "http://h:x", "http://::1:80", "unix:s", "http://a@b"] {
            #expect(throws: ClientError.malformedAddress(base)) { try Client(base) }
        }
        let test = try TestServer()
        let base = test.server.address.base
        test.server.stop()
        guard case .noServer(base, _)? = problem(try Client(base), .get, "/livez") else {
            Issue.record("nobody listens")
            return
        }
        let listener = try ListeningSocket.open(.tcp(host: "127.0.0.1", port: 0))
        defer { listener.close() }
        let silent = try Client(listener.address.base, timeout: .milliseconds(50))
        #expect(problem(silent, .get, "/livez") == .timeout(address: listener.address.base))
    }

    @Test func tokensAreReplaced() throws {
        let routes = [Route(.get, "/a", name: "a", summary: "A.", role: .read) { _, responder in responder.answer(Response(text: "a")) }]
        let server = try Server(.tcp(host: "127.0.0.1", port: 0), routes: routes, access: Access(tokens: tokens([.read])))
        defer { server.stop() }
        func statuses() throws -> [Int?] {
            let headers = [Role.read, .publish].map { ["Authorization: Bearer \(secrets[$0] ?? "")"] } + [[]]
            return try headers.map { status(try ask(server, "GET /a", headers: $0)) }
        }
        #expect(try statuses() == [200, 401, 401])
        try server.replace(tokens: tokens([.publish]))
        #expect(try statuses() == [401, 200, 401])
        let open = try Server(.tcp(host: "0.0.0.0", port: 0), routes: routes, access: Access(tokens: tokens([.read])))
        defer { open.stop() }
        #expect(throws: ServerError.self) { try open.replace(tokens: []) }
    }
}
