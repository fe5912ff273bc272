// Goal: what an engine keeps follows from its tables, definitions, clock and memories, and from nothing else. Method: after a random
// history it keeps what another does that was given the last rows, in another order, then the memories and definitions.
import Campaigns
import Oracle
import Testing

@testable import Engine

@Suite struct StateDumpTests {
    private static let parts = 4
    private static let trials = Trials.oneOf(30, byHand: 100)

    /// An engine with what one ends with whose history this was.
    private func fresh(after history: History, _ steps: [Step], seed: Int) -> Player {
        var random = RandomNumbers(seed: UInt64(seed))
        let player = Player(fewRows: seed % 2 == 0 ? 32 : 1)
        for case .schema(let schema) in steps { player.publish(schema) }
        player.advance(to: history.player.engine.clock)
        for (table, rows) in history.tables.rows.sorted(by: { $0.key < $1.key }) {
            let size = history.tables.schemas[table]!.fields.count
            let sorted = rows.values.map { $0 + Row(repeating: nil, count: size - $0.count) }.sorted { "\($0)" < "\($1)" }
            for row in random.shuffled(sorted) { player.upsert(row, into: table) }
        }
        player.commit()
        let registry = history.player.engine.registry
        for id in history.campaigns.keys.sorted(by: { (registry.stratum(of: $0), $0) < (registry.stratum(of: $1), $1) })
        where !history.player.engine.campaign(id)!.isStopped {
            let memory = history.player.engine.memory(of: id)
            player.engine.audiences.campaigns[id] = CampaignState(version: 1, definition: history.campaigns[id]!, memory: memory)
            _ = player.publish(history.campaigns[id]!)
        }
        return player
    }

    /// Whether audiences that others read follow from the tables and memories: of a stopped campaign, or one that is frozen, they do not.
    private func isComplete(_ history: History) -> Bool {
        let campaigns = history.campaigns
        guard campaigns.values.contains(where: { !$0.reads.isEmpty }) else { return true }
        return campaigns.allSatisfy { id, campaign in
            let state = history.player.engine.campaign(id)!
            return !state.isStopped && campaign.startAt == nil && campaign.endAt == nil && campaign.saves.allSatisfy { $0.mode == .mirror }
        }
    }

    @Test(arguments: 0..<parts)
    func aHistoryLeavesWhatItsEndAsksFor(part: Int) {
        var compared = 0
        for seed in 1...Self.trials where seed % Self.parts == part {
            let steps = RandomWorld(seed: UInt64(seed), length: seed % 40 == 0 ? 200 : 45).steps
            let history = History(seed: seed)
            for step in steps { _ = history.run(step) }
            history.player.commit()
            guard isComplete(history) else { continue }
            let dump = StateDump(history.player.engine)
            let expected = StateDump(fresh(after: history, steps, seed: seed).engine)
            #expect(dump.state == expected.state, "seed \(seed)\n\(dump.difference(from: expected))")
            if !dump.state.isEmpty { compared += 1 }
        }
        #expect(compared > Self.trials / Self.parts / 3)
    }
}
