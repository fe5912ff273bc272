// The counts of transitions that were counted last, by campaign: counting looks at every row, so nobody makes the engine do it again and
// again. How soon it is done again follows from what it took: a twentieth of the engine's time at most.
import Campaigns
import Kafka
import Synchronization

final class CountedTransitions: Sendable {
    /// Of one version of a campaign, as of a commit.
    struct Counts: Sendable {
        let version: Int
        let json: JSON
        let sequence: Int64
        let clock: Int64
    }

    private struct State {
        var counted: [String: (counts: Counts, deadline: Deadline)] = [:]
        /// Those that are being counted for streams.
        var underWay: Set<String> = []
    }

    /// So long counts are shown again at least; and where counting has held commits up for longer than `longHold` at once.
    private static let age = Duration.milliseconds(250)
    private static let ageOfHolding = Duration.seconds(10)
    private static let longHold = Duration.milliseconds(5)
    /// One part of so many of the engine's time may be taken by counting again.
    private static let share = 20
    private let state = Mutex(State())

    /// Counts of the same version that are not old, and that a commit at or before the last acknowledged one had.
    func recent(_ campaign: String, version: Int, through newest: Int64) -> Counts? {
        state.withLock { state in
            guard let found = state.counted[campaign], !found.deadline.hasPassed else { return nil }
            return Self.shown(found.counts, version, newest)
        }
    }

    /// The same, however old.
    func last(_ campaign: String, version: Int, through newest: Int64) -> Counts? {
        state.withLock { state in state.counted[campaign].flatMap { Self.shown($0.counts, version, newest) } }
    }

    private static func shown(_ counts: Counts, _ version: Int, _ newest: Int64) -> Counts? {
        counts.version == version && counts.sequence <= newest ? counts : nil
    }

    /// `taken`: of the engine's time; `longest`: at once.
    func note(_ campaign: String, _ counts: Counts, taken: Duration, longest: Duration) {
        let age = max(longest > Self.longHold ? Self.ageOfHolding : Self.age, taken * Self.share)
        state.withLock { $0.counted[campaign] = (counts, Deadline(after: age)) }
    }

    /// Whether it is to be counted for streams: what is there is old, and nobody does it yet. `end` says when that is over.
    func begins(_ campaign: String) -> Bool {
        state.withLock { state in
            if let found = state.counted[campaign], !found.deadline.hasPassed { return false }
            return state.underWay.insert(campaign).inserted
        }
    }

    func end(_ campaign: String) { state.withLock { _ = $0.underWay.remove(campaign) } }

    /// The life is another one: what was counted in the one before may never have been committed.
    func begin() { state.withLock { $0.counted = [:] } }
}
