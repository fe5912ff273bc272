// The table of all activities (contract §2.2): the cases, what each says, its type, and what reads it. Each has a file of its own beside
// this one, with what it says and how it is read (combine and enrichment are read in one more); what it means is in Engine/Populations, and
// from scratch in Oracle/Activities.

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
    package var definition: any ActivityDefinition {
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

    /// The type that a definition gives it.
    public var type: String { activityType.rawValue }

    private var activityType: ActivityType {
        switch self {
        case .build: .buildAudience
        case .read: .readAudience
        case .combine: .combine
        case .split: .split
        case .deduplication: .deduplication
        case .enrichment: .enrichment
        case .reconciliation: .reconciliation
        case .changeDimension: .changeDimension
        case .fork: .fork
        case .andJoin: .andJoin
        case .wait: .wait
        case .test: .test
        case .channel: .channel
        case .save: .saveAudience
        case .alert: .alert
        }
    }

    /// Its name within the campaign.
    public var id: String { definition.id }
    /// The transitions that it takes as inbounds; not those that it joins.
    public var inbounds: [Transition] { definition.inbounds }
    /// The transitions whose rows it joins. They come before it, too; nothing else hangs on them.
    public var joined: [Transition] { definition.joined }
    /// What it looks at of each row, where that alone decides.
    package var rowDecision: RowDecision? { definition.rowDecision }
}

/// The types of activities that the contract knows.
package enum ActivityType: String, CaseIterable {
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
}

extension ActivityType {
    /// What one says; nil: nothing.
    var definition: (any ActivityDefinition.Type)? {
        switch self {
        case .buildAudience: BuildAudience.self
        case .readAudience: ReadAudience.self
        case .combine: Combine.self
        case .split: Split.self
        case .deduplication: Deduplication.self
        case .enrichment: Enrichment.self
        case .reconciliation: Reconciliation.self
        case .changeDimension: ChangeDimension.self
        case .fork: Fork.self
        case .andJoin: AndJoin.self
        case .wait: Wait.self
        case .test: Test.self
        case .channel: Channel.self
        case .saveAudience: SaveAudience.self
        case .end: nil
        case .alert: Alert.self
        }
    }

    /// What reads one.
    func read(_ item: ActivityItem, by reader: inout ActivityReader) {
        switch self {
        case .buildAudience: reader.readBuildAudience(item)
        case .readAudience: reader.readReadAudience(item)
        case .combine: reader.readCombine(item)
        case .split: reader.readSplit(item)
        case .deduplication: reader.readDeduplication(item)
        case .enrichment: reader.readEnrichment(item)
        case .reconciliation: reader.readReconciliation(item)
        case .changeDimension: reader.readChangeDimension(item)
        case .fork: reader.readFork(item)
        case .andJoin: reader.readAndJoin(item)
        case .wait: reader.readWait(item)
        case .test: reader.readTest(item)
        case .channel: reader.readChannel(item)
        case .saveAudience: reader.readSaveAudience(item)
        case .end: reader.readEnd(item)
        case .alert: reader.readAlert(item)
        }
    }
}
