// Who is let in, as the configuration says it (contract §8).

/// Tokens and names of a server.
public struct Access: Sendable {
    /// What the configuration names.
    public var tokens: [Token]
    /// Further names, without ports, that a header `Host` may have: what a proxy is reached by.
    public var hosts: [String]
    /// Whether who has no token may read, on loopback and on a Unix socket; elsewhere nobody may. Nil: as long as there are no tokens.
    public var readsAreOpen: Bool?

    public init(tokens: [Token] = [], hosts: [String] = [], readsAreOpen: Bool? = nil) {
        self.tokens = tokens
        self.hosts = hosts
        self.readsAreOpen = readsAreOpen
    }

    /// What somebody without a token may do.
    func roleWithoutToken(on address: BoundAddress) -> Role? {
        address.isLocal && (readsAreOpen ?? tokens.isEmpty) ? .read : nil
    }

    /// Finds out who asks; a token that is wrong is told also where none is needed.
    func asker(_ headers: Headers, of peer: String, on address: BoundAddress) throws(ProblemDocument) -> Asker {
        let authorizations = headers.values("Authorization")
        guard let authorization = authorizations.first else {
            return Asker(token: nil, role: roleWithoutToken(on: address), peer: peer)
        }
        guard authorizations.count == 1 else {
            throw ProblemDocument(.headersRepeated, "the header Authorization is given twice", hint: "give it once")
        }
        guard let secret = Self.secret(of: authorization) else {
            throw ProblemDocument(
                .tokenUnknown, "the header Authorization holds no token", hint: "Authorization: Bearer TOKEN, or Basic with any name")
        }
        guard let token = Token.find(secret, among: tokens) else {
            throw ProblemDocument(.tokenUnknown, "the token is none of http.tokens")
        }
        return Asker(token: token.name, role: token.role, peer: peer)
    }

    /// Whether the asker may use the route.
    func check(_ asker: Asker, _ route: Route) throws(ProblemDocument) {
        guard let needed = route.role else { return }
        guard let role = asker.role, asker.token != nil || !route.changes else {
            let hint =
                tokens.isEmpty
                ? "no token is configured: add http.token: {file: …} to the configuration, and send Authorization: Bearer TOKEN"
                : "send Authorization: Bearer TOKEN"
            throw ProblemDocument(.tokenNeeded, "that needs a token of role \(needed.name)", hint: hint)
        }
        guard role >= needed else {
            throw ProblemDocument(
                .roleTooSmall, "that needs the role \(needed.name); \(shown(asker.token ?? "nobody")) has \(role.name)",
                hint: "http.tokens of the configuration gives roles")
        }
    }

    /// Of `Bearer SECRET` and `Basic base64(any name:SECRET)`.
    static func secret(of authorization: String) -> [UInt8]? {
        let scheme = authorization.prefix { $0 != " " }
        let credentials = authorization.dropFirst(scheme.count).trimmed
        switch scheme.lowercased() {
        case "bearer": return credentials.isEmpty ? nil : Array(credentials.utf8)
        case "basic":
            guard let pair = Base64.decoded(credentials), let colon = pair.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            return Array(pair[(colon + 1)...])
        default: return nil
        }
    }

    /// A browser shows a dialog for `Basic`, and sends what it was told for a page with the page's stream of events too, if it is asked the
    /// same way. Other programs are not told of it, and nobody is asked for a token where there is none.
    func challenge(_ headers: Headers) -> String {
        let isOfPage = headers.items("Accept").contains { [MediaType.page, MediaType.events].contains(MediaType.essence(of: $0)) }
        let wantsPage = !tokens.isEmpty && isOfPage
        return wantsPage ? #"Basic realm="audienced", charset="UTF-8""# : #"Bearer realm="audienced""#
    }
}

/// Who sent a request.
public struct Asker: Sendable, Equatable {
    /// The name of its token; nil without one.
    public let token: String?
    /// What it may do; nil: what needs no role.
    public let role: Role?
    /// Where it comes from: `127.0.0.1:51234`, or `unix:uid=1000`.
    public let peer: String
}
