// Where the loop takes snapshots: between two transactions, when everything applied is committed and acknowledged.
import Kafka
import Wire

extension CommitLoop {
    /// Takes all audiences that changed since their last snapshot: a barrier was reached, or was before a crash.
    mutating func takeAllSnapshots() throws {
        guard let snapshots else { return }
        let numbers = snapshots.due(machine)
        if !numbers.isEmpty {
            let position = try committedPosition()
            for number in numbers { snapshots.take(machine.snapshot(of: number, position: position)) }
        }
        snapshots.settle()
    }

    /// Announces what is complete, and takes some of a round that is due.
    mutating func serveSnapshots() throws {
        guard let snapshots else { return }
        try announceSnapshots()
        guard snapshots.isOwed || snapshots.isRoundDue else { return }
        try finish()
        // "Barriers, snapshots … wait for the last."
        if machine.isEmitting { return }
        if snapshots.isOwed { try takeAllSnapshots() }
        snapshots.beginRound(machine)
        let slice = Deadline(after: Patience.snapshotSlice)
        while snapshots.hasRoom, !slice.hasPassed, let number = snapshots.nextOfRound(machine) {
            snapshots.take(machine.snapshot(of: number, position: try committedPosition()))
        }
    }

    /// Writes what was taken, and announces it: the loop is about to end.
    mutating func finishSnapshots() throws {
        guard let snapshots else { return }
        snapshots.finish()
        try announceSnapshots()
    }

    /// The events are no function of the inputs; the commit that carries them is one like any other, so a replay counts it and emits
    /// nothing.
    private mutating func announceSnapshots() throws {
        while let complete = snapshots?.takeComplete(), !complete.isEmpty {
            try finish()
            machine.advance(to: nextClock())
            machine.commit()
            for snapshot in complete { machine.announce(snapshot: snapshot.manifest, of: snapshot.name.audience) }
            try commits.endCommit(control: nil, changes: [], snapshots: complete.map(\.name))
            try commits.handOver()
        }
    }

    private func committedPosition() throws -> (offsets: TopicOffsets, outputs: TopicOffsets) {
        precondition(commits.isHandedOver && publishing.isIdle, "a snapshot shows committed state")
        let members = topics.name(.members)
        return (inputs.positions, try sink.outputEnds().filter { $0.key == members })
    }
}
