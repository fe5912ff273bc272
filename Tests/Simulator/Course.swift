// The course of one run: its chances, its time, and how many steps it has taken. The same seed gives the same course.
import Glibc
import Kafka

/// What everything that is simulated asks.
///
/// `@unchecked Sendable`: a run has one thread.
final class Course: @unchecked Sendable {
    /// What one run may take; more is a loop that does not end.
    static let maximumSteps = 400_000

    private(set) var steps = 0
    private var random: RandomNumbers
    private let isTraced: Bool
    let time: SimulatedClocks

    init(seed: UInt64, time: SimulatedClocks, isTraced: Bool) {
        random = RandomNumbers(seed: seed)
        self.time = time
        self.isTraced = isTraced
    }

    /// True in that many of 1000 cases.
    func chance(_ perThousand: Int) -> Bool { random.number(0...999) < perThousand }

    func number(_ range: ClosedRange<Int>) -> Int { random.number(range) }

    func pick<Item>(_ items: [Item]) -> Item { random.pick(items) }

    /// Counts a step.
    func step() {
        steps += 1
        precondition(steps < Course.maximumSteps * 2, "the run does not end")
    }

    /// Says what happens, where that is asked for.
    func note(_ text: @autoclosure () -> String) {
        if isTraced { print("  \(steps) at \(time.elapsedMilliseconds) ms: \(text())") }
    }
}

/// A time that moves when somebody asks for it, or sleeps.
final class SimulatedClocks: Clocks, @unchecked Sendable {
    private static let epoch: Int64 = 1_800_000_000_000
    /// Who asks has done something since the last time: so loops that look at the clock end.
    private static let nanosecondsPerLook: UInt64 = 15_000

    private var nanoseconds: UInt64 = 1_000_000_000_000
    /// What the wall clock was set forward or back.
    private var wallSteps: Int64 = 0
    /// When the run at hand began: for it the wall clock stood at the epoch. The other clock never goes back.
    private var start: UInt64 = 1_000_000_000_000

    var elapsedMilliseconds: Int64 { Int64((nanoseconds - start) / 1_000_000) }

    /// Begins anew, for another run.
    func reset() {
        start = nanoseconds
        wallSteps = 0
    }

    /// Somebody sets the wall clock.
    func stepWallClock(milliseconds: Int64) { wallSteps += milliseconds }

    func monotonicNanoseconds() -> UInt64 {
        nanoseconds += SimulatedClocks.nanosecondsPerLook
        return nanoseconds
    }

    func wallMilliseconds() -> Int64 { SimulatedClocks.epoch + elapsedMilliseconds + wallSteps }

    func pause(milliseconds: UInt32) { nanoseconds += UInt64(milliseconds) * 1_000_000 }

    /// Lets a part of a duration pass, in thousandths.
    func pass(_ thousandths: Int, of duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let whole = min(UInt64(max(0, seconds)), 3600) * 1_000_000_000 + UInt64(max(0, attoseconds) / 1_000_000_000)
        nanoseconds += whole / 1000 * UInt64(thousandths)
    }
}
