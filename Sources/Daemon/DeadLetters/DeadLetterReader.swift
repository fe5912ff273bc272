// Reads the topic of dead letters, from a place on: nothing of it is kept in memory. Partitions come one after the other, each in the order
// of its offsets, up to their ends as they are when the reading begins.
import Kafka

struct DeadLetterReader {
    let source: any Source
    /// Its whole name.
    let topic: String

    private static let batchRecords = 500
    private static let batchBytes = 4 << 20

    /// Calls the body with what lies there, a record after the other; nil stands for one that is no dead letter.
    /// - Parameters:
    ///   - start: the first place that is read.
    ///   - deadline: then the reading ends, though not before it has got on.
    ///   - body: false: it was the last that is wanted.
    /// - Returns: where to go on; nil: at the end, there is no more.
    func read(
        from start: DeadLetterPlace, until deadline: Deadline, _ body: (FoundDeadLetter?) throws -> Bool
    ) throws -> DeadLetterPlace? {
        let asker = try source.asker()
        defer { asker.close(deadline: Patience.close) }
        let count = Int32(try asker.partitionCount(of: topic, timeout: Patience.quickAnswer))
        guard start.partition < count else { return nil }
        let partitions = (start.partition..<count).map { TopicPartition(topic: topic, partition: $0) }
        for (partition, ends) in zip(partitions, try asker.watermarks(of: partitions, timeout: Patience.quickAnswer)) {
            let number = partition.partition
            let first = max(ends.low, number == start.partition ? start.offset : 0)
            guard first < ends.high else { continue }
            if let next = try read(number, from: first, to: ends.high, until: deadline, body) {
                return DeadLetterPlace(partition: number, offset: next)
            }
        }
        return nil
    }

    /// One partition. Returns the offset to go on at; nil at its end.
    private func read(
        _ partition: Int32, from first: Int64, to end: Int64, until deadline: Deadline, _ body: (FoundDeadLetter?) throws -> Bool
    ) throws -> Int64? {
        let reader = try source.reader(
            of: [AssignedPartition(topic: topic, partition: partition, start: .offset(first))],
            options: ConsumerOptions(reportsPartitionEnd: true, fetchWait: .milliseconds(10)), wakeUp: try WakeUp())
        defer { reader.close(deadline: Patience.close) }
        var batch = RecordBatch()
        var position = first
        let silence = Deadline(after: Patience.answer)
        while position < end {
            batch.removeAll()
            let taken = try reader.poll(
                partition: 0, into: &batch, maximumRecords: Self.batchRecords, maximumBytes: Self.batchBytes, timeout: .milliseconds(200))
            for number in 0..<taken where batch[number].offset < end {
                let record = batch[number]
                position = record.offset + 1
                if try !body(FoundDeadLetter(record, in: batch)) { return position }
            }
            // Behind the last record there may be markers of transactions, which only the end tells of.
            if let met = batch.partitionEnds.last { position = max(position, met.offset) }
            if position > first ? deadline.hasPassed : silence.hasPassed { break }
        }
        if position == first {
            throw DaemonFailure(.unavailable, "\(topic)/\(partition): nothing could be read at offset \(first)")
        }
        return position < end ? position : nil
    }
}
