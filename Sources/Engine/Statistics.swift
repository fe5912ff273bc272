// What the engine has done, in counts that a machine's mood cannot change (`replay --statistics`, contract §6).

/// What the engine has done, counted.
public struct Statistics: Sendable {
    /// Changes that were applied (stale ones are not).
    public var rowsApplied = 0
    /// "an older version than the one held is ignored and counted".
    public var rowsStale = 0
    /// Changes that were applied since the newer version of a deleted row was held for as long as it is (contract §10).
    public var versionsForgotten = 0
    /// Conditions evaluated: atoms and look-ups of a value in a guard or a window.
    public var conditionsEvaluated = 0
    /// Rows looked at because the clock moved.
    public var rowsVisitedByTime = 0
    /// Rows looked at because a campaign was published, or has started.
    public var rowsVisitedByPublish = 0
    /// Parts of the plan, audiences and alerts looked at because a campaign was published, stopped or deleted, has started or has ended.
    public var partsVisitedByPublish = 0
    /// Rows that an operator looked at when a commit ended: those that it was asked about, those that it moves, and those that it chooses
    /// among.
    public var rowsVisitedBySettling = 0
    /// Rows looked at to know how many stand for an identity, and which of them comes first.
    public var rowsVisitedForMembers = 0
    /// Rows that explanations looked through for what leads to a record, where nobody keeps who does.
    public var rowsVisitedByExplaining = 0
    /// Member events emitted.
    public var memberEvents = 0
    /// Sums and other arithmetic of values that came to null: what overflows, is not finite, or divides by zero.
    public var overflows = 0

    public init() {}
}
