// test: "The first condition that is true of `recCount` (rows of the inbound) names the active output, which carries the inbound; otherwise
// `default`, if enabled. It follows the count both ways."

/// test: one of several outputs, by the number of rows.
public struct Test: Equatable, Sendable {
    /// The output of when no condition is true.
    public static let otherwise = "default"

    /// An output, and when it is taken.
    public struct Condition: Equatable, Sendable {
        /// Of the output.
        public var name: String
        /// Of `recCount` and the clock.
        public var when: Expression

        public init(name: String, when: Expression) {
            self.name = name
            self.when = when
        }
    }

    /// Its name within the campaign.
    public var id: String
    /// Where its rows come from.
    public var from: Transition
    /// At least one; the first that is true counts.
    public var conditions: [Condition]
    /// Whether there is an output for when none is.
    public var hasDefault: Bool

    public init(id: String, from: Transition, conditions: [Condition], hasDefault: Bool = true) {
        self.id = id
        self.from = from
        self.conditions = conditions
        self.hasDefault = hasDefault
    }
}

extension ActivityReader {
    mutating func readTest(_ item: ActivityItem) {
        refuseYet(item)
    }
}
