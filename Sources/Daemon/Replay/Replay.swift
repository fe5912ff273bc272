// `audienced replay` (contract §6): no broker; lines of files in, lines of files out, with `clock: events`. The same input gives the
// same bytes.
//
// Two threads, as in `run`: this one reads lines in their order and decodes them; the other applies and commits the batch before. They
// meet once per batch. Whatever is no row change waits until the other is done, and is done here.
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
        /// Whether the rows of every transition are counted at the end.
        var countsTransitions = false
        var snapshotFormats: [Configuration.SnapshotFormat] = [.ndjson]
        /// At each barrier and at the end everything is evaluated anew, and compared.
        var verifies = false
        /// Somebody who is explained at the end, and the audience.
        var explains: (subject: Explained.Subject, audience: String)?
        /// Campaigns that are planned at the end.
        var plans: [JSON]?
    }

    /// Changes per commit at most: a batch ends here, at a control event, where a campaign starts or ends, and at the end of the input.
    /// Nothing else ends one, so the commits of an input are always the same.
    private static let changesPerCommit = 4096

    private let options: Options
    let machine: StateMachine
    private let reader: ReplayLineReader
    private let commits: ReplayCommits
    private let committing: Stage<ReplayJob>
    /// One is being decoded; the others wait for the other thread, or are in its hands.
    private let batches = (0..<3).map { _ in DecodedBatch() }
    private var current = 0
    /// Those of the batch that is being decoded; beside it so that a line does not look them up.
    private var changes: ChangeBatch
    /// The time of the last line.
    private var clock = Int64.min
    /// The next instant that is a commit of its own; moves only while the other thread does nothing.
    private var validityEdge = Int64.max
    private var waiting: WaitingLines
    /// The time of the control event by which lines that wait may be released: before the first line that is later, or no control event.
    private var releaseTime: Int64?
    private var rowsRead = 0
    private var waitNanoseconds: UInt64 = 0
    private var verification: Verification?

    init(_ options: Options, zoneNames: [String] = [], zone: @escaping (String) -> TimeZoneRules?) throws {
        self.options = options
        machine = StateMachine(group: "replay", zoneNames: zoneNames, zone: zone)
        reader = ReplayLineReader(changes: machine.changes, control: machine.control)
        let commits = try ReplayCommits(machine, folder: options.output)
        self.commits = commits
        changes = batches[0].changes
        if options.verifies {
            machine.told = ToldMembers()
            verification = Verification()
        }
        waiting = WaitingLines(reader: reader, machine: machine)
        committing = Stage { for job in $0 { try commits.take(job) } }
    }

    deinit {
        committing.close()
    }

    private var batch: DecodedBatch { batches[current] }

    /// Replays once. Throws `ReplayInput.Disorder` when a file turns out to be out of order and `findingRuns` is false; start a new one
    /// then.
    mutating func run(findingRuns: Bool) throws -> ReplayResult {
        let start = monotonicNanoseconds()
        let names = try Folders.names(in: options.input).filter { $0.hasSuffix(".ndjson") }
        if names.isEmpty { throw DaemonFailure(.data, "\(options.input) holds no *.ndjson file") }
        let inputs = try names.map { (name: $0, file: try LineFile(path: "\(options.input)/\($0)")) }
        var input = ReplayInput(files: inputs, reader: reader, findingRuns: findingRuns)
        let bytesRead = input.byteCount
        waiting.inputs = inputs.map(\.file)
        try input.forEachLine { line, position, isControl in
            // Only when the order is known nothing that belongs before can follow.
            if let until = options.until, position.time > until { return !findingRuns }
            if let releaseTime, !isControl || position.time > releaseTime {
                try release(names)
                _ = reader.read(line)
            }
            if position.time >= validityEdge { try stopOnTheWay(to: position.time) }
            clock = max(clock, position.time)
            if isControl {
                try control(record(line, position, names))
            } else {
                rowsRead += 1
                if !waiting.hold(line, position) { try change(line, position, names) }
            }
            return true
        }
        if releaseTime != nil { try release(names) }
        try flush()
        try finish()
        verification?.check(machine)
        if options.writesSnapshots { try commits.writeSnapshots(options.snapshotFormats, folder: "\(options.output)/snapshots") }
        try commits.close()
        let timing = ReplayTiming(
            apply: commits.applyNanoseconds, encode: commits.encodeNanoseconds, wait: waitNanoseconds, total: monotonicNanoseconds() - start
        )
        var result = ReplayResult(
            statistics: machine.engine.statistics, rowsRead: rowsRead, bytesRead: bytesRead, refused: machine.deadLetters,
            timing: timing, verification: verification?.report)
        if let (subject, audience) = options.explains {
            guard let explained = machine.explain(subject, in: audience) else {
                let hint = NearestName.hint(for: audience, among: machine.engine.audienceIds)
                throw DaemonFailure(.data, "no campaign writes an audience \(shown(audience)); \(hint)")
            }
            result.explained = explained
        }
        if let definitions = options.plans {
            var copy = MachineCopy(machine)
            while copy.goOn(machine) {}
            result.planned = try PlannedCampaigns.outcome(of: definitions, on: copy)
        }
        if options.countsTransitions {
            for id in machine.engine.followedCampaigns { result.transitions[id] = machine.engine.transitionCounts(of: id) }
        }
        return result
    }

    private func record(_ line: UnsafeRawBufferPointer, _ position: ReplayInput.Position, _ names: [String]) -> InputRecord {
        InputRecord(
            topic: names[position.file], partition: 0, offset: Int64(position.line), timestamp: position.time, key: nil, value: line)
    }

    /// Applies the lines that wait no more, at the clock that stands.
    private mutating func release(_ names: [String]) throws {
        releaseTime = nil
        for line in waiting.release() {
            _ = reader.read(line.bytes)
            try change(line.bytes, line.position, names)
        }
        try flush()
    }

    private mutating func change(_ line: UnsafeRawBufferPointer, _ position: ReplayInput.Position, _ names: [String]) throws {
        changes.setClock(clock)
        do throws(Refusal) {
            try reader.decodeChange(into: changes)
        } catch {
            batch.refused.append(DecodedBatch.Refused(record: record(line, position, names), refusal: error))
        }
        if changes.count >= Replay.changesPerCommit { try flush() }
    }

    /// "Control events are commits: first the changes so far at the new clock, then the event."
    private mutating func control(_ record: InputRecord) throws {
        let event = reader.decodeControl()
        try flush()
        try finish()
        let tableCount = machine.tableCount
        switch machine.apply(event, of: record) {
        case .nothing: break
        case .barrier(let id, _):
            machine.commit(barrier: id)
            verification?.check(machine)
        case .clock(let instant):
            validityEdge = machine.engine.nextValidityEdge
            if instant >= validityEdge { try stopOnTheWay(to: instant) }
            clock = max(clock, instant)
            try flush()
            try finish()
        }
        if machine.tableCount > tableCount && !waiting.isEmpty { releaseTime = record.timestamp }
        validityEdge = machine.engine.nextValidityEdge
        try commits.write()
    }

    /// "`startAt`/`endAt` … are commits of their own": commits the lines so far at each of those that lie before an instant.
    private mutating func stopOnTheWay(to instant: Int64) throws {
        // The lines so far stand at their own clock: who enters by the start alone does so because of the time.
        try finish()
        machine.apply(batch, clock: clock)
        batch.removeAll()
        for stop in machine.engine.commitInstants(until: instant) {
            machine.commit(at: stop)
            clock = max(clock, stop)
        }
        validityEdge = machine.engine.nextValidityEdge
        try commits.write()
    }

    /// Hands what was decoded to the other thread, to be applied at the clock of the last line and committed.
    private mutating func flush() throws {
        let before = monotonicNanoseconds()
        try committing.start(ReplayJob(batch: batch, clock: clock))
        waitNanoseconds += monotonicNanoseconds() - before
        // With one that may wait and one in hand, the third is free.
        current = (current + 1) % batches.count
        changes = batch.changes
    }

    /// Waits until everything handed over is committed.
    private mutating func finish() throws {
        let before = monotonicNanoseconds()
        try committing.finish()
        waitNanoseconds += monotonicNanoseconds() - before
    }
}
