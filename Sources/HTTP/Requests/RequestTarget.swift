// The target of a request, split before anything in it is decoded: an encoded slash is part of a name, not a border.

/// Path and query, both still encoded, and the authority if the target names one.
struct RequestTarget: Equatable {
    /// `127.0.0.1:8080` of `GET http://127.0.0.1:8080/livez`: who sends that means a proxy, or tries whether we look at `Host` alone.
    var authority: String?
    /// Begins with a slash.
    var path: Substring
    var query: Substring

    /// nil when it is neither a path nor a URL of HTTP.
    init?(_ target: String) {
        var rest = target[...]
        if !rest.hasPrefix("/") {
            guard target.lowercased().hasPrefix("http://") else { return nil }
            rest = rest.dropFirst(7)
            let authority = rest.prefix { $0 != "/" && $0 != "?" }
            guard !authority.isEmpty else { return nil }
            self.authority = String(authority)
            rest = rest.dropFirst(authority.count)
            if !rest.hasPrefix("/") { rest = "/" + rest }
        }
        let isPlain = target.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "#") && $0 != UInt8(ascii: "\\") }
        guard isPlain else { return nil }
        path = rest.prefix { $0 != "?" }
        query = rest.dropFirst(path.count + 1)
    }

    /// The pieces between the slashes. An empty path has one empty piece.
    var segments: [Substring] { path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) }
}
