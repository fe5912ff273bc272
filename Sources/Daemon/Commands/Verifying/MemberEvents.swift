// What events of `audience-members` have told of members: first up to the end of the topic as it is, then what has come since, so that the
// state at any commit in between is known.
import Campaigns
import Kafka
import Wire

struct MemberEvents {
    private let source: any Source
    private let topic: String
    /// Only of these audiences; empty: of all.
    private let audiences: Set<String>
    /// Per partition, where the reading goes on.
    private var positions: [Int64] = []
    /// By audience and identity, as of the first reading.
    private(set) var told: [String: [String: ToldMember]] = [:]
    /// What has come since, in its order.
    private var later: [String: [String: [ToldMember]]] = [:]
    /// The latest commit of an event of the first reading.
    private(set) var sequence: Int64 = 0

    private static let batchRecords = 10_000
    private static let batchBytes = 8 << 20

    init(_ source: any Source, topic: String, audiences: Set<String>) {
        self.source = source
        self.topic = topic
        self.audiences = audiences
    }

    /// Reads all there is.
    /// - Parameter progress: is told how many events were read.
    mutating func begin(progress: (Int64) -> Void) throws {
        told = [:]
        later = [:]
        positions = []
        try readOn(progress: progress) { events, audience, identity, member in
            events.sequence = max(events.sequence, member.sequence)
            events.told[audience, default: [:]][identity] = member.rows > 0 ? member : nil
        }
    }

    /// Reads what has come since.
    mutating func goOn(progress: (Int64) -> Void) throws {
        try readOn(progress: progress) { events, audience, identity, member in
            events.later[audience, default: [:]][identity, default: []].append(member)
        }
    }

    /// A member as of a commit at or behind `sequence`; nil: nobody has told of it, or it is out.
    func member(_ identity: String, of audience: String, at sequence: Int64) -> ToldMember? {
        let last = later[audience]?[identity]?.last { $0.sequence <= sequence }
        let found = last ?? told[audience]?[identity]
        return found.flatMap { $0.rows > 0 ? $0 : nil }
    }

    /// Everybody of whom was told.
    func identities(of audience: String) -> Set<String> {
        Set(told[audience, default: [:]].keys).union(later[audience, default: [:]].keys)
    }

    private mutating func readOn(
        progress: (Int64) -> Void, _ take: (inout MemberEvents, String, String, ToldMember) -> Void
    ) throws {
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
                    // A tombstone follows an event that says the same.
                    guard let value = record.value else { continue }
                    guard let event = parser.tree(value), let audience = event.text("audience"),
                        let identity = event["identity"]?.text("id"), let member = ToldMember(event: event)
                    else {
                        throw DaemonFailure(.data, "\(topic)/\(number) offset \(record.offset): not an event of a member")
                    }
                    if audiences.isEmpty || audiences.contains(audience) { take(&self, audience, identity, member) }
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
