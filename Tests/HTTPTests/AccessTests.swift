// Goal: nobody gets in who should not: tokens, roles, hosts, origins.
// Method: tables of headers against rules, without a socket; what an open server does with them is in `HTTPServerTests`.
import Testing

@testable import HTTP

@Suite struct HTTPAccessTests {
    private static func address(_ kind: BoundAddress.Kind = .tcp(host: "127.0.0.1", port: 8080, isAny: false), isLocal: Bool = true)
        -> BoundAddress
    {
        BoundAddress(kind: kind, givenHost: nil, isLocal: isLocal)
    }

    @Test func secretsAreCompared() throws {
        let all = try tokens()
        for role in Role.allCases { #expect(Token.find(Array(secrets[role]!.utf8), among: all)?.role == role) }
        let right = Array(secrets[.read]!.utf8)
        for wrong in [[], Array(right.dropLast()), right + [0], right + [10], Array(repeating: 0, count: 40), Array(right.reversed())] {
            #expect(Token.find(wrong, among: all) == nil)
        }
        #expect(Token.find(right, among: []) == nil)
        #expect("\(all)".contains("not shown") && !"\(all)".contains("read-0"))
    }

    @Test func shortSecretsAreRefused() {
        #expect(throws: ServerError.shortToken(name: "ci", minimumBytes: 32)) {
            try Token(name: "ci", secret: Array(repeating: 65, count: 31), role: .read)
        }
    }

    @Test(arguments: [
        ("Bearer abc", "abc" as String?), ("bearer  abc ", "abc"), ("Basic YW55OmFiYw==", "abc"), ("Basic YW55OmFiYw", "abc"),
        ("Basic OmE6Yg==", "a:b"),
        ("Bearer", nil), ("Bearer ", nil), ("Basic YWJj", nil), ("Basic !!", nil), ("Digest abc", nil), ("", nil), ("abc", nil),
    ])
    func authorizations(header: String, expected: String?) {
        #expect(Access.secret(of: header) == expected.map { Array($0.utf8) })
    }

    /// Route role, token, address is local, reads are open → code of the problem.
    @Test func whoMayWhat() throws {
        let all = try tokens()
        func code(_ needed: Role?, _ token: Role?, local: Bool = true, tokens: [Token], open: Bool? = nil) -> ProblemCode? {
            let access = Access(tokens: tokens, readsAreOpen: open)
            let route = Route(.get, "/", name: "", summary: "", role: needed) { _, _ in }
            let headers: Headers = token.map { ["Authorization": "Bearer \(secrets[$0]!)"] } ?? [:]
            do throws(ProblemDocument) {
                try access.check(try access.asker(headers, of: "peer", on: Self.address(isLocal: local)), route)
                return nil
            } catch {
                return error.code
            }
        }
        for needed in Role.allCases {
            for token in Role.allCases {
                #expect(code(needed, token, tokens: all) == (token >= needed ? nil : .roleTooSmall), "\(needed) \(token)")
                #expect(code(needed, token, tokens: []) == .tokenUnknown)
            }
            #expect(code(needed, nil, tokens: all) == .tokenNeeded)
            #expect(code(needed, nil, tokens: []) == (needed == .publish ? .tokenNeeded : nil))
            #expect(code(needed, nil, tokens: all, open: true) == (needed == .publish ? .tokenNeeded : nil))
            #expect(code(needed, nil, tokens: [], open: false) == .tokenNeeded)
            #expect(code(needed, nil, local: false, tokens: all, open: true) == .tokenNeeded)
        }
        #expect(code(nil, nil, local: false, tokens: all) == nil)
    }

    @Test(arguments: [
        ("127.0.0.1:8080", true), ("localhost:8080", true), ("LOCALHOST:8080", true), ("[::1]:8080", true), ("localhost", false),
        ("localhost:8081", false), ("127.0.0.2:8080", false), ("evil.example:8080", false), ("localhost.evil.example:8080", false),
        ("", false),
        ("proxy.example", true), ("Proxy.example:443", true), ("proxy.example:x", false), ("a.proxy.example", false),
        ("[2001:db8::1]", true),
        ("[2001:db8::1]:8080", true), ("localhost:8080:8080", false), ("localhost:8080 ", false), ("user@localhost:8080", false),
    ])
    func hosts(host: String, isOurs: Bool) {
        let rule = HostRule(Self.address(), further: ["proxy.example", "[2001:db8::1]"])
        #expect(rule.accepts(host, local: nil) == isOurs)
        #expect(HostRule(Self.address(.unix(path: "/s")), further: []).accepts(host, local: nil))
    }

    @Test func theBoundAddressIsOurs() {
        let other = HostRule(Self.address(.tcp(host: "10.0.0.5", port: 80, isAny: false)), further: [])
        for host in ["10.0.0.5", "10.0.0.5:80", "localhost"] { #expect(other.accepts(host, local: nil)) }
        #expect(!other.accepts("10.0.0.6", local: nil))
        let any = HostRule(Self.address(.tcp(host: "::", port: 1, isAny: true)), further: [])
        #expect(any.acceptsOwnAddress && any.accepts("10.0.0.5:1", local: "10.0.0.5:1") && !any.accepts("10.0.0.6:1", local: "10.0.0.5:1"))
    }

    @Test(arguments: [
        (nil as String?, nil as String?, true), ("http://h:1", nil, true), ("https://h:1", nil, true), ("HTTP://H:1", nil, true),
        ("http://h:2", nil, false),
        ("http://h", nil, false), ("null", nil, false), ("h:1", nil, false), ("", nil, false), ("http://h:1/", nil, false),
        (nil, "same-origin", true), (nil, "none", true), (nil, "same-site", false), (nil, "cross-site", false),
        ("http://h:1", "cross-site", false),
    ])
    func origins(origin: String?, site: String?, isOurs: Bool) {
        var headers: Headers = ["Host": "h:1"]
        headers["Origin"] = origin
        headers["Sec-Fetch-Site"] = site
        #expect((try? HostRule.checkOrigin(headers)) != nil || !isOurs)
        if !isOurs { #expect(throws: ProblemDocument.self) { try HostRule.checkOrigin(headers) } }
    }

    @Test func aBrowserIsAskedInItsOwnWay() throws {
        let token = try Token(name: "t", secret: Array(repeating: 1, count: 32), role: .read)
        #expect(Access(tokens: [token]).challenge(["Accept": "text/html,*/*"]).hasPrefix("Basic"))
        #expect(Access(tokens: [token]).challenge(["Accept": "*/*"]).hasPrefix("Bearer"))
        // Where there is no token a dialog could only be wrong.
        #expect(Access().challenge(["Accept": "text/html,*/*"]).hasPrefix("Bearer"))
    }
}
