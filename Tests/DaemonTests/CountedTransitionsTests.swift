// Goal: counts of transitions are shown again while they are of the version that is live and of a commit that is acknowledged, are not
// counted twice at once, and cost the engine a share of its time. Method: counts of known cost.
import Campaigns
import Testing

@testable import Daemon

@Suite struct CountedTransitionsTests {
    private let counted = CountedTransitions()
    private let counts = CountedTransitions.Counts(version: 2, json: .object([]), sequence: 7, clock: 0)

    @Test func onlyWhatIsCommittedAndLiveIsShown() {
        #expect(counted.recent("c", version: 2, through: 9) == nil && counted.last("c", version: 2, through: 9) == nil)
        counted.note("c", counts, taken: .seconds(60), longest: .zero)
        #expect(counted.recent("c", version: 2, through: 7)?.sequence == 7 && counted.last("c", version: 2, through: 7) != nil)
        #expect(counted.recent("c", version: 2, through: 6) == nil && counted.last("c", version: 2, through: 6) == nil)
        #expect(counted.recent("c", version: 3, through: 9) == nil && counted.last("c", version: 1, through: 9) == nil)
        counted.begin()
        #expect(counted.last("c", version: 2, through: 9) == nil, "another life")
    }

    @Test func whatTookLongIsNotCountedAgainSoon() {
        let both = [(id: "c", version: 2), (id: "d", version: 1)]
        #expect(counted.begins(both) == "c" && counted.begins(both) == nil, "one at a time")
        counted.note("c", counts, taken: .zero, longest: .zero)
        counted.end("c")
        #expect(counted.begins(both) == "d", "the one that waits longest")
        counted.note("d", counts, taken: .seconds(60), longest: .zero)
        counted.end("d")
        #expect(counted.begins(both) == nil, "a minute of the engine's time is a twentieth of twenty minutes, whoever is next")
    }

    @Test func anotherVersionIsCountedAtOnce() {
        counted.note("c", counts, taken: .seconds(60), longest: .zero)
        #expect(counted.begins([(id: "c", version: 2)]) == nil && counted.begins([(id: "c", version: 3)]) == "c")
    }
}
