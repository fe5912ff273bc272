// A server with answers that are known beforehand, for commands to ask; and the program, run against it.
import Campaigns
import Glibc
import HTTP
import Synchronization
import Testing

@testable import Daemon

final class CannedServer: Sendable {
    /// A request as it came.
    struct Asked {
        var line: String
        var headers: Headers
        var body: String
    }

    static let token = "publish-0000000000000000000000000000000"
    private let asked: Kept
    let server: Server

    /// Requests are added on the server's thread.
    private final class Kept: Sendable {
        let all = Mutex<[Asked]>([])
    }

    var requests: [Asked] { asked.all.withLock { $0 } }

    /// - Parameter pauseMilliseconds: before each page of members.
    init(_ listen: Listen = .tcp(host: "127.0.0.1", port: 0), members: Int = 3, pauseMilliseconds: UInt32 = 0) throws {
        let kept = Kept()
        asked = kept
        let page = [
            QueryParameter("after", .text(maximumBytes: 100), "A cursor."), QueryParameter("limit", .integer(1...1000), "A limit."),
        ]
        let filters = ["q", "state", "campaign"].map { QueryParameter($0, .text(maximumBytes: 100), "A filter.") }
        let wait = [QueryParameter("wait", .integer(0...30), "Seconds.")]
        func route(
            _ method: Method, _ path: String, query: [QueryParameter] = [], _ answer: @escaping @Sendable (Request) -> Response
        ) -> Route {
            let content = method == .post ? Route.Content.definitions : nil
            return Route(
                method, "/api/v1/" + path, name: "\(method) \(path)", summary: "Canned.", role: method == .get ? .observe : .publish,
                query: query, content: content
            ) { request, responder in
                let body = String(decoding: request.body, as: UTF8.self)
                kept.all.withLock {
                    $0.append(Asked(line: "\(method.rawValue) \(request.target)", headers: request.headers, body: body))
                }
                responder.answer(answer(request))
            }
        }
        let routes = [
            route(.get, "status") { _ in Self.json(#"{"sequence":8123,"ready":false,"reasons":[{"code":"input-behind","hint":"wait"}]}"#) },
            route(.get, "audiences", query: page + filters) { request in
                request.query.text("after") == nil
                    ? Self.json("{\"items\":[\(Self.audience("big", size: 12431))],\"next\":\"c1\"}")
                    : Self.json("{\"items\":[\(Self.audience("evil\\u001b[31m", size: 7))],\"next\":null}")
            },
            route(.get, "campaigns", query: page + filters) { _ in Self.json(#"{"items":[],"next":null}"#) },
            route(.get, "campaigns/{id}") { request in
                // Too busy the first time.
                let times = kept.all.withLock { all in all.count { $0.line == "GET \(request.target)" } }
                return times == 1 ? ProblemDocument(.tooBusy, "come back").response : Self.json(Self.campaign)
            },
            route(.get, "audiences/{id}") { request in
                guard request.parameters["id"] == "big" else {
                    return ProblemDocument(.notFound, "there is no audience 'gone'", hint: "did you mean big?").response
                }
                return Self.json(Self.audience("big", size: members))
            },
            route(.get, "audiences/{id}/members", query: page) { request in
                usleep(pauseMilliseconds * 1000)
                return Self.members(members, after: request.query.text("after"))
            },
            route(.get, "audiences/{id}/members/{namespace}/{identity}") { _ in ProblemDocument(.starting, "not yet").response },
            route(.post, "campaigns", query: wait) { request in
                let id = JSON(text: request.body)?.text("id")
                return id == "wrong" ? Self.refusal : id == "slow" ? Self.json(#"{"offset":18}"#, status: 202) : Self.done
            },
            route(.post, "campaigns:plan") { request in
                String(decoding: request.body, as: UTF8.self).contains("wrong") ? Self.refusal : Self.json(PlanCommandTests.plan)
            },
            route(.post, "schemas", query: wait) { _ in Self.done },
            route(.post, "campaigns/{id}:stop", query: wait) { _ in Self.done },
            route(.delete, "campaigns/{id}", query: wait) { _ in
                ProblemDocument(.versionDiffers, "version 4 is in force, not 3").response
            },
        ]
        let tokens = try [Token(name: "test", secret: Array(Self.token.utf8), role: .publish)]
        server = try Server(listen, routes: routes, access: Access(tokens: tokens))
    }

    deinit { server.stop() }

    // Answers.

    private static let done = json(#"{"offset":17,"sequence":8124,"version":4,"complete":true}"#, status: 201)

    private static let refusal = ProblemDocument(
        .definitionInvalid, "1 problem in campaign wrong; nothing was published",
        members: [
            JSON.Member(
                "problems",
                .array([
                    .object([
                        JSON.Member("path", .string("activities[0].filter")), JSON.Member("message", .string("unknown field 'emial'")),
                        JSON.Member("hint", .string("did you mean email?")),
                    ])
                ]))
        ]
    ).response

    private static func json(_ text: String, status: Int = 200) -> Response {
        Response(status: status, json: JSON(text: Array(text.utf8))!)
    }

    private static func audience(_ id: String, size: Int) -> String {
        #"{"id":"\#(id)","state":"live","namespace":"Email","campaign":"c","campaignVersion":3,"size":\#(size),"rows":\#(size),"rejected":0,"complete":true,"attributes":[{"name":"name","type":"string"},{"name":"n","type":"integer"}]}"#
    }

    private static let campaign =
        #"{"id":"c","state":"stopped","definition":{"id":"c"},"transitions":{"b":{"rows":1200,"unmatched":0,"ambiguous":0,"rejected":3}}}"#

    /// Pages of a thousand.
    private static func members(_ count: Int, after: String?) -> Response {
        let start = after.flatMap { Int($0) } ?? 0
        let end = min(start + 1000, count)
        let items = (start..<end).map {
            #"{"identity":{"namespace":"Email","id":"\#($0)@x"},"rows":1,"attributes":{"name":\#(["null", "\"\"", "\"a,\\\"b\\\"\""][$0 % 3]),"n":\#($0)}}"#
        }
        return json("{\"items\":[\(items.joined(separator: ","))],\"next\":\(end < count ? "\"\(end)\"" : "null")}")
    }
}

/// Files for what the program says.
struct ProgramRun {
    var code: Int32 = 0
    var output = ""
    var errors = ""

    /// - Parameter errorColumns: standard error is a terminal of that width.
    init(
        _ arguments: [String], against server: CannedServer?, token: String? = CannedServer.token, outputColumns: UInt16? = nil,
        errorColumns: UInt16? = nil, environment: [String: String] = [:]
    ) throws {
        let folder = TemporaryFolder()
        var variables = environment
        if let server { variables["AUDIENCED_SERVER"] = server.server.address.base }
        if let token {
            try folder.write("token", token + "\n")
            variables["AUDIENCED_TOKEN_FILE"] = folder.path + "/token"
        }
        let targets = try [("out", outputColumns), ("err", errorColumns)].map { name, columns in
            try columns.map { try Terminal(columns: $0) } ?? Terminal(file: "\(folder.path)/\(name)")
        }
        let process = ProgramProcess(arguments, output: targets[0].descriptor, errors: targets[1].descriptor, environment: variables)
        code = process.end()
        output = targets[0].text()
        errors = targets[1].text()
    }
}

/// A file, or a terminal that is nobody's.
private final class Terminal {
    let descriptor: Int32
    private let reader: Int32

    init(file: String) throws {
        descriptor = open(file, O_RDWR | O_CREAT | O_TRUNC, 0o600)
        reader = open(file, O_RDONLY)
    }

    init(columns: UInt16) throws {
        // `TIOCSPTLCK` and `TIOCGPTN` are macros that Swift does not see.
        reader = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var (lock, number): (Int32, UInt32) = (0, 0)
        try #require(reader >= 0 && ioctl(reader, 0x4004_5431, &lock) == 0 && ioctl(reader, 0x8004_5430, &number) == 0)
        descriptor = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(descriptor, UInt(TIOCSWINSZ), &size)
        _ = fcntl(reader, F_SETFL, O_NONBLOCK)
    }

    deinit {
        close(descriptor)
        close(reader)
    }

    /// All that was written, with the line ends of a file.
    func text() -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while case let count = read(reader, &buffer, buffer.count), count > 0 { bytes += buffer[..<count] }
        return String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
    }
}
