// What an expression is made of, and how deep.

extension Expression {
    /// The expressions that this one is made of, about the same row. What is asked of the records of a collection is none of them.
    public var parts: [Expression] {
        switch self {
        case .literal, .field, .carried, .clock, .aggregate: []
        case .ageThreshold(let value, _, _, _, _), .midnight(let value, _), .isNull(let value), .not(let value), .negate(let value),
            .toDouble(let value):
            [value]
        case .compare(_, let left, let right), .arithmetic(_, let left, let right), .concatenate(let left, let right),
            .textTest(_, let left, let right):
            [left, right]
        case .isOneOf(let value, let items): [value] + items
        case .and(let list), .or(let list), .except(let list), .coalesce(let list, _), .call(_, let list, _, _): list
        case .choose(let choices, let otherwise, _): choices.flatMap { [$0.condition, $0.result] } + [otherwise]
        }
    }

    /// How many expressions stand on one another in it.
    ///
    /// - Parameter carried: how many do in a column that the row carries.
    func levels(carried: Int) -> Int {
        if case .carried = self { return carried }
        return 1 + parts.reduce(0) { max($0, $1.levels(carried: carried)) }
    }
}
