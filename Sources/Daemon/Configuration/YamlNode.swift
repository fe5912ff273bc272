// What a configuration is made of, before anybody knows which keys there are.

/// One node of a YAML document.
struct YamlNode: Equatable, Sendable {
    /// A key and its value.
    struct Entry: Equatable, Sendable {
        var key: String
        var value: YamlNode
    }

    /// How a scalar was written; only a plain one can be a number, a boolean or null.
    enum Style: Equatable, Sendable {
        case plain, quoted
        /// From an environment variable, where nothing can be quoted: text, number or boolean as is wanted.
        case environment
    }

    indirect enum Content: Equatable, Sendable {
        case scalar(String, Style)
        case list([YamlNode])
        /// In the order of the text; no key twice.
        case mapping([Entry])
    }

    /// The keys that lead here: `topics.changes[1].table`; empty for the root.
    var path: String
    /// The line of the key, or of the value where there is none.
    var place: ConfigurationProblem.Place
    var content: Content

    /// The value of a key; nil when this is no mapping or has none.
    subscript(key: String) -> YamlNode? {
        guard case .mapping(let entries) = content else { return nil }
        return entries.first { $0.key == key }?.value
    }

    /// Whether nothing was written, or YAML's null.
    var isNull: Bool {
        guard case .scalar(let text, .plain) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// The path of a key below a path.
    static func path(_ parent: String, _ key: String) -> String {
        parent.isEmpty ? key : "\(parent).\(key)"
    }
}
