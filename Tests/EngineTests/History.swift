// A history that an engine is told, without a word about whether what it says is right; and what stands at its end.
import Campaigns
import Oracle

@testable import Engine

/// An engine that is told a history, and what of it stands.
final class History {
    let player: Player
    /// Its last rows.
    private(set) var tables = ReferenceTables()
    /// Those that were published and not deleted.
    private(set) var campaigns: [String: Campaign] = [:]
    private var hasClock = false

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
            tables.publish(schema)
        case .advance(let instant):
            for stop in player.engine.commitInstants(until: instant) {
                player.applyBatch()
                player.advance(to: stop)
                player.commit()
            }
            player.applyBatch()
            player.advance(to: instant)
            tables.advance(to: player.engine.clock)
            hasClock = true
        case .upsert(let table, let row):
            player.upsert(row, into: table)
            tables.upsert(row, into: table)
        case .remove(let table, let key, let version):
            player.remove(key, version: version, from: table)
            tables.delete(key, version: version, from: table)
        case .move(let table, let key, let row):
            _ = player.move(key, to: row, in: table)
            tables.move(from: key, to: row, in: table)
        case .truncate(let table):
            player.truncate(table)
            tables.truncate(table)
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
