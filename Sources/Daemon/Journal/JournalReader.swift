// Reads the journal: its commits in order, and who took the deployment over. What has come since can be read on, before and after this
// process takes over.
import Campaigns
import Kafka
import Wire

struct JournalReader: ~Copyable {
    /// The journal's commits, read so far.
    private(set) var records: [JournalRecord] = []
    /// The last takeover, and its offset.
    private(set) var lastTakeover: (takeover: Takeover, offset: Int64)?

    /// Where the last commit read so far stands.
    private(set) var last: JournalPlace?

    private let topic: String
    /// The commit whose state is there: the first that is read.
    private let base: JournalPlace?
    /// What wrote the journal behind `base`, as long as no takeover says it.
    private let baseProgram: String?
    private let isWhole: Bool
    private let reader: any SourceReader
    /// Sees where the topic ends, open transactions included.
    private let asker: any SourceReader
    /// Everything below this offset is read.
    private var position: Int64 = 0
    private var batch = RecordBatch()
    private let parser = JSONReader()

    /// - Parameters:
    ///   - base: the commit whose state is there; what comes behind it is read. nil: everything.
    ///   - baseProgram: what wrote that state down, for people: it had taken over before, and no record behind that need say so.
    ///   - isWhole: the first commit of all must be there, where there is no base.
    init(
        _ source: any Source, topic: String, after base: JournalPlace? = nil, by baseProgram: String? = nil, isWhole: Bool = true
    ) throws {
        let asker = try source.asker(isolation: .readUncommitted)
        // From an offset: to find the beginning by itself librdkafka 2.0.2 takes a second.
        let low = try asker.watermarks(topic: topic, partition: 0, timeout: Patience.answer).low
        let first = base?.offset ?? low
        guard first >= low else {
            throw DaemonFailure(
                .data, "\(topic)/0 begins at offset \(low), and the newest checkpoint goes on at \(first)",
                hint: "put back a newer checkpoint, or the journal's records")
        }
        reader = try source.reader(
            of: [AssignedPartition(topic: topic, partition: 0, start: .offset(first))],
            options: ConsumerOptions(reportsPartitionEnd: true, fetchWait: .milliseconds(10)), wakeUp: try WakeUp())
        self.topic = topic
        self.base = base
        self.baseProgram = baseProgram
        self.isWhole = isWhole
        self.asker = asker
    }

    /// Reads what is committed, up to the end as it is now.
    mutating func readCommitted() throws {
        let deadline = Deadline(after: Patience.journal)
        while position < (try reader.watermarks(topic: topic, partition: 0, timeout: Patience.answer).high) { try readOn(until: deadline) }
    }

    /// Reads up to the end. A transaction that hangs before it was aborted when the producer took over, so it is near.
    mutating func readToEnd() throws {
        let deadline = Deadline(after: Patience.journal)
        while true {
            let stable = try reader.watermarks(topic: topic, partition: 0, timeout: Patience.answer).high
            let high = try asker.watermarks(topic: topic, partition: 0, timeout: Patience.answer).high
            if position >= stable && stable >= high { return }
            try readOn(until: deadline)
        }
    }

    /// Throws when the journal has not the commit whose state is there.
    func requireBase() throws(DaemonFailure) {
        if let base, last == nil { throw Self.disagreement(topic, base, "the journal ends before it") }
    }

    private static func disagreement(_ topic: String, _ base: JournalPlace, _ what: String) -> DaemonFailure {
        DaemonFailure(
            .data, "\(topic)/0 offset \(base.offset): the newest checkpoint shows commit \(base.sequence), and \(what)",
            hint: "it is that of another deployment, or the journal lost commits: move the folder aside, or restore the journal"
        )
    }

    /// The records are the caller's from now on.
    mutating func takeRecords() -> [JournalRecord] {
        defer { records = [] }
        return records
    }

    private mutating func readOn(until deadline: Deadline) throws {
        ServiceManager.current.progress("reading the journal, \(records.count) commits so far")
        batch.removeAll()
        _ = try reader.poll(partition: 0, into: &batch, maximumRecords: 10_000, maximumBytes: 8 << 20, timeout: .milliseconds(200))
        for number in 0..<batch.count { try take(batch[number]) }
        // Behind the last record there may be markers of transactions, which only the end tells of.
        if let end = batch.partitionEnds.last { position = max(position, end.offset) }
        if deadline.hasPassed {
            throw DaemonFailure(.unavailable, "\(topic): a transaction hangs before its end")
        }
    }

    private mutating func take(_ record: Record) throws(DaemonFailure) {
        position = record.offset + 1
        var commit = record.value.flatMap { JournalRecord(bytes: $0) }
        if commit == nil, let tree = record.value.flatMap({ parser.tree($0) }) {
            if let takeover = Takeover(tree) {
                lastTakeover = (takeover, record.offset)
                return
            }
            commit = JournalRecord(tree)
        }
        guard let commit else {
            let writer = lastTakeover.map(\.takeover.program) ?? baseProgram
            throw DaemonFailure(
                .data, "\(topic)/0 offset \(record.offset): not a journal record of format 1 to \(JournalRecord.currentFormat)",
                hint: writer.flatMap { program in
                    program == Program.text() ? nil : "\(program) wrote it, and this is \(Program.text()): start that one, or a newer one"
                }
                    ?? "Was it written by a newer version of audienced?")
        }
        let place = record.value.map { JournalPlace(sequence: commit.sequence, offset: record.offset, value: $0) }
        let before = last
        last = place
        if let base, before == nil {
            if commit.sequence < base.sequence {
                last = nil
                return
            }
            guard place?.sequence == base.sequence, place?.hash == base.hash else {
                throw Self.disagreement(topic, base, "there is commit \(commit.sequence), another one")
            }
            return
        }
        let expected = before.map { $0.sequence + 1 } ?? (isWhole ? 1 : commit.sequence)
        if commit.sequence != expected || commit.clock < records.last?.clock ?? .min {
            throw DaemonFailure(
                .data, "\(topic)/0 offset \(record.offset): sequence \(commit.sequence) follows \(before?.sequence ?? 0)",
                hint: before == nil ? "the records before are gone, and no checkpoint is there" : "two deployments share a group?")
        }
        records.append(commit)
    }
}
