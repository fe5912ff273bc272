// Goal: snapshots are written one after the other beside the loop, bounded, and what became of each is told; the keeper knows which are due
// and which are unannounced after a start. Method: audiences of a processor, a folder of the test, small bounds.

import Campaigns
import Testing

@testable import Daemon
@testable import Storage
@testable import Wire

@Suite(.quiet) struct SnapshotThreadTests {
    private let folder = TemporaryFolder()

    private func configuration(keep: Int = 3) -> Configuration {
        var configuration = Configuration(kafka: [:], data: folder.path)
        configuration.snapshots.keep = keep
        configuration.snapshots.keepFor = .milliseconds(1)
        return configuration
    }

    private var snapshots: SnapshotFolder { SnapshotFolder(path: folder.path + "/snapshots") }

    /// Publishes the sample's campaign and commits a row of each number.
    private func fill(_ processor: Processor, _ numbers: [Int]) {
        for text in [Sample.publish(), Sample.publish(campaign: Sample.campaign("c", audience: "vip"))] {
            withPadded(text) { bytes in
                let record = InputRecord(topic: "t", partition: 0, offset: 0, timestamp: 0, key: nil, value: bytes)
                _ = processor.apply(processor.control.decode(bytes), of: record)
            }
        }
        change(processor, numbers)
    }

    private func change(_ processor: Processor, _ numbers: [Int]) {
        let batch = DecodedBatch()
        for number in numbers {
            withPadded(Sample.row(String(number), n: number)) { bytes in
                do throws(Refusal) { try processor.changes.decode(bytes, into: batch.changes) } catch { Issue.record("\(error.reason)") }
            }
        }
        processor.apply(batch, clock: 1000)
        processor.commit()
    }

    @Test func allAreWrittenInOrderThoughTheyWait() throws {
        let processor = Processor(group: "g", zone: zones)
        fill(processor, Array(1...500))
        var settings = SnapshotSettings(configuration())
        settings.maximumBytes = 0
        let thread = SnapshotThread(settings)
        for sequence: Int64 in 1...20 {
            var content = processor.snapshot(of: 0)
            content.sequence = sequence
            thread.write(content)
        }
        thread.waitUntilIdle(seconds: 60)
        let outcomes = thread.takeOutcomes()
        #expect(outcomes.map(\.sequence) == Array(1...20) && thread.takeOutcomes().isEmpty && thread.hasRoom)
        #expect(outcomes.allSatisfy { (try? $0.result.get()) != nil })
        thread.close()
        let left = try snapshots.sequences(of: "vip")
        #expect(left.suffix(3) == [18, 19, 20])
    }

    @Test func aFailureIsAnOutcome() throws {
        try folder.write("snapshots", "a file in the way")
        let processor = Processor(group: "g", zone: zones)
        fill(processor, [1])
        let thread = SnapshotThread(SnapshotSettings(configuration()))
        thread.write(processor.snapshot(of: 0))
        thread.waitUntilIdle(seconds: 60)
        #expect(throws: StorageError.self) { try thread.takeOutcomes()[0].result.get() }
        thread.close()
    }

    @Test func anAudienceIsDueWhenItChangedSinceItsNewest() throws {
        let processor = Processor(group: "g", zone: zones)
        let keeper = try SnapshotKeeper(configuration())
        try keeper.begin(processor)
        #expect(keeper.due(processor) == [])
        fill(processor, [1])
        #expect(keeper.due(processor) == [0])
        keeper.take(processor.snapshot(of: 0))
        keeper.finish()
        #expect(keeper.due(processor) == [])
        let complete = keeper.takeComplete()
        #expect(complete.map(\.name) == [.init(audience: "vip", sequence: processor.sequence)] && keeper.takeComplete().isEmpty)
        // Its announcement is a commit that changes nobody.
        processor.commit()
        processor.announce(snapshot: complete[0].manifest, of: "vip")
        #expect(keeper.due(processor) == [])
        change(processor, [2])
        #expect(keeper.due(processor) == [0])
        keeper.close()
    }

    @Test func aStartFindsWhatACrashLeft() throws {
        let processor = Processor(group: "g", zone: zones)
        fill(processor, [1])
        let first = try SnapshotKeeper(configuration())
        try first.begin(processor)
        first.take(processor.snapshot(of: 0))
        first.finish()
        first.close()
        let name = JournalRecord.Announcement(audience: "vip", sequence: processor.sequence)

        let unannounced = try SnapshotKeeper(configuration())
        unannounced.noteBarrier(processor)
        #expect(!unannounced.isOwed)
        try unannounced.begin(processor)
        #expect(unannounced.due(processor) == [] && unannounced.takeComplete().map(\.name) == [name])
        unannounced.close()

        let announced = try SnapshotKeeper(configuration())
        announced.note([name])
        change(processor, [2])
        announced.noteBarrier(processor)
        #expect(announced.isOwed)
        try announced.begin(processor)
        #expect(announced.isOwed && announced.takeComplete().isEmpty)
        announced.close()
    }

    @Test func aSnapshotBeyondTheJournalStopsTheStart() throws {
        let processor = Processor(group: "g", zone: zones)
        fill(processor, [1])
        _ = try writeSnapshot(processor.snapshot(of: 0), as: [.ndjson], below: snapshots)
        let keeper = try SnapshotKeeper(configuration())
        let empty = Processor(group: "g", zone: zones)
        do {
            try keeper.begin(empty)
            Issue.record("it began")
        } catch let failure as DaemonFailure {
            #expect(failure.kind == .data && failure.cause.contains("another deployment"))
        }
    }
}
