// Where the loop makes way for a plan: begun of a commit that is acknowledged, copied a little between later ones.
import Kafka

extension CommitLoop {
    /// Begins the plan that somebody asks for, and goes on copying for the one under way. One thing is copied at a time: a checkpoint that
    /// is under way goes first.
    mutating func servePlan() throws {
        guard let planMaker, planMaker.isCopying || planMaker.isAsked else { return }
        try committing.finish()
        if planMaker.isCopying { return planMaker.goOn(machine, until: Deadline(after: Patience.checkpointSlice)) }
        guard !machine.hasChanges, !machine.isEmitting, checkpoints?.isUnderWay != true else { return }
        // What is copied is shown: it must be committed, not only on its way.
        try finish()
        planMaker.begin(machine)
    }

    /// Whether the loop is to come back soon for a plan. One that waits for a checkpoint is looked at with every tick.
    var isPlanWaiting: Bool { planMaker.map { $0.isCopying || $0.isAsked && checkpoints?.isUnderWay != true } ?? false }
}
