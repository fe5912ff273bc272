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

/// Which way values go.
package enum SortOrder: String, CaseIterable {
    case asc, desc
}

extension ActivityReader {
    /// `sort` about rows of a shape; nil when it is absent, or wrong.
    func sort(_ reader: DefinitionReader, about shape: Shape?) -> Sort? {
        guard let sort = reader.child("sort", isRequired: false) else { return nil }
        let by = expression(sort.text("by"), at: sort.path(of: "by"), about: shape)
        let order = sort.choice("order", of: SortOrder.self, isRequired: false)
        sort.close()
        return by.map { Sort(by: $0, isDescending: order == .desc) }
    }
}
