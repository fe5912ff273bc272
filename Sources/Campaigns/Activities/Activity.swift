// The activities of a campaign that was read and found right (contract §2.2). Each has a file of its own beside this one, with what it says
// and how it is read (combine and enrichment are read in one more); what it means is in Engine/Populations, and from scratch in
// Oracle/Activities.

/// One activity. In `Campaign.activities` those it takes from come before it; `end` says nothing and is none.
public enum Activity: Equatable, Sendable {
    case build(BuildAudience)
    case read(ReadAudience)
    case combine(Combine)
    case split(Split)
    case deduplication(Deduplication)
    case enrichment(Enrichment)
    case reconciliation(Reconciliation)
    case changeDimension(ChangeDimension)
    case fork(Fork)
    case andJoin(AndJoin)
    case wait(Wait)
    case test(Test)
    case channel(Channel)
    case save(SaveAudience)
    case alert(Alert)

    /// What it says.
    var definition: any ActivityDefinition {
        switch self {
        case .build(let definition): definition
        case .read(let definition): definition
        case .combine(let definition): definition
        case .split(let definition): definition
        case .deduplication(let definition): definition
        case .enrichment(let definition): definition
        case .reconciliation(let definition): definition
        case .changeDimension(let definition): definition
        case .fork(let definition): definition
        case .andJoin(let definition): definition
        case .wait(let definition): definition
        case .test(let definition): definition
        case .channel(let definition): definition
        case .save(let definition): definition
        case .alert(let definition): definition
        }
    }

    /// Its name within the campaign.
    public var id: String { definition.id }
    /// The transitions that it takes as inbounds; not those that it joins.
    public var inbounds: [Transition] { definition.inbounds }
    /// The transitions whose rows it joins. They come before it, too; nothing else hangs on them.
    public var joined: [Transition] { definition.joined }
}

/// What every activity says of itself.
protocol ActivityDefinition: Equatable, Sendable {
    /// Its name within the campaign.
    var id: String { get }
    /// The transitions that it takes as inbounds; not those that it joins.
    var inbounds: [Transition] { get }
    /// The transitions whose rows it joins; most join none.
    var joined: [Transition] { get }
    /// Whether it remembers anything from a commit to the next, and what a new version keeps of that (KeptMemory.swift); most do not.
    static var memory: ActivityMemory { get }
}

extension ActivityDefinition {
    var joined: [Transition] { [] }
    static var memory: ActivityMemory { .none }
}

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
