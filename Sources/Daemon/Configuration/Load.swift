// The configuration of a run: the file, the environment over it, and the secrets it names. Every problem at once.
import Glibc
import Kafka
import Storage

/// Reads a configuration file and the secrets that it names. Nothing else is touched.
func loadConfiguration(_ path: String) throws(DaemonFailure) -> (configuration: Configuration, secrets: ConfigurationSecrets) {
    let text: LineFile
    do throws(StorageError) {
        text = try LineFile(path: path)
    } catch {
        throw DaemonFailure(.configuration, "--config: \(error.description)")
    }
    let environment = environment()
    var (configuration, problems) = ConfigurationReader.read(
        Array(text.bytes.prefix(YamlDocument.maximumBytes + 1)), environment: environment)
    let secrets = configuration.readSecrets(Secrets(credentialsDirectory: environment["CREDENTIALS_DIRECTORY"]), problems: &problems)
    // librdkafka is asked about its settings as a whole when each is right by itself: it would tell the same again.
    if !problems.contains(where: { $0.path.isEmpty || $0.path.hasPrefix("kafka") }) {
        let told = ClientConfiguration.problems(in: secrets.kafka).map { (key: $0.key, message: $0.message) }
        problems += configuration.problems(of: secrets, told: told)
    }
    guard problems.isEmpty else { throw DaemonFailure(.configuration, "\(path):\n\(ConfigurationError(problems: problems))") }
    return (configuration, secrets)
}

private func environment() -> [String: String] {
    var found: [String: String] = [:]
    var place = environ
    while let entry = place.pointee {
        let text = String(cString: entry)
        if let equals = text.firstIndex(of: "=") { found[String(text[..<equals])] = String(text[text.index(after: equals)...]) }
        place += 1
    }
    return found
}
