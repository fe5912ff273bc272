// A small HTTP client for the command line: one request, one connection, and the caller waits.
import Glibc

/// Asks one server.
public struct Client: Sendable {
    /// The head of an answer.
    public struct Head: Sendable, Equatable {
        /// 200, 404, ….
        public var status: Int
        /// All of them.
        public var headers: Headers
    }

    /// `http://127.0.0.1:8080` or `unix:/run/audienced/http.sock`
    public let base: String
    private let address: ClientAddress
    private let token: String?
    private let timeout: Duration

    /// The longest answer that is taken as a whole.
    public static let maximumBodyBytes = 256 << 20

    /// - Parameter timeout: until the connection is there, and between two pieces of an answer.
    public init(_ base: String, token: String? = nil, timeout: Duration = .seconds(35)) throws(ClientError) {
        guard let address = ClientAddress(base) else { throw .malformedAddress(base) }
        self.base = base
        self.address = address
        self.token = token
        self.timeout = timeout
    }

    /// Sends a request and waits for all of the answer. A status from 400 on is thrown.
    /// - Parameters:
    ///   - path: encoded (`Client.path`).
    ///   - query: not encoded.
    ///   - body: JSON, or what a header `Content-Type` says.
    public func send(
        _ method: Method, _ path: String, query: [(String, String)] = [], headers: Headers = [:], body: [UInt8]? = nil
    ) throws(ClientError) -> (head: Head, body: [UInt8]) {
        var whole: [UInt8] = []
        let head = try stream(method, path, query: query, headers: headers, body: body) { piece in
            whole += piece
            return whole.count <= Self.maximumBodyBytes
        }
        guard whole.count <= Self.maximumBodyBytes else { throw .brokenAnswer(address: base, cause: "it is too long") }
        return (head, whole)
    }

    /// The same, piece by piece as they come; the answer is left when `take` returns false. A status from 400 on is thrown.
    @discardableResult
    public func stream(
        _ method: Method, _ path: String, query: [(String, String)] = [], headers: Headers = [:], body: [UInt8]? = nil,
        take: (UnsafeRawBufferPointer) -> Bool
    ) throws(ClientError) -> Head {
        let connection = try ClientConnection(address, base: base, timeout: timeout)
        try connection.write(request(method, path, query, headers, body))
        var reader = ResponseReader(connection)
        let head = try reader.head()
        guard head.status < 400 else {
            var problem: [UInt8] = []
            try reader.body(of: head) { piece in
                problem += piece
                return problem.count < 1 << 20
            }
            throw [401, 403].contains(head.status)
                ? .refusedToken(status: head.status, body: problem)
                : .problem(status: head.status, body: problem)
        }
        try reader.body(of: head, take)
        return head
    }

    /// Reads server-sent events until the stream ends or `take` returns false. Comments of the server count as life: it must say something
    /// within the timeout.
    public func events(
        _ path: String, query: [(String, String)] = [], lastID: String? = nil, take: (ServerEvent) -> Bool
    ) throws(ClientError) {
        var headers: Headers = ["Accept": MediaType.events]
        if let lastID { headers.add("Last-Event-ID", lastID) }
        var reader = ServerEventReader()
        try stream(.get, path, query: query, headers: headers) { piece in reader.read(piece).allSatisfy(take) }
    }

    /// A path from its pieces, which are encoded: `Client.path("api", "v1", "audiences", id)`.
    public static func path(_ pieces: String...) -> String { pieces.map { "/" + Percent.encoded($0) }.joined() }

    private func request(
        _ method: Method, _ path: String, _ query: [(String, String)], _ headers: Headers, _ body: [UInt8]?
    ) -> [UInt8] {
        let encoded = query.map { "\(Percent.encoded($0))=\(Percent.encoded($1))" }.joined(separator: "&")
        var all = headers
        all["Host"] = address.host
        all["Connection"] = "close"
        if all["Accept"] == nil { all.add("Accept", "\(MediaType.json), */*;q=0.5") }
        if let token { all["Authorization"] = "Bearer \(token)" }
        if method.mayChange {
            if all["Content-Type"] == nil { all.add("Content-Type", MediaType.json) }
            all["Content-Length"] = String(body?.count ?? 0)
        }
        var text = "\(method.rawValue) \(path)\(query.isEmpty ? "" : "?\(encoded)") HTTP/1.1\r\n"
        for header in all.all {
            // A line feed in a token file would begin another header.
            text += "\(header.name): \(String(String.UnicodeScalarView(header.value.unicodeScalars.filter { $0.value >= 32 })))\r\n"
        }
        return Array((text + "\r\n").utf8) + (body ?? [])
    }
}
