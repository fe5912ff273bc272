// The activities of a campaign that was read and found right (contract §2.2). Each has a file of its own beside this one, with what it says
// and how it is read; what it means is in Engine/Populations, and from scratch in Oracle/Activities.

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

    /// Its name within the campaign.
    public var id: String {
        switch self {
        case .build(let build): build.id
        case .read(let read): read.id
        case .combine(let combine): combine.id
        case .split(let split): split.id
        case .deduplication(let deduplication): deduplication.id
        case .enrichment(let enrichment): enrichment.id
        case .reconciliation(let reconciliation): reconciliation.id
        case .changeDimension(let change): change.id
        case .fork(let fork): fork.id
        case .andJoin(let join): join.id
        case .wait(let wait): wait.id
        case .test(let test): test.id
        case .channel(let channel): channel.id
        case .save(let save): save.id
        case .alert(let alert): alert.id
        }
    }

    /// The transitions that it takes as inbounds; not those that it joins.
    public var inbounds: [Transition] {
        switch self {
        case .build, .read: []
        case .combine(let combine): combine.from
        case .split(let split): [split.from]
        case .deduplication(let deduplication): [deduplication.from]
        case .enrichment(let enrichment): [enrichment.from]
        case .reconciliation(let reconciliation): [reconciliation.from]
        case .changeDimension(let change): [change.from]
        case .fork(let fork): [fork.from]
        case .andJoin(let join): join.from
        case .wait(let wait): [wait.from]
        case .test(let test): [test.from]
        case .channel(let channel): [channel.from]
        case .save(let save): [save.from]
        case .alert(let alert): [alert.from]
        }
    }

    /// The transitions whose rows it joins. They come before it, too; nothing else hangs on them.
    public var joined: [Transition] {
        guard case .enrichment(let enrichment) = self else { return [] }
        return enrichment.joins.compactMap { if case .transition(let transition) = $0.from { transition } else { nil } }
    }
}

/// The types of activities that the contract knows.
enum ActivityType: String, CaseIterable {
    case buildAudience = "build-audience"
    case readAudience = "read-audience"
    case combine
    case split
    case deduplication
    case enrichment
    case reconciliation
    case changeDimension = "change-dimension"
    case fork
    case andJoin = "and-join"
    case wait
    case test
    case channel
    case saveAudience = "save-audience"
    case end
    case alert

    /// Whether nothing can be taken from it.
    var hasNoOutput: Bool { self == .saveAudience || self == .end }
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
