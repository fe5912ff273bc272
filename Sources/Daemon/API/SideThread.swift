// What answers need besides the engine and the server's thread: jobs that wait for Kafka, sort, or think and write. They are done one
// after the other on a thread of their own, which ends when nothing was to be done for a while.
import Glibc

/// `@unchecked Sendable`: the monitor guards what it has.
final class SideThread: @unchecked Sendable {
    private let mostWaiting: Int
    private let monitor = Monitor()
    private var jobs: [@Sendable () -> Void] = []
    private var isRunning = false

    /// A thread that begins anew for each job would wait for its turn on a busy machine each time.
    private static let patienceMilliseconds = 5000

    /// - Parameter mostWaiting: so many jobs may wait.
    init(mostWaiting: Int) { self.mostWaiting = mostWaiting }

    /// Takes a job, whose turn comes after those that wait. False: too many do.
    func run(_ job: @escaping @Sendable () -> Void) -> Bool {
        let (isTaken, starts) = monitor.locked {
            if jobs.count >= mostWaiting { return (false, false) }
            jobs.append(job)
            monitor.signal()
            defer { isRunning = true }
            return (true, !isRunning)
        }
        if starts {
            // Nobody waits for its end.
            pthread_detach(
                startThread { [self] in
                    while let job = next() { job() }
                })
        }
        return isTaken
    }

    /// The next job; nil: none came for long.
    private func next() -> (@Sendable () -> Void)? {
        monitor.locked {
            monitor.wait(milliseconds: Self.patienceMilliseconds) { jobs.isEmpty }
            if jobs.isEmpty { isRunning = false }
            return jobs.isEmpty ? nil : jobs.removeFirst()
        }
    }
}
