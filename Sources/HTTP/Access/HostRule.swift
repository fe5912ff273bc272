// Loopback is no border: a page of a foreign site whose name leads here (DNS rebinding) would read everything. So a request has to know
// whom it asks, and a change must not come from another page (contract §8).

/// The names of this server.
struct HostRule: Sendable {
    /// With their port; nil on a Unix socket, where every name is right.
    private var own: Set<String>?
    /// With any port or none: what a proxy is reached by.
    private let further: Set<String>
    /// On 0.0.0.0 or [::] whatever address the request came to is ours.
    let acceptsOwnAddress: Bool

    init(_ address: BoundAddress, further: [String]) {
        self.further = Set(further.map { $0.lowercased() })
        switch address.kind {
        case .unix:
            own = nil
            acceptsOwnAddress = false
        case .tcp(let host, let port, let isAny):
            var names: Set = ["localhost", "127.0.0.1", "[::1]"]
            if !isAny { names.insert(host.contains(":") ? "[\(host)]" : host) }
            if let given = address.givenHost, !isAny { names.insert(given.contains(":") ? "[\(given)]" : given.lowercased()) }
            own = Set(names.flatMap { port == 80 ? ["\($0):80", $0] : ["\($0):\(port)"] })
            acceptsOwnAddress = isAny
        }
    }

    /// - Parameter local: the address that the connection came to, with its port, where `acceptsOwnAddress`.
    func accepts(_ host: String, local: String?) -> Bool {
        guard let own else { return true }
        let host = host.lowercased()
        return own.contains(host) || further.contains(Self.name(of: host)) || local.map { $0 == host } ?? false
    }

    /// Without the port.
    private static func name(of host: String) -> String {
        guard let colon = host.lastIndex(of: ":"), host[colon...].dropFirst().allSatisfy(\.isNumber), !host.hasSuffix("]") else {
            return host
        }
        return String(host[..<colon])
    }

    /// Refuses what another page lets a browser do: `Sec-Fetch-Site` and `Origin` are written by the browser, not by the page.
    static func checkOrigin(_ headers: Headers) throws(ProblemDocument) {
        for site in headers.values("Sec-Fetch-Site") where !["same-origin", "none"].contains(site.lowercased()) {
            throw ProblemDocument(.originForeign, "Sec-Fetch-Site is \(shown(site)): another page sends this")
        }
        for origin in headers.values("Origin") {
            let lower = origin.lowercased()
            let authority = ["http://", "https://"].first(where: lower.hasPrefix).map { String(lower.dropFirst($0.count)) }
            guard let authority, let host = headers["Host"]?.lowercased(), authority == host else {
                throw ProblemDocument(.originForeign, "Origin is \(shown(origin)), which is not the Host of this request")
            }
        }
    }
}
