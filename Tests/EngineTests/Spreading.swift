// What is said when differences are spread over commits of a few events, beside what is decided at once: the members that those who read
// have, the order of strata, updates, requests and retired audiences.
import Campaigns
import Engine
import Oracle

/// One stream of spread commits beside the commits of an engine.
final class Spreading {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    typealias Members = [String: [Simulation.Identified: Member]]

    private let emission = Emission()
    /// What the spread commits add up to, and what those of the engine do.
    private var told: Members = [:]
    private var decided: Members = [:]
    private var asked: [String: [String]] = [:]
    private var sent: [String: [String]] = [:]
    private var retired: Set<String> = []

    private func check(_ condition: Bool, _ message: @autoclosure () -> String) throws {
        if !condition { throw Failure(description: "spread: " + message()) }
    }

    /// A commit of the engine; leaves in the difference what the spread commit says.
    func take(_ difference: Difference, _ engine: borrowing Engine, limit: Int) throws {
        for (audience, member, now) in Spreading.members(difference, engine) { decided[audience, default: [:]][member] = now }
        for (person, request) in Spreading.requests(difference) { asked[person, default: []].append(request) }
        retired.formUnion(difference.retired.map { engine.audience($0).id })
        try say(difference, engine, limit)
    }

    /// Commits that say what waits, until nothing does.
    func sayAll(_ engine: borrowing Engine, limit: Int) throws {
        var commits = 0
        while emission.isWaiting {
            try say(Difference(), engine, limit)
            commits += 1
            try check(commits < 100_000, "it never ends")
        }
        try check(sent == asked, "requests \(sent), not \(asked)")
        try check(retired.isEmpty, "\(retired) were not said to be retired")
        for audience in Set(told.keys).union(decided.keys) { try checkIsTold(audience) }
    }

    private func checkIsTold(_ audience: String) throws {
        try check(told[audience, default: [:]] == decided[audience, default: [:]], "\(audience) is not as it was decided")
    }

    private func say(_ difference: Difference, _ engine: borrowing Engine, _ limit: Int) throws {
        emission.pass(difference, of: engine, limit: limit)
        var counts: [String: [Int]] = [:]
        for ((audience, member, now), status) in zip(Spreading.members(difference, engine), difference.members.map(\.status)) {
            let held = told[audience]?[member]
            try check((held == nil) == (status == .realized), "\(audience) \(member): \(status) of \(held as Any)")
            try check(held != now, "\(audience) \(member): \(status) changes nothing")
            told[audience, default: [:]][member] = now
            counts[audience, default: [0, 0, 0]][Int(status.rawValue)] += 1
        }
        for (person, request) in Spreading.requests(difference) { sent[person, default: []].append(request) }
        try checkUpdates(difference, engine, counts)
        for audience in difference.retired.map({ engine.audience($0).id }) {
            try check(retired.remove(audience) != nil && told[audience, default: [:]].isEmpty, "\(audience) is retired")
        }
        // What hangs on an audience is said when that is complete.
        for audience in told.keys.sorted() where told[audience] != decided[audience, default: [:]] {
            for other in engine.registry.audiences(hangingOn: [audience]) where other != audience {
                try check(counts[other] == nil, "\(other) is said before \(audience)")
            }
        }
    }

    private func checkUpdates(_ difference: Difference, _ engine: borrowing Engine, _ counts: [String: [Int]]) throws {
        var updated: Set<String> = []
        for update in difference.updates {
            let state = engine.audience(update.audience)
            try check(updated.insert(state.id).inserted, "two updates of \(state.id)")
            let said = [update.entered, update.updated, update.exited]
            try check(said == counts[state.id, default: [0, 0, 0]], "\(state.id): \(said), not \(counts[state.id] as Any)")
            let members = told[state.id, default: [:]]
            try check(state.size - update.membersWaiting == members.count, "\(state.id): size \(members.count)")
            try check(state.rows - update.rowsWaiting == members.values.reduce(0) { $0 + $1.rows }, "\(state.id): rows")
            if update.isComplete { try checkIsTold(state.id) }
            try check(update.isComplete || emission.isWaiting, "\(state.id) is not complete, and nothing waits")
        }
        try check(Set(counts.keys).isSubset(of: updated), "updates of \(updated), members of \(counts.keys)")
        let order = difference.updates.map { engine.audience($0.audience).id }
        try check(order == order.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }, "updates \(order)")
    }

    private static func members(
        _ difference: Difference, _ engine: borrowing Engine
    ) -> [(audience: String, member: Simulation.Identified, now: Member?)] {
        var found: [(audience: String, member: Simulation.Identified, now: Member?)] = []
        for member in difference.members {
            let (identity, attributes) = difference.withTexts(of: member) { (Array($0), Array($1)) }
            let person = Simulation.Identified(namespace: difference.namespaces[member.namespace], identity: identity)
            let now = member.status == .exited ? nil : Member(rows: member.rows, attributes: attributes)
            found.append((engine.audience(member.audience).id, person, now))
        }
        return found
    }

    /// By channel and person, in the order in which they are sent.
    private static func requests(_ difference: Difference) -> [(person: String, request: String)] {
        difference.requests.map { request in
            let sender = difference.senders[request.sender]
            return difference.withTexts(of: request) { texts in
                let person = "\(sender.campaign) \(sender.channel.id) \(sender.channel.namespace) \(Array(texts.identity))"
                return (person, "\(Array(texts.address)) \(texts.key.map { Array($0) } as Any) \(Array(texts.attributes))")
            }
        }
    }
}
