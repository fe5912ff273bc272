// Goal: snapshots are written one after the other beside the loop, bounded, and what became of each is told; the keeper knows which are due
// and which are unannounced after a start. Method: audiences of a state machine, a folder of the test, small bounds.

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
    private func fill(_ machine: StateMachine, _ numbers: [Int]) {
        for text in [Sample.publish(), Sample.publish(campaign: Sample.campaign("c", audience: "vip"))] {
            withPadded(text) { bytes in
                let record = InputRecord(topic: "t", partition: 0, offset: 0, timestamp: 0, key: nil, value: bytes)
                _ = machine.apply(machine.control.decode(bytes), of: record)
            }
        }
        change(machine, numbers)
    }

    private func change(_ machine: StateMachine, _ numbers: [Int]) {
        let batch = DecodedBatch()
        for number in numbers {
            withPadded(Sample.row(String(number), n: number)) { bytes in
                do throws(Refusal) { try machine.changes.decode(bytes, into: batch.changes) } catch { Issue.record("\(error.reason)") }
            }
        }
        machine.apply(batch, clock: 1000)
        machine.commit()
    }

    @Test func allAreWrittenInOrderThoughTheyWait() throws {
        let machine = StateMachine(group: "g", zone: zones)
        fill(machine, Array(1...500))
        var settings = SnapshotSettings(configuration())
        settings.maximumBytes = 0
        let thread = SnapshotThread(settings)
        for sequence: Int64 in 1...20 {
            var content = machine.snapshot(of: 0)
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
        let machine = StateMachine(group: "g", zone: zones)
        fill(machine, [1])
        let thread = SnapshotThread(SnapshotSettings(configuration()))
        thread.write(machine.snapshot(of: 0))
        thread.waitUntilIdle(seconds: 60)
        #expect(throws: StorageError.self) { try thread.takeOutcomes()[0].result.get() }
        thread.close()
    }

    @Test func anAudienceIsDueWhenItChangedSinceItsNewest() throws {
        let machine = StateMachine(group: "g", zone: zones)
        let keeper = try SnapshotKeeper(configuration())
        try keeper.begin(machine)
        #expect(keeper.due(machine) == [])
        fill(machine, [1])
        #expect(keeper.due(machine) == [0])
        keeper.take(machine.snapshot(of: 0))
        keeper.finish()
        #expect(keeper.due(machine) == [])
        let complete = keeper.takeComplete()
        #expect(complete.map(\.name) == [.init(audience: "vip", sequence: machine.sequence)] && keeper.takeComplete().isEmpty)
        // Its announcement is a commit that changes nobody.
        machine.commit()
        machine.announce(snapshot: complete[0].manifest, of: "vip")
        #expect(keeper.due(machine) == [])
        change(machine, [2])
        #expect(keeper.due(machine) == [0])
        keeper.close()
    }

    @Test func aStartFindsWhatACrashLeft() throws {
        let machine = StateMachine(group: "g", zone: zones)
        fill(machine, [1])
        let first = try SnapshotKeeper(configuration())
        try first.begin(machine)
        first.take(machine.snapshot(of: 0))
        first.finish()
        first.close()
        let name = JournalRecord.Announcement(audience: "vip", sequence: machine.sequence)

        let unannounced = try SnapshotKeeper(configuration())
        unannounced.noteBarrier(machine)
        #expect(!unannounced.isOwed)
        try unannounced.begin(machine)
        #expect(unannounced.due(machine) == [] && unannounced.takeComplete().map(\.name) == [name])
        unannounced.close()

        let announced = try SnapshotKeeper(configuration())
        announced.note([name])
        change(machine, [2])
        announced.noteBarrier(machine)
        #expect(announced.isOwed)
        try announced.begin(machine)
        #expect(announced.isOwed && announced.takeComplete().isEmpty)
        announced.close()
    }

    @Test func aSnapshotBeyondTheJournalStopsTheStart() throws {
        let machine = StateMachine(group: "g", zone: zones)
        fill(machine, [1])
        _ = try writeSnapshot(machine.snapshot(of: 0), as: [.ndjson], below: snapshots)
        let keeper = try SnapshotKeeper(configuration())
        let empty = StateMachine(group: "g", zone: zones)
        do {
            try keeper.begin(empty)
            Issue.record("it began")
        } catch let failure as DaemonFailure {
            #expect(failure.kind == .data && failure.cause.contains("another deployment"))
        }
    }
}
