// Where the loop takes checkpoints: when it ends, and everything is committed.
import Wire

extension CommitLoop {
    /// Takes a checkpoint of the last commit.
    func takeCheckpoint() throws {
        guard let checkpoints else { return }
        try finish()
        checkpoints.take(machine, facts, at: transactions.last, outputs: try sink.outputEnds(), fingerprint)
    }

    /// As of the last commit.
    private var facts: LoopFacts {
        var facts = LoopFacts()
        facts.eventClock = eventClock
        facts.inputs = inputs.partitions.map {
            LoopFacts.Input(topic: $0.topic, partition: $0.number, position: $0.position, journaled: $0.journaled)
        }
        facts.barriers = barriers.waiting
        facts.announced = snapshots?.announced ?? [:]
        facts.owesSnapshots = snapshots?.isOwed ?? false
        return facts
    }
}
