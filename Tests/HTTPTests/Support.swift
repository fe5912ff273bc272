// What tests of the server share: a server with a few routes, and a socket that sends whatever bytes a test wants.
import Campaigns
import Glibc
import Synchronization
import Testing

@testable import HTTP

let secrets: [Role: String] = [
    .observe: "observe-00000000000000000000000000000000", .read: "read-000000000000000000000000000000000000",
    .publish: "publish-0000000000000000000000000000000",
]

func tokens(_ roles: [Role] = Role.allCases) throws -> [Token] {
    try roles.map { try Token(name: $0.name, secret: Array(secrets[$0]!.utf8), role: $0) }
}

/// Waits for what another thread brings about. A verdict on what comes, not on when: it gives up late.
func eventually(_ holds: () -> Bool) -> Bool {
    for _ in 0..<4000 {
        if holds() { return true }
        usleep(5000)
    }
    return false
}

/// A socket without manners.
final class RawConnection {
    let descriptor: Int32

    init(_ address: BoundAddress) throws {
        switch address.kind {
        case .unix(let path):
            let address = try #require(SocketAddress(path: path))
            descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            #expect(address.withPointer { connect(descriptor, $0, $1) } == 0)
        case .tcp(let host, let port, _):
            guard case .success(let found) = SocketAddresses.find(host: host, port: port, toListen: false) else {
                throw ServerError.cannotStart
            }
            descriptor = socket(found.all[0].family, Int32(SOCK_STREAM.rawValue), 0)
            #expect(found.all[0].withPointer { connect(descriptor, $0, $1) } == 0)
        }
        // So that a server that never answers fails a test and does not hang it.
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    func write(_ text: String) { write(Array(text.utf8)) }
    func write(_ bytes: [UInt8]) { _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

    /// All that comes until the server closes the connection; nil when it does not.
    func readToEnd() -> String? {
        var all: [UInt8] = []
        while true {
            guard let piece = readSome() else { return nil }
            if piece.isEmpty { return String(decoding: all, as: UTF8.self) }
            all += piece
        }
    }

    /// The next bytes; empty at the end, nil when nothing comes.
    func readSome() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count < 0 { return errno == EAGAIN ? nil : [] }
        return Array(buffer[..<count])
    }

    /// Reads until the text came; what came.
    func read(upTo text: String) -> String {
        var all: [UInt8] = []
        while !String(decoding: all, as: UTF8.self).contains(text), let piece = readSome(), !piece.isEmpty { all += piece }
        return String(decoding: all, as: UTF8.self)
    }
}

/// The status of an answer as it came.
func status(_ answer: String?) -> Int? {
    answer.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) }
}

/// Sends one request over a connection of its own; the whole answer.
func ask(_ server: Server, _ head: String, headers: [String] = [], body: String = "", host: String? = nil) throws -> String? {
    let connection = try RawConnection(server.address)
    let host = host ?? String(server.address.base.drop { $0 != "/" }.dropFirst(2))
    connection.write(([head + " HTTP/1.1", "Host: \(host)", "Connection: close"] + headers + ["", body]).joined(separator: "\r\n"))
    return connection.readToEnd()
}

/// What handlers were given and keep, for tests that answer later.
final class Kept<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])
    func add(_ value: Value) { values.withLock { $0.append(value) } }
    var all: [Value] { values.withLock { $0 } }
    func takeAll() -> [Value] {
        values.withLock { values in
            defer { values = [] }
            return values
        }
    }
}

/// What a request looked like to its handler.
private func echo(_ request: Request, _ responder: Responder) {
    let parameters = request.parameters.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .string($0.value)) }
    var members: [JSON.Member] = [.init("parameters", .object(parameters)), .init("bytes", .integer(Int64(request.body.count)))]
    if !request.body.isEmpty { members.append(.init("type", .string(request.contentType))) }
    if let limit = request.query.integer("limit") { members.append(.init("limit", .integer(limit))) }
    if let text = request.query.text("q") { members.append(.init("q", .string(text))) }
    members.append(.init("asker", request.asker.token.map { .string($0) } ?? .null))
    responder.answer(Response(json: .object(members)))
}

/// A server with routes of all kinds.
final class TestServer {
    let responders = Kept<Responder>()
    let streams = Kept<EventStream>()
    let answered = Kept<AnsweredRequest>()
    let server: Server

    init(
        _ listen: Listen = .tcp(host: "127.0.0.1", port: 0), access: Access = Access(), file: [UInt8] = [],
        adjust: (inout ServerBounds) -> Void = { _ in }
    ) throws {
        var bounds = ServerBounds()
        adjust(&bounds)
        let (responders, streams, answered) = (responders, streams, answered)
        let limit = QueryParameter("limit", .integer(1...1000), default: "100", "How many.")
        let routes = [
            Route(.get, "/livez", name: "livez", summary: "Whether it lives.", role: nil) { _, responder in
                responder.answer(Response(text: "alive\n"))
            },
            Route(
                .get, "/items/{namespace}/{identity}", name: "item", summary: "One.", role: .read,
                query: [limit, QueryParameter("q", .text(maximumBytes: 20), "Text.")], handler: echo),
            Route(.get, "/counts", name: "counts", summary: "Counts.", role: .observe) { _, responder in
                var response = Response(json: .array([.integer(1)]))
                response.entityTag = "7"
                response.headers["X-Split"] = "a\r\nInjected: 1"
                responder.answer(response)
            },
            Route(.post, "/items", name: "add", summary: "Adds.", role: .publish, content: .definitions, handler: echo),
            Route(.post, "/items:validate", name: "validate", summary: "Validates.", role: .observe, content: .definitions, handler: echo),
            Route(.post, "/items/{id}:stop", name: "stop", summary: "Stops.", role: .publish, handler: echo),
            Route(.post, "/keep", name: "keep", summary: "Answers later.", role: nil, content: .definitions) { _, responder in
                responders.add(responder)
            },
            Route(.delete, "/items/{id}", name: "remove", summary: "Removes.", role: .publish, handler: echo),
            Route(.get, "/later", name: "later", summary: "Answers later.", role: nil) { _, responder in responders.add(responder) },
            Route(.get, "/never", name: "never", summary: "Forgets to.", role: nil) { _, _ in },
            Route(
                .get, "/events", name: "events", summary: "A stream.", role: .observe, answers: ["text/event-stream"]
            ) { _, responder in
                if let stream = responder.openStream() { streams.add(stream) }
            },
            Route(
                .get, "/page", name: "page", summary: "A page or JSON.", role: nil, answers: ["application/json", "text/html"]
            ) { request, responder in
                responder.answer(Response(text: "{}", type: request.wantedType))
            },
            Route(
                .get, "/file", name: "file", summary: "A file.", role: nil, answers: ["application/octet-stream"]
            ) { _, responder in
                let descriptor = temporaryFile(file)
                let body = Response.Body.file(descriptor: descriptor, size: Int64(file.count))
                var response = Response(headers: ["Content-Type": "application/octet-stream"], body: body)
                response.entityTag = "f1"
                responder.answer(response)
            },
        ]
        server = try Server(listen, routes: routes, access: access, bounds: bounds, whenAnswered: { answered.add($0) })
    }

    deinit { server.stop() }
}

/// An open file without a name.
func temporaryFile(_ bytes: [UInt8]) -> Int32 {
    var path = Array("/tmp/audienced-http-XXXXXX".utf8CString)
    let descriptor = mkstemp(&path)
    unlink(path)
    _ = write(descriptor, bytes, bytes.count)
    return descriptor
}
