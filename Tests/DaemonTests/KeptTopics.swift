// Topics in memory behind the seam that Kafka stands behind, for what reads them when somebody asks.
import Kafka
import Synchronization

@testable import Daemon

final class KeptTopics: Source, @unchecked Sendable {
    struct Kept {
        let offset: Int64
        let key: [UInt8]?
        let value: [UInt8]?
        let headers: [(String, String)]
    }

    /// By `topic/partition`.
    private(set) var records: [String: [Kept]] = [:]
    /// Where partitions end: behind the last record, or behind markers.
    var ends: [String: Int64] = [:]

    func add(_ topic: String, partition: Int, offset: Int64, key: String?, value: String, headers: [(String, String)]) {
        add(topic, partition: partition, offset: offset, key: key, bytes: Array(value.utf8), headers: headers)
    }

    func add(_ topic: String, partition: Int, offset: Int64, key: String?, bytes: [UInt8], headers: [(String, String)]) {
        records["\(topic)/\(partition)", default: []].append(
            Kept(offset: offset, key: key.map { Array($0.utf8) }, value: bytes, headers: headers))
    }

    let maximumSentBytes = 1 << 20
    func facts(of topics: Topics, mentioned: () throws -> Set<String>) throws -> TopicFacts { preconditionFailure("nobody asks") }
    func deleteRecords(of partition: TopicPartition, before offset: Int64) throws(KafkaError) { preconditionFailure("nobody asks") }
    func reader(of assignment: [AssignedPartition], options: ConsumerOptions, wakeUp: WakeUp) throws(KafkaError) -> any SourceReader {
        Reader(self, assignment)
    }

    private final class Reader: SourceReader {
        private let kept: KeptTopics
        private let assignment: [AssignedPartition]
        private var positions: [Int64]

        init(_ kept: KeptTopics, _ assignment: [AssignedPartition]) {
            (self.kept, self.assignment) = (kept, assignment)
            positions = assignment.map { if case .offset(let offset) = $0.start { offset } else { 0 } }
        }

        var topics: [String] { assignment.map(\.topic) }
        var waitingRecords: Int { 0 }
        func hold(_ isHeld: Bool, partition: Int) {}
        func listen() {}
        func waitForSignal(timeout: Duration) {}
        func close(deadline: Duration) {}
        func commitOffsets(_ offsets: [GroupOffset]) throws(KafkaError) {}
        func beginnings(of topic: String, from first: Int32, timeout: Duration) throws(KafkaError) -> [Int64] { [] }
        func offsets(
            of partitions: [TopicPartition], notOlderThan timestamps: [Int64], timeout: Duration
        ) throws(KafkaError) -> [Int64?] { [] }

        /// Two records at a time, so that a page is several polls.
        func poll(
            partition: Int, into batch: inout RecordBatch, maximumRecords: Int, maximumBytes: Int, timeout: Duration
        ) throws(KafkaError) -> Int {
            let assigned = assignment[partition]
            let name = "\(assigned.topic)/\(assigned.partition)"
            let found = kept.records[name, default: []].filter { $0.offset >= positions[partition] }.prefix(2)
            for record in found {
                record.key.withBytes { key in
                    record.value.withBytes { value in
                        batch.append(
                            topicIndex: 0, partition: assigned.partition, offset: record.offset, timestampMilliseconds: -1,
                            key: key?.baseAddress, keyCount: key?.count ?? 0, value: value?.baseAddress, valueCount: value?.count ?? 0)
                    }
                }
                for (name, value) in record.headers {
                    Array(name.utf8).withUnsafeBytes { name in
                        Array(value.utf8).withUnsafeBytes {
                            batch.appendHeader(name: name.baseAddress!, nameCount: name.count, value: $0.baseAddress, valueCount: $0.count)
                        }
                    }
                }
                positions[partition] = record.offset + 1
            }
            batch.seal()
            if found.count < 2 {
                positions[partition] = kept.ends[name] ?? positions[partition]
                batch.partitionEnds.append(PartitionEnd(topicIndex: 0, partition: assigned.partition, offset: positions[partition]))
            }
            return found.count
        }

        func watermarks(topic: String, partition: Int32, timeout: Duration) throws(KafkaError) -> (low: Int64, high: Int64) {
            (0, kept.ends["\(topic)/\(partition)"] ?? 0)
        }

        func watermarks(of partitions: [TopicPartition], timeout: Duration) throws(KafkaError) -> [(low: Int64, high: Int64)] {
            var found: [(low: Int64, high: Int64)] = []
            for each in partitions { found.append(try watermarks(topic: each.topic, partition: each.partition, timeout: timeout)) }
            return found
        }

        func partitionCount(of topic: String, timeout: Duration) throws(KafkaError) -> Int {
            max(1, kept.ends.keys.count { $0.hasPrefix(topic + "/") })
        }
    }
}

extension [UInt8]? {
    fileprivate func withBytes(_ body: (UnsafeRawBufferPointer?) -> Void) {
        guard let self else { return body(nil) }
        self.withUnsafeBytes { body($0) }
    }
}
