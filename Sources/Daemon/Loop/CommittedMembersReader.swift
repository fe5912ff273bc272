// Reads what was committed of members back from `audience-members`: what a state that follows from other rules, or from other records, is
// compared with (contract §7; a compacted input topic: contract §3). Of a compacted topic the newest event of a member is what counts.
import Campaigns
import Engine
import Kafka
import Wire

struct CommittedMembersReader: ~Copyable {
    private let topic: String
    private let budget: MemoryBudget
    private let reader: any SourceReader
    private let partitionCount: Int32
    private let parser = JSONReader()
    /// By audience and namespace: another version may save by another one.
    private var audiences: [String: [String: CommittedMembers]] = [:]

    init(_ source: any Source, topic: String, partitionCount: Int, _ asker: any SourceReader, _ budget: MemoryBudget) throws {
        self.topic = topic
        self.budget = budget
        self.partitionCount = Int32(partitionCount)
        var assignment: [AssignedPartition] = []
        for number in 0..<self.partitionCount {
            // From an offset: to find the beginning by itself librdkafka 2.0.2 takes a second.
            let low = try asker.watermarks(topic: topic, partition: number, timeout: Patience.answer).low
            assignment.append(AssignedPartition(topic: topic, partition: number, start: .offset(low)))
        }
        reader = try source.reader(
            of: assignment, options: ConsumerOptions(reportsPartitionEnd: true, fetchWait: .milliseconds(10)), wakeUp: try WakeUp())
    }

    /// The members of each audience as of the last commit, by its id. Nobody may commit meanwhile.
    consuming func members() throws -> [String: CommittedMembers] {
        defer { reader.close(deadline: Patience.close) }
        var batch = RecordBatch()
        var count = 0
        for partition in 0..<partitionCount {
            var position: Int64 = 0
            let end = try reader.watermarks(topic: topic, partition: partition, timeout: Patience.answer).high
            var deadline = Deadline(after: Patience.rereading)
            while position < end {
                batch.removeAll()
                let taken = try reader.poll(
                    partition: Int(partition), into: &batch, maximumRecords: budget.batchRecords, maximumBytes: budget.batchBytes,
                    timeout: .milliseconds(500))
                for number in 0..<taken { try take(batch[number]) }
                if let last = batch.count > 0 ? batch[batch.count - 1].offset : nil { position = last + 1 }
                if let end = batch.partitionEnds.last { position = max(position, end.offset) }
                if taken > 0 { deadline = Deadline(after: Patience.rereading) }
                if deadline.hasPassed { throw DaemonFailure(.unavailable, "\(topic)/\(partition): what was committed cannot be read") }
                count += taken
                ServiceManager.current.progress("reading what was committed of members, \(count) events so far")
            }
        }
        return try audiences.compactMapValues { namespaces throws(DaemonFailure) in
            let inhabited = namespaces.values.filter { !$0.isEmpty }
            if inhabited.count > 1 { throw DaemonFailure(.data, "\(topic): an audience has members of several namespaces") }
            return inhabited.first
        }
    }

    private mutating func take(_ record: Record) throws(DaemonFailure) {
        // A tombstone follows an event that says the same.
        guard let value = record.value else { return }
        guard let event = parser.tree(value), let audience = event.text("audience"), let person = event["identity"],
            let namespace = person.text("namespace"), var identity = person.text("id"), let status = event.text("status"),
            identity.utf8.count <= Limits.identityBytes, case .integer(let rows)? = event["rows"], let rows = Int32(exactly: rows),
            status == "exited" || rows > 0
        else {
            throw DaemonFailure(.data, "\(topic)/\(record.partition) offset \(record.offset): not an event of a member")
        }
        let members = audiences[audience]?[namespace] ?? CommittedMembers(namespace: namespace)
        audiences[audience, default: [:]][namespace] = members
        let text = event["attributes"].map { attributes in
            var text = JSONText()
            text.append(attributes)
            return text.bytes
        }
        identity.withUTF8 { bytes in
            let identity = UnsafeRawBufferPointer(bytes)
            if status == "exited" {
                members.remove(identity: identity)
            } else {
                // One that was too large has none, and is said once more.
                members.take(identity: identity, rows: rows, attributes: text ?? [])
            }
        }
    }
}
