// One stage of a pipeline: a thread that does one job at a time while its owner prepares the next. Threads meet once per batch.
import Glibc

/// `@unchecked Sendable`: everything that changes is read and written with the mutex held. A job belongs to the stage's thread from `start` until
/// the next `start` or `finish` returns.
final class Stage<Job: Sendable>: @unchecked Sendable {
    private let work: @Sendable (Job) throws -> Void
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    /// Signalled whenever a job comes or ends.
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var job: Job?
    private var failure: (any Error)?
    private var isClosed = false
    private var thread: pthread_t?

    init(work: @escaping @Sendable (Job) throws -> Void) {
        self.work = work
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
        thread = startThread { [self] in run() }
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    /// Begins a job as soon as the one before has ended; throws what that one threw.
    func start(_ job: Job) throws {
        try ended { self.job = job }
    }

    /// Waits until nothing is being done; throws what the last job threw.
    func finish() throws {
        try ended {}
    }

    /// Ends the thread; the job at hand is done before. Must be called.
    func close() {
        pthread_mutex_lock(mutex)
        isClosed = true
        pthread_cond_broadcast(changed)
        let thread = thread
        self.thread = nil
        pthread_mutex_unlock(mutex)
        if let thread { pthread_join(thread, nil) }
    }

    private func ended(_ then: () -> Void) throws {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while job != nil { pthread_cond_wait(changed, mutex) }
        if let failure {
            self.failure = nil
            throw failure
        }
        then()
        pthread_cond_broadcast(changed)
    }

    private func run() {
        pthread_mutex_lock(mutex)
        while true {
            while job == nil && !isClosed { pthread_cond_wait(changed, mutex) }
            guard let current = job else { break }
            pthread_mutex_unlock(mutex)
            let result = Result { try work(current) }
            pthread_mutex_lock(mutex)
            if case .failure(let error) = result { failure = error }
            job = nil
            pthread_cond_broadcast(changed)
        }
        pthread_mutex_unlock(mutex)
    }
}
