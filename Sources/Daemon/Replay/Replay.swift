// `audienced replay` (contract §6): no broker; lines of files in, lines of files out, with `clock: events`. The same input gives the
// same bytes.
import Campaigns
import Engine
import Storage
import Wire

struct Replay: ~Copyable {
    struct Options {
        var input: String
        var output: String
        /// Lines after this instant are not read.
        var until: Int64?
        var writesSnapshots = false
        var snapshotFormats: [Configuration.SnapshotFormat] = [.ndjson]
    }

    /// Changes per commit at most: a batch ends here, at a control event, where a campaign starts or ends, and at the end of the input.
    /// Nothing else ends one, so the commits of an input are always the same.
    private static let changesPerCommit = 4096

    private let options: Options
    private var processor: Processor
    private let reader: ReplayLineReader
    private var files: ReplayOutput
    private var text = JSONText()
    private var result = ReplayResult(statistics: Statistics())
    /// The time of the last line.
    private var clock = Int64.min

    init(_ options: Options, zone: @escaping (String) -> TimeZoneRules?) throws {
        self.options = options
        processor = Processor(group: "replay", zone: zone)
        reader = ReplayLineReader(changes: processor.changes, control: processor.control)
        files = try ReplayOutput(folder: options.output)
    }

    /// Replays once. Throws `ReplayInput.Disorder` when a file turns out to be out of order and `findingRuns` is false; start a new one then.
    mutating func run(findingRuns: Bool) throws -> ReplayResult {
        let start = monotonicNanoseconds()
        let names = try Folders.names(in: options.input).filter { $0.hasSuffix(".ndjson") }
        if names.isEmpty { throw CommandFailure(.data, "\(options.input) holds no *.ndjson file") }
        let inputs = try names.map { (name: $0, file: try LineFile(path: "\(options.input)/\($0)")) }
        var input = ReplayInput(files: inputs, reader: reader, findingRuns: findingRuns)
        result.bytesRead = input.byteCount
        try input.forEachLine { line, position, isControl in
            // Only when the order is known nothing that belongs before can follow.
            if let until = options.until, position.time > until { return !findingRuns }
            // Writing the commits on the way uses the reader, which has to look at the line again.
            if try stopOnTheWay(to: position.time) { _ = reader.read(line) }
            clock = max(clock, position.time)
            let record = InputRecord(
                topic: names[position.file], partition: 0, offset: Int64(position.line), timestamp: position.time, key: nil, value: line)
            if isControl {
                try control(record)
            } else {
                try change(record)
            }
            return true
        }
        try flush()
        if options.writesSnapshots { try writeSnapshots() }
        try files.close()
        result.timing.total = monotonicNanoseconds() - start
        result.statistics = processor.engine.statistics
        result.refused = processor.deadLetters
        return result
    }

    private mutating func change(_ record: InputRecord) throws {
        result.rowsRead += 1
        do throws(Refusal) {
            try reader.decodeChange(into: processor.batch)
        } catch {
            refuse(record, error.reason)
        }
        if processor.batch.count >= Replay.changesPerCommit { try flush() }
    }

    private mutating func refuse(_ record: InputRecord, _ reason: String) {
        processor.refuse(record, stage: .change, reason: reason)
    }

    /// "Control events are commits: first the changes so far at the new clock, then the event."
    private mutating func control(_ record: InputRecord) throws {
        // Decoding comes first: the flush reads no lines, but the tape is the reader's.
        let event = Result<ControlEvent, ControlRefusal> { () throws(ControlRefusal) in try reader.decodeControl() }
        try flush()
        switch processor.apply({ () throws(ControlRefusal) in try event.get() }, of: record) {
        case .nothing: break
        case .barrier(let id, _): processor.commit(barrier: id)
        case .clock(let instant):
            _ = try stopOnTheWay(to: instant)
            clock = max(clock, instant)
            try flush()
        }
        try write()
    }

    /// "`startAt`/`endAt` … are commits of their own": commits the lines so far at each of those that lie before an instant; false when
    /// none does.
    private mutating func stopOnTheWay(to instant: Int64) throws -> Bool {
        if instant < processor.engine.boundary { return false }
        // The lines so far stand at their own clock: who enters by the start alone does so because of the time.
        processor.apply(clock: clock)
        for stop in processor.engine.commitInstants(until: instant) {
            processor.commit(at: stop)
            clock = max(clock, stop)
        }
        try write()
        return true
    }

    /// Applies what was decoded at the clock of the last line, and commits what it changed.
    private mutating func flush() throws {
        let before = monotonicNanoseconds()
        processor.apply(clock: clock)
        let applied = monotonicNanoseconds()
        result.timing.apply += applied - before
        if processor.hasChanges { processor.commit() }
        try write()
        result.timing.encode += monotonicNanoseconds() - applied
    }

    private mutating func write() throws {
        if processor.output.count == 0 { return }
        let reader = reader
        try processor.output.forEach { (record: OutputBatch.View) throws in
            text.bytes.removeAll(keepingCapacity: true)
            record.appendLine(to: &text) { value in
                let padded = Array(value) + [UInt8](repeating: 0, count: 64)
                return padded.withUnsafeBytes { reader.isJSON(UnsafeRawBufferPointer(rebasing: $0[..<value.count])) }
            }
            try files.append(text.bytes, to: record.topic)
        }
        processor.output.removeAll()
    }

    private mutating func writeSnapshots() throws {
        let folder = SnapshotFolder(path: "\(options.output)/snapshots")
        for number in 0..<processor.engine.audienceCount where !processor.engine.audience(number).isRetired {
            _ = try writeSnapshot(processor.snapshot(of: number), as: options.snapshotFormats, below: folder)
        }
    }
}

/// Where the time went, in nanoseconds.
struct ReplayTiming {
    var apply: UInt64 = 0
    var encode: UInt64 = 0
    var total: UInt64 = 0
    /// Reading and decoding: what is neither of the others.
    var decode: UInt64 { total - apply - encode }
}

/// The four output files.
private struct ReplayOutput: ~Copyable {
    private var members: LineWriter
    private var updated: LineWriter
    private var channelRequests: LineWriter
    private var deadLetters: LineWriter

    init(folder: String) throws(StorageError) {
        // All or none: a file that cannot be made must not leave the others half open.
        let members = try LineWriter(path: "\(folder)/audience-members.ndjson")
        let updated = try LineWriter(path: "\(folder)/audience-updated.ndjson")
        let channelRequests = try LineWriter(path: "\(folder)/channel-requests.ndjson")
        let deadLetters = try LineWriter(path: "\(folder)/dlq.ndjson")
        self.members = members
        self.updated = updated
        self.channelRequests = channelRequests
        self.deadLetters = deadLetters
    }

    mutating func append(_ line: [UInt8], to topic: OutputTopic) throws(StorageError) {
        switch topic {
        case .members: try members.append(line)
        case .updated: try updated.append(line)
        case .channelRequests: try channelRequests.append(line)
        case .deadLetters: try deadLetters.append(line)
        }
    }

    mutating func close() throws(StorageError) {
        try members.close()
        try updated.close()
        try channelRequests.close()
        try deadLetters.close()
    }
}
