// The machine's two clocks, and sleeping: the seam at which a simulation has a time of its own. What has a time limit asks a `Deadline`.
import Glibc

/// What tells the time.
package protocol Clocks: Sendable {
    /// A clock that never steps, for durations. Nanoseconds since some instant.
    func monotonicNanoseconds() -> UInt64
    /// Milliseconds since the Unix epoch.
    func wallMilliseconds() -> Int64
    /// Returns when so much time has passed.
    func pause(milliseconds: UInt32)
}

/// Those of the machine.
package struct SystemClocks: Clocks {
    package init() {}

    package func monotonicNanoseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    package func wallMilliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    package func pause(milliseconds: UInt32) {
        usleep(milliseconds * 1000)
    }
}

/// A process has one time. Only a simulation sets it, before anything else happens.
nonisolated(unsafe) package var clocks: any Clocks = SystemClocks()
