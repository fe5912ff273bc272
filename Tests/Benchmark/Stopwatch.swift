// Two clocks: that on the wall, and the processor time of this thread, which neighbours on the machine disturb less.
import Daemon
import Glibc

/// Adds up the time of what one thread does, in nanoseconds.
struct Stopwatch {
    private(set) var wall: UInt64 = 0
    private(set) var processor: UInt64 = 0

    mutating func measure<Result: ~Copyable>(_ body: () throws -> Result) rethrows -> Result {
        let (wallBefore, processorBefore) = (monotonicNanoseconds(), Stopwatch.threadNanoseconds())
        defer {
            wall += monotonicNanoseconds() - wallBefore
            processor += Stopwatch.threadNanoseconds() - processorBefore
        }
        return try body()
    }

    private static func threadNanoseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
