// Why one record goes to the dead letters.

/// The reason of a dead letter. It stops nothing else.
public struct Refusal: Error, Equatable, Sendable {
    /// What is wrong, with table and field where they are known.
    public var reason: String

    public init(_ reason: String) {
        self.reason = reason
    }
}
