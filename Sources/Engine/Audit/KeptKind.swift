// What kinds of things the engine keeps, as an audit tells them apart.

/// Kinds of what the engine keeps.
public enum KeptKind: Int, CaseIterable, Sendable {
    /// The value of an expression of the clock.
    case term
    /// The place of a row in the order that windows are positions in.
    case order
    /// Where a row leads, and who leads to it.
    case link
    /// Whether a row meets a condition.
    case condition
    /// What an accumulator holds for a row.
    case accumulator
    /// Which row a record leads to, of those that lead to it.
    case choice
    /// Which rows are the first of their group.
    case ranking
    /// The rows that stand for a row and the records linked to it.
    case pairs
    /// Since when a row waits, and whether it has waited.
    case waiting
    /// Whether a row is counted.
    case counter
    /// Whether an output is taken.
    case gate
    /// The rows of an identity, and whether it is kept.
    case members
    /// How many rows have no identity.
    case rejected
    /// Whether an identity is there for a channel.
    case channel
    /// Whether alerts were true.
    case alerts
    /// How many members an audience has.
    case size
    /// What those who read an audience see of a member.
    case audienceTable
}
