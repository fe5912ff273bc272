// The secrets that a configuration names, read from their files: at start, all problems at once (contract §9).
import Glibc
import Storage

/// Values that must never be printed; every description of it is empty.
struct ConfigurationSecrets: Sendable, CustomStringConvertible, CustomReflectable {
    /// Every setting of `kafka`, with the secrets in their places: what librdkafka is given.
    var kafka: [String: String] = [:]
    /// The bearer tokens of the HTTP server, `http.token` first; none = nobody is asked for one.
    var tokens: [Token] = []

    /// What a request carries, and what it may do.
    struct Token: Sendable {
        var name: String
        var value: String
        var role: Configuration.Role
    }

    var description: String { "ConfigurationSecrets(not shown)" }
    var customMirror: Mirror { Mirror(self, children: []) }
}

extension Configuration {
    /// Reads the secrets; what is wrong with their files, or with those that librdkafka reads by itself, is added to the problems.
    func readSecrets(_ secrets: Secrets, problems: inout [ConfigurationProblem]) -> ConfigurationSecrets {
        var found = ConfigurationSecrets()
        for (key, setting) in kafka.sorted(by: { $0.key < $1.key }) {
            switch setting {
            case .text(let text):
                found.kafka[key] = text
                if key.hasSuffix(".location"), let problem = Self.problem(withFile: text, of: key) { problems.append(problem) }
            case .secret(let reference): found.kafka[key] = Self.value(reference, "kafka.\(key)", secrets, &problems)
            }
        }
        let anonymous = http.token.map { (path: "http.token", token: Token(name: "token", secret: $0, role: .publish)) }
        let named = http.tokens.enumerated().map { (path: "http.tokens[\($0.offset)].file", token: $0.element) }
        for (path, token) in (anonymous.map { [$0] } ?? []) + named {
            guard let value = Self.value(token.secret, path, secrets, &problems) else { continue }
            if let other = found.tokens.first(where: { $0.value == value }) {
                let message = "holds the same token as \(shown(other.name))"
                problems.append(ConfigurationProblem(path: path, message: message, hint: "a token has one name and one role"))
            }
            found.tokens.append(ConfigurationSecrets.Token(name: token.name, value: value, role: token.role))
        }
        return found
    }

    /// The problems that the settings of `kafka` have together, as the Kafka module tells them. It may quote a value; a secret is not
    /// shown.
    func problems(of secrets: ConfigurationSecrets, told: [(key: String, message: String)]) -> [ConfigurationProblem] {
        let hidden = kafka.compactMap { key, setting in if case .secret = setting { secrets.kafka[key] } else { nil } }
        return told.map { key, message in
            let isSafe = !hidden.contains { message.contains($0) }
            return ConfigurationProblem(path: "kafka.\(key)", message: isSafe ? message : "is not allowed as it is")
        }
    }

    /// librdkafka's own message would not say which file it is, and that it is not there.
    private static func problem(withFile path: String, of key: String) -> ConfigurationProblem? {
        // A word of librdkafka's: look in the usual places.
        guard path != "probe", access(path, R_OK) != 0 else { return nil }
        let message = "cannot read \(shown(path)): \(String(cString: strerror(errno)))"
        return ConfigurationProblem(path: "kafka.\(key)", message: message, hint: "give the path of a file that this process may read")
    }

    private static func value(
        _ reference: SecretReference, _ path: String, _ secrets: Secrets, _ problems: inout [ConfigurationProblem]
    ) -> String? {
        do {
            return try secrets.read(file: reference.file, key: path)
        } catch {
            problems.append(ConfigurationProblem(path: path, message: error.message, hint: error.hint))
            return nil
        }
    }
}

extension StorageError {
    /// The error without its hint, which problems show apart.
    fileprivate var message: String {
        var error = self
        error.hint = nil
        return error.description
    }
}
