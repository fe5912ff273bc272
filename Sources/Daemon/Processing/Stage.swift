// One stage of a pipeline: a thread that does jobs while its owner prepares the next. Threads meet once per batch.
import Glibc

/// Does jobs in the order they came. What has piled up meanwhile is taken together, so that a stage that is slow does more at a time.
///
/// `@unchecked Sendable`: everything that changes is read and written with the mutex held. A job belongs to the stage from `start` on.
final class Stage<Job: Sendable>: @unchecked Sendable {
    private let work: @Sendable ([Job]) throws -> Void
    /// Jobs that may wait beside those being done.
    private let mostWaiting: Int
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    /// Signalled whenever a job comes or ends.
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var waiting: [Job] = []
    private var isWorking = false
    private var failure: (any Error)?
    private var isClosed = false
    private var thread: pthread_t?

    init(mostWaiting: Int = 1, work: @escaping @Sendable ([Job]) throws -> Void) {
        precondition(mostWaiting > 0, "a stage takes jobs")
        self.mostWaiting = mostWaiting
        self.work = work
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(changed, &attributes)
        pthread_condattr_destroy(&attributes)
        thread = startThread { [self] in run() }
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    /// Whether nothing is being done and nothing waits, or a job failed.
    var isIdle: Bool { locked { failure != nil || !isWorking && waiting.isEmpty } }

    /// Throws what an earlier job threw.
    func check() throws {
        if let failure = locked({ failure }) { throw failure }
    }

    /// Hands over a job; waits while too many wait already. Throws what an earlier job threw: then no other is done.
    func start(_ job: Job) throws {
        try locked {
            while waiting.count >= mostWaiting && failure == nil { pthread_cond_wait(changed, mutex) }
            if let failure { throw failure }
            waiting.append(job)
            pthread_cond_broadcast(changed)
        }
    }

    /// Waits until all jobs are done; throws what one of them threw.
    func finish() throws {
        try locked {
            while (isWorking || !waiting.isEmpty) && failure == nil { pthread_cond_wait(changed, mutex) }
            if let failure { throw failure }
        }
    }

    /// Waits until all jobs are done or one failed, or the time is up.
    func waitUntilIdle(milliseconds: Int) {
        var end = timespec()
        clock_gettime(CLOCK_MONOTONIC, &end)
        end.tv_nsec += milliseconds * 1_000_000
        end.tv_sec += end.tv_nsec / 1_000_000_000
        end.tv_nsec %= 1_000_000_000
        locked {
            while (isWorking || !waiting.isEmpty) && failure == nil {
                if pthread_cond_timedwait(changed, mutex, &end) == ETIMEDOUT { return }
            }
        }
    }

    /// Ends the thread once the jobs at hand are done; those that wait are dropped. Must be called.
    func close() {
        let thread = locked {
            isClosed = true
            waiting.removeAll()
            pthread_cond_broadcast(changed)
            defer { self.thread = nil }
            return self.thread
        }
        if let thread { pthread_join(thread, nil) }
    }

    private func locked<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body()
    }

    private func run() {
        while let jobs = next() {
            let result = Result { try work(jobs) }
            locked {
                if case .failure(let error) = result { failure = error }
                isWorking = false
                pthread_cond_broadcast(changed)
            }
        }
    }

    private func next() -> [Job]? {
        locked {
            while waiting.isEmpty && !isClosed { pthread_cond_wait(changed, mutex) }
            guard !isClosed, failure == nil else { return nil }
            isWorking = true
            defer {
                waiting.removeAll(keepingCapacity: true)
                pthread_cond_broadcast(changed)
            }
            return waiting
        }
    }
}
