// and-join: "The primary's population while every inbound is active, else nothing; an output of `test` that is not taken is inactive, and so
// is what hangs on it alone; everything else is active."

/// and-join: one population, while all are active.
public struct AndJoin: Equatable, Sendable {
    /// Its name within the campaign.
    public var id: String
    /// The primary first.
    public var from: [Transition]

    public init(id: String, from: [Transition]) {
        self.id = id
        self.from = from
    }
}

extension ActivityReader {
    mutating func readAndJoin(_ item: ActivityItem) {
        refuseYet(item)
    }
}
