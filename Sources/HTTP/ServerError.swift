// Why a server does not start. All of it is the operator's to mend.

/// A server that does not start.
public enum ServerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Others than this machine reach the address, and there is no token to ask them for.
    case tokenNeeded(address: String)
    /// The secret can be tried out.
    case shortToken(name: String, minimumBytes: Int)
    /// Somebody listens there.
    case addressInUse(address: String)
    /// The name stands for no address, the port is not ours, the folder is not there, ….
    case cannotListen(address: String, cause: String)
    /// The library gave no reason.
    case cannotStart

    public var description: String {
        switch self {
        case .tokenNeeded(let address):
            "cannot listen on \(address): an address that others reach needs a token"
                + " — add http.token: {file: …}, or listen on 127.0.0.1 or on a Unix socket"
        case .shortToken(let name, let minimumBytes):
            "the token \(name) has fewer than \(minimumBytes) bytes — make a new one: openssl rand -hex 32"
        case .addressInUse(let address):
            "cannot listen on \(address): it is in use — is another audienced running? http.listen names another address"
        case .cannotListen(let address, let cause): "cannot listen on \(address): \(cause)"
        case .cannotStart: "the HTTP server does not start — is there a limit on open files or threads?"
        }
    }
}
