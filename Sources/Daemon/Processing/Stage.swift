// One stage of a pipeline: a thread that does jobs while its owner prepares the next. Threads meet once per batch. In a simulation jobs are
// done on the owner's thread (Workers.swift).
import Glibc

/// Does jobs in the order they came. What has piled up meanwhile is taken together, so that a stage that is slow does more at a time.
///
/// `@unchecked Sendable`: everything that changes is read and written with the mutex held. A job belongs to the stage from `start` on.
final class Stage<Job: Sendable>: @unchecked Sendable {
    private let work: @Sendable ([Job]) throws -> Void
    /// Jobs that may wait beside those being done.
    private let maximumWaiting: Int
    /// While those that wait have so many bytes, no other is taken.
    private let maximumBytes: Int
    private let bytes: @Sendable (Job) -> Int
    /// Told whenever jobs have ended.
    private let whenDone: @Sendable () -> Void
    /// Signalled whenever a job comes or ends.
    private let monitor = Monitor()
    private var waiting: [Job] = []
    private var waitingBytes = 0
    private var isWorking = false
    private var failure: (any Error)?
    private var isClosed = false
    private var thread: pthread_t?
    /// Whether it is time to work on the caller's thread; nil where it has one of its own.
    private let isFree: (@Sendable () -> Bool)?

    init(
        maximumWaiting: Int = 1, maximumBytes: Int = .max, bytes: @escaping @Sendable (Job) -> Int = { _ in 0 },
        workers: Workers = .threads, whenDone: @escaping @Sendable () -> Void = {}, work: @escaping @Sendable ([Job]) throws -> Void
    ) {
        precondition(maximumWaiting > 0, "a stage takes jobs")
        self.maximumWaiting = maximumWaiting
        self.maximumBytes = maximumBytes
        self.bytes = bytes
        self.whenDone = whenDone
        self.work = work
        switch workers {
        case .threads:
            isFree = nil
            thread = startThread { [self] in run() }
        case .caller(let isFree): self.isFree = isFree
        }
    }

    /// Whether nothing is being done and nothing waits, or a job failed.
    var isIdle: Bool {
        if isFree?() == true { workOff() }
        return monitor.locked { !isBusy }
    }

    /// How many jobs wait beside those being done.
    var waitingCount: Int { monitor.locked { waiting.count } }

    /// Whether a job can be handed over without waiting, or one failed.
    var hasRoom: Bool {
        if isFree?() == true { workOff() }
        return monitor.locked { !isFull || failure != nil }
    }

    /// With the lock held.
    private var isFull: Bool { waiting.count >= maximumWaiting || waitingBytes >= maximumBytes }

    /// With the lock held.
    private var isBusy: Bool { failure == nil && (isWorking || !waiting.isEmpty) }

    /// Throws what an earlier job threw.
    func check() throws {
        if let failure = monitor.locked({ failure }) { throw failure }
    }

    /// Hands over a job; waits while too many wait already. Throws what an earlier job threw: then no other is done.
    func start(_ job: Job) throws {
        if isFree != nil && !hasRoom { workOff() }
        try monitor.locked {
            monitor.wait { isFull && failure == nil }
            if let failure { throw failure }
            waiting.append(job)
            waitingBytes += bytes(job)
            monitor.signal()
        }
    }

    /// Waits until all jobs are done; throws what one of them threw.
    func finish() throws {
        if isFree != nil { workOff() }
        try monitor.locked {
            monitor.wait { isBusy }
            if let failure { throw failure }
        }
    }

    /// Ends the thread once the jobs at hand are done; those that wait are dropped. Must be called.
    func close() {
        let thread = monitor.locked {
            isClosed = true
            waiting.removeAll()
            waitingBytes = 0
            monitor.signal()
            defer { self.thread = nil }
            return self.thread
        }
        if let thread { pthread_join(thread, nil) }
    }

    private func run() {
        while let jobs = next() { take(jobs) }
    }

    /// Does what waits, on the caller's thread.
    private func workOff() {
        let isThere = monitor.locked { !waiting.isEmpty }
        if isThere, let jobs = next() { take(jobs) }
    }

    private func take(_ jobs: [Job]) {
        let result = Result { try work(jobs) }
        monitor.locked {
            if case .failure(let error) = result { failure = error }
            isWorking = false
            monitor.signal()
        }
        whenDone()
    }

    private func next() -> [Job]? {
        monitor.locked {
            monitor.wait { waiting.isEmpty && !isClosed }
            guard !isClosed, failure == nil else { return nil }
            isWorking = true
            defer {
                waiting.removeAll(keepingCapacity: true)
                waitingBytes = 0
                monitor.signal()
            }
            return waiting
        }
    }
}
