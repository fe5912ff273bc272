// Suites whose tests mostly wait, for a broker or a clock, have a thread of their own: `swift test` has only as many as there are
// processors, and those compute meanwhile.
import Dispatch
import Testing

/// Its tests run on one thread, which all such suites of a module share.
struct WaitingSuite: SuiteTrait, TestScoping {
    private final class OneThread: TaskExecutor {
        private let queue = DispatchQueue(label: "tests that wait")

        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        }
    }

    private static let thread = OneThread()

    func provideScope(
        for test: Testing.Test, testCase: Testing.Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await withTaskExecutorPreference(Self.thread) { try await function() }
    }
}

extension Trait where Self == WaitingSuite {
    static var waiting: WaitingSuite { WaitingSuite() }
}
