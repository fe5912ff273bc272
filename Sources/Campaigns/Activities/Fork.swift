// fork: "Each output is the inbound."

/// fork: the same population to several followers.
public struct Fork: ActivityDefinition {
    /// Its name within the campaign.
    public var id: String
    /// Where its rows come from.
    public var from: Transition
    /// Their names.
    public var outputs: [String]

    package var inbounds: [Transition] { [from] }
    package var rowDecision: RowDecision? { RowDecision() }

    public init(id: String, from: Transition, outputs: [String]) {
        self.id = id
        self.from = from
        self.outputs = outputs
    }
}

extension ActivityReader {
    mutating func readFork(_ item: ActivityItem) {
        let (from, shape) = inbound(item)
        let names = item.reader.identifiers("outputs", atLeast: 2)
        if Set(names).count < names.count { item.reader.problem("outputs", "an output is there twice") }
        let outputs = Dictionary(names.map { ($0, shape) }, uniquingKeysWith: { first, _ in first })
        add(item, outputs: outputs, from.map { .fork(Fork(id: item.name, from: $0, outputs: names)) })
    }
}
