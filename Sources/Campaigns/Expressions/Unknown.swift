// What stands for an expression that has a mistake, so that whatever is around it is checked without being blamed for it.

extension Expression {
    /// A value that nothing is known of. It has the type that goes with every other, and never leaves the checker.
    static let unknown = Expression.coalesce([], type: .null)

    var isUnknown: Bool {
        if case .coalesce(let values, _) = self { values.isEmpty } else { false }
    }

    /// Itself, unless its type hangs on something unknown: then that is unknown too.
    func known(from parts: [Expression]) -> Expression {
        type == .null && parts.contains(where: \.isUnknown) ? .unknown : self
    }
}
