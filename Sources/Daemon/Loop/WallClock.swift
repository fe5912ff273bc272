// The clock `wall` (contract §7): the wall clock, but never a step of more than `clock-step` against the monotonic clock.

struct WallClock {
    private let maximumStepMilliseconds: Int64
    private var lastMonotonic: UInt64
    private var last: Int64
    private(set) var refusesStep = false

    init(maximumStep: Duration) {
        maximumStepMilliseconds = maximumStep.components.seconds * 1000
        lastMonotonic = monotonicNanoseconds()
        last = wallMilliseconds()
    }

    /// The instant now, milliseconds since the Unix epoch. While the wall clock stands too far off, time goes on from where it was.
    mutating func now() -> Int64 {
        let monotonic = monotonicNanoseconds()
        let expected = last + Int64((monotonic - lastMonotonic) / 1_000_000)
        let wall = wallMilliseconds()
        if (wall - expected).magnitude <= UInt64(maximumStepMilliseconds) {
            if refusesStep { Log.information("the wall clock is back in step") }
            refusesStep = false
            lastMonotonic = monotonic
            last = wall
            return wall
        }
        if !refusesStep {
            Log.error(
                "the wall clock stepped and is not followed; set it right, or restart to take it",
                ["by_milliseconds": String(wall - expected), "limit_milliseconds": String(maximumStepMilliseconds)])
        }
        refusesStep = true
        return expected
    }
}
