// Where a server is, as people write it.

/// `http://host:port`, `http://host`, `unix:/path`.
enum ClientAddress: Sendable, Equatable {
    case tcp(host: String, port: UInt16, authority: String)
    case unix(path: String)

    init?(_ text: String) {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            guard path.hasPrefix("/"), path.utf8.count < 108 else { return nil }
            self = .unix(path: path)
            return
        }
        guard text.lowercased().hasPrefix("http://") else { return nil }
        var authority = text.dropFirst(7)
        if authority.hasSuffix("/") { authority.removeLast() }
        var host = authority
        var port: UInt16 = 80
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            guard let given = UInt16(authority[colon...].dropFirst()) else { return nil }
            port = given
            host = authority[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() } else if host.contains(":") { return nil }
        let isPlain = host.utf8.allSatisfy { $0 > 32 && $0 < 127 && !Array("/@?#[]\\".utf8).contains($0) }
        guard !host.isEmpty, isPlain else { return nil }
        self = .tcp(host: String(host), port: port, authority: String(authority))
    }

    /// What the header `Host` says.
    var host: String {
        switch self {
        case .tcp(_, _, let authority): authority
        case .unix: "localhost"
        }
    }
}
