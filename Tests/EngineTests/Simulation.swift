// Runs a history through the engine and, beside it, through the plain evaluator; after every commit whatever the engine says about its
// audiences must be what evaluating all campaigns from scratch gives. Steps that make no sense where they stand are passed over, so
// that a history can be shrunk by dropping steps.
import Campaigns
import Engine
import Oracle

final class Simulation {
    /// A disagreement between engine and evaluator.
    struct Failure: Error, CustomStringConvertible {
        var step: Int
        var description: String
    }

    struct Identified: Hashable {
        var namespace: String
        var identity: [UInt8]
    }

    private let player: Player
    /// The same differences, said in commits of a few events.
    private let spreading = Spreading()
    private var tables = ReferenceTables()
    private var expectations = Expectations()
    private var clock = Int64.min
    private var place = 0
    private var applied = 0
    private var stale = 0
    private(set) var memberEvents = 0
    private var hasChanges = false
    private var hasTime = false
    /// How many were looked at of whom it was said until when they are members.
    private(set) var foreseen = 0
    private var (foreseesAll, rehearses) = (false, false)

    private var engine: Engine {
        _read { yield player.engine }
        _modify { yield &player.engine }
    }
    private var difference: Difference { player.difference }

    /// What the emitted differences add up to, by audience.
    private var folded: [String: [Identified: Member]] = [:]

    /// Returns how many member events there were.
    @discardableResult
    static func run(_ steps: [Step]) throws -> Int { try runWhole(steps).memberEvents }

    /// The simulation behind all steps. `foreseesAll`: of everybody it can be said until when they are members, and whoever it is not said
    /// of stays. `rehearses`: each publish is made as a dry run before, which must say what it does.
    static func runWhole(_ steps: [Step], foreseesAll: Bool = false, rehearses: Bool = false) throws -> Simulation {
        // Half of the histories keep the rows of an identity or a record in order as soon as there are two.
        let simulation = Simulation(fewRows: steps.count % 2 == 0 && !foreseesAll ? 1 : 32)
        (simulation.foreseesAll, simulation.rehearses) = (foreseesAll, rehearses)
        for (place, step) in steps.enumerated() {
            simulation.place = place
            try simulation.run(step)
        }
        return simulation
    }

    private init(fewRows: Int) {
        player = Player(fewRows: fewRows)
    }

    private func fail(_ message: String) -> Failure {
        Failure(step: place, description: message)
    }

    private func run(_ step: Step) throws {
        switch step {
        case .schema(let schema):
            try commit()
            tables.publish(schema)
            player.publish(schema)
        case .advance(let instant):
            try commitWhereCampaignsStartAndEnd(until: instant)
            // Changes may be applied when the clock has moved on: each stands at its own.
            if place % 2 == 0 { player.applyBatch() }
            clock = max(clock, instant)
            tables.advance(to: clock)
            hasTime = true
            player.advance(to: instant)
        case .upsert(let table, let row):
            player.upsert(row, into: table)
            hasChanges = true
            if tables.upsert(row, into: table) { applied += 1 } else { stale += 1 }
        case .remove(let table, let key, let version):
            player.remove(key, version: version, from: table)
            hasChanges = true
            if tables.delete(key, version: version, from: table) { applied += 1 } else { stale += 1 }
        case .move(let table, let key, let row):
            if player.move(key, to: row, in: table) { applied += 1 }
            hasChanges = true
            if tables.move(from: key, to: row, in: table) { applied += 1 } else { stale += 1 }
        case .truncate(let table):
            player.truncate(table)
            hasChanges = true
            tables.truncate(table)
            applied += 1
        case .commit:
            try commit()
        case .publish(let campaign):
            try publish(campaign)
        case .stop(let id):
            try commit()
            try spread { try spreading.sayAll(engine, limit: 3) }
            expectations.stop(id)
            player.engine.stop(campaign: id)
            try check(settled() == Expectations.Said(), "a stop says nothing")
            try checkAudiences()
        case .delete(let id):
            try commit()
            try spread { try spreading.sayAll(engine, limit: 1) }
            let dropped = expectations.delete(id)
            player.engine.delete(campaign: id, into: player.difference)
            try fold(causes: [.stop], audiences: [])
            try checkSaid()
            try check(player.difference.retired.map { player.engine.audience($0).id } == dropped, "retired, not \(dropped)")
            try spread()
            try checkAudiences()
        }
    }

    /// "Both instants are commits of their own", of the tables as they are then: what came before is applied before.
    private func commitWhereCampaignsStartAndEnd(until instant: Int64) throws {
        let stops = expectations.stops(after: clock, until: instant)
        try check(player.engine.commitInstants(until: instant) == stops, "the clock stops at \(stops)")
        for stop in stops {
            player.applyBatch()
            clock = stop
            tables.advance(to: stop)
            hasTime = true
            player.advance(to: stop)
            try commit()
        }
    }

    private func commit() throws {
        player.commit()
        let causes: [Cause] = (hasChanges ? [.change] : []) + (hasTime ? [.time] : [])
        (hasChanges, hasTime) = (false, false)
        try fold(causes: causes, audiences: [])
        try check(player.difference.retired.isEmpty, "a commit of changes retires nothing")
        try check(!player.engine.hasChanges, "nothing is touched after a commit")
        try check(
            player.engine.statistics.rowsApplied == applied && player.engine.statistics.rowsStale == stale,
            "rows applied \(applied), stale \(stale)")
        for (name, rows) in tables.rows { try check(player.engine.rowCount(of: name) == rows.count, "\(rows.count) rows of \(name)") }
        try checkSaid()
        try checkValidUntil()
        try spread()
        if place % 7 == 3 {
            engine.repair(into: difference)
            try check(difference.isEmpty, "a repair of what is right says nothing")
        }
        if place % 7 == 1 {
            engine.reconcile(with: committed, into: difference)
            try check(difference.isEmpty, "a reconciliation with what was said says nothing")
        }
        try checkAudiences()
        try check(player.copyOn(), "an image shows the commit at which it was begun")
        if place % 7 == 5 {
            try spread { try spreading.sayAll(engine, limit: 4) }
            try player.reload(seed: place)
        }
    }

    private func publish(_ campaign: Campaign) throws {
        try commit()
        try spread { try spreading.sayAll(engine, limit: 2) }
        let campaign = Expectations.described(campaign)
        guard clock != Int64.min, expectations.registry.allows(campaign) else { return }
        let others = expectations.campaigns.values.map(\.campaign).sorted { $0.id < $1.id }
        let foreseen = rehearses ? try player.foresee(campaign, then: others.isEmpty ? nil : others[place % others.count]) : nil
        let isNew = expectations.campaigns[campaign.id] == nil
        let dropped = expectations.publish(campaign)
        let version = player.publish(campaign)
        if let foreseen, let mistake = foreseen.mistake(beside: player.difference, of: &player.engine) { throw fail(mistake) }
        try check(version == expectations.campaigns[campaign.id]!.version, "version \(version)")
        try fold(causes: [isNew ? .publish : .definition], audiences: campaign.saves.map(\.audience))
        try checkSaid()
        try checkValidUntil()
        try check(
            player.difference.retired.map { player.engine.audience($0).id } == dropped,
            "retired \(player.difference.retired), not \(dropped)")
        try spread()
        try checkAudiences()
    }

    private func check(_ condition: Bool, _ message: @autoclosure () -> String) throws {
        if !condition { throw fail(message()) }
    }

    // MARK: Requests and alerts

    /// A commit of the evaluator, at the same place as one of the player.engine.
    private func settled() -> Expectations.Said {
        expectations.commit(Evaluator(tables: tables, clock: clock, zones: Zones.rules))
    }

    private func checkSaid() throws {
        var said = Expectations.Said()
        for request in player.difference.requests {
            let sender = player.difference.senders[request.sender]
            let definition = expectations.campaigns[sender.campaign]!.campaign.activities.first { $0.id == sender.channel.id }
            try check(definition == .channel(sender.channel), "\(sender) is as it was published")
            player.difference.withTexts(of: request) { texts in
                said.requests.append(
                    Evaluation.Request(
                        campaign: sender.campaign, activity: sender.channel.id, namespace: sender.channel.namespace,
                        identity: Array(texts.identity), address: Array(texts.address), key: texts.key.map { Array($0) },
                        attributes: Array(texts.attributes)))
            }
        }
        said.alerts = player.difference.alerts.map { Expectations.text($0.campaign, $0.activity, $0.title, $0.message, rows: $0.rows) }
        let expected = settled()
        try check(said == expected, "says \(said); should say \(expected)")
    }

    private func checkValidUntil() throws {
        guard place % 3 == 0 || foreseesAll else { return }
        let (mistake, looked) = ValidUntilLaws.mistake(
            in: difference, of: engine, expectations, tables, clock: clock, foreseesAll: foreseesAll)
        try check(mistake == nil, mistake ?? "")
        foreseen += looked
    }

    // MARK: Differences

    /// Adds the player.difference at hand to what was emitted so far. Updates must be there for the audiences named.
    private func fold(causes: [Cause], audiences: [String]) throws {
        var counts: [String: [Int]] = [:]
        var last: (String, String, [UInt8])?
        memberEvents += player.difference.members.count
        try check(player.engine.statistics.memberEvents == memberEvents, "member events are counted")
        for member in player.difference.members {
            let audience = player.engine.audience(member.audience).id
            let namespace = player.difference.namespaces[member.namespace]
            let (identity, attributes) = player.difference.withTexts(of: member) { (Array($0), Array($1)) }
            let what = "\(audience) \(namespace) \(String(decoding: identity.prefix(20), as: UTF8.self)): \(member.status)"
            if let last {
                try check(
                    Simulation.isBefore(
                        [Array(last.0.utf8), Array(last.1.utf8), last.2], [Array(audience.utf8), Array(namespace.utf8), identity]),
                    "\(what) is out of order")
            }
            last = (audience, namespace, identity)
            let isOfReader = expectations.registry.stratum(ofAudience: audience) > 0
            try check(causes.contains(member.cause) || isOfReader, "\(what) has cause \(member.cause)")
            let key = Identified(namespace: namespace, identity: identity)
            let held = folded[audience]?[key]
            let now = Member(rows: member.rows, attributes: attributes)
            switch member.status {
            case .realized: try check(held == nil, "\(what), but it was in")
            case .existing:
                try check(held != nil, "\(what), but it was out")
                try check(held != now, "\(what), but nothing has changed")
            case .exited: try check(held != nil, "\(what), but it was out")
            }
            folded[audience, default: [:]][key] = member.status == .exited ? nil : now
            counts[audience, default: [0, 0, 0]][Int(member.status.rawValue)] += 1
        }
        for audience in audiences { counts[audience] = counts[audience] ?? [0, 0, 0] }
        let updates = player.difference.updates.map { player.engine.audience($0.audience).id }
        try check(updates == counts.keys.sorted(), "updates of \(updates), members of \(counts.keys.sorted())")
        for update in player.difference.updates {
            let name = player.engine.audience(update.audience).id
            try check(counts[name]! == [update.entered, update.updated, update.exited], "update \(update) of \(name): \(counts[name]!)")
        }
    }

    /// What a commit has said, said in small commits.
    private func spread() throws {
        try spread { try spreading.take(player.difference, player.engine, limit: [1, 1, 2, 5][place % 4]) }
    }

    private func spread(_ step: () throws -> Void) throws {
        do { try step() } catch let failure as Spreading.Failure { throw fail(failure.description) }
    }

    /// What was said of all audiences.
    private var committed: [String: CommittedMembers] {
        folded.compactMapValues { members in
            guard let namespace = members.keys.first?.namespace else { return nil }
            let all = CommittedMembers(namespace: namespace)
            for (person, member) in members {
                person.identity.withUnsafeBytes { all.take(identity: $0, rows: Int32(member.rows), attributes: member.attributes) }
            }
            return all
        }
    }

    // MARK: Audiences

    private func checkAudiences() throws {
        let registry = expectations.registry
        var wanted = Set(registry.audiences)
        for number in 0..<player.engine.audienceCount {
            let state = player.engine.audience(number)
            wanted.remove(state.id)
            guard let writer = registry.writers(of: state.id).first else {
                try check(state.isRetired, "\(state.id) is retired")
                try check(state, number, is: [:], rejected: 0)
                continue
            }
            try check(!state.isRetired, "\(state.id) is not retired")
            try check(state.campaign == writer.campaign && state.namespace == writer.namespace, "\(state.id) is that of \(writer)")
            let version = expectations.campaigns[writer.campaign]!.version
            try check(state.campaignVersion == version, "\(state.id) is of version \(version)")
            let members = expectations.told(of: state.id).map { (Identified(namespace: writer.namespace, identity: $0.key), $0.value) }
            // Of those who are stopped nothing is said.
            let rejected = expectations.contributions(to: state.id).map(\.rejected)
            let isKnown = !rejected.contains(nil) && registry.writers(of: state.id).allSatisfy { !$0.isStopped }
            try check(
                state, number, is: Dictionary(uniqueKeysWithValues: members),
                rejected: isKnown ? rejected.reduce(0) { $0 + $1! } : nil)
        }
        try check(wanted.isEmpty, "audiences \(wanted) are missing")
    }

    private func check(_ state: AudienceState, _ number: Int, is expected: [Identified: Member], rejected: Int?) throws {
        let emitted = folded[state.id, default: [:]]
        try check(emitted == expected, "\(state.id) as emitted is not as it should be:\n\(Simulation.text(emitted, expected))")
        try check(state.size == expected.count, "\(state.id): size \(state.size), not \(expected.count)")
        let rows = expected.values.reduce(0) { $0 + $1.rows }
        try check(state.rows == rows, "\(state.id): rows \(state.rows), not \(rows)")
        if let rejected { try check(state.rejected == rejected, "\(state.id): rejected \(state.rejected), not \(rejected)") }
        let table = player.engine.members(of: number)
        var listed: [Identified: Member] = [:]
        var last: [UInt8]?
        for place in 0..<table.count {
            let (identity, member) = table.withMember(place) { (Array($0), Member(rows: $1, attributes: Array($2))) }
            if let last { try check(last.lexicographicallyPrecedes(identity), "\(state.id): members are out of order") }
            last = identity
            listed[Identified(namespace: state.namespace, identity: identity)] = member
        }
        try check(listed == expected, "\(state.id) as listed is not as it should be:\n\(Simulation.text(listed, expected))")
        try check(table.rows == rows, "\(state.id): listed rows \(table.rows), not \(rows)")
        guard place % 4 == 2 else { return }
        // Some who are in it, and some who are in another.
        let others = folded.values.flatMap(\.keys).filter { $0.namespace == state.namespace }.map(\.identity)
        let identities = Array(Set(expected.keys.map(\.identity) + others)).sorted { $0.lexicographicallyPrecedes($1) }.prefix(4)
        let mistake = ExplanationLaws.mistake(
            in: &player.engine, audience: number, namespace: state.namespace, identities: Array(identities),
            members: Set(expected.keys.map(\.identity)))
        try check(mistake == nil, "\(state.id) is not explained: \(mistake ?? "")")
    }
}
