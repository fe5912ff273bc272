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

    private var engine: Engine
    private let batch = ChangeBatch()
    private let difference = Difference()
    private var tables = ReferenceTables()
    private var tableNumbers: [String: Int] = [:]
    private var expectations = Expectations()
    private var clock = Int64.min
    private var place = 0
    private var applied = 0
    private var stale = 0
    private var memberEvents = 0
    private var hasChanges = false
    private var hasTime = false

    /// What the emitted differences add up to, by audience.
    private var folded: [String: [Identified: Member]] = [:]

    /// Returns how many member events there were.
    @discardableResult
    static func run(_ steps: [Step]) throws -> Int {
        // Half of the histories keep the rows of an identity or a record in order as soon as there are two.
        let simulation = Simulation(fewRows: steps.count % 2 == 0 ? 1 : 32)
        for (place, step) in steps.enumerated() {
            simulation.place = place
            try simulation.run(step)
        }
        return simulation.memberEvents
    }

    private init(fewRows: Int) {
        engine = Engine(fewRows: fewRows)
    }

    private func fail(_ message: String) -> Failure {
        Failure(step: place, description: message)
    }

    private func run(_ step: Step) throws {
        switch step {
        case .schema(let schema):
            try commit()
            if tableNumbers[schema.name] == nil { tableNumbers[schema.name] = tableNumbers.count }
            tables.publish(schema)
            engine.publish(schema: schema)
        case .advance(let instant):
            // Changes may be applied when the clock has moved on: each stands at its own.
            if place % 2 == 0 { applyBatch() }
            clock = max(clock, instant)
            tables.advance(to: clock)
            hasTime = true
            engine.advance(to: instant)
        case .upsert(let table, let row):
            upsert(row, into: table)
            if tables.upsert(row, into: table) { applied += 1 } else { stale += 1 }
        case .remove(let table, let key, let version):
            let first = begin(deleteOf: key, version: version, from: table)
            batch.end(table: tableNumbers[table]!, isDelete: true, firstCell: first)
            if tables.delete(key, version: version, from: table) { applied += 1 } else { stale += 1 }
        case .move(let table, let key, let row):
            upsert(row, into: table)
            let first = begin(deleteOf: key, version: nil, from: table)
            let isSame = batch.isLastOfSameKey(as: first, key: tables.schemas[table]!.primaryKey)
            if isSame { batch.cancel(firstCell: first) } else { batch.endDeleteBeforeLast(table: tableNumbers[table]!, firstCell: first) }
            if !isSame { applied += 1 }
            if tables.move(from: key, to: row, in: table) { applied += 1 } else { stale += 1 }
        case .truncate(let table):
            begin()
            batch.truncate(table: tableNumbers[table]!)
            tables.truncate(table)
            applied += 1
        case .commit:
            try commit()
        case .publish(let campaign):
            try publish(campaign)
        case .stop(let id):
            try commit()
            expectations.stop(id)
            engine.stop(campaign: id)
            try check(settled() == Expectations.Said(), "a stop says nothing")
            try checkAudiences()
        case .delete(let id):
            try commit()
            let dropped = expectations.delete(id)
            engine.delete(campaign: id, into: difference)
            try fold(causes: [.stop], audiences: [])
            try checkSaid()
            try check(difference.retired.map { engine.audience($0).id } == dropped, "retired, not \(dropped)")
            try checkAudiences()
        }
    }

    private func begin() {
        batch.setClock(clock)
        hasChanges = true
    }

    private func upsert(_ row: Row, into table: String) {
        begin()
        let first = batch.begin(cellCount: row.count)
        for (field, value) in row.enumerated() { set(first + field, value) }
        batch.end(table: tableNumbers[table]!, isDelete: false, firstCell: first)
    }

    /// The first cell of a delete that is not ended.
    private func begin(deleteOf key: Key, version: Datum?, from table: String) -> Int {
        begin()
        let schema = tables.schemas[table]!
        let first = batch.begin(cellCount: schema.fields.count)
        if let field = schema.version { set(first + field, version) }
        for (field, value) in zip(schema.primaryKey, key) { set(first + field, value) }
        return first
    }

    private func set(_ cell: Int, _ value: Datum?) {
        switch value {
        case nil: batch.set(cell, .null)
        case .boolean(let value): batch.set(cell, .boolean(value))
        case .integer(let value): batch.set(cell, .integer(value))
        case .double(let value): batch.set(cell, .double(value))
        case .text(let bytes): bytes.withUnsafeBytes { batch.setText(cell, $0) }
        case .date(let day): batch.set(cell, .date(day))
        case .instant(let instant): batch.set(cell, .instant(instant))
        }
    }

    /// In one piece or in two.
    private func applyBatch() {
        guard batch.count > 0 else { return }
        if batch.count % 3 == 0 {
            engine.apply(batch, changes: 0..<batch.count / 2)
            engine.apply(batch, changes: batch.count / 2..<batch.count)
        } else {
            engine.apply(batch)
        }
        batch.removeAll()
    }

    private func commit() throws {
        applyBatch()
        engine.commit(into: difference)
        let causes: [Cause] = (hasChanges ? [.change] : []) + (hasTime ? [.time] : [])
        (hasChanges, hasTime) = (false, false)
        try fold(causes: causes, audiences: [])
        try check(difference.retired.isEmpty, "a commit of changes retires nothing")
        try check(!engine.hasChanges, "nothing is touched after a commit")
        try check(
            engine.statistics.rowsApplied == applied && engine.statistics.rowsStale == stale, "rows applied \(applied), stale \(stale)")
        for (name, rows) in tables.rows { try check(engine.rowCount(of: name) == rows.count, "\(rows.count) rows of \(name)") }
        try checkSaid()
        try checkAudiences()
    }

    private func publish(_ campaign: Campaign) throws {
        try commit()
        let campaign = Expectations.described(campaign)
        guard clock != Int64.min, expectations.registry.allows(campaign) else { return }
        let isNew = expectations.campaigns[campaign.id] == nil
        let dropped = expectations.publish(campaign)
        let version = engine.publish(
            campaign, zone: Zones.rules[campaign.timezone]!, otherZones: Array(Zones.rules.values), into: difference)
        try check(version == expectations.campaigns[campaign.id]!.version, "version \(version)")
        try fold(causes: [isNew ? .publish : .definition], audiences: campaign.saves.map(\.audience))
        try checkSaid()
        try check(difference.retired.map { engine.audience($0).id } == dropped, "retired \(difference.retired), not \(dropped)")
        try checkAudiences()
    }

    private func check(_ condition: Bool, _ message: @autoclosure () -> String) throws {
        if !condition { throw fail(message()) }
    }

    // MARK: Requests and alerts

    /// A commit of the evaluator, at the same place as one of the engine.
    private func settled() -> Expectations.Said {
        expectations.commit(Evaluator(tables: tables, clock: clock, zones: Zones.rules))
    }

    private func checkSaid() throws {
        var said = Expectations.Said()
        for request in difference.requests {
            let sender = difference.senders[request.sender]
            let definition = expectations.campaigns[sender.campaign]!.campaign.activities.first { $0.id == sender.channel.id }
            try check(definition == .channel(sender.channel), "\(sender) is as it was published")
            difference.withTexts(of: request) { texts in
                said.requests.append(
                    Evaluation.Request(
                        campaign: sender.campaign, activity: sender.channel.id, namespace: sender.channel.namespace,
                        identity: Array(texts.identity), address: Array(texts.address), key: texts.key.map { Array($0) },
                        attributes: Array(texts.attributes)))
            }
        }
        said.alerts = difference.alerts.map { Expectations.text($0.campaign, $0.activity, $0.title, $0.message, rows: $0.rows) }
        let expected = settled()
        try check(said == expected, "says \(said); should say \(expected)")
    }

    // MARK: Differences

    /// Adds the difference at hand to what was emitted so far. Updates must be there for the audiences named.
    private func fold(causes: [Cause], audiences: [String]) throws {
        var counts: [String: [Int]] = [:]
        var last: (String, String, [UInt8])?
        memberEvents += difference.members.count
        try check(engine.statistics.memberEvents == memberEvents, "member events are counted")
        for member in difference.members {
            let audience = engine.audience(member.audience).id
            let namespace = difference.namespaces[member.namespace]
            let (identity, attributes) = difference.withTexts(of: member) { (Array($0), Array($1)) }
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
        let updates = difference.updates.map { engine.audience($0.audience).id }
        try check(updates == counts.keys.sorted(), "updates of \(updates), members of \(counts.keys.sorted())")
        for update in difference.updates {
            let name = engine.audience(update.audience).id
            try check(counts[name]! == [update.entered, update.updated, update.exited], "update \(update) of \(name): \(counts[name]!)")
        }
    }

    private static func isBefore(_ a: [[UInt8]], _ b: [[UInt8]]) -> Bool {
        for (left, right) in zip(a, b) where left != right { return left.lexicographicallyPrecedes(right) }
        return false
    }

    // MARK: Audiences

    private func checkAudiences() throws {
        let registry = expectations.registry
        var wanted = Set(registry.audiences)
        for number in 0..<engine.audienceCount {
            let state = engine.audience(number)
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
            let rejected = expectations.contributions(to: state.id)[0].rejected
            try check(
                state, number, is: Dictionary(uniqueKeysWithValues: members), rejected: writer.isStopped ? nil : rejected)
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
        let table = engine.members(of: number)
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
    }

    private static func text(_ found: [Identified: Member], _ expected: [Identified: Member]) -> String {
        let keys = Set(found.keys).union(expected.keys)
        return keys.filter { found[$0] != expected[$0] }.map { key in
            func text(_ member: Member?) -> String {
                member.map { "\($0.rows) rows \(String(decoding: $0.attributes, as: UTF8.self))" } ?? "out"
            }
            let identity = String(decoding: key.identity.prefix(20), as: UTF8.self)
            return "  \(key.namespace) '\(identity)': \(text(found[key])); should be \(text(expected[key]))"
        }.sorted().joined(separator: "\n")
    }
}
