// channel, from scratch (semantics §4, decision 49).
import Campaigns

extension Channel: EvaluatedActivity {
    func populations(
        from inbounds: [Population], in campaign: String, _ evaluator: Evaluator, _ evaluation: inout Evaluation
    ) -> [String: Population] {
        evaluator.evaluate(self, of: campaign, from: inbounds[0], &evaluation)
        return [Transition.main: inbounds[0]]
    }
}

extension Evaluator {
    /// "When an identity first appears (`once`), or each time it appears again after having been gone, not within `cooldown` of the last
    /// (`every-entry`), one request is emitted." An identity appears when it has a row with identity and address; of several rows the one
    /// with the lowest row id.
    fileprivate func evaluate(_ channel: Channel, of campaign: String, from inbound: Population, _ evaluation: inout Evaluation) {
        var present: [CampaignMemory.Person: (row: PopulationRow, address: [UInt8])] = [:]
        for row in inbound.rows {
            guard let identity = identity(channel.identity, of: row, in: inbound),
                case .text(let address) = value(channel.address, of: row, in: inbound)
            else { continue }
            let person = CampaignMemory.Person(namespace: channel.namespace, identity: identity)
            if let known = present[person], !PopulationRow.isLower(row, known.row) { continue }
            present[person] = (row, address)
        }
        let was = evaluation.was.channels[channel.id] ?? CampaignMemory.Sent()
        var last = was.last
        let appeared = present.keys.filter { !was.present.contains($0) }.sorted { $0.identity.lexicographicallyPrecedes($1.identity) }
        for person in appeared where last[person].map({ mayGo(channel, after: $0) }) ?? true {
            last[person] = clock
            let (row, address) = present[person]!
            let attributes = Dictionary(uniqueKeysWithValues: channel.attributes.map { ($0.name, value($0.source, of: row, in: inbound)) })
            evaluation.requests.append(
                Evaluation.Request(
                    campaign: campaign, activity: channel.id, namespace: person.namespace, identity: person.identity, address: address,
                    key: row.key.map(PopulationRow.text), attributes: Attribute.json(channel.attributes, attributes)))
        }
        evaluation.memory.channels[channel.id] = CampaignMemory.Sent(present: Set(present.keys), last: last)
    }

    /// Whether one who had a request then may have one now. "At exactly the cooldown it may be sent."
    private func mayGo(_ channel: Channel, after last: Int64) -> Bool {
        if channel.repeats == .once { return false }
        guard let cooldown = channel.cooldown else { return true }
        return calendar(channel.timezone).after(last, cooldown).map { $0 <= clock } ?? false
    }
}
