// test: "The first condition that is true of `recCount` (rows of the inbound) names the active output, which carries the inbound; otherwise
// `default`, if enabled. It follows the count both ways."

/// test: one of several outputs, by the number of rows.
public struct Test: ActivityDefinition {
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

    package var inbounds: [Transition] { [from] }

    public init(id: String, from: Transition, conditions: [Condition], hasDefault: Bool = true) {
        self.id = id
        self.from = from
        self.conditions = conditions
        self.hasDefault = hasDefault
    }
}

extension ActivityReader {
    mutating func readTest(_ item: ActivityItem) {
        let reader = item.reader
        let (from, shape) = inbound(item)
        var conditions: [Test.Condition] = []
        var names: Set<String> = [Test.otherwise]
        var isTwice = false
        for condition in reader.children("conditions", atLeast: 1) where !problems.isFull {
            let name = condition.identifier("name")
            if let name, !names.insert(name).inserted { isTwice = true }
            let when = countCondition(condition.text("when"), at: condition.path(of: "when"))
            condition.close()
            if let name, let when { conditions.append(Test.Condition(name: name, when: when)) }
        }
        if isTwice { reader.problem("conditions", "an output is there twice", hint: "names differ, and none is \(Test.otherwise)") }
        let hasDefault = reader.boolean("default", default: true)
        if !hasDefault { names.remove(Test.otherwise) }
        var outputs: [String: Shape?] = [:]
        // The rows, and that the output is taken.
        for name in names {
            outputs[name] = shape
            outputs[name]??.reach((shape?.levels ?? 0) + 1)
        }
        let test = from.map { Test(id: item.name, from: $0, conditions: conditions, hasDefault: hasDefault) }
        add(item, outputs: outputs, test.map(Activity.test))
    }
}
