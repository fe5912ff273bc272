// Reads `audience-members` from places on up to the end of the topic as it is, and goes on from there when it is asked again.
import Campaigns
import Kafka
import Wire

struct MemberEventReader {
    private let source: any Source
    private let topic: String
    /// Per partition, where the reading goes on; of one that is not there yet its beginning.
    private var positions: [Int64]

    private static let batchRecords = 10_000
    private static let batchBytes = 8 << 20

    /// - Parameter positions: per partition, where to begin; of those that it does not name at their beginning.
    init(_ source: any Source, topic: String, from positions: [Int64] = []) {
        self.source = source
        self.topic = topic
        self.positions = positions
    }

    /// Reads all there is.
    /// - Parameters:
    ///   - progress: is told how many events were read.
    ///   - take: is called with each event, of one identity in their order. Tombstones are passed over: the event before says the same.
    mutating func read(progress: (Int64) -> Void, _ take: (_ event: JSON, _ audience: String, _ identity: String) throws -> Void) throws {
        let asker = try source.asker()
        defer { asker.close(deadline: Patience.close) }
        let count = Int32(try asker.partitionCount(of: topic, timeout: Patience.answer))
        let partitions = (0..<count).map { TopicPartition(topic: topic, partition: $0) }
        let ends = try asker.watermarks(of: partitions, timeout: Patience.answer)
        while positions.count < ends.count { positions.append(ends[positions.count].low) }
        let reader = try source.reader(
            of: partitions.map { AssignedPartition(topic: topic, partition: $0.partition, start: .offset(positions[Int($0.partition)])) },
            options: ConsumerOptions(reportsPartitionEnd: true, fetchWait: .milliseconds(10)), wakeUp: try WakeUp())
        defer { reader.close(deadline: Patience.close) }
        var batch = RecordBatch()
        let parser = JSONReader()
        var events: Int64 = 0
        for number in 0..<Int(count) {
            var deadline = Deadline(after: Patience.rereading)
            while positions[number] < ends[number].high {
                batch.removeAll()
                let taken = try reader.poll(
                    partition: number, into: &batch, maximumRecords: Self.batchRecords, maximumBytes: Self.batchBytes,
                    timeout: .milliseconds(200))
                for place in 0..<taken {
                    let record = batch[place]
                    positions[number] = record.offset + 1
                    guard let value = record.value else { continue }
                    guard let event = parser.tree(value), let audience = event.text("audience"),
                        let identity = event["identity"]?.text("id")
                    else {
                        throw DaemonFailure(.data, "\(topic)/\(number) offset \(record.offset): not an event of a member")
                    }
                    try take(event, audience, identity)
                }
                if let met = batch.partitionEnds.last { positions[number] = max(positions[number], met.offset) }
                if taken > 0 { deadline = Deadline(after: Patience.rereading) }
                if deadline.hasPassed { throw DaemonFailure(.unavailable, "\(topic)/\(number): its events cannot be read") }
                events += Int64(taken)
                progress(events)
            }
        }
    }
}
