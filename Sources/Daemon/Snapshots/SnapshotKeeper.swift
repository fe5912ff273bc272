// Which audiences are due for a snapshot, and which snapshots are not announced yet (contract §5).
//
// An audience is due when it changed since its newest snapshot: the one taken last or, after a start, the one that lies in the folder.
// Every `every` a round begins, which takes those that are due one by one; a reached barrier takes all of them at once. A snapshot that was
// due at a barrier and that a crash prevented is made up for after the start, of the state as it is then.
//
// A snapshot is announced (event `audience.snapshot`) in a commit after it is complete, and the commit's journal record says so. What lies
// complete in the folder and is in no record was finished just before a crash, and is announced after the start: each once.
import Campaigns
import Engine
import Kafka
import Storage
import Wire

/// The state of a deployment's snapshots. It belongs to the loop; the writing is its thread's.
final class SnapshotKeeper {
    /// A complete snapshot that is to be announced.
    struct Complete {
        var name: JournalRecord.Announcement
        var manifest: String
    }

    /// How many snapshots one commit announces at most.
    private static let announcementsPerCommit = 1000

    private let settings: SnapshotSettings
    private let workers: Workers
    private let every: Duration
    /// The sequence of the newest snapshot taken, by audience id.
    private var newest: [String: Int64] = [:]
    /// The sequence of the newest snapshot announced, by audience id.
    private(set) var announced: [String: Int64] = [:]
    /// In the order in which they were finished.
    private var unannounced: [Complete] = []
    private var thread: SnapshotThread?
    /// When the newest was complete, milliseconds since the Unix epoch; nil: there is none.
    private(set) var lastWritten: Int64?
    private var nextRound = Deadline(after: .zero)
    /// Numbers of audiences that the round at hand has yet to look at, the next one last.
    private var round: [Int] = []
    /// An audience was due at a barrier that the journal says was reached, and has no snapshot since.
    private(set) var isOwed = false

    /// Looks at what lies in the folder; nothing is written before `begin`.
    init(
        _ configuration: Configuration, in files: any FileSystem = DiskFiles(), workers: Workers = .threads
    ) throws(StorageError) {
        settings = SnapshotSettings(configuration, in: files)
        self.workers = workers
        every = configuration.snapshots.every
        try settings.folder.removeLeftovers()
        for audience in try settings.folder.audiences() { newest[audience] = try settings.folder.sequences(of: audience).last }
    }

    // While the journal is replayed.

    /// What a checkpoint says of the commits before it.
    func restore(announced: [String: Int64], isOwed: Bool) {
        self.announced = announced
        self.isOwed = isOwed
    }

    /// A commit announces these.
    func note(_ names: [JournalRecord.Announcement]) {
        for name in names { announced[name.audience] = max(announced[name.audience] ?? 0, name.sequence) }
    }

    /// A commit of the journal reached a barrier.
    func noteBarrier(_ machine: StateMachine) {
        if !isOwed { isOwed = !due(machine).isEmpty }
    }

    /// The journal is replayed: checks that the folder is this deployment's, finds what is unannounced, and starts the thread.
    func begin(_ machine: StateMachine) throws {
        for (audience, sequence) in newest.sorted(by: { $0.key < $1.key }) where sequence > machine.sequence {
            throw DaemonFailure(
                .data,
                """
                \(settings.folder.path)/\(audience)/\(sequence) is a snapshot of commit \(sequence), but the journal ends with \
                \(machine.sequence): the folder is that of another deployment, or the journal lost commits
                """, hint: "Move the folder aside, or restore the journal.")
        }
        try findUnannounced()
        isOwed = isOwed && !due(machine).isEmpty
        nextRound = try firstRound()
        thread = SnapshotThread(settings, workers)
    }

    private func findUnannounced() throws(StorageError) {
        let reader = JSONReader()
        for audience in newest.keys.sorted() {
            for sequence in try settings.folder.sequences(of: audience) where sequence > announced[audience] ?? -1 {
                let manifest: String
                do throws(StorageError) {
                    manifest = try settings.folder.manifest(of: audience, sequence: sequence)
                } catch {
                    Log.warning(
                        .snapshotUnreadable, "a folder among the snapshots holds none",
                        ["audience": audience, "sequence": String(sequence), "cause": error.description])
                    continue
                }
                let padded = Array(manifest.utf8) + [UInt8](repeating: 0, count: 64)
                guard padded.withUnsafeBytes({ reader.tree(UnsafeRawBufferPointer(rebasing: $0.dropLast(64))) }) != nil else {
                    Log.warning(
                        .snapshotUnreadable, "the manifest of a snapshot is no JSON", ["audience": audience, "sequence": String(sequence)])
                    continue
                }
                unannounced.append(Complete(name: .init(audience: audience, sequence: sequence), manifest: manifest))
            }
        }
    }

    /// `every` after the newest snapshot of all, so that restarts do not put rounds off for ever; without one, `every` from now.
    private func firstRound() throws(StorageError) -> Deadline {
        let written = newest.compactMap { settings.folder.writtenMilliseconds(of: $0.key, sequence: $0.value) }.max()
        lastWritten = written
        let age = written.map { max(0, wallMilliseconds() - $0) } ?? 0
        return Deadline(after: every - .milliseconds(age))
    }

    // In the loop. The state machine holds committed state.

    /// Whether the next of a round can be handed over without waiting for the disk.
    var hasRoom: Bool { thread?.hasRoom ?? false }

    /// Whether a round is under way, or it is time for one.
    var isRoundDue: Bool { thread != nil && (!round.isEmpty || nextRound.hasPassed) }

    /// Begins a round when it is time.
    func beginRound(_ machine: StateMachine) {
        guard let thread, round.isEmpty, isRoundDue else { return }
        nextRound = Deadline(after: every)
        round = due(machine).reversed()
        thread.sweep()
    }

    /// The next audience of the round that is still due.
    func nextOfRound(_ machine: StateMachine) -> Int? {
        while let audience = round.popLast() {
            if isDue(audience, machine) { return audience }
        }
        return nil
    }

    /// All audiences that are due, by number.
    func due(_ machine: StateMachine) -> [Int] {
        var numbers: [Int] = []
        for audience in 0..<machine.engine.audienceCount where isDue(audience, machine) { numbers.append(audience) }
        return numbers
    }

    /// Whether an audience has changed since its last snapshot.
    func isDue(_ audience: Int, _ machine: StateMachine) -> Bool {
        let changed = machine.lastChange(of: audience)
        return changed > 0 && changed > newest[machine.engine.audience(audience).id] ?? -1
    }

    /// Hands a snapshot to the thread; waits when too much waits for it already.
    func take(_ content: SnapshotContent) {
        guard let thread else { return }
        newest[content.audience] = content.sequence
        thread.write(content)
    }

    /// Everything that was owed is taken.
    func settle() { isOwed = false }

    /// Complete snapshots that the next commit announces.
    func takeComplete() -> [Complete] {
        for outcome in thread?.takeOutcomes() ?? [] { note(outcome) }
        let taken = Array(unannounced.prefix(SnapshotKeeper.announcementsPerCommit))
        unannounced.removeFirst(taken.count)
        note(taken.map(\.name))
        return taken
    }

    private func note(_ outcome: SnapshotOutcome) {
        switch outcome.result {
        case .success(let snapshot):
            let name = JournalRecord.Announcement(audience: outcome.audience, sequence: outcome.sequence)
            unannounced.append(Complete(name: name, manifest: snapshot.manifest))
            lastWritten = wallMilliseconds()
            Log.information(
                .snapshot, "snapshot",
                [
                    "audience": outcome.audience, "sequence": String(outcome.sequence),
                    "bytes": String(snapshot.files.reduce(0) { $0 + $1.bytes }),
                ])
        case .failure(let error):
            Log.error(
                .snapshotFailed, "a snapshot failed; the audience stays due", ["audience": outcome.audience, "cause": error.description])
            // Unless a later one was taken meanwhile.
            if newest[outcome.audience] == outcome.sequence { newest[outcome.audience] = -1 }
        }
    }

    // At the end.

    /// Waits for the thread to write what it has, within bounds: the snapshots of a barrier are there when a stop comes right after it.
    func finish() { thread?.waitUntilIdle(seconds: 20) }

    /// Ends the thread; what waits is dropped.
    func close() {
        thread?.close()
        thread = nil
    }
}
