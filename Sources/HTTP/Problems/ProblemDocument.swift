// Problem documents (RFC 9457), `application/problem+json`.
public import Campaigns

/// Why a request was not done, as the client reads it.
public struct ProblemDocument: Error, Sendable, Equatable {
    /// Decides type, title and status.
    public var code: ProblemCode
    /// What is wrong this time.
    public var detail: String
    /// What to do about it.
    public var hint: String?
    /// Further members, such as `sequence` and `problems`.
    public var members: [JSON.Member] = []
    /// Names this one refusal, for log lines.
    public let instance: String

    public init(_ code: ProblemCode, _ detail: String, hint: String? = nil, members: [JSON.Member] = []) {
        self.code = code
        self.detail = detail
        self.hint = hint
        self.members = members
        instance = Self.newInstance()
    }

    /// Ready to be sent; a resource may add headers.
    public var response: Response {
        var response = Response(status: code.status, json: json)
        response.problem = self
        response.headers["Content-Type"] = MediaType.problem
        if let seconds = code.retryAfter { response.headers["Retry-After"] = String(seconds) }
        return response
    }

    /// The document.
    package var json: JSON {
        var all: [JSON.Member] = [
            .init("type", .string(ProblemPages.path + code.rawValue)), .init("code", .string(code.rawValue)),
            .init("title", .string(code.title)), .init("status", .integer(Int64(code.status))), .init("detail", .string(detail)),
            .init("instance", .string(instance)),
        ]
        if let hint { all.append(.init("hint", .string(hint))) }
        return .object(all + members)
    }

    /// A random UUID (version 4).
    private static func newInstance() -> String {
        var high = UInt64.random(in: 0 ... .max)
        var low = UInt64.random(in: 0 ... .max)
        high = high & ~0xf000 | 0x4000
        low = low & ~(3 << 62) | 2 << 62
        func digits(_ value: UInt64) -> String {
            let text = String(value, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }
        let all = digits(high) + digits(low)
        var parts: [Substring] = []
        var rest = all[...]
        for length in [8, 4, 4, 4, 12] {
            parts.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return "urn:uuid:" + parts.joined(separator: "-")
    }
}
