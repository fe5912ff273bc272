// Where the loop reads from, and what it asks of topics. The daemon's source is Kafka (KafkaSource.swift); a simulation stands in for it.
// It is asked once per batch, never per record.
package import Kafka

/// The topics of a deployment: readers of their partitions, and what they are like. Any thread may ask.
package protocol Source: Sendable {
    /// The largest record that can be sent there.
    var maximumSentBytes: Int { get }
    /// Sees to the topics, and says what they are like. `mentioned` tells the inputs that the journal has read from.
    func facts(of topics: Topics, mentioned: () throws -> Set<String>) throws -> TopicFacts
    /// A reader of these partitions, which signals `wakeUp` whenever something comes; of none, one that only asks.
    func reader(
        of assignment: [AssignedPartition], options: ConsumerOptions, wakeUp: WakeUp
    ) throws(KafkaError) -> any SourceReader
    /// Deletes the records of a partition below an offset.
    func deleteRecords(of partition: TopicPartition, before offset: Int64) throws(KafkaError)
}

extension Source {
    /// A reader that only asks.
    func asker(isolation: IsolationLevel = .readCommitted) throws(KafkaError) -> any SourceReader {
        try reader(of: [], options: ConsumerOptions(isolation: isolation), wakeUp: try WakeUp())
    }
}

/// A reader of a fixed list of partitions, as `TopicConsumer` describes each call. One thread at a time has it; it ends
/// with its last reference, or when it is closed.
package protocol SourceReader: AnyObject {
    /// The topics of the assignment in the order of their first appearance: `Record.topicIndex` counts in it.
    var topics: [String] { get }
    /// How many records have come of partitions that are not held.
    var waitingRecords: Int { get }
    /// What comes of a partition that is held wakes nobody.
    func hold(_ isHeld: Bool, partition: Int)
    /// Forgets the signals until now.
    func listen()
    /// Sleeps until somebody has signalled since `listen`, or the time is up.
    func waitForSignal(timeout: Duration)
    /// Appends records of one partition of the assignment, and ends that were met, to a batch. Returns how many records.
    func poll(
        partition: Int, into batch: inout RecordBatch, maximumRecords: Int, maximumBytes: Int, timeout: Duration
    ) throws(KafkaError) -> Int
    /// The oldest offset of a partition, and the one behind the last that this reader may see.
    func watermarks(topic: String, partition: Int32, timeout: Duration) throws(KafkaError) -> (low: Int64, high: Int64)
    /// The same of several partitions, in their order.
    func watermarks(of partitions: [TopicPartition], timeout: Duration) throws(KafkaError) -> [(low: Int64, high: Int64)]
    /// The first offset of each partition whose record is not older than an instant; nil where there is none.
    func offsets(of partitions: [TopicPartition], notOlderThan timestamps: [Int64], timeout: Duration) throws(KafkaError) -> [Int64?]
    /// The oldest offsets of a topic's partitions from a number on.
    func beginnings(of topic: String, from first: Int32, timeout: Duration) throws(KafkaError) -> [Int64]
    /// How many partitions a topic has.
    func partitionCount(of topic: String, timeout: Duration) throws(KafkaError) -> Int
    /// Tells the group's offsets, for tools that show its lag.
    func commitOffsets(_ offsets: [GroupOffset]) throws(KafkaError)
    func close(deadline: Duration)
}
