// The daemon's deterministic middle in this process, fed with lines of a mapped file: for what is measured without the rest of the program.
import Campaigns
import Daemon
import Engine
import Glibc
import Storage
import Wire

final class LoadedTables {
    /// As many changes as `replay` takes into a commit, unless others are asked for.
    private let changesPerCommit: Int
    private let machine = StateMachine(group: "benchmark", zone: TimeZones.system.rules)
    private let batch = ChangeBatch()
    private(set) var rows = 0
    private(set) var decoding = Stopwatch()
    private(set) var applying = Stopwatch()
    /// Ending commits, and writing their events.
    private(set) var committing = Stopwatch()
    /// How long applying and ending each commit took, in nanoseconds of the thread's processor time.
    private(set) var holds: [UInt64] = []

    /// Publishes the workload's schemas, and campaigns.
    init(campaigns: [JSON] = [], changesPerCommit: Int = 4096) throws {
        self.changesPerCommit = changesPerCommit
        for event in Workload.schemaEvents() + campaigns.map({ Workload.campaignEvent($0) }) { try publish(event) }
    }

    func withEngine<Result>(_ body: (inout Engine) -> Result) -> Result { body(&machine.engine) }

    var statistics: Statistics { machine.engine.statistics }

    /// Members of an audience.
    func size(of audience: String) -> Int {
        for number in 0..<machine.engine.audienceCount where machine.engine.audience(number).id == audience {
            return machine.engine.audience(number).size
        }
        return 0
    }

    /// Takes a control event from its bytes to the events it causes. Throws when it is refused.
    func publish(_ event: JSON) throws {
        var text = JSONText()
        text.append(event)
        let count = text.bytes.count
        text.bytes += [UInt8](repeating: 0, count: LineFile.slackBytes)
        let refusedBefore = machine.deadLetters
        text.bytes.withUnsafeBytes { bytes in
            let value = UnsafeRawBufferPointer(rebasing: bytes[..<count])
            let record = InputRecord(topic: "control", partition: 0, offset: 0, timestamp: -1, key: nil, value: value)
            _ = machine.apply(machine.control.decode(value), of: record)
        }
        if machine.deadLetters > refusedBefore {
            throw Failure("the engine refuses \(String(decoding: text.bytes[..<count], as: UTF8.self))")
        }
        machine.output.removeAll()
    }

    /// Reads every line; applies what it reads unless only decoding is asked for. Time goes on evenly, as it does in the workload.
    func load(_ file: LineFile, rows expected: Int, applying: Bool = true) throws {
        var start = 0
        while start < file.bytes.count {
            start = try decoding.measure { try decode(file.bytes, from: start) }
            rows += batch.count
            if applying { apply(clock: Workload.start + Int64(rows) * Workload.loadMilliseconds / Int64(expected)) }
            batch.removeAll()
        }
    }

    /// Takes one record.
    func take(_ record: [UInt8], clock: Int64) throws {
        let padded = record + [UInt8](repeating: 0, count: LineFile.slackBytes)
        try padded.withUnsafeBytes { try machine.changes.decode(UnsafeRawBufferPointer(rebasing: $0[..<record.count]), into: batch) }
        rows += 1
        apply(clock: clock)
        batch.removeAll()
    }

    /// Decodes one commit's lines; returns where the next one begins.
    private func decode(_ bytes: UnsafeRawBufferPointer, from first: Int) throws -> Int {
        var start = first
        while start < bytes.count && batch.count < changesPerCommit {
            guard let newline = memchr(bytes.baseAddress! + start, 10, bytes.count - start) else { break }
            let end = UnsafeRawPointer(newline) - bytes.baseAddress!
            try machine.changes.decode(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), into: batch)
            start = end + 1
        }
        return start
    }

    private func apply(clock: Int64) {
        let before = applying.processor + committing.processor
        defer { holds.append(applying.processor + committing.processor - before) }
        applying.measure {
            machine.engine.advance(to: clock)
            machine.engine.apply(batch)
        }
        committing.measure {
            if machine.hasChanges { machine.commit() }
            machine.output.removeAll()
        }
    }

    /// Moves the clock and commits what that changes. Returns the time of each, and the bytes of the events.
    func advance(to instant: Int64) -> (advancing: Stopwatch, committing: Stopwatch, bytes: Int) {
        var (advancing, committing) = (Stopwatch(), Stopwatch())
        advancing.measure { machine.engine.advance(to: instant) }
        var bytes = 0
        committing.measure {
            repeat {
                machine.commit()
                bytes += machine.output.byteCount
                machine.output.removeAll()
            } while machine.isEmitting
        }
        return (advancing, committing, bytes)
    }
}
