// deduplication: "Rows equal on all `fields` are a group. Of each the best `keep` stay […], ties by stable order. […] When a kept row
// leaves, the runner-up takes its place in the same commit. `complement`: rows removed."

/// deduplication: of rows that are equal, the best few.
public struct Deduplication: Equatable, Sendable {
    /// The output of the rows removed.
    public static let complement = "complement"

    /// What makes one row better than another; ties are decided by stable order.
    public enum Method: Equatable, Sendable {
        /// Stable order alone.
        case random
        /// The lowest value first, nulls last.
        case lowest(Expression)
        /// The highest value first, nulls last.
        case highest(Expression)
        /// Those that are neither null nor '' first.
        case nonEmpty(Expression)
        /// By the place of the value in a list, without those that are there twice; others last.
        case values(of: Expression, order: [Literal])
    }

    /// What becomes of a row of which a field is null.
    public enum Nulls: String, CaseIterable, Sendable {
        /// It is a group of its own.
        case keep
        /// Null equals null.
        case group
        /// It is removed.
        case drop
    }

    /// Its name within the campaign.
    public var id: String
    /// Where its rows come from.
    public var from: Transition
    /// Rows that are equal on all are a group; at least one.
    public var fields: [Expression]
    /// How many stay of each group; nil: all.
    public var keep: Int?
    /// Which of them.
    public var method: Method
    /// What becomes of rows without a group.
    public var nulls: Nulls
    /// Whether the rows removed have an output.
    public var hasComplement: Bool
    /// Of the stable order: `<seed>/<row id>` is hashed.
    public var seed: String

    public init(
        id: String, from: Transition, fields: [Expression], keep: Int? = 1, method: Method = .random, nulls: Nulls = .keep,
        hasComplement: Bool = false, seed: String
    ) {
        self.id = id
        self.from = from
        self.fields = fields
        self.keep = keep
        self.method = method
        self.nulls = nulls
        self.hasComplement = hasComplement
        self.seed = seed
    }
}

extension ActivityReader {
    mutating func readDeduplication(_ item: ActivityItem) {
        refuseYet(item)
    }
}
