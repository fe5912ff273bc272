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
    }

    /// Changes per commit at most: a batch ends here, at a control event and at the end of the input. Nothing else ends one, so
    /// the commits of an input are always the same.
    private static let changesPerCommit = 4096

    private let options: Options
    private var processor: Processor
    private let reader: ReplayLineReader
    private var writers: [LineWriter] = []
    private var text = JSONText()
    private(set) var timing = ReplayTiming()
    private(set) var rowsRead = 0
    private(set) var bytesRead = 0
    /// The time of the last line.
    private var clock = Int64.min

    init(_ options: Options, zone: @escaping (String) -> TimeZoneRules?) throws {
        self.options = options
        processor = Processor(group: "replay", zone: zone)
        reader = ReplayLineReader(changes: processor.changes, control: processor.control)
        try makeFolder(options.output)
        for topic in OutputTopic.allCases { writers.append(try LineWriter(path: "\(options.output)/\(topic.name.replayFile)")) }
    }

    var statistics: Statistics { processor.engine.statistics }
    /// Records and control events that were refused.
    var refused: Int { processor.deadLetters }

    /// Replays once. Throws `ReplayInput.Disorder` when a file turns out to be out of order and `findingRuns` is false; start a new one then.
    mutating func run(findingRuns: Bool) throws {
        let start = monotonicNanoseconds()
        let names = try fileNames(in: options.input).filter { $0.hasSuffix(".ndjson") }
        let files = try names.map { (name: $0, file: try MappedFile(path: "\(options.input)/\($0)")) }
        var input = ReplayInput(files: files, reader: reader, findingRuns: findingRuns)
        bytesRead = input.byteCount
        try input.forEachLine { line, position, isControl in
            if let until = options.until, position.time > until { return false }
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
        for writer in writers { try writer.close() }
        timing.total = monotonicNanoseconds() - start
    }

    private mutating func change(_ record: InputRecord) throws {
        rowsRead += 1
        do throws(Refusal) {
            try reader.decodeChange(into: processor.batch) { processor.isTable($0) }
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
            clock = max(clock, instant)
            try flush()
        }
        try write()
    }

    /// Applies what was decoded at the clock of the last line, and commits what it changed.
    private mutating func flush() throws {
        let before = monotonicNanoseconds()
        processor.apply(clock: clock)
        let applied = monotonicNanoseconds()
        timing.apply += applied - before
        if processor.hasChanges { processor.commit() }
        try write()
        timing.encode += monotonicNanoseconds() - applied
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
            try text.bytes.withUnsafeBytes { try writers[record.topic.rawValue].write($0) }
        }
        processor.output.removeAll()
    }

    private mutating func writeSnapshots() throws {
        for number in 0..<processor.engine.audienceCount where !processor.engine.audience(number).isRetired {
            try writeSnapshot(
                of: processor.engine.audience(number), members: processor.engine.members(of: number), sequence: processor.sequence,
                clock: processor.engine.clock, below: "\(options.output)/snapshots")
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

extension String {
    fileprivate var replayFile: String { self == OutputTopic.deadLetters.name ? "dlq.ndjson" : "\(self).ndjson" }
}
