// The time as the daemon reads it (Kafka/Clocks.swift). What has a time limit asks a `Deadline`.
import Glibc
import Kafka

/// A clock that never steps, for durations. Nanoseconds since some instant.
package func monotonicNanoseconds() -> UInt64 { clocks.monotonicNanoseconds() }

/// The wall clock. Milliseconds since the Unix epoch.
package func wallMilliseconds() -> Int64 { clocks.wallMilliseconds() }

/// Sleeps, in a loop that waits for something outside.
func pause(milliseconds: UInt32) { clocks.pause(milliseconds: milliseconds) }

/// Sleeps until an instant.
func pause(until instant: ContinuousClock.Instant) {
    while case let left = instant - ContinuousClock.now, left > .zero {
        var time = timespec(tv_sec: Int(left.components.seconds), tv_nsec: Int(left.components.attoseconds / 1_000_000_000))
        nanosleep(&time, nil)
    }
}
