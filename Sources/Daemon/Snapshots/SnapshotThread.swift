// The thread that writes snapshots, so that the loop does not pause for the disk: one at a time, in the order they were handed over, and
// bounded: members that wait for it take at most `maximumBytes` (and one snapshot more, however large it is).
//
// It also removes what nothing keeps any more. It knows no engine and no Kafka; what became of a snapshot is fetched by the loop.
import Glibc
import Storage

/// What became of a snapshot that was handed over.
struct SnapshotOutcome: Sendable {
    var audience: String
    var sequence: Int64
    var result: Result<Snapshot, StorageError>
}

/// `@unchecked Sendable`: everything that changes is read and written with the mutex held.
final class SnapshotThread: @unchecked Sendable {
    private enum Job {
        case write(SnapshotContent, bytes: Int)
        /// Remove what nothing keeps any more, of every audience.
        case sweep
    }

    private let settings: SnapshotSettings
    /// Signalled whenever a job comes or ends.
    private let monitor = Monitor()
    /// In order from `firstJob`; those before it are done, and nil, so that their members go.
    private var jobs: [Job?] = []
    private var firstJob = 0
    private var bytesWaiting = 0
    private var isWorking = false
    private var isClosed = false
    private var outcomes: [SnapshotOutcome] = []
    private var thread: pthread_t?
    /// Whether it is time to work on the caller's thread; nil where there is one of its own.
    private let isFree: (@Sendable () -> Bool)?

    init(_ settings: SnapshotSettings, _ workers: Workers = .threads) {
        self.settings = settings
        switch workers {
        case .threads:
            isFree = nil
            thread = startThread { [self] in work() }
        case .caller(let isFree): self.isFree = isFree
        }
    }

    // For the loop.

    /// Whether another snapshot would not have to wait.
    var hasRoom: Bool { monitor.locked { bytesWaiting <= settings.maximumBytes } }

    /// Hands over a snapshot. While what waits already takes more memory than it may, this waits for the disk.
    func write(_ content: SnapshotContent) {
        let bytes = content.byteCount
        if isFree != nil && !hasRoom { work() }
        monitor.locked {
            monitor.wait { bytesWaiting > settings.maximumBytes && !isClosed }
            jobs.append(.write(content, bytes: bytes))
            bytesWaiting += bytes
            monitor.signal()
        }
    }

    /// Asks for the removal of what nothing keeps any more.
    func sweep() {
        monitor.locked {
            jobs.append(.sweep)
            monitor.signal()
        }
    }

    /// What became of the snapshots that ended since this was asked last, in order.
    func takeOutcomes() -> [SnapshotOutcome] {
        if isFree?() == true { work() }
        return monitor.locked {
            defer { outcomes.removeAll() }
            return outcomes
        }
    }

    /// Waits until everything handed over is written, or the time is up.
    func waitUntilIdle(seconds: Int) {
        if isFree != nil { work() }
        monitor.locked { monitor.wait(milliseconds: seconds * 1000) { isWorking || firstJob < jobs.count } }
    }

    /// Finishes the snapshot under way, drops the others, and ends the thread.
    func close() {
        let thread = monitor.locked {
            isClosed = true
            removeJobs()
            bytesWaiting = 0
            monitor.signal()
            defer { self.thread = nil }
            return self.thread
        }
        if let thread { pthread_join(thread, nil) }
    }

    private func removeJobs() {
        jobs.removeAll(keepingCapacity: true)
        firstJob = 0
    }

    // The thread itself, or the caller's: then it ends when nothing waits.

    private func work() {
        while let job = next() { take(job) }
    }

    private func take(_ job: Job) {
        switch job {
        case .write(let content, let bytes):
            let outcome = SnapshotOutcome(audience: content.audience, sequence: content.sequence, result: write(content))
            monitor.locked {
                outcomes.append(outcome)
                bytesWaiting = max(0, bytesWaiting - bytes)
            }
        case .sweep: sweepAll()
        }
    }

    private func next() -> Job? {
        monitor.locked {
            isWorking = false
            monitor.signal()
            monitor.wait { firstJob == jobs.count && !isClosed && isFree == nil }
            guard !isClosed, firstJob < jobs.count else { return nil }
            isWorking = true
            defer {
                jobs[firstJob] = nil
                firstJob += 1
                if firstJob == jobs.count { removeJobs() }
            }
            return jobs[firstJob]
        }
    }

    private func write(_ content: SnapshotContent) -> Result<Snapshot, StorageError> {
        do throws(StorageError) {
            let snapshot = try writeSnapshot(content, as: settings.formats, below: settings.folder)
            prune(content.audience)
            return .success(snapshot)
        } catch {
            return .failure(error)
        }
    }

    private func sweepAll() {
        do throws(StorageError) {
            for audience in try settings.folder.audiences() { prune(audience) }
        } catch {
            Log.error(.snapshotNotRemoved, "old snapshots cannot be looked for", ["cause": error.description])
        }
    }

    private func prune(_ audience: String) {
        do throws(StorageError) {
            let since = wallMilliseconds() - settings.keepMilliseconds
            try settings.folder.prune(audience, keepingNewest: settings.keep, writtenSince: since)
        } catch {
            Log.error(.snapshotNotRemoved, "an old snapshot cannot be removed", ["audience": audience, "cause": error.description])
        }
    }
}
