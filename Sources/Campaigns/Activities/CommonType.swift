// The one type under which values compare that must be equal: of `by`, `match`, `on` and the rules of a reconciliation. "Integer and double
// compare by value. A date beside an instant is that date's midnight […]. Comparing anything else across types is refused" (semantics §3).

extension ActivityReader {
    /// The expressions as they compare, dates beside instants as their midnights. nil when they do not, which is told, or when one of them
    /// is wrong.
    func comparable(_ expressions: [Expression?], at path: String) -> [Expression]? {
        let known = expressions.compactMap { $0 }
        guard var last = known.first else { return nil }
        for expression in known.dropFirst() {
            guard let common = last.type.common(with: expression.type) else {
                problems.add(
                    path, "cannot compare \(last.type) with \(expression.type)", hint: LiteralHint.mismatch(last, expression))
                return nil
            }
            if common == expression.type { last = expression }
        }
        guard known.count == expressions.count else { return nil }
        let hasInstants = known.contains { $0.type == .datetime }
        return known.map { hasInstants && $0.type == .date ? .midnight($0, zone: timezone) : $0 }
    }
}

extension ValueType {
    /// nil when values of the two do not compare.
    fileprivate func common(with other: ValueType) -> ValueType? {
        if self == other || other == .null { return self }
        if self == .null { return other }
        if isNumber && other.isNumber { return .double }
        let moments: Set<ValueType> = [.date, .datetime]
        return moments.contains(self) && moments.contains(other) ? .datetime : nil
    }
}
