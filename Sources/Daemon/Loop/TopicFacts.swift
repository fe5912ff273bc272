// What a start learns of the topics: how many partitions they have, and what they take. It holds until the next start; a topic that takes
// less later refuses a record, and that makes a start.
import Campaigns
import Kafka
import Wire

package struct TopicFacts {
    /// By whole name, as everything here.
    var partitionCounts: [String: Int]
    /// The largest batch that a topic which is written takes. One that is left out takes everything: the in-process broker tells nothing.
    var batchBytes: [String: Int] = [:]
    /// The change topics that are compacted.
    private(set) var compacted: Set<String> = []
    /// How far before and ahead of the broker's clock the timestamp of a dead letter may be, in milliseconds.
    private var timestampsBefore = Int64.max
    private var timestampsAhead = Int64.max

    package init(partitionCounts: [String: Int], compacted: Set<String> = []) {
        self.partitionCounts = partitionCounts
        self.compacted = compacted
    }

    init(of topics: Topics, _ described: [TopicDescription]) {
        partitionCounts = Dictionary(uniqueKeysWithValues: described.map { ($0.name, $0.partitionCount) })
        for topic in described where topics.isChangeTopic(topic.name) && topic.isCompacted { compacted.insert(topic.name) }
        let written = OutputTopic.allCases.map { topics.name($0) } + [topics.journal]
        for topic in described where written.contains(topic.name) {
            batchBytes[topic.name] = ["max.message.bytes", "segment.bytes"].compactMap { topic.settings[$0].flatMap { Int($0) } }.min()
        }
        guard let deadLetters = described.first(where: { $0.name == topics.name(.deadLetters) }) else { return }
        // Brokers before 3.6 have one setting instead of two.
        func number(_ name: String) -> Int64? { deadLetters.settings[name].flatMap { Int64($0) } }
        let difference = number("message.timestamp.difference.max.ms") ?? .max
        timestampsBefore = number("message.timestamp.before.max.ms") ?? difference
        timestampsAhead = number("message.timestamp.after.max.ms") ?? difference
    }

    /// What the clocks of broker and daemon may differ, in milliseconds.
    private static let clockTolerance: Int64 = 60_000

    /// Whether the topic of dead letters takes a timestamp, `now` on the wall clock; both in milliseconds since the Unix epoch.
    func takesDeadLetter(of timestamp: Int64, now: Int64) -> Bool {
        let (ahead, overflow) = timestamp.subtractingReportingOverflow(now)
        return !overflow && ahead <= timestampsAhead - TopicFacts.clockTolerance && -ahead <= timestampsBefore - TopicFacts.clockTolerance
    }

    /// A batch of several records must fit into every topic that is written, as one record must.
    var smallestBatchBytes: Int? { batchBytes.values.min() }

    /// What the output topics take from a client that can send so much. Throws when one takes too little to go on whatever comes.
    func outputLimits(_ topics: Topics, maximumSentBytes maximum: Int) throws(DaemonFailure) -> OutputLimits {
        if maximum < Limits.smallestTopicBytes {
            throw DaemonFailure(
                .configuration, "kafka: records of at most \(maximum) bytes can be sent",
                hint: "set message.max.bytes and queue.buffering.max.kbytes to at least \(Limits.smallestTopicBytes) bytes")
        }
        for (name, bytes) in batchBytes.sorted(by: { $0.key < $1.key }) where bytes < Limits.smallestTopicBytes {
            throw DaemonFailure(
                .data, "topic \(name) takes batches of \(bytes) bytes",
                hint: """
                    set max.message.bytes and segment.bytes to \(Limits.smallestTopicBytes) or more, as large as what is to come through \
                    whole
                    """)
        }
        let room = min(maximum, batchBytes[topics.name(.members)] ?? .max)
        if room < Limits.memberEventBytes + Limits.smallestTopicBytes {
            Log.warning(
                .topicLimits, "member events that are larger go without attributes",
                ["topic": topics.name(.members), "bytes": String(room)])
        }
        return OutputLimits { min(maximum, batchBytes[topics.name($0)] ?? .max) }
    }
}
