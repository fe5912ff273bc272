// Time limits: points in time, and as librdkafka wants them: whole milliseconds, never negative (-1 would mean for ever).

extension Duration {
    /// Rounded up, within 0 … Int32.max.
    var wholeMilliseconds: Int32 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        guard seconds < 2_000_000 else { return Int32.max }
        let attosecondsPerMillisecond: Int64 = 1_000_000_000_000_000
        return Int32(seconds * 1_000 + (attoseconds + attosecondsPerMillisecond - 1) / attosecondsPerMillisecond)
    }
}

/// A point in monotonic time by which something has to be done.
package struct Deadline: Sendable {
    /// Of the monotonic clock.
    private let nanoseconds: UInt64

    /// At most a hundred years from now.
    package init(after timeout: Duration) {
        let (seconds, attoseconds) = min(max(timeout, .zero), .seconds(100 * 366 * 86_400)).components
        nanoseconds = clocks.monotonicNanoseconds() + UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
    }

    package var remaining: Duration {
        let now = clocks.monotonicNanoseconds()
        return now < nanoseconds ? .nanoseconds(Int64(nanoseconds - now)) : .zero
    }
    package var hasPassed: Bool { remaining == .zero }
}
