// Who should be in each audience when the inputs below some offsets are in, by the plain evaluator.
import Campaigns
import Daemon
import Oracle

struct Expected {
    /// Of each audience, by identity.
    private(set) var members: [String: [String: (rows: Int64, attributes: String)]] = [:]

    init(_ world: World, _ broker: SimulatedBroker, clock: Int64, below end: (_ topic: String, _ partition: Int32) -> Int64) {
        var tables = ReferenceTables()
        var campaigns: [String: Campaign] = [:]
        func forEach(_ topic: String, _ body: (Written) -> Void) {
            for (number, entries) in (world.log[topic] ?? [:]).sorted(by: { $0.key < $1.key }) {
                for entry in entries where entry.offset < end(topic, number) && broker.isSeen(entry.transaction) { body(entry.written) }
            }
        }
        forEach(World.control) { written in
            switch written {
            case .schema(let schema): tables.publish(schema)
            case .campaign(let campaign): campaigns[campaign.id] = campaign
            case .deletion(let id): campaigns[id] = nil
            default: break
            }
        }
        for topic in [World.customers, World.purchases] {
            forEach(topic) { written in
                switch written {
                case .upsert(let table, let row): tables.upsert(row, into: table)
                case .delete(let table, let key): tables.delete(key, version: nil, from: table)
                default: break
                }
            }
        }
        let evaluator = Evaluator(tables: tables, clock: clock, zones: ["UTC": .utc])
        var kept: [String: KeptMembers] = [:]
        // Of those that read others only c3 does, which reads what c0 writes.
        for (_, campaign) in campaigns.sorted(by: { $0.key < $1.key }) {
            let known = kept
            let evaluation = evaluator.evaluate(campaign, audience: { known[$0] ?? [:] })
            for save in campaign.saves {
                let saved = evaluation.saved[save.id]!.members
                kept[save.audience] = saved
                for (identity, member) in saved {
                    let told = Member(member, of: save)
                    members[save.audience, default: [:]][String(decoding: identity, as: UTF8.self)] = (
                        Int64(told.rows), String(decoding: told.attributes, as: UTF8.self)
                    )
                }
            }
        }
    }
}
