// An answer, before it is sent.
public import Campaigns

/// Status, headers and body. The server adds what all answers have: the date, the length, and the headers of `SecurityHeaders`.
public struct Response: Sendable {
    /// What is sent behind the head.
    public enum Body: Sendable {
        case bytes([UInt8])
        /// An open file, from its beginning, that many bytes of it; the server closes it. A request for a part (Range) gets that part.
        case file(descriptor: Int32, size: Int64)
    }

    /// 200, 201, ….
    public var status: Int
    /// A `Content-Type` belongs to every body.
    public var headers: Headers
    /// May be empty.
    public var body: Body
    /// What the answer refuses with, for `Server`'s `whenAnswered`.
    var problem: ProblemDocument?

    public init(status: Int = 200, headers: Headers = [:], body: Body = .bytes([])) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    public init(status: Int = 200, json: JSON) {
        var text = JSONText()
        text.append(json)
        self.init(status: status, json: text)
    }

    /// A file of JSON: a line, as `Config` has it.
    public init(document: JSON) {
        var text = JSONText()
        text.append(document)
        self.init(headers: ["Content-Type": MediaType.json], body: .bytes(text.bytes + [UInt8(ascii: "\n")]))
    }

    public init(status: Int = 200, json: JSONText) {
        self.init(status: status, headers: ["Content-Type": MediaType.json], body: .bytes(json.bytes))
    }

    public init(status: Int = 200, text: String, type: String = "text/plain; charset=utf-8") {
        self.init(status: status, headers: ["Content-Type": type], body: .bytes(Array(text.utf8)))
    }

    /// The version of what is shown, without quotes: a client that has it (If-None-Match) gets 304 and no body.
    public var entityTag: String? {
        get { headers["ETag"].map { String($0.dropFirst().dropLast()) } }
        set { headers["ETag"] = newValue.map { "\"\($0)\"" } }
    }
}
