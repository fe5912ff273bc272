// Two engines that take the same steps, of which one tells what time passes a few rows a commit: what is to hold between them after each.
@testable import Campaigns
@testable import Engine

/// A history in an engine that tells all rows at once, and in one that tells a few.
final class SlicedRun {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private let whole = Player()
    private let sliced = Player()
    private let limit: Int
    /// Campaigns that save all to whom they write once.
    private var onceCampaigns: Set<String> = []
    private let emission = Emission()
    private var registry = AudienceRegistry()
    private var clock = Int64.min
    /// What the commits of both add up to, by audience and member.
    private var decided: [String: [String: String]] = [:]
    private var told: [String: [String: String]] = [:]
    /// What the last commit in slices has said.
    private(set) var said: [String] = []
    /// The requests of it, with their attributes.
    private(set) var sent: [String] = []
    /// Commits in which somebody waited, and in which others moved meanwhile.
    private(set) var (waiting, moved) = (0, 0)
    /// Who was written to by both, by campaign.
    private var writtenTo: [[String: Set<String>]] = [[:], [:]]
    /// While channels wait, commits do not say the same.
    private var hasWaited = false
    /// Requests that went out behind others' commits.
    private(set) var requestsOfSlices = 0

    init(limit: Int) {
        self.limit = limit
    }

    var isCrossing: Bool { sliced.engine.isCrossing }

    func take(_ step: Step, _ place: Int) throws {
        switch step {
        case .schema(let schema):
            try settle()
            for player in [whole, sliced] { player.publish(schema) }
        case .advance(let instant):
            for stop in whole.engine.commitInstants(until: instant) {
                for player in [whole, sliced] { player.applyBatch() }
                try settle()
                advance(to: stop)
                try commit()
            }
            if place % 2 == 0 { for player in [whole, sliced] { player.applyBatch() } } else { try commit() }
            advance(to: instant)
        case .upsert(let table, let row): for player in [whole, sliced] { player.upsert(row, into: table) }
        case .remove(let table, let key, let version):
            for player in [whole, sliced] { player.remove(key, version: version, from: table) }
        case .move(let table, let key, let row): for player in [whole, sliced] { _ = player.move(key, to: row, in: table) }
        case .truncate(let table): for player in [whole, sliced] { player.truncate(table) }
        case .commit: try commit()
        case .publish(let campaign):
            guard clock != .min, registry.allows(campaign) else { return }
            try settle()
            _ = registry.take(campaign)
            if case .channel(let mail) = campaign.activities.last, mail.id == "mail", mail.repeats == .once {
                onceCampaigns.insert(campaign.id)
            }
            for player in [whole, sliced] { _ = player.publish(campaign) }
            try compare()
        case .stop(let id):
            try settle()
            registry.stop(campaign: id)
            for player in [whole, sliced] { player.engine.stop(campaign: id) }
        case .delete(let id):
            try settle()
            _ = registry.delete(campaign: id)
            for player in [whole, sliced] { player.engine.delete(campaign: id, into: player.difference) }
            try compare()
        }
    }

    /// As the daemon has it: where something waits to be said nothing is begun in slices.
    private func advance(to instant: Int64) {
        clock = max(clock, instant)
        whole.advance(to: instant)
        sliced.engine.crossingLimit = emission.isWaiting ? .max : limit
        sliced.advance(to: instant)
        sliced.engine.crossingLimit = limit
    }

    /// Commits until nothing waits, as before whatever is no change.
    private func settle() throws {
        try commit()
        var commits = 0
        while isCrossing {
            try commit()
            commits += 1
            if commits > 10_000 { throw Failure(description: "it never ends") }
        }
    }

    func finish() throws {
        try settle()
        func members(_ all: [String: [String: String]]) -> [String: [String: String]] { all.filter { !$0.value.isEmpty } }
        if members(decided) != members(told) { throw Failure(description: "in the end \(told), not \(decided)") }
    }

    private func commit() throws {
        for player in [whole, sliced] { player.commit() }
        try compare()
    }

    private func compare() throws {
        _ = Self.fold(whole.difference, whole.engine, into: &decided)
        emission.pass(sliced.difference, of: sliced.engine, limit: .max)
        said = Self.fold(sliced.difference, sliced.engine, into: &told)
        if isCrossing { waiting += 1 }
        if isCrossing, !said.isEmpty { moved += 1 }
        for number in 0..<sliced.engine.audienceCount {
            let id = sliced.engine.audience(number).id
            if sliced.engine.holds(number) {
                if said.contains(where: { $0.hasPrefix("\(id) ") }) { throw Failure(description: "\(id) waits, and says \(said)") }
            } else if decided[id, default: [:]] != told[id, default: [:]] {
                throw Failure(description: "\(id) is \(told[id] ?? [:]), not \(decided[id] ?? [:])")
            }
        }
        if emission.isWaiting && !isCrossing { throw Failure(description: "something is left to say") }
        for number in 0..<sliced.engine.audienceCount where !isCrossing {
            let (state, same) = (whole.engine.audience(number), sliced.engine.audience(number))
            if state.size != same.size || state.rows != same.rows { throw Failure(description: "\(state.id): \(same), not \(state)") }
        }
        try compareRequests()
        let alerts = [whole, sliced].map { $0.difference.alerts.map { "\($0.campaign) \($0.activity) \($0.rows)" } }
        if alerts[0] != alerts[1] { throw Failure(description: "alerts \(alerts)") }
    }

    /// Until something has waited both send the same. From then on who came and went meanwhile need not be written to.
    private func compareRequests() throws {
        let requests = [whole, sliced].map { player in
            player.difference.requests.map { request in
                let campaign = player.difference.senders[request.sender].campaign
                return player.difference.withTexts(of: request) {
                    (campaign, String(decoding: $0.identity, as: UTF8.self), String(decoding: $0.attributes, as: UTF8.self))
                }
            }
        }
        sent = requests[1].map { "\($0.0) \($0.1) \($0.2)" }
        if isCrossing { hasWaited = true }
        if !hasWaited, requests[0].map({ "\($0.0) \($0.1) \($0.2)" }) != sent {
            throw Failure(description: "requests \(requests[0]), in slices \(sent)")
        }
        for (place, requests) in requests.enumerated() {
            for (campaign, identity, _) in requests {
                let isNew = writtenTo[place][campaign, default: []].insert(identity).inserted
                if place == 1, !isNew, onceCampaigns.contains(campaign) {
                    throw Failure(description: "\(campaign) writes to \(identity) twice")
                }
            }
        }
        for (campaign, people) in writtenTo[1] where !people.subtracting(writtenTo[0][campaign, default: []]).isEmpty {
            throw Failure(description: "\(campaign) writes to \(people), of whom some never were there: \(writtenTo[0])")
        }
        if hasWaited { requestsOfSlices += requests[1].count }
        for (campaign, people) in writtenTo[0] where !isCrossing && onceCampaigns.contains(campaign) {
            let there = decided[campaign, default: [:]].keys.map { String($0.dropFirst("Email ".count)) }
            if let forgotten = there.first(where: { people.contains($0) && !writtenTo[1][campaign, default: []].contains($0) }) {
                throw Failure(description: "\(campaign) never writes to \(forgotten), who is there")
            }
        }
    }

    /// Adds what a commit says; returns that as lines.
    private static func fold(
        _ difference: Difference, _ engine: borrowing Engine, into members: inout [String: [String: String]]
    ) -> [String] {
        difference.members.map { member in
            let (identity, attributes) = difference.withTexts(of: member) { (String(decoding: $0, as: UTF8.self), Array($1)) }
            let audience = engine.audience(member.audience).id
            let key = "\(difference.namespaces[member.namespace]) \(identity)"
            members[audience, default: [:]][key] = member.status == .exited ? nil : "\(member.rows) \(attributes)"
            return "\(audience) \(identity) \(member.status)"
        }
    }
}
