// The configuration of a run: the file, the environment over it, and the secrets it names. Every problem at once, exit 64.
import Glibc
import Kafka
import Storage

/// Reads a configuration file.
func readConfiguration(_ path: String) throws(CommandFailure) -> Configuration {
    let text: LineFile
    do throws(StorageError) {
        text = try LineFile(path: path)
    } catch {
        throw CommandFailure(.usage, error.description)
    }
    do throws(ConfigurationError) {
        return try ConfigurationReader.read(Array(text.bytes), environment: environment()) { key, value in
            ClientConfiguration.problems(in: [key: value]).first { $0.key == key }?.message
        }
    } catch {
        throw CommandFailure(.usage, "\(path):\n\(error)")
    }
}

/// librdkafka's settings, secrets in their places.
func kafkaSettings(_ configuration: Configuration) throws(CommandFailure) -> [String: String] {
    do throws(ConfigurationError) {
        let secrets = Secrets(credentialsDirectory: environment()["CREDENTIALS_DIRECTORY"])
        return try configuration.readSecrets(secrets) { settings in
            ClientConfiguration.problems(in: settings).map { ($0.key, $0.message) }
        }.kafka
    } catch {
        throw CommandFailure(.usage, "\(error)")
    }
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
