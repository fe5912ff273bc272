// and-join: "The primary's population while every inbound is active, else nothing; an output of `test` that is not taken is inactive, and
// so is what hangs on it alone; everything else is active."

/// and-join: one population, while all are active.
public struct AndJoin: ActivityDefinition {
    /// Its name within the campaign.
    public var id: String
    /// The primary first.
    public var from: [Transition]

    package var inbounds: [Transition] { from }

    public init(id: String, from: [Transition]) {
        self.id = id
        self.from = from
    }
}

extension ActivityReader {
    mutating func readAndJoin(_ item: ActivityItem) {
        let reader = item.reader
        var inbounds = inbounds(item, atLeast: 2)
        movePrimary(reader, &inbounds)
        // Two of which inbounds are active, on top of the deepest: a test stands on what it counts.
        var shape = inbounds.first?.shape
        shape?.reach(inbounds.reduce(0) { max($0, $1.shape?.levels ?? 0) } + 2)
        add(item, outputs: [Transition.main: shape], .andJoin(AndJoin(id: item.name, from: inbounds.map(\.transition))))
    }
}
