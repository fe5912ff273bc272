// Addresses to listen on as texts. What is not understood is nil.

extension Configuration.Listen {
    /// The longest path of a Unix socket: 108 bytes with the zero behind it.
    static let maximumPathBytes = 107

    /// `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`, `unix:/run/audienced/http.sock`.
    init?(_ text: String) {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            guard path.hasPrefix("/"), (2...Self.maximumPathBytes).contains(path.utf8.count), !path.utf8.contains(0) else { return nil }
            self = .unix(path: path)
            return
        }
        guard let colon = text.lastIndex(of: ":") else { return nil }
        var host = text[..<colon]
        let portText = text[text.index(after: colon)...]
        let isNumber = portText.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isNumber, let port = UInt16(portText) else { return nil }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { return nil }
        } else if host.contains(":") {
            // Without brackets nobody knows which colon the port is behind.
            return nil
        }
        let isPlain = host.utf8.allSatisfy { $0 > UInt8(ascii: " ") && $0 < 127 && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "[") }
        guard !host.isEmpty, host.utf8.count <= 253, isPlain else { return nil }
        self = .tcp(host: String(host), port: port)
    }

    /// Whether other machines can come in.
    var isReachableByOthers: Bool {
        switch self {
        case .unix: false
        case .tcp(let host, _): !(host == "::1" || host.lowercased() == "localhost" || Self.isLoopback(host))
        }
    }

    /// `127.0.0.1` and the others of 127.0.0.0/8.
    private static func isLoopback(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil } && parts[0] == "127"
    }

    /// What a port alone, or an address with a scheme before it, was meant to be.
    static func likely(_ text: String) -> String? {
        if UInt16(text) != nil { return "127.0.0.1:\(text)" }
        if text.hasPrefix(":"), UInt16(text.dropFirst()) != nil { return "127.0.0.1\(text)" }
        let bare = text.hasPrefix("http://") ? String(text.dropFirst(7)) : text
        return bare != text && Self(bare) != nil ? bare : nil
    }
}
