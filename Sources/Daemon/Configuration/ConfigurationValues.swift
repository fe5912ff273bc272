// Single values out of the tree: each is checked for its type and bounds, and a mistake becomes a problem that says what was expected.
import Campaigns

/// Reads values and collects the problems. A value that is missing or wrong is nil: the caller keeps the default.
struct ConfigurationValues {
    private(set) var problems: [ConfigurationProblem]

    init(problems: [ConfigurationProblem] = []) {
        self.problems = problems
    }

    /// Adds a problem of a node.
    mutating func report(_ node: YamlNode, _ message: String, hint: String? = nil) {
        problems.append(ConfigurationProblem(path: node.path, message: message, place: node.place, hint: hint))
    }

    /// Adds a problem that the caller has made.
    mutating func report(_ problem: ConfigurationProblem) {
        problems.append(problem)
    }

    /// Adds a problem of a key that is not there.
    mutating func reportMissing(_ path: String, in parent: YamlNode? = nil, hint: String) {
        problems.append(ConfigurationProblem(path: path, message: "must be given", place: parent?.place, hint: hint))
    }

    /// A section: nil when it is missing, or written without anything in it.
    mutating func mapping(_ node: YamlNode?, hint: String) -> YamlNode? {
        guard let node, !node.isNull else { return nil }
        guard case .mapping = node.content else {
            report(node, "must be a mapping, not \(Self.kind(node))", hint: hint)
            return nil
        }
        return node
    }

    /// The items of a list.
    mutating func list(_ node: YamlNode?, mayBeEmpty: Bool = false, maximum: Int = .max, hint: String) -> [YamlNode]? {
        guard let node else { return nil }
        guard case .list(let items) = node.content else {
            report(node, "must be a list, not \(Self.kind(node))", hint: hint)
            return nil
        }
        guard mayBeEmpty || !items.isEmpty else {
            report(node, "must not be empty", hint: hint)
            return nil
        }
        guard items.count <= maximum else {
            report(node, "must not have more than \(maximum) items, not \(items.count)")
            return nil
        }
        return items
    }

    /// Text; a plain number or boolean is none, since YAML takes it for another type.
    mutating func text(_ node: YamlNode?, hint: String? = nil) -> String? {
        guard let node else { return nil }
        let kind = Self.kind(node)
        guard case .scalar(let text, _) = node.content, kind == "text" else {
            report(node, "must be text, not \(kind)", hint: kind == "a number" || kind == "a boolean" ? "put it in quotes" : hint)
            return nil
        }
        return text
    }

    mutating func boolean(_ node: YamlNode?) -> Bool? {
        guard let node else { return nil }
        if case .scalar(let text, let style) = node.content, style != .quoted {
            if ["true", "True", "TRUE"].contains(text) { return true }
            if ["false", "False", "FALSE"].contains(text) { return false }
        }
        report(node, "must be true or false, not \(Self.described(node))", hint: Self.booleanHint(node))
        return nil
    }

    mutating func integer(_ node: YamlNode?, in bounds: ClosedRange<Int>) -> Int? {
        guard let node else { return nil }
        let expected = "must be a whole number from \(bounds.lowerBound) to \(bounds.upperBound)"
        guard case .scalar(let text, let style) = node.content, style != .quoted, let number = Int(text), bounds.contains(number) else {
            report(
                node, "\(expected), not \(Self.described(node))", hint: Self.isQuoted(node) { Int($0) != nil } ? "remove the quotes" : nil)
            return nil
        }
        return number
    }

    /// A duration longer than zero.
    mutating func duration(_ node: YamlNode?) -> Duration? {
        parsed(
            node, "a duration longer than zero", hint: "ISO 8601, such as PT30M, PT1H or P7D", likely: DurationText.likely,
            DurationText.parsePositive)
    }

    /// A text that `parse` understands. `likely` says what a text in another notation was meant to be.
    mutating func parsed<Value>(
        _ node: YamlNode?, _ expected: String, hint: String, likely: (String) -> String? = { _ in nil }, _ parse: (String) -> Value?
    ) -> Value? {
        guard let node else { return nil }
        guard case .scalar(let text, _) = node.content, !node.isNull else {
            report(node, "must be \(expected), not \(Self.kind(node))", hint: hint)
            return nil
        }
        guard let value = parse(text) else {
            report(
                node, "must be \(expected), not \(Self.described(node))", hint: (likely(text).map { "did you mean \($0)? " } ?? "") + hint)
            return nil
        }
        return value
    }

    /// As `parsed`, of text alone.
    mutating func parsedText<Value>(_ node: YamlNode?, _ expected: String, hint: String, _ parse: (String) -> Value?) -> Value? {
        text(node, hint: hint) == nil ? nil : parsed(node, expected, hint: hint, parse)
    }

    /// One of the names of an enumeration.
    mutating func choice<Value: RawRepresentable & CaseIterable>(_ node: YamlNode?) -> Value? where Value.RawValue == String {
        let names = Value.allCases.map(\.rawValue)
        let hint = "one of: \(names.joined(separator: ", "))"
        return parsed(node, "a known name", hint: hint, likely: { NearestName.slip(of: $0, among: names) }) { Value(rawValue: $0) }
    }

    /// `{file: …}`. What stands there instead may be the secret itself, so it is never shown.
    mutating func secret(_ node: YamlNode?, orElse more: String = "") -> Configuration.SecretReference? {
        guard let node else { return nil }
        guard case .mapping = node.content else {
            report(node, "must name the file of the secret, not \(Self.kind(node))", hint: Self.secretHint(node) + more)
            return nil
        }
        guard let file = node["file"] else {
            report(node, "does not name the file of the secret", hint: Self.secretHint(node) + more)
            return nil
        }
        return secretFile(file)
    }

    /// The name of a secret's file.
    mutating func secretFile(_ node: YamlNode?) -> Configuration.SecretReference? {
        guard let node, let name = text(node, hint: Self.secretHint(node)) else { return nil }
        guard !name.isEmpty, !name.utf8.contains(0) else {
            report(node, "is no name of a file", hint: Self.secretHint(node))
            return nil
        }
        return Configuration.SecretReference(file: name)
    }

    private static func secretHint(_ node: YamlNode) -> String {
        if case .environment(let variable) = node.place, !variable.hasSuffix(EnvironmentOverrides.fileSuffix) {
            return "put the secret in a file, and its name in \(variable)\(EnvironmentOverrides.fileSuffix)"
        }
        return "write {file: NAME}, a credential of the service manager or an absolute path"
    }

    private static func booleanHint(_ node: YamlNode) -> String? {
        guard case .scalar(let text, _) = node.content else { return nil }
        if isQuoted(node, { ["true", "false"].contains($0) }) { return "remove the quotes" }
        let likely = ["yes": "true", "on": "true", "1": "true", "no": "false", "off": "false", "0": "false"][text.lowercased()]
        return likely.map { "did you mean \($0)?" }
    }

    private static func isQuoted(_ node: YamlNode, _ isMeant: (String) -> Bool) -> Bool {
        guard case .scalar(let text, .quoted) = node.content else { return false }
        return isMeant(text)
    }

    /// What a node is, for messages: "a list", "a number".
    static func kind(_ node: YamlNode) -> String {
        switch node.content {
        case .mapping: return "a mapping"
        case .list: return "a list"
        case .scalar(_, .quoted), .scalar(_, .environment): return "text"
        case .scalar(let text, .plain):
            if node.isNull { return "empty" }
            if ["true", "True", "TRUE", "false", "False", "FALSE"].contains(text) { return "a boolean" }
            // Double reads words too, such as "infinity", which are text in YAML.
            let isNumeric = text.utf8.first.map { $0 < UInt8(ascii: ":") } ?? false
            return isNumeric && Double(text) != nil ? "a number" : "text"
        }
    }

    /// The value of a scalar, or what the node is.
    private static func described(_ node: YamlNode) -> String {
        guard case .scalar(let text, _) = node.content, !node.isNull else { return kind(node) }
        return shown(text) + (isQuoted(node) { Int($0) != nil || ["true", "false"].contains($0) } ? " in quotes" : "")
    }
}
