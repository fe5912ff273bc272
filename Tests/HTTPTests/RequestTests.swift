// Goal: a path and a query are read in one way only, and what is not exactly that is refused with the parameter's name.
// Method: tables of texts.
import Campaigns
import Testing

@testable import HTTP

@Suite struct HTTPRequestTests {
    @Test(arguments: [
        ("a", "a" as String?), ("a%2Fb", "a/b"), ("%C3%A9", "é"), ("a+b", "a+b"), ("%2", nil), ("%", nil), ("%zz", nil), ("%00", nil),
        ("a%00b", nil),
        ("%C3", nil), ("%C0%AF", nil), ("%ED%A0%80", nil), ("%252F", "%2F"), ("", ""), ("%2e%2e", ".."),
    ])
    func pieces(encoded: String, expected: String?) {
        #expect(Percent.decoded(Substring(encoded).utf8) == expected)
    }

    @Test func encodingIsUndone() {
        for text in ["", "a b/c?d&e=f%g+h", "Zoë <zoë@example.com>", "~.-_", "\u{1F600}\n"] {
            #expect(Percent.decoded(Substring(Percent.encoded(text)).utf8, plusIsSpace: true) == text)
        }
    }

    @Test(arguments: [
        ("/a/b?c=d", nil as String?, "/a/b", "c=d"), ("/", nil, "/", ""), ("/a?b?c", nil, "/a", "b?c"),
        ("http://h:1/a?b", "h:1", "/a", "b"),
        ("http://h", "h", "/", ""), ("http://h?x", "h", "/", "x"), ("HTTP://h/a", "h", "/a", ""),
    ])
    func targets(target: String, authority: String?, path: String, query: String) {
        let read = RequestTarget(target)
        #expect(read?.authority == authority)
        #expect(read.map { String($0.path) } == path)
        #expect(read.map { String($0.query) } == query)
    }

    @Test(arguments: [
        "", "*", "a", "https://h/", "http://", "http:///a", "/a#b", "/a\\b", "/a b", "/\u{301}", "/é", "ftp://h/", "/a\u{7f}",
    ])
    func noTargets(target: String) {
        #expect(RequestTarget(target) == nil)
    }

    private static let router: Router = {
        func route(_ method: HTTP.Method, _ path: String) -> Route {
            Route(method, path, name: "\(method) \(path)", summary: "", role: nil) { _, _ in }
        }
        return Router([
            route(.get, "/a"), route(.post, "/a"), route(.post, "/a:validate"), route(.get, "/a/{id}"), route(.delete, "/a/{id}"),
            route(.post, "/a/{id}:stop"), route(.get, "/a/special"), route(.get, "/a/{id}/members/{namespace}/{identity}"),
            route(.get, "/"),
        ])
    }()

    @Test(arguments: [
        ("GET", "/a", "get /a"), ("HEAD", "/a", "get /a"), ("POST", "/a:validate", "post /a:validate"), ("GET", "/a/x", "get /a/{id} id=x"),
        ("POST", "/a/x:stop", "post /a/{id}:stop id=x"), ("GET", "/a/x:stop", "POST"), ("GET", "/a/x%3Astop", "get /a/{id} id=x:stop"),
        ("GET", "/a/special", "get /a/special"), ("DELETE", "/a/special", "GET, HEAD"), ("PUT", "/a", "GET, HEAD, POST"),
        ("get", "/a", "GET, HEAD, POST"),
        ("GET", "/a/", "unknown"),
        ("GET", "/a/x/members/e%2Fm/a%20b", "get /a/{id}/members/{namespace}/{identity} id=x identity=a b namespace=e/m"),
        ("GET", "/a/x/members//y", "unknown"), ("POST", "/a/:stop", "DELETE, GET"), ("GET", "/a/%zz", "malformed"),
        ("GET", "/%00", "malformed"),
        ("GET", "/", "get /"), ("GET", "//", "unknown"), ("GET", "/A", "unknown"), ("OPTIONS", "/a/{id}", "GET, HEAD, DELETE"),
        ("GET", "/%61", "unknown"),
    ])
    func routes(method: String, path: String, expected: String) throws {
        let found: String
        switch Self.router.match(method, try #require(RequestTarget(path.replacing("{id}", with: "i")))) {
        case .found(let route, let parameters):
            found = ([route.name] + parameters.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }).joined(separator: " ")
        case .otherMethods(let allowed): found = allowed
        case .unknownPath: found = "unknown"
        case .malformed: found = "malformed"
        }
        // An empty name before the colon is a name with a colon.
        #expect(found == (expected == "DELETE, GET" ? "GET, HEAD, DELETE" : expected))
    }

    private static let parameters = [
        QueryParameter("limit", .integer(1...1000), default: "100", ""), QueryParameter("prefix", .text(maximumBytes: 4), ""),
        QueryParameter("state", .choice(["live", "stopped"]), ""), QueryParameter("layout", .flag, ""),
        QueryParameter("from", .instant, ""),
    ]

    @Test func valuesAreTyped() throws {
        let query = try Query("prefix=a%26+b&state=live&layout=1&from=2026-03-01T09:30:00Z&", declared: Self.parameters)
        #expect(query.integer("limit") == 100)
        #expect(query.text("prefix") == "a& b")
        #expect(query.text("state") == "live")
        #expect(query.flag("layout"))
        #expect(query.instant("from") == 1_772_357_400_000)
        #expect(try Query("", declared: Self.parameters).text("prefix") == nil)
    }

    @Test(arguments: [
        ("limt=1", ProblemCode.queryUnknown, "limt", "did you mean limit?" as String?),
        ("limit=0", .queryInvalid, "limit", "a whole number from 1 to 1000"),
        ("limit=1001", .queryInvalid, "limit", "a whole number from 1 to 1000"),
        ("limit=+1", .queryInvalid, "limit", "a whole number from 1 to 1000"),
        ("limit=1&limit=2", .queryRepeated, "limit", "give it once"), ("limit=1&l%69mit=1", .queryRepeated, "limit", "give it once"),
        ("limit", .queryInvalid, "limit", "a whole number from 1 to 1000"), ("state=life", .queryInvalid, "state", "did you mean live?"),
        ("prefix=abcde", .queryInvalid, "prefix", "at most 4 bytes"), ("prefix=%00", .queryMalformed, "prefix", nil),
        ("prefix=%f", .queryMalformed, "prefix", nil), ("%ff=1", .queryMalformed, "%ff", nil),
        ("layout=yes", .queryInvalid, "layout", "1 or 0"),
        ("from=today", .queryInvalid, "from", JSON.instantHint), ("=1", .queryUnknown, "", nil),
    ])
    func refused(query: String, code: ProblemCode, name: String, hint: String?) throws {
        let problem = try #require(throws: ProblemDocument.self) { try Query(Substring(query), declared: Self.parameters) }
        #expect(problem.code == code)
        #expect(problem.members.first?.value == .string(name))
        if let hint { #expect(problem.hint == hint) }
    }

    @Test(arguments: [
        ("", "a/b" as String?), ("*/*", "a/b"), ("c/d", "c/d"), ("c/*", "c/d"), ("a/b;q=0.1, c/d", "c/d"), ("a/b;q=0", nil), ("x/y", nil),
        ("*/*, a/b;q=0", "c/d"), ("A/B", "a/b"), ("text/html, */*;q=0.8", "a/b"), ("c/d;q=x", nil),
    ])
    func accepted(header: String, expected: String?) {
        let headers: Headers = ["Accept": header]
        #expect(MediaType.chosen(accept: headers.items("Accept"), from: ["a/b", "c/d"]) == expected)
    }
}
