// `sort: {by, order asc|desc}` of subsets and collections (contract §2.2).

/// What stands first: "nulls last", either way.
public struct Sort: Equatable, Sendable {
    /// Of the row.
    public var by: Expression
    /// From the highest to the lowest.
    public var isDescending: Bool

    public init(by: Expression, isDescending: Bool = false) {
        self.by = by
        self.isDescending = isDescending
    }
}
