// How large a record of each output topic may be: what the topic and the producer take (contract §4, "one that does not fit"). The bounds
// of contract §10 stand in `Limits` and hold besides, also where no topics are.

/// What records of the output topics may have.
public struct OutputLimits: Sendable {
    /// Kafka measures a record in a batch of its own: 61 bytes of the batch and at most 36 of the record's own lengths and flags.
    private static let recordOverheadBytes = 97
    /// The lengths of a header's name and value.
    static let headerOverheadBytes = 10

    /// What six headers have beside the value of `ce_source`, which is as long as the group's name.
    static let headersBytes = 400
    /// What follows the problems of an event: the one that says how many do not fit, sequence and time.
    static let behindProblemsBytes = 300
    /// What the value of an event has beside a snapshot's manifest.
    static let aroundManifestBytes = 500

    /// By the topic's number.
    private let contentBytes: [Int]

    /// Nothing is too large: files.
    public static let none = OutputLimits { _ in Int.max }

    /// `batchBytes` says of a topic how large a batch it takes.
    public init(batchBytes: (OutputTopic) -> Int) {
        contentBytes = OutputTopic.allCases.map { max(0, batchBytes($0) - OutputLimits.recordOverheadBytes) }
    }

    /// What a record's key, value and headers may have together; a header counts with its overhead.
    func contentBytes(of topic: OutputTopic) -> Int { contentBytes[topic.rawValue] }
}
