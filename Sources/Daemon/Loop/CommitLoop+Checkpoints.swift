// Where the loop takes checkpoints: begun between two commits, copied a little between later ones, published once the commit is; and one
// at the end, of the last commit.
import Kafka
import Wire

extension CommitLoop {
    /// Begins a checkpoint when it is time, and goes on with the one under way.
    mutating func serveCheckpoint() throws {
        guard let checkpoints, checkpoints.isDue else { return }
        try committing.finish()
        if checkpoints.isUnderWay {
            checkpoints.goOn(machine, until: Deadline(after: Patience.checkpointSlice))
            guard checkpoints.awaitsPlace, !transactions.isLookingOut else { return }
            if let place = transactions.found {
                checkpoints.publish(at: place, outputs: [:], fingerprint)
            } else {
                // Where its commit stands was not said; the next one will do.
                checkpoints.giveUp(machine)
            }
        } else if !machine.hasChanges, !machine.isEmitting, planMaker?.isCopying != true, checkpoints.begin(machine, facts) {
            transactions.lookOut(for: machine.sequence)
        }
    }

    /// Takes a checkpoint of the last commit: the loop is about to end.
    func takeLastCheckpoint() throws {
        guard let checkpoints else { return }
        planMaker?.giveUp(machine)
        try finish()
        // What waits to be said is in no image; the next start decides it again.
        if machine.isEmitting { return }
        transactions.lookOut(for: machine.sequence)
        checkpoints.takeLast(machine, facts, at: transactions.found, outputs: try sink.outputEnds(), fingerprint)
    }

    /// As of the last commit.
    private var facts: LoopFacts {
        var facts = LoopFacts()
        facts.eventClock = eventClock
        facts.inputs = inputs.partitions.map {
            LoopFacts.Input(topic: $0.topic, partition: $0.number, position: $0.position, journaled: $0.journaled, last: $0.last)
        }
        facts.anchors = watch.anchorsFound
        facts.barriers = barriers.waiting
        facts.announced = snapshots?.announced ?? [:]
        facts.owesSnapshots = snapshots?.isOwed ?? false
        return facts
    }
}
