// Where a server listens. We open the socket: the library cannot open a Unix socket.
import Glibc

/// An address to listen on.
public enum Listen: Sendable, Equatable, CustomStringConvertible {
    /// A name or an address without brackets; port 0: any that is free.
    case tcp(host: String, port: UInt16)
    /// The path of a Unix socket.
    case unix(path: String)

    public var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}

/// The address that is listened on, as the system tells it.
public struct BoundAddress: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        case tcp(host: String, port: UInt16, isAny: Bool)
        case unix(path: String)
    }

    let kind: Kind
    /// The name of the configuration that stands for the address.
    let givenHost: String?
    /// Whether none but this machine reaches it.
    public let isLocal: Bool

    /// 0 on a Unix socket.
    public var port: UInt16 {
        if case .tcp(_, let port, _) = kind { port } else { 0 }
    }

    /// What a `Client` takes: `http://127.0.0.1:8080` or `unix:/run/audienced/http.sock`.
    public var base: String {
        switch kind {
        case .tcp(let host, let port, let isAny):
            "http://\(isAny ? host.contains(":") ? "[::1]" : "127.0.0.1" : host.contains(":") ? "[\(host)]" : host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}
