// The machine's two clocks. What has a time limit asks a `Deadline`.
import Glibc

/// A clock that never steps, for durations. Nanoseconds since some instant.
package func monotonicNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// The wall clock. Milliseconds since the Unix epoch.
package func wallMilliseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
}

/// Sleeps until an instant.
func pause(until instant: ContinuousClock.Instant) {
    while case let left = instant - ContinuousClock.now, left > .zero {
        var time = timespec(tv_sec: Int(left.components.seconds), tv_nsec: Int(left.components.attoseconds / 1_000_000_000))
        nanosleep(&time, nil)
    }
}

/// Sleeps, in a loop that waits for something outside.
func pause(milliseconds: UInt32) {
    usleep(milliseconds * 1000)
}
