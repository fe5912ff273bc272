// The daemon's deterministic middle in this process, fed with lines of a mapped file: for what is measured without the rest of the program.
import Campaigns
import Daemon
import Engine
import Glibc
import Storage
import Wire

final class LoadedTables {
    /// As many changes as `replay` takes into a commit.
    private static let changesPerCommit = 4096

    private var processor = Processor(group: "benchmark", zone: TimeZones.system)
    private let batch = ChangeBatch()
    private(set) var rows = 0
    private(set) var decodeNanoseconds: UInt64 = 0
    private(set) var applyNanoseconds: UInt64 = 0
    /// Ending commits, and writing their events.
    private(set) var commitNanoseconds: UInt64 = 0

    /// Publishes the workload's schemas, and campaigns.
    init(campaigns: [JSON] = []) throws {
        for event in Workload.schemaEvents() + campaigns.map({ Workload.campaignEvent($0) }) { try publish(event) }
    }

    var statistics: Statistics { processor.engine.statistics }

    /// Members of an audience.
    func size(of audience: String) -> Int {
        for number in 0..<processor.engine.audienceCount where processor.engine.audience(number).id == audience {
            return processor.engine.audience(number).size
        }
        return 0
    }

    /// Takes a control event from its bytes to the events it causes. Throws when it is refused.
    func publish(_ event: JSON) throws {
        var text = JSONText()
        text.append(event)
        let count = text.bytes.count
        text.bytes += [UInt8](repeating: 0, count: LineFile.slackBytes)
        let refusedBefore = processor.deadLetters
        let control = processor.control
        text.bytes.withUnsafeBytes { bytes in
            let value = UnsafeRawBufferPointer(rebasing: bytes[..<count])
            let record = InputRecord(topic: "control", partition: 0, offset: 0, timestamp: -1, key: nil, value: value)
            _ = processor.apply({ () throws(ControlRefusal) in try control.decode(value) }, of: record)
        }
        if processor.deadLetters > refusedBefore { throw Options.Mistake(description: "the engine refuses \(String(decoding: text.bytes[..<count], as: UTF8.self))") }
        processor.output.removeAll()
    }

    /// Reads every line; applies what it reads unless only decoding is asked for. Time goes on evenly, as it does in the workload.
    func load(_ file: LineFile, rows expected: Int, applying: Bool = true) throws {
        let bytes = file.bytes
        var start = 0
        while start < bytes.count {
            let before = nanoseconds()
            while start < bytes.count && batch.count < LoadedTables.changesPerCommit {
                guard let newline = memchr(bytes.baseAddress! + start, 10, bytes.count - start) else { break }
                let end = UnsafeRawPointer(newline) - bytes.baseAddress!
                try processor.changes.decode(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), into: batch)
                start = end + 1
            }
            decodeNanoseconds += nanoseconds() - before
            rows += batch.count
            if applying { apply(clock: Workload.start + Int64(rows) * Workload.loadMilliseconds / Int64(expected)) }
            batch.removeAll()
        }
    }

    private func apply(clock: Int64) {
        let before = nanoseconds()
        processor.engine.advance(to: clock)
        processor.engine.apply(batch)
        let applied = nanoseconds()
        if processor.hasChanges { processor.commit() }
        processor.output.removeAll()
        applyNanoseconds += applied - before
        commitNanoseconds += nanoseconds() - applied
    }

    /// Moves the clock and commits what that changes. Returns how long each took.
    func advance(to instant: Int64) -> (advanceNanoseconds: UInt64, commitNanoseconds: UInt64, bytes: Int) {
        let before = nanoseconds()
        processor.engine.advance(to: instant)
        let advanced = nanoseconds()
        processor.commit()
        let committed = nanoseconds()
        let bytes = processor.output.byteCount
        processor.output.removeAll()
        return (advanced - before, committed - advanced, bytes)
    }
}
