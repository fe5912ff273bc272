// What answers need of Kafka is asked for beside the server's thread and the engine's: one job after the other, on a thread that ends when
// nothing is to be done.
import Synchronization

final class SideThread: Sendable {
    private struct State {
        var jobs: [@Sendable () -> Void] = []
        var isRunning = false
    }

    private let mostWaiting: Int
    private let state = Mutex(State())

    /// - Parameter mostWaiting: so many jobs may wait.
    init(mostWaiting: Int) { self.mostWaiting = mostWaiting }

    /// Takes a job, whose turn comes after those that wait. False: too many do.
    func run(_ job: @escaping @Sendable () -> Void) -> Bool {
        let (isTaken, starts) = state.withLock { state in
            if state.jobs.count >= mostWaiting { return (false, false) }
            state.jobs.append(job)
            defer { state.isRunning = true }
            return (true, !state.isRunning)
        }
        if starts {
            _ = startThread { [self] in
                while let job = next() { job() }
            }
        }
        return isTaken
    }

    private func next() -> (@Sendable () -> Void)? {
        state.withLock { state in
            if state.jobs.isEmpty { state.isRunning = false }
            return state.jobs.isEmpty ? nil : state.jobs.removeFirst()
        }
    }
}
