// What is wrong with one expression.

/// The mistake in an expression. The path of the expression is known by whoever reads the definition.
public struct ExpressionError: Error, Equatable, Sendable {
    /// What was found, and what was expected instead.
    public var message: String
    /// How to mend it; nil when the message says it all.
    public var hint: String?

    public init(_ message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint
    }
}
