// What the daemon says of itself in numbers, in one place. Whatever knows a number tells it here, once per batch or commit; whoever asks
// copies all of them, and waits for nobody: the lock is held for as long as a few numbers are added.
import Synchronization
import Wire

/// Any thread may tell and ask.
package final class Metrics: Sendable {
    /// Whether the daemon is ready, which the metrics say, too.
    package let health: Health
    /// What is told by who answers requests.
    package let requests = RequestMetrics()
    private let state: Mutex<MetricsState>

    /// - Parameters:
    ///   - program: its version, and the commit that it was built from.
    ///   - audiences: most that have series of their own.
    package init(
        health: Health = Health(), program: (version: String, commit: String) = ("", ""), audiences: Int = 1000, memoryBytes: Int = 0,
        snapshotsEvery: Duration = .zero
    ) {
        self.health = health
        var state = MetricsState(program: program, mostAudiences: audiences, memoryBytes: memoryBytes)
        _ = ProcessFigures.start
        state.snapshotInterval = Double(snapshotsEvery.components.seconds)
        self.state = Mutex(state)
    }

    /// The numbers as they stand now.
    var snapshot: MetricsState { state.withLock { $0 } }

    /// All of it as it stands now.
    package func text(_ format: MetricsFormat) -> [UInt8] {
        return snapshot.text(format, health.report(), requests.snapshot, ProcessFigures(), now: wallMilliseconds())
    }

    // The loop.

    /// A life is ready: its audiences begin to be followed, and its partitions to be read.
    func begin(audiences: [CommitCounts.AudienceChange], rows: [CommitCounts.Rows], held: HeldCounts, clock: Int64, followsWallClock: Bool)
    {
        state.withLock { $0.begin(audiences: audiences, rows: rows, held: held, clock: clock, followsWallClock: followsWallClock) }
    }

    /// So many of the journal's commits were repeated.
    func repeated(_ commits: Int, of all: Int) {
        health.repeated(commits, of: all)
    }

    /// The wall clock stands so far from where it is followed; 0: it is followed.
    func clockStands(off milliseconds: Int64) {
        health.clockStands(off: milliseconds)
        state.withLock { $0.clockStep = Double(milliseconds) / 1000 }
    }

    /// What the audit has looked at and found wrong since the loop began, behind what was told before.
    func audited(rows: Int, drift: Int) {
        state.withLock { state in
            state.auditRows += rows
            state.auditDrift += drift
        }
    }

    /// The newest snapshot and how many are pending, as far as that is known.
    func snapshots(last: Int64?, pending: Int?) {
        state.withLock { state in
            state.snapshotLast = last ?? state.snapshotLast
            state.snapshotPending = pending ?? state.snapshotPending
        }
    }

    /// The newest checkpoint: when it was taken, and its size; and why there is none since, and when that was found.
    func checkpoint(_ newest: (milliseconds: Int64, bytes: Int)?, failure: (milliseconds: Int64, cause: String)?) {
        state.withLock { ($0.checkpoint, $0.checkpointFailure) = (newest ?? $0.checkpoint, failure) }
    }

    /// How many rows the transitions of a campaign carry; nil: it is not followed any more.
    func transitions(of campaign: String, _ rows: [(transition: String, rows: Int)]?) {
        state.withLock { $0.transitions[campaign] = rows }
    }

    /// The campaigns whose transitions were counted.
    var campaignsWithTransitions: [String] { state.withLock { $0.transitions.keys.sorted() } }

    // The thread that publishes.

    /// A transaction was acknowledged.
    /// - Parameters:
    ///   - commits: how many commits it held.
    ///   - last: the sequence of the last of them.
    ///   - nanoseconds: how long it took.
    func committed(_ parts: [CommitCounts], commits: Int, last: Int64?, nanoseconds: UInt64, isRedone: Bool) {
        let now = wallMilliseconds()
        state.withLock { state in
            for part in parts { state.add(part, at: now) }
            state.committed += commits
            if isRedone { state.redone += commits }
            state.commitDuration.observe(seconds: Double(nanoseconds) / 1e9)
            state.sequence = last ?? state.sequence
            state.lastCommit = now
        }
        health.committed(last)
    }

    /// A transaction was aborted, with so many commits in it.
    func aborted(commits: Int) {
        state.withLock { $0.aborted += commits }
    }

    // The thread that watches the inputs.

    /// Partitions end there, and were read up to there at least.
    func ends(_ partitions: [(partition: InputWatch.Reading, end: Int64)]) {
        let now = wallMilliseconds()
        state.withLock { state in
            for (reading, end) in partitions { state.lags.note(reading, end: end, at: now) }
        }
    }
}
