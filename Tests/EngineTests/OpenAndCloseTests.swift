// Goal: what campaigns ask for is kept while they ask: publishing the same again adds no state and says nothing, and deleting all of them
// leaves nothing behind. Method: random histories, in which every campaign is published twice now and then, and all are deleted at the end.
import Campaigns
import Oracle
import Testing

@testable import Engine

@Suite struct OpenAndCloseTests {
    private static let parts = 4
    private static let trials = 400

    /// An engine that is told a history, and what of it stands.
    private final class History {
        let player: Player
        var campaigns: [String: Campaign] = [:]
        var hasClock = false

        /// Of half of the seeds the rows of an identity or a record are in order as soon as there are two.
        init(seed: Int) {
            player = Player(fewRows: seed % 2 == 0 ? 1 : 32)
        }

        /// Returns a campaign that has gone live.
        func run(_ step: Step) -> Campaign? {
            switch step {
            case .schema(let schema):
                player.commit()
                player.publish(schema)
            case .advance(let instant):
                for stop in player.engine.commitInstants(until: instant) {
                    player.applyBatch()
                    player.advance(to: stop)
                    player.commit()
                }
                player.applyBatch()
                player.advance(to: instant)
                hasClock = true
            case .upsert(let table, let row): player.upsert(row, into: table)
            case .remove(let table, let key, let version): player.remove(key, version: version, from: table)
            case .move(let table, let key, let row): _ = player.move(key, to: row, in: table)
            case .truncate(let table): player.truncate(table)
            case .commit: player.commit()
            case .publish(let campaign):
                player.commit()
                let campaign = Expectations.described(campaign)
                guard hasClock, player.engine.registry.allows(campaign) else { return nil }
                _ = player.publish(campaign)
                campaigns[campaign.id] = campaign
                return campaign
            case .stop(let id):
                player.commit()
                player.engine.stop(campaign: id)
            case .delete(let id):
                player.commit()
                player.engine.delete(campaign: id, into: player.difference)
                campaigns[id] = nil
            }
            return nil
        }
    }

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
