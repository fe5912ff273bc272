// change-dimension: "N-1: each row takes the linked record's key, duplicates kept. 1-N: one row per linked record. No linked record: the
// row stays, without a key, counted as unmatched." A path of links is its links one after the other (decision 47).

/// change-dimension: rows of one dimension as rows of another, that links lead to.
public struct ChangeDimension: ActivityDefinition {
    /// Its name within the campaign.
    public var id: String
    /// Where its rows come from.
    public var from: Transition
    /// The links from the old record to the new one, or the new ones.
    public var path: [AggregateStep]
    /// The schema of the new record.
    public var dimension: String

    package var inbounds: [Transition] { [from] }
    package var rowDecision: RowDecision? { path.allSatisfy(\.isForward) ? RowDecision(path: path) : nil }

    public init(id: String, from: Transition, path: [AggregateStep], dimension: String) {
        self.id = id
        self.from = from
        self.path = path
        self.dimension = dimension
    }
}

extension ActivityReader {
    mutating func readChangeDimension(_ item: ActivityItem) {
        let (from, shape) = inbound(item)
        let found = linkPath(item.reader, about: shape)
        var changed = shape
        if let found {
            changed?.dimension = found.destination
            changed?.reach((shape?.levels ?? 0) + found.path.count)
        }
        let change = from.flatMap { from in
            found.map { ChangeDimension(id: item.name, from: from, path: $0.path, dimension: $0.destination.name) }
        }
        add(item, outputs: [Transition.main: found == nil ? nil : changed], change.map(Activity.changeDimension))
    }
}
