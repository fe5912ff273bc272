// The second half of `replay`: applies what was decoded, commits it, and writes the output files.
import Campaigns
import Engine
import Storage
import Wire

/// Changes of one commit, at the clock of their last line.
struct ReplayJob: Sendable {
    var batch: DecodedBatch
    var clock: Int64
}

/// `@unchecked Sendable`: one thread at a time has it, the stage's while it works and the reading one in between.
final class ReplayCommits: @unchecked Sendable {
    let machine: StateMachine
    private var files: ReplayOutput
    private var text = JSONText()
    private let parser = JSONReader()
    private(set) var applyNanoseconds: UInt64 = 0
    private(set) var encodeNanoseconds: UInt64 = 0

    init(_ machine: StateMachine, folder: String) throws {
        self.machine = machine
        files = try ReplayOutput(folder: folder)
    }

    /// Applies a batch, commits what it changed, and empties it.
    func take(_ job: ReplayJob) throws {
        let before = monotonicNanoseconds()
        machine.apply(job.batch, clock: job.clock)
        job.batch.removeAll()
        let applied = monotonicNanoseconds()
        applyNanoseconds += applied - before
        if machine.hasChanges { machine.commit() }
        try write()
        encodeNanoseconds += monotonicNanoseconds() - applied
    }

    /// Writes the records of the commits since the last call, and says what was decided and waits.
    func write() throws {
        try writeRecords()
        while machine.isEmitting {
            machine.commit()
            try writeRecords()
        }
    }

    private func writeRecords() throws {
        if machine.output.count == 0 { return }
        try machine.output.forEach { (record: OutputBatch.View) throws in
            text.bytes.removeAll(keepingCapacity: true)
            record.appendLine(to: &text) { value in
                let padded = Array(value) + [UInt8](repeating: 0, count: 64)
                return padded.withUnsafeBytes { parser.isJSON(UnsafeRawBufferPointer(rebasing: $0[..<value.count])) }
            }
            try files.append(text.bytes, to: record.topic)
        }
        machine.output.removeAll()
    }

    func writeSnapshots(_ formats: [Configuration.SnapshotFormat], folder: String) throws {
        let folder = SnapshotFolder(path: folder)
        for number in 0..<machine.engine.audienceCount where !machine.engine.audience(number).isRetired {
            _ = try writeSnapshot(machine.snapshot(of: number), as: formats, below: folder)
        }
    }

    func close() throws {
        try files.close()
    }
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
