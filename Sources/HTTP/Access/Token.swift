// The secrets that requests carry. Only digests are kept: what they were is not to be found in the memory of this process, and a comparison
// of digests tells nothing of a secret, however long it takes.
internal import Storage

/// One token of the configuration. Nothing prints it.
public struct Token: Sendable, CustomStringConvertible, CustomReflectable {
    /// Stands in log lines.
    public let name: String
    /// What who carries it may do.
    public let role: Role
    private let digest: [UInt8]

    /// The fewest bytes of a secret: shorter ones can be tried out.
    public static let minimumBytes = 32

    /// Fails when the secret is shorter than `minimumBytes`.
    public init(name: String, secret: [UInt8], role: Role) throws(ServerError) {
        guard secret.count >= Self.minimumBytes else { throw .shortToken(name: name, minimumBytes: Self.minimumBytes) }
        self.name = name
        self.role = role
        digest = Self.digest(of: secret)
    }

    public var description: String { "Token(\(name), not shown)" }
    public var customMirror: Mirror { Mirror(self, children: []) }

    private static func digest(of secret: [UInt8]) -> [UInt8] { Array(Digest.sha256(of: secret).utf8) }

    /// The token that has this secret. Every token is compared, and all of it, whichever it is.
    static func find(_ secret: [UInt8], among tokens: [Token]) -> Token? {
        let wanted = digest(of: secret)
        var found: Token?
        for token in tokens where token.isDigest(wanted) { found = token }
        return found
    }

    private func isDigest(_ wanted: [UInt8]) -> Bool {
        var difference: UInt8 = 0
        for (mine, other) in zip(digest, wanted) { difference |= mine ^ other }
        return difference == 0 && digest.count == wanted.count
    }
}
