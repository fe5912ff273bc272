// The secrets that a configuration names, read from their files: at start, all problems at once (contract §9).

public import Storage

/// Values that must never be printed; every description of it is empty.
public struct ConfigurationSecrets: Sendable, CustomStringConvertible, CustomReflectable {
    /// Every setting of `kafka`, with the secrets in their places: what librdkafka is given.
    public var kafka: [String: String]
    /// The bearer token of the HTTP server; nil = none is asked for.
    public var httpToken: String?

    public var description: String { "ConfigurationSecrets(not shown)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Configuration {
    /// Checks the settings of `kafka` together, secrets included: what is wrong, by key. The Kafka module knows what goes together.
    public typealias KafkaCheck = (_ settings: [String: String]) -> [(key: String, message: String)]

    /// Reads the secrets.
    /// - Parameter checkKafka: asked once, when every secret could be read.
    public func readSecrets(
        _ secrets: Secrets, checkKafka: KafkaCheck = { _ in [] }
    ) throws(ConfigurationError) -> ConfigurationSecrets {
        var problems: [ConfigurationProblem] = []
        var secretValues: [String] = []
        func value(_ reference: SecretReference, _ path: String) -> String? {
            do {
                return try secrets.read(file: reference.file, key: path)
            } catch {
                problems.append(ConfigurationProblem(path: path, message: error.message, hint: error.hint))
                return nil
            }
        }

        var settings: [String: String] = [:]
        for (key, setting) in kafka.sorted(by: { $0.key < $1.key }) {
            switch setting {
            case .text(let text): settings[key] = text
            case .secret(let reference):
                let path = "kafka.\(key)"
                guard let secret = value(reference, path) else { continue }
                settings[key] = secret
                secretValues.append(secret)
            }
        }
        let token = http.token.flatMap { value($0, "http.token") }
        if problems.isEmpty {
            problems = checkKafka(settings).map { key, message in
                // A message may quote a value.
                let isSafe = !secretValues.contains { message.contains($0) }
                return ConfigurationProblem(path: "kafka.\(key)", message: isSafe ? message : "is not allowed as it is")
            }
        }
        guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
        return ConfigurationSecrets(kafka: settings, httpToken: token)
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
