// Environment variables over the file (contract §9): AUDIENCED_ and the path of the key in capitals, with `_` for `.` and `-`.
//
// A secret is overridden by the name of its file (AUDIENCED_HTTP_TOKEN_FILE, AUDIENCED_KAFKA_SASL_PASSWORD_FILE), never by its value:
// that is refused by the variable's name. Below `kafka` a variable means the setting of the file that it spells, else the name with `.`
// for `_`. Other variables that begin with AUDIENCED_ belong to somebody else, unless they look like a slip: those are refused, since
// their effect would be missed.
import Campaigns

enum EnvironmentOverrides {
    static let prefix = "AUDIENCED_"
    private static let kafkaPrefix = prefix + "KAFKA_"
    static let fileSuffix = "_FILE"

    /// The tree with the values of the variables put in, in the order of their names.
    static func apply(_ environment: [String: String], to root: YamlNode, problems: inout [ConfigurationProblem]) -> YamlNode {
        var root = root
        let others = [DaemonClient.serverVariable, DaemonClient.tokenVariable]
        for (variable, value) in environment.sorted(by: { $0.key < $1.key })
        where variable.hasPrefix(prefix) && !others.contains(variable) {
            if let target = target(of: variable, in: root) {
                let place = ConfigurationProblem.Place.environment(variable)
                set(value, at: target.path[...], isSecret: target.isSecret, place: place, in: &root)
            } else if let problem = slip(variable) {
                problems.append(problem)
            }
        }
        return root
    }

    /// The variable that overrides the key with these components.
    static func variable(of path: [String], isSecret: Bool) -> String {
        prefix + path.map(spelled).joined(separator: "_") + (isSecret ? fileSuffix : "")
    }

    private static func spelled(_ key: String) -> String {
        String(key.uppercased().map { $0 == "." || $0 == "-" ? "_" : $0 })
    }

    private static func target(of variable: String, in root: YamlNode) -> (path: [String], isSecret: Bool)? {
        if let known = ConfigurationKey.overridable.first(where: { self.variable(of: $0.path, isSecret: $0.isSecret) == variable }) {
            return known
        }
        guard variable.hasPrefix(kafkaPrefix), variable.count > kafkaPrefix.count else { return nil }
        let name = String(variable.dropFirst(kafkaPrefix.count))
        if let known = kafkaKey(name, in: root) { return (["kafka", known], false) }
        guard name.hasSuffix(fileSuffix), name.count > fileSuffix.count else { return (["kafka", dotted(name)], false) }
        let owner = String(name.dropLast(fileSuffix.count))
        return (["kafka", kafkaKey(owner, in: root) ?? dotted(owner)], true)
    }

    /// The setting of the file that the name spells.
    private static func kafkaKey(_ name: String, in root: YamlNode) -> String? {
        guard case .mapping(let entries) = root["kafka"]?.content else { return nil }
        return entries.first { spelled($0.key) == name }?.key
    }

    private static func dotted(_ name: String) -> String {
        String(name.lowercased().map { $0 == "_" ? "." : $0 })
    }

    /// Puts the value in. What is no mapping on the way there stays, for the reader to refuse.
    private static func set(
        _ value: String, at path: ArraySlice<String>, isSecret: Bool, place: ConfigurationProblem.Place, in node: inout YamlNode
    ) {
        var entries: [YamlNode.Entry]
        switch node.content {
        case .mapping(let present): entries = present
        case .scalar where node.isNull: entries = []
        default: return
        }
        guard let key = path.first else { return }
        let keyPath = YamlNode.path(node.path, key)
        var child = entries.first { $0.key == key }?.value ?? YamlNode(path: keyPath, place: place, content: .mapping([]))
        if path.count > 1 {
            set(value, at: path.dropFirst(), isSecret: isSecret, place: place, in: &child)
        } else {
            let scalar = YamlNode.Content.scalar(value, .environment)
            child.place = place
            child.content = scalar
            if isSecret {
                let file = YamlNode(path: YamlNode.path(keyPath, "file"), place: place, content: scalar)
                child.content = .mapping([YamlNode.Entry(key: "file", value: file)])
            }
        }
        entries.removeAll { $0.key == key }
        entries.append(YamlNode.Entry(key: key, value: child))
        node.content = .mapping(entries)
    }

    /// A problem when the variable names no key but looks as if it should. It names no key, and its value is never shown.
    private static func slip(_ name: String) -> ConfigurationProblem? {
        let overridable = ConfigurationKey.overridable
        let known = overridable.map { variable(of: $0.path, isSecret: $0.isSecret) }
        let sections = overridable.filter { $0.path.count > 1 }.map { variable(of: [$0.path[0]], isSecret: false) + "_" }
        let hint: String
        if known.contains(name + fileSuffix) {
            hint = "put the secret in a file, and its name in \(name)\(fileSuffix)"
        } else if let near = home(of: String(name.dropFirst(prefix.count))) ?? NearestName.slip(of: name, among: known) {
            hint = "did you mean \(near)?"
        } else if (sections + [kafkaPrefix]).contains(where: { "\(name)_".hasPrefix($0) }) {
            hint = "lists and mappings are set in the file, secrets by the variable with \(fileSuffix)"
        } else {
            return nil
        }
        let message = "the variable names no single value of the configuration"
        return ConfigurationProblem(path: "", message: message, place: .environment(name), hint: hint)
    }

    /// The variable of a key that was named without its section.
    private static func home(of name: String) -> String? {
        if let setting = KafkaSection.allowedNames.first(where: { spelled($0) == name }) {
            return kafkaPrefix + name + (KafkaSection.isSecret(setting) ? fileSuffix : "")
        }
        return ConfigurationKey.overridable.first {
            $0.path.count > 1 && variable(of: [$0.path[$0.path.count - 1]], isSecret: $0.isSecret) == prefix + name
        }
        .map { variable(of: $0.path, isSecret: $0.isSecret) }
    }
}
