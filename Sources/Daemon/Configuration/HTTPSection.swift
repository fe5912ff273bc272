// The section `http`: where the server listens, and who is let in (contract §8).
import Campaigns

enum HTTPSection {
    /// The most tokens, and the most names of hosts.
    static let maximumItems = 1000
    /// The longest name of a token, in bytes: it stands in log lines.
    static let maximumNameBytes = 128

    static func read(_ node: YamlNode?, _ values: inout ConfigurationValues) -> Configuration.HTTP {
        var http = Configuration.HTTP()
        guard let section = values.mapping(node, hint: "listen, token, tokens and hosts") else { return http }
        let hint = "host:port or unix:/absolute/path, at most \(Configuration.Listen.maximumPathBytes) bytes"
        let listen = values.parsed(
            section["listen"], "an address to listen on", hint: hint, likely: Configuration.Listen.likely, Configuration.Listen.init)
        if let listen { http.listen = listen }
        http.token = values.secret(section["token"])
        http.tokens = tokens(section["tokens"], &values)
        http.hosts = hosts(section["hosts"], &values)
        // Whether a token that is there is right is another question: its own problem is told at its place.
        let asksForToken = [section["token"], section["tokens"]].contains { $0.map(mayHoldToken) ?? false }
        if let node = section["listen"], listen?.isReachableByOthers == true, !asksForToken {
            let hint = "add token: {file: …}, or listen on 127.0.0.1 or on a Unix socket"
            values.report(node, "an address that others reach needs a token", hint: hint)
        }
        return http
    }

    private static func mayHoldToken(_ node: YamlNode) -> Bool {
        if case .list(let items) = node.content { !items.isEmpty } else { true }
    }

    private static func tokens(_ node: YamlNode?, _ values: inout ConfigurationValues) -> [Configuration.Token] {
        let hint = "such as [{name: ci, file: ci-token, role: publish}]"
        var names: Set<String> = []
        let items = values.list(node, mayBeEmpty: true, maximum: maximumItems, hint: hint) ?? []
        return items.compactMap { item in
            guard let members = values.mapping(item, hint: hint) else {
                if item.isNull { values.report(item, "must have name, file and role", hint: hint) }
                return nil
            }
            for member in ["name", "file", "role"] where members[member] == nil {
                values.reportMissing("\(item.path).\(member)", in: item, hint: hint)
            }
            let name = values.text(members["name"])
            if let name, let node = members["name"] {
                if name.isEmpty || name.utf8.count > maximumNameBytes || name.utf8.contains(where: { $0 < 32 || $0 == 127 }) {
                    values.report(node, "must have 1 to \(maximumNameBytes) bytes and no control characters")
                } else if !names.insert(name).inserted {
                    values.report(node, "\(shown(name)) is given twice", hint: "each token has a name of its own")
                }
            }
            let secret = values.secretFile(members["file"])
            let role: Configuration.Role? = values.choice(members["role"])
            guard let name, let secret, let role else { return nil }
            return Configuration.Token(name: name, secret: secret, role: role)
        }
    }

    private static func hosts(_ node: YamlNode?, _ values: inout ConfigurationValues) -> [String] {
        let items = values.list(node, mayBeEmpty: true, maximum: maximumItems, hint: "such as [audienced.example.com]") ?? []
        return items.compactMap { item in
            values.parsedText(item, "a name or address without a port", hint: "such as audienced.example.com or [2001:db8::1]") { text in
                if case .tcp? = Configuration.Listen("\(text):0") { text } else { nil }
            }
        }
    }
}
