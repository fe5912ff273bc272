// A broker in memory: partitions, offsets, transactions with markers that take offsets and may come late, aborted records that are not to
// be seen, last stable offsets, and transactional ids whose epochs fence.
import Kafka

/// One record of a partition.
struct StoredRecord {
    var key: [UInt8]?
    var value: [UInt8]?
    var headers: [(name: [UInt8], value: [UInt8]?)] = []
    /// Milliseconds since the Unix epoch.
    var timestamp: Int64
}

struct StoredPartition {
    enum Entry {
        case record(StoredRecord, transaction: Int?)
        /// The end of a transaction.
        case marker(timestamp: Int64)
        /// Compaction took it away.
        case gone
    }

    /// By offset.
    fileprivate(set) var entries: [Entry] = []
    /// The oldest offset that is there.
    fileprivate(set) var low: Int64 = 0
    /// Of transactions without an end here: the first offset of each.
    fileprivate var open: [Int: Int64] = [:]

    var end: Int64 { Int64(entries.count) }
    /// The last stable offset.
    var stable: Int64 { open.values.min() ?? end }
}

final class SimulatedBroker {
    private enum State { case open, ending(isCommit: Bool), ended(isCommit: Bool) }

    private struct Transaction {
        var state = State.open
        /// Partitions whose marker is to be written.
        var waiting: [TopicPartition] = []
    }

    private let course: Course
    private var topics: [String: [StoredPartition]] = [:]
    private var transactions: [Transaction] = []
    /// Those whose markers are not all there.
    private var ending: [Int] = []
    /// By transactional id: its epoch, and its last transaction.
    private var producers: [String: (epoch: Int, transaction: Int?)] = [:]

    init(_ course: Course) { self.course = course }

    func create(_ topic: String, partitions: Int) {
        topics[topic] = (0..<partitions).map { _ in StoredPartition() }
    }

    func addPartition(to topic: String) { topics[topic]!.append(StoredPartition()) }

    var partitionCounts: [String: Int] { topics.mapValues(\.count) }
    func partition(_ topic: String, _ number: Int32) -> StoredPartition? {
        guard let partitions = topics[topic], partitions.indices.contains(Int(number)) else { return nil }
        return partitions[Int(number)]
    }

    /// Appends a record; returns its offset.
    @discardableResult
    func append(_ record: StoredRecord, to topic: String, _ number: Int32, transaction: Int? = nil) -> Int64 {
        let offset = topics[topic]![Int(number)].end
        topics[topic]![Int(number)].entries.append(.record(record, transaction: transaction))
        if let transaction, topics[topic]![Int(number)].open[transaction] == nil {
            topics[topic]![Int(number)].open[transaction] = offset
            transactions[transaction].waiting.append(TopicPartition(topic: topic, partition: number))
        }
        return offset
    }

    /// Deletes the records below an offset.
    func delete(_ topic: String, _ number: Int32, before offset: Int64) {
        topics[topic]![Int(number)].low = max(topics[topic]![Int(number)].low, min(offset, topics[topic]![Int(number)].stable))
    }

    /// The topics that are compacted.
    var compacted: Set<String> = []

    /// Takes away what has come again under its key, or was aborted, of the older part of a partition.
    func compact(_ topic: String, _ number: Int32) {
        let partition = topics[topic]![Int(number)]
        var isLater: Set<[UInt8]> = []
        let end = course.number(0...Int(partition.stable))
        for offset in stride(from: Int(partition.stable) - 1, through: 0, by: -1) {
            guard case .record(let record, let transaction) = partition.entries[offset] else { continue }
            let isNewest = isSeen(transaction) && isLater.insert(record.key ?? []).inserted
            if !isNewest && offset < end { topics[topic]![Int(number)].entries[offset] = .gone }
        }
    }

    /// Whether a reader of what is committed sees a record below the last stable offset.
    func isSeen(_ transaction: Int?) -> Bool {
        guard let transaction else { return true }
        switch transactions[transaction].state {
        case .open: return false
        case .ending(let isCommit), .ended(let isCommit): return isCommit
        }
    }

    /// Whether the journal has the commit of a sequence, whatever can be read of it yet.
    func hasCommitted(_ sequence: Int64, in journal: String) -> Bool {
        let key = Array(String(sequence).utf8)
        return topics[journal]![0].entries.contains { entry in
            if case .record(let record, let transaction) = entry { record.key == key && isSeen(transaction) } else { false }
        }
    }

    // Transactions.

    func begin() -> Int {
        transactions.append(Transaction())
        return transactions.count - 1
    }

    /// Decides a transaction; its markers come now or later.
    func end(_ transaction: Int, isCommit: Bool) {
        guard case .open = transactions[transaction].state else { preconditionFailure("a transaction ends once") }
        transactions[transaction].state = .ending(isCommit: isCommit)
        ending.append(transaction)
        if course.chance(500) { complete(transaction) }
    }

    /// Writes all of the markers that are missing.
    func complete(_ transaction: Int) {
        while !transactions[transaction].waiting.isEmpty { writeMarker(of: transaction) }
        if case .ending(let isCommit) = transactions[transaction].state { transactions[transaction].state = .ended(isCommit: isCommit) }
        ending.removeAll { $0 == transaction }
    }

    private func writeMarker(of transaction: Int) {
        let place = transactions[transaction].waiting.removeFirst()
        topics[place.topic]![Int(place.partition)].entries.append(.marker(timestamp: course.time.wallMilliseconds()))
        topics[place.topic]![Int(place.partition)].open[transaction] = nil
    }

    /// Ends everywhere what has been decided.
    func settle() {
        for number in ending { complete(number) }
    }

    /// Writes a marker that is late, if there is one.
    func goOn() {
        for number in ending where course.chance(300) {
            if !transactions[number].waiting.isEmpty { writeMarker(of: number) }
            if transactions[number].waiting.isEmpty { complete(number) }
        }
    }

    // Transactional ids.

    /// Takes an id over: what its last producer has left open is aborted, what it has decided is ended. Returns the epoch.
    func takeOver(_ id: String) -> Int {
        let former = producers[id]
        if let transaction = former?.transaction {
            if case .open = transactions[transaction].state { end(transaction, isCommit: false) }
            complete(transaction)
        }
        let epoch = (former?.epoch ?? 0) + 1
        producers[id] = (epoch, nil)
        return epoch
    }

    func isFenced(_ id: String, epoch: Int) -> Bool { producers[id]?.epoch != epoch }

    /// Begins a transaction of an id; the one before has ended everywhere by then.
    func begin(_ id: String) -> Int {
        if let former = producers[id]?.transaction { complete(former) }
        let transaction = begin()
        producers[id]?.transaction = transaction
        return transaction
    }
}
