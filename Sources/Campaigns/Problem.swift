// What is wrong with a definition: one entry per mistake, all of them at once (contract §2).

/// One mistake in a definition.
public struct Problem: Equatable, Sendable {
    /// Where: `activities[2].filter`, `links[0].on`; empty for the whole definition.
    public var path: String
    /// What is wrong, without where.
    public var message: String
    /// How to mend it; nil when the message says it all.
    public var hint: String?

    public init(path: String, message: String, hint: String? = nil) {
        self.path = path
        self.message = message
        self.hint = hint
    }
}
