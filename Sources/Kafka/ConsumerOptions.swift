// How a consumer reads, whatever it reads.

/// What a reader sees of transactions.
public enum IsolationLevel: String, Sendable {
    /// Committed records only, up to the first open transaction.
    case readCommitted = "read_committed"
    /// Everything, also what was or will be aborted.
    case readUncommitted = "read_uncommitted"
}

/// How a consumer reads.
public struct ConsumerOptions: Sendable {
    /// What it sees of transactions.
    public var isolation: IsolationLevel
    /// Whether batches tell when the end of a partition is met.
    public var reportsPartitionEnd: Bool
    /// How long a broker waits for records before it answers that there are none, which is when the end of a partition is told; nil is
    /// the operator's wish.
    public var fetchWait: Duration?

    public init(isolation: IsolationLevel = .readCommitted, reportsPartitionEnd: Bool = false, fetchWait: Duration? = nil) {
        self.isolation = isolation
        self.reportsPartitionEnd = reportsPartitionEnd
        self.fetchWait = fetchWait
    }
}
