// Goal: what campaigns ask for is kept while they ask: publishing the same again adds no state and says nothing, and deleting all of them
// leaves nothing behind. Method: random histories, in which every campaign is published twice now and then, and all are deleted at the end.
import Campaigns
import Oracle
import Testing

@testable import Engine

@Suite struct OpenAndCloseTests {
    private static let parts = 4
    private static let trials = Trials.oneOf(30, byHand: 100)

    @Test(arguments: 0..<parts)
    func publishingAgainAddsNothing(part: Int) {
        for seed in 1...Self.trials where seed % Self.parts == part {
            let history = History(seed: seed)
            for (place, step) in RandomWorld(seed: UInt64(seed)).steps.enumerated() {
                guard let campaign = history.run(step) else { continue }
                // Signals are given to what is asked for first.
                let (kept, made) = (Retained.counts(history.player.engine), Retained.made(history.player.engine))
                _ = history.player.publish(campaign)
                let difference = history.player.difference
                #expect(
                    difference.members.isEmpty && difference.requests.isEmpty && difference.alerts.isEmpty, "seed \(seed) step \(place)")
                let (keptNow, madeNow) = (Retained.counts(history.player.engine), Retained.made(history.player.engine))
                #expect(keptNow == kept, "seed \(seed) step \(place)")
                // A memory is that of one version: its waits are their own.
                #expect(madeNow == made, "seed \(seed) step \(place)")
            }
        }
    }

    @Test(arguments: 0..<parts)
    func deletingAllLeavesNothing(part: Int) {
        for seed in 1...Self.trials where seed % Self.parts == part {
            let history = History(seed: seed)
            for step in RandomWorld(seed: UInt64(seed), length: seed % 40 == 0 ? 200 : 45).steps { _ = history.run(step) }
            history.player.commit()
            for id in history.campaigns.keys.sorted() { history.player.engine.delete(campaign: id, into: history.player.difference) }
            #expect(Retained.counts(history.player.engine) == [:], "seed \(seed)")
        }
    }
}
