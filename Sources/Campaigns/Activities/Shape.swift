// What flows between activities: which rows a transition carries, and with which columns.

/// What a transition carries: rows of a dimension, with columns of their own (semantics §2).
public struct Shape: Equatable, Sendable {
    /// The table whose rows they are.
    public var dimension: Schema
    /// The types of the carried columns, by name.
    public var columns: [String: ValueType]
    /// How deep what says who is in, and what is carried, stand on one another (`Limits.populationLevels`).
    var levels = 0

    public init(dimension: Schema, columns: [String: ValueType] = [:]) {
        self.dimension = dimension
        self.columns = columns
    }

    mutating func reach(_ levels: Int) {
        self.levels = max(self.levels, levels)
    }

    /// Rows of this shape for which a condition is true as well; nil is any.
    func under(_ condition: Expression?) -> Shape {
        var shape = self
        shape.levels = max(levels, condition?.levels(carried: levels) ?? 1) + 2
        return shape
    }
}
