// Where the loop audits: between two batches, when nothing is being applied. What is found wrong is put right in a commit of its own.
import Engine
import Kafka

extension CommitLoop {
    /// Looks at a few records and at a little of what is kept, now and then. However long that took, the next time is so late that it stays
    /// a small part of a core.
    mutating func takeAuditSlice() throws {
        guard nextAudit.hasPassed, committing.isIdle else { return }
        try committing.finish()
        let start = monotonicNanoseconds()
        let found = audit.look(at: machine, until: Deadline(after: Patience.auditSlice))
        let share = Patience.auditPause / Patience.auditSlice
        let taken = Duration.nanoseconds(Int64(monotonicNanoseconds() - start))
        nextAudit = Deadline(after: max(Patience.auditPause, taken * share))
        if let found, nextRepair.hasPassed {
            nextRepair = Deadline(after: Patience.repairs)
            sayLoudly(found)
            try commits.moveClock(nextClock())
            try commits.repair()
            try commits.handOver()
        }
        if let counts = audit.takeReport() { report(counts) }
    }

    private func sayLoudly(_ found: Audit.Finding) {
        switch found {
        case .record(let campaign, let audience):
            Log.error(
                .drift, "an audience is not what evaluating its campaign gives: all campaigns are followed anew; please report this",
                ["audit": "drift", "campaign": campaign, "audience": audience, "sequence": String(machine.sequence)])
        case .kept(let drift):
            Log.error(
                .drift, "what the engine keeps is not what lies beneath it gives: all campaigns are followed anew; please report this",
                ["audit": "drift", "kept": "\(drift.kind)", "of": drift.subject, "sequence": String(machine.sequence)])
        }
    }

    private func report(_ counts: Audit.Counts) {
        Log.write(
            counts.drift > 0 ? .error : .information, .audit, "audit",
            [
                "records": String(counts.records.records), "records_passed_over": String(counts.records.passedOver),
                "decisions": String(counts.kept.decisions), "decisions_passed_over": String(counts.kept.passedOver),
                "parts": String(counts.kept.parts), "drift": String(counts.drift), "rounds": String(counts.records.rounds),
                "audiences_in_parts_alone": String(audit.records.savesInParts),
            ])
    }
}
