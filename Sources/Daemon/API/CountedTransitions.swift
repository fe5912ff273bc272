// The counts of transitions that were counted last, by campaign: counting looks at every row, so nobody makes the engine do it again and
// again. How soon it is done again follows from what it took: a twentieth of the engine's time at most, for all that streams show together.
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
        /// What is being counted for streams.
        var underWay: String?
        /// When the next may be counted for streams.
        var next = Deadline(after: .zero)
        /// Which was counted for streams when, the last with the highest number.
        var turns: [String: Int] = [:]
        var turn = 0
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
        state.withLock { state in
            state.counted[campaign] = (counts, Deadline(after: age))
            if state.underWay == campaign { state.next = Deadline(after: taken * Self.share) }
        }
    }

    /// Of the campaigns that streams show, by id and version, that which is to be counted: of those of which what is there is old, the one
    /// that was counted longest ago; nil: none, or one is being counted, or it is too soon. `end` says when that is over.
    func begins(_ campaigns: [(id: String, version: Int)]) -> String? {
        state.withLock { state in
            guard state.underWay == nil, state.next.hasPassed else { return nil }
            let old = campaigns.filter { campaign in
                guard let found = state.counted[campaign.id] else { return true }
                return found.deadline.hasPassed || found.counts.version != campaign.version
            }
            guard let chosen = old.min(by: { state.turns[$0.id, default: 0] < state.turns[$1.id, default: 0] })?.id else { return nil }
            let shown = Set(campaigns.map(\.id))
            state.turns = state.turns.filter { shown.contains($0.key) }
            state.turn += 1
            state.turns[chosen] = state.turn
            state.underWay = chosen
            return chosen
        }
    }

    func end(_ campaign: String) { state.withLock { if $0.underWay == campaign { $0.underWay = nil } } }

    /// The life is another one: what was counted in the one before may never have been committed.
    func begin() { state.withLock { $0.counted = [:] } }
}
