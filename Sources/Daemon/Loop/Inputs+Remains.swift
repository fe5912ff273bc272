// Input topics that are compacted, when records that the journal names are gone: what is left of what was read is taken as it is.
import Kafka

extension Inputs {
    /// Their partitions of which more was read than has been taken.
    var rebuiltPartitions: [Int] {
        partitions.indices.filter { rebuilt.contains(partitions[$0].topic) && partitions[$0].taken < partitions[$0].position }
    }

    /// Takes some of what is left of the records that were read. Returns whether there was anything.
    mutating func takeRemains(of partition: Int, into batch: inout RecordBatch) throws -> Bool {
        let position = partitions[partition].position
        let deadline = Deadline(after: Patience.rereading)
        while partitions[partition].taken < position && partitions[partition].end < position {
            let taken = try take(partition, into: &batch, maximumRecords: budget.batchRecords, timeout: .milliseconds(500))
            // What was not read comes once more, by another reader.
            batch.removeLast((batch.count - taken..<batch.count).count { batch[$0].offset >= position })
            if batch.count > 0 { return true }
            if deadline.hasPassed {
                throw DaemonFailure(.unavailable, "\(partitions[partition].topic)/\(partitions[partition].number) cannot be read")
            }
        }
        return false
    }

    /// Goes on behind what was read, whatever was taken.
    mutating func leaveRemains() throws {
        if rebuilt.isEmpty { return }
        for place in partitions.indices where rebuilt.contains(partitions[place].topic) {
            partitions[place].taken = partitions[place].position
            // What was met behind that is met again, behind what comes once more.
            partitions[place].end = min(partitions[place].end, partitions[place].position)
        }
        try replaceReader(reading: partitions)
    }
}
