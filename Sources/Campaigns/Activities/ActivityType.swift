// The types of activities (contract §2.2), and what reads each: the table of all there are.

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
