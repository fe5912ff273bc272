// The clock `wall` (contract §7): the wall clock, but never a step of more than `clock-step` against the monotonic clock.

struct WallClock {
    private let maximumStepMilliseconds: Int64
    private var lastMonotonic: UInt64
    private var last: Int64
    /// By how much the wall clock stands off while its step is not taken; 0: it is followed.
    private(set) var stepMilliseconds: Int64 = 0
    var refusesStep: Bool { stepMilliseconds != 0 }

    /// `last`: what the wall clock said now.
    init(maximumStep: Duration, last: Int64 = wallMilliseconds()) {
        maximumStepMilliseconds = maximumStep.components.seconds * 1000
        lastMonotonic = monotonicNanoseconds()
        self.last = last
    }

    /// The instant now, milliseconds since the Unix epoch. While the wall clock stands too far off, time goes on from where it was.
    mutating func now() -> Int64 {
        let monotonic = monotonicNanoseconds()
        let expected = last + Int64((monotonic - lastMonotonic) / 1_000_000)
        let wall = wallMilliseconds()
        if (wall - expected).magnitude <= UInt64(maximumStepMilliseconds) {
            if refusesStep { Log.information(.clockInStep, "the wall clock is back in step") }
            stepMilliseconds = 0
            lastMonotonic = monotonic
            last = wall
            return wall
        }
        if !refusesStep {
            Log.error(
                .clockStepped, "the wall clock stepped and is not followed; set it right, or restart to take it",
                ["by_milliseconds": String(wall - expected), "limit_milliseconds": String(maximumStepMilliseconds)])
        }
        stepMilliseconds = wall - expected
        return expected
    }
}
