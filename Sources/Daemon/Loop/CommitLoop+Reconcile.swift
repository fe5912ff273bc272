// A start that cannot repeat what was committed, since it goes by other rules (contract §7) or since compaction has taken away what was
// read (contract §3): what follows from what is there is compared with what was committed, and the difference is a commit with cause
// `repair`.
import Engine
import Kafka
import Wire

/// Records that the journal names are gone from a topic that is compacted: another start has to do without repeating them.
struct CompactedAway: Error {
    let topic: String
}

extension CommitLoop {
    /// Says why a start has to reconcile; nil when it repeats what was committed.
    static func reasonToReconcile(
        _ loaded: Checkpoints.Loaded?, _ records: [JournalRecord], _ fingerprint: JournalRecord.Fingerprint, rebuilt: Set<String>
    ) -> String? {
        if !rebuilt.isEmpty { return "\(rebuilt.sorted().joined(separator: ", ")) was compacted since the last checkpoint" }
        let former = loaded.flatMap { $0.fingerprint == fingerprint.text ? nil : $0.fingerprint }
        let other = former ?? records.first { $0.fingerprint != fingerprint }?.fingerprint.text
        if let other { return "commits were made by other rules: \(other); now \(fingerprint.text)" }
        // It was beside what another start had come to, maybe from less than there is here, and what it said would not follow from that.
        return records.first(where: \.isRepair).map { "commit \($0.sequence) put members right" }
    }

    /// Applies what compaction has left of the records that were read of topics which cannot be repeated, in no commit.
    mutating func applyRemains() throws {
        for partition in inputs.rebuiltPartitions {
            let batch = batch
            while try inputs.takeRemains(of: partition, into: &batch.records) {
                decode()
                machine.apply(batch.decoded, clock: machine.engine.clock)
                machine.output.removeAll()
                batch.removeAll()
                ServiceManager.current.progress("reading what is left of compacted topics")
            }
        }
        try inputs.leaveRemains()
    }

    /// Commits how members differ from those that were committed, if the start could not repeat that.
    mutating func reconcile() throws {
        guard let reader = committedMembers.take() else { return }
        UnderWay.begin("comparing with the members that were committed")
        let committed = try reader.members()
        if let unknown = machine.unknownAudience(of: committed) {
            throw DaemonFailure(
                .data, "members of audience \(unknown) were committed, and no campaign that this program accepts writes it",
                hint: "Start the program that committed them, and delete or publish anew its campaign.")
        }
        let differences = try commits.reconcile(with: committed)
        try commits.handOver()
        Log.warning(
            .reconciled, "members were compared with those that were committed; what differed is committed with cause repair",
            ["audiences": String(committed.count), "events": String(differences), "sequence": String(machine.sequence)])
    }
}
