// What was redriven, so that it is not redriven again: the topic `audienced.<group>.redrive`, one partition, kept for ever. Each
// transaction of a redrive adds one record to it, and the records it redrives to their topics: both are there or neither.
//
// Format of a record: its key is "redriven", its value {"time": instant, "redriven": [[topic, partition, [offset, …]], …]}. A dead letter
// is named by the place of the refused record, of which there is one only; one that is refused again has another place, and may be redriven
// again. `time` is for people.
import Campaigns
import Kafka
import Wire

struct RedriveMarks {
    private var offsets: [TopicPartition: Set<Int64>] = [:]
    static let key = Array("redriven".utf8)

    /// Nothing was redriven yet.
    init() {}

    /// Reads what is committed. A topic that is not there means that nothing was.
    init(_ source: any Source, topic: String) throws {
        let asker = try source.asker()
        defer { asker.close(deadline: Patience.close) }
        do {
            guard try asker.partitionCount(of: topic, timeout: Patience.answer) == 1 else {
                throw DaemonFailure(.data, "topic \(topic) has more than one partition", hint: "it must have one, since its order counts")
            }
        } catch let error as KafkaError where error.isUnknownTopic {
            return
        }
        let (low, high) = try asker.watermarks(topic: topic, partition: 0, timeout: Patience.answer)
        guard low < high else { return }
        let reader = try source.reader(
            of: [AssignedPartition(topic: topic, partition: 0, start: .offset(low))],
            options: ConsumerOptions(reportsPartitionEnd: true, fetchWait: .milliseconds(10)), wakeUp: try WakeUp())
        defer { reader.close(deadline: Patience.close) }
        var batch = RecordBatch()
        var position = low
        var deadline = Deadline(after: Patience.rereading)
        while position < high {
            batch.removeAll()
            let taken = try reader.poll(
                partition: 0, into: &batch, maximumRecords: 1000, maximumBytes: 4 << 20, timeout: .milliseconds(200))
            for number in 0..<taken {
                try take(batch[number], of: topic)
                position = batch[number].offset + 1
            }
            if let met = batch.partitionEnds.last { position = max(position, met.offset) }
            if taken > 0 { deadline = Deadline(after: Patience.rereading) }
            if deadline.hasPassed { throw DaemonFailure(.unavailable, "\(topic)/0: what was redriven cannot be read") }
        }
    }

    private mutating func take(_ record: Record, of topic: String) throws(DaemonFailure) {
        let tree = record.value.flatMap { JSONReader().tree($0) }
        for entry in tree?.elements("redriven") ?? [] {
            guard case .array(let parts) = entry, parts.count == 3, case .string(let name) = parts[0], case .integer(let number) = parts[1],
                let partition = Int32(exactly: number), case .array(let found) = parts[2]
            else { throw Self.foreign(record, topic) }
            for offset in found {
                guard case .integer(let offset) = offset else { throw Self.foreign(record, topic) }
                offsets[TopicPartition(topic: name, partition: partition), default: []].insert(offset)
            }
        }
        if tree?["redriven"] == nil { throw Self.foreign(record, topic) }
    }

    private static func foreign(_ record: Record, _ topic: String) -> DaemonFailure {
        DaemonFailure(
            .data, "\(topic)/0 offset \(record.offset): not a record of a redrive",
            hint: "Was it written by a newer version of audienced?")
    }

    func contains(_ letter: FoundDeadLetter) -> Bool { offsets[Self.partition(of: letter)]?.contains(letter.offset) ?? false }

    mutating func insert(_ letter: FoundDeadLetter) { offsets[Self.partition(of: letter), default: []].insert(letter.offset) }

    private static func partition(of letter: FoundDeadLetter) -> TopicPartition {
        TopicPartition(topic: letter.topic, partition: letter.partition)
    }

    var isEmpty: Bool { offsets.isEmpty }

    /// As a record of the topic holds it.
    func encoded(at time: Int64) -> [UInt8] {
        let sorted = offsets.sorted { ($0.key.topic, $0.key.partition) < ($1.key.topic, $1.key.partition) }
        let entries = sorted.map { partition, offsets in
            JSON.array([
                .string(partition.topic), .integer(Int64(partition.partition)), .array(offsets.sorted().map { .integer($0) }),
            ])
        }
        var text = JSONText()
        text.append(.object([JSON.Member("time", .instant(time)), JSON.Member("redriven", .array(entries))]))
        return text.bytes
    }
}
