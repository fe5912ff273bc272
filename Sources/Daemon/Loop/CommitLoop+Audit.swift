// Where the loop audits: between two batches, when nothing is being applied. What is found wrong is put right in a commit of its own.
import Kafka

extension CommitLoop {
    /// Looks at a few records, now and then.
    mutating func takeAuditSlice() throws {
        guard nextAudit.hasPassed, committing.isIdle else { return }
        nextAudit = Deadline(after: Patience.auditPause)
        try committing.finish()
        if let found = audit.look(at: machine, until: Deadline(after: Patience.auditSlice)), nextRepair.hasPassed {
            nextRepair = Deadline(after: Patience.repairs)
            Log.error(
                "an audience is not what evaluating its campaign gives: all campaigns are followed anew; please report this",
                ["audit": "drift", "campaign": found.campaign, "audience": found.audience, "sequence": String(machine.sequence)])
            commits.moveClock(nextClock())
            commits.repair()
            try commits.handOver()
        }
        guard let (counts, passedOverSaves) = audit.takeReport() else { return }
        let say = counts.drift > 0 ? Log.error : Log.information
        say(
            "audit",
            [
                "records": String(counts.records), "drift": String(counts.drift), "rounds": String(counts.rounds),
                "records_passed_over": String(counts.passedOver), "audiences_passed_over": String(passedOverSaves),
            ])
    }
}
