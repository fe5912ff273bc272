// Why a question to a server has no answer, in words for who typed the command.

/// What goes wrong between a client and a server.
public enum ClientError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The base is no address.
    case malformedAddress(String)
    /// Nobody listens there.
    case noServer(address: String, cause: String)
    /// It is there, and does not answer in time.
    case timeout(address: String)
    /// The connection ended before the answer did, or the answer is none of HTTP.
    case brokenAnswer(address: String, cause: String)
    /// 401 or 403: no token, a wrong one, or one with too small a role. The body is a problem document, if anything.
    case refusedToken(status: Int, body: [UInt8])
    /// Any other status from 400 on.
    case problem(status: Int, body: [UInt8])

    public var description: String {
        switch self {
        case .malformedAddress(let text): "\(shown(text)) is no address of a server — http://host:port or unix:/absolute/path"
        case .noServer(let address, let cause): "no server at \(address): \(cause) — is the daemon running, and is this its http.listen?"
        case .timeout(let address): "\(address) does not answer in time"
        case .brokenAnswer(let address, let cause): "the answer of \(address) cannot be read: \(cause)"
        case .refusedToken(let status, _): "the server refuses the token (\(status))"
        case .problem(let status, _): "the server answers \(status)"
        }
    }
}
