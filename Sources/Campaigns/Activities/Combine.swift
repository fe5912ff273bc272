// combine: "Inbounds in the order of `from`; the primary first. By key: same dimension, else refused; one row per key […]; the row comes
// from the first inbound that has the key; a carried column it lacks comes from the next inbound that has it, else null. By columns: rows
// equal on all expressions are one; a null equals nothing. […] *exclusion*: rows of the primary […] that match nothing in any other inbound
// (by key, or `match`)."

/// combine: the rows of several inbounds as one population.
public struct Combine: ActivityDefinition {
    /// What becomes of a key by the inbounds that have it.
    public enum Operation: String, CaseIterable, Sendable {
        case union, intersection, exclusion
    }

    /// The output of what the operation leaves out.
    public static let complement = "complement"

    /// Its name within the campaign.
    public var id: String
    /// What is done.
    public var operation: Operation
    /// The primary first.
    public var from: [Transition]
    /// What makes rows one, of each inbound as many expressions, which compare by value; nil: the key does.
    public var by: [[Expression]]?
    /// Of an exclusion, for each inbound after the primary: what its rows must be equal on to a row of the primary, instead of `by` or the
    /// key; nil where they go by those.
    public var matches: [[Match]?]
    /// intersection: the union minus it; exclusion: the rows removed. A union has none.
    public var hasComplement: Bool

    /// A pair of expressions that must be equal.
    public struct Match: Equatable, Sendable {
        /// Of a row of the primary.
        public var primary: Expression
        /// Of a row of the other inbound.
        public var other: Expression

        public init(primary: Expression, other: Expression) {
            self.primary = primary
            self.other = other
        }
    }

    package var inbounds: [Transition] { from }

    public init(
        id: String, operation: Operation, from: [Transition], by: [[Expression]]? = nil, matches: [[Match]?]? = nil,
        hasComplement: Bool = false
    ) {
        self.id = id
        self.operation = operation
        self.from = from
        self.by = by
        self.matches = matches ?? from.dropFirst().map { _ in nil }
        self.hasComplement = hasComplement
    }
}
