// Secrets of the configuration, `{file: …}` (contract §9): read from the credentials of the service manager or from a file of its own.
// No error and no description ever holds a value.

import Glibc

/// Where secrets are read from.
public struct Secrets: Sendable {
    /// What `$CREDENTIALS_DIRECTORY` says; nil when the process was not given any.
    public let credentialsDirectory: String?

    /// The longest secret, in bytes: enough for a key with its chain of certificates.
    public static let maximumBytes = 64 << 10

    public init(credentialsDirectory: String?) {
        self.credentialsDirectory = credentialsDirectory
    }

    /// The secret in a file, without the line feed at its end.
    /// - Parameters:
    ///   - file: absolute, or a name relative to `credentialsDirectory`.
    ///   - key: the key of the configuration that asks, for messages: `kafka.sasl.password`.
    public func read(file: String, key: String) throws(StorageError) -> String {
        let operation = "read the secret \(key) from"
        func refusal(_ path: String, _ cause: String, _ hint: String? = nil) -> StorageError {
            StorageError(operation: operation, path: path, cause: cause, hint: hint)
        }
        let path = try resolve(file, refusal)
        var bytes: [UInt8]
        do {
            bytes = try Self.content(of: path)
        } catch {
            throw described(error, operation: operation)
        }
        guard bytes.count <= Self.maximumBytes else {
            throw refusal(path, "it is longer than \(Self.maximumBytes) bytes", "is it the right file?")
        }
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard !bytes.isEmpty else { throw refusal(path, "the file is empty", "write the secret into it") }
        guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
            throw refusal(path, "it is no UTF-8 text", "binary keys and key stores are given to librdkafka by their location")
        }
        return text
    }

    private func resolve(_ file: String, _ refusal: (String, String, String?) -> StorageError) throws(StorageError) -> String {
        if file.hasPrefix("/") { return file }
        guard !file.isEmpty, !file.split(separator: "/", omittingEmptySubsequences: false).contains("..") else {
            throw refusal(file, "this is no name of a credential", "name one of the unit's LoadCredential=, or an absolute path")
        }
        guard let credentialsDirectory, !credentialsDirectory.isEmpty else {
            throw refusal(
                file, "the name is relative and $CREDENTIALS_DIRECTORY is not set",
                "add LoadCredential=\(file) to the unit, or give an absolute path")
        }
        return credentialsDirectory + "/" + file
    }

    private static func content(of path: String) throws(StorageError) -> [UInt8] {
        let file = try OpenFile.reading(path)
        guard try file.regularSize() != nil else {
            throw StorageError(operation: "read", path: path, cause: "this is no regular file")
        }
        return try file.read(maximumBytes: maximumBytes + 1)
    }

    private func described(_ error: StorageError, operation: String) -> StorageError {
        var described = error
        described.operation = operation
        if error.errorNumber == ENOENT { described.hint = "add it to LoadCredential= of the unit, or create the file" }
        return described
    }
}
