// The section `kafka`: librdkafka's settings under their own names, each checked alone. Secrets come from files, never as text.
import Campaigns
import Kafka

enum KafkaSection {
    static let allowedNames = ClientConfiguration.allowedSettings.map(\.name)

    static func isAllowed(_ key: String) -> Bool { ClientConfiguration.nameProblem(key) == nil }
    static func isSecret(_ key: String) -> Bool { ClientConfiguration.isSecret(key) }

    /// The settings of the section; what is wrong with them is reported to `values`.
    static func read(_ node: YamlNode?, _ values: inout ConfigurationValues) -> [String: Configuration.KafkaSetting] {
        var settings: [String: Configuration.KafkaSetting] = [:]
        let section = values.mapping(node, hint: "librdkafka's settings, such as bootstrap.servers: 127.0.0.1:9092")
        if let section, case .mapping(let entries) = section.content {
            for entry in entries {
                if let problem = unknown(entry, in: section) {
                    values.report(problem)
                } else if let setting = setting(entry, &values) {
                    settings[entry.key] = setting
                }
            }
        }
        if section?["bootstrap.servers"] == nil {
            values.reportMissing("kafka.bootstrap.servers", hint: addressHint)
        }
        return settings
    }

    private static func setting(_ entry: YamlNode.Entry, _ values: inout ConfigurationValues) -> Configuration.KafkaSetting? {
        let node = entry.value
        if isSecret(entry.key) {
            let more = entry.key == "ssl.key.pem" ? ", or give ssl.key.location in its place" : ""
            return values.secret(node, orElse: more).map { .secret($0) }
        }
        switch node.content {
        case .list:
            values.report(node, "must be one value or {file: …}, not a list", hint: "several values are separated by commas")
        case .mapping where node["file"] != nil:
            return values.secret(node).map { .secret($0) }
        case .mapping:
            values.report(node, "must be one value or {file: …}, not a mapping")
        case .scalar(let text, _):
            guard !node.isNull, !text.utf8.contains(0), entry.key != "bootstrap.servers" || !text.isEmpty else {
                values.report(node, "must have a value")
                return nil
            }
            if let message = ClientConfiguration.problem(with: entry.key, text) {
                values.report(node, message)
            } else if entry.key == "bootstrap.servers", let wrong = wrongAddress(in: text) {
                values.report(node, "\(shown(wrong)) is no address of a broker", hint: addressHint)
            } else {
                return .text(text)
            }
        }
        return nil
    }

    private static let addressHint = "host:port of one broker or several, separated by commas"

    /// The first address of the list that librdkafka could not use; it would go on without it, for ever. Nil when all are right.
    private static func wrongAddress(in list: String) -> String? {
        let addresses = list.split { $0 == "," || $0 == " " }.map(String.init)
        guard !addresses.isEmpty else { return list }
        return addresses.first { address in
            let scheme = ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"].first { address.uppercased().hasPrefix("\($0)://") }
            let bare = scheme.map { String(address.dropFirst($0.count + 3)) } ?? address
            // Without a port it is Kafka's own.
            guard case .tcp(_, let port)? = Configuration.Listen(bare) ?? Configuration.Listen("\(bare):9092") else { return true }
            return port == 0
        }
    }

    /// The problem with a name that is not passed on, or nil. Its value is never shown: it may be a secret under a wrong name.
    private static func unknown(_ entry: YamlNode.Entry, in section: YamlNode) -> ConfigurationProblem? {
        guard let message = ClientConfiguration.nameProblem(entry.key) else { return nil }
        let near = NearestName.slip(of: entry.key, among: allowedNames)
        let hint: String?
        if let name = flattened(entry.key, entry.value).first(where: isAllowed) {
            hint = "librdkafka's names are not nested: write \(name): …"
        } else {
            hint = near.map { "did you mean \($0)?" } ?? ConfigurationKey.missingBlank(in: entry.key, among: allowedNames)
        }
        // A name that librdkafka or another client has is no part of a secret.
        if hint == nil, entry.value.isNull, !ClientConfiguration.isKnownElsewhere(entry.key) {
            return ConfigurationKey.stray(in: section, at: entry.value.place)
        }
        return ConfigurationProblem(path: entry.value.path, message: message, place: entry.value.place, hint: hint)
    }

    /// The names with dots that nested mappings spell: `bootstrap: {servers: …}` is `bootstrap.servers`.
    private static func flattened(_ name: String, _ node: YamlNode) -> [String] {
        guard case .mapping(let entries) = node.content else { return [] }
        return entries.flatMap { ["\(name).\($0.key)"] + flattened("\(name).\($0.key)", $0.value) }
    }
}
