// What every activity says of itself, whatever it is.

/// One activity that was read and found right.
package protocol ActivityDefinition: Equatable, Sendable {
    /// Its name within the campaign.
    var id: String { get }
    /// The transitions that it takes as inbounds; not those that it joins.
    var inbounds: [Transition] { get }
    /// The transitions whose rows it joins; most join none.
    var joined: [Transition] { get }
    /// What it looks at of each row to decide where that goes; nil when other rows, a memory or an audience decide, too, or when one row
    /// becomes several.
    var rowDecision: RowDecision? { get }
    /// Whether something can be taken from it.
    static var hasOutputs: Bool { get }
    /// Whether it remembers anything from a commit to the next, and what a new version keeps of that (KeptMemory.swift); most do not.
    static var memory: ActivityMemory { get }
}

extension ActivityDefinition {
    package var joined: [Transition] { [] }
    package var rowDecision: RowDecision? { nil }
    package static var hasOutputs: Bool { true }
    package static var memory: ActivityMemory { .none }
}

/// What an activity looks at that decides on each row by itself: expressions about the row, and the way to its record.
package struct RowDecision: Equatable, Sendable {
    /// About the row that comes in.
    package var expressions: [Expression] = []
    /// The links, to one record each, that lead to the record of the row that goes out.
    package var path: [AggregateStep] = []
}
