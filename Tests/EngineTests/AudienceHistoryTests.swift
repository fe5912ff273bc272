// Goal: whoever publishes, merges, replaces, stops, deletes, starts or ends, and whatever rows and identities change meanwhile: an audience
// is what its contributions say, and what is emitted adds up to it (semantics §4, decisions 1, 6, 50–56). Method: seeded histories through
// the engine and a plain model of them; after every commit both are compared, and the refusals of every publish.
import Campaigns
import Engine
import Testing

@Suite struct AudienceHistoryTests {
    /// Of one part.
    private static let trials = Trials.oneOf(48, byHand: 100)

    @Test(arguments: 0..<5)
    func historiesOfAudiences(part: Int) throws {
        for seed in part * Self.trials..<(part + 1) * Self.trials {
            let history = AudienceHistory(seed: UInt64(seed))
            for step in 0..<45 {
                do { try history.step() } catch { throw AudienceHistory.Failure(description: "seed \(seed), step \(step): \(error)") }
            }
        }
    }
}

private final class AudienceHistory {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    struct Emitted: Equatable {
        var rows: Int
        var attributes: String
    }

    private static let start: Int64 = 1_780_000_000_000
    private static let identities = [nil, "", "a", "b", "c", "d", "é"]
    private static let tableNames = ["people", "leads"]

    private var engine = Engine()
    private let batch = ChangeBatch()
    private let difference = Difference()
    private var model = AudienceModel(clock: AudienceHistory.start)
    private var random: RandomNumbers
    /// What was emitted, added up: rows and attributes by audience, then namespace and identity.
    private var emitted: [String: [String: Emitted]] = [:]
    private var hasChanges = false

    init(seed: UInt64) {
        random = RandomNumbers(seed: seed)
        engine.advance(to: AudienceHistory.start)
        for name in AudienceHistory.tableNames {
            engine.publish(
                schema: Schema(
                    name: name,
                    fields: [
                        Field(name: "id", type: .string), Field(name: "email", type: .string), Field(name: "phone", type: .string),
                        Field(name: "n", type: .integer), Field(name: "seen", type: .datetime),
                    ], primaryKey: [0], version: nil,
                    identities: [Identity(field: 1, namespace: "Email"), Identity(field: 2, namespace: "Phone")], links: []))
        }
    }

    private func check(_ condition: Bool, _ message: @autoclosure () -> String) throws {
        if !condition { throw Failure(description: message()) }
    }

    // Steps.

    func step() throws {
        switch random.number(0...99) {
        case 0..<36: upsert()
        case 36..<44: remove()
        case 44..<52: try commit(causes: [.change])
        case 52..<68: try advance()
        case 68..<88: try publish()
        case 88..<94: try stop()
        default: try delete()
        }
    }

    private func upsert() {
        let (table, id) = (random.number(0...1), "\(random.number(1...7) * 3)")
        let person = AudienceModel.Person(
            email: random.pick(AudienceHistory.identities), phone: random.pick(AudienceHistory.identities),
            number: Int64(random.number(0...3)),
            seen: model.clock + Int64(random.number(-40...10)) * 1000)
        model.tables[table][id] = person
        let first = batch.begin(cellCount: 5)
        set(first, id)
        set(first + 1, person.email)
        set(first + 2, person.phone)
        batch.set(first + 3, .integer(person.number))
        batch.set(first + 4, .instant(person.seen))
        batch.end(table: table, isDelete: false, firstCell: first)
        hasChanges = true
    }

    private func remove() {
        let table = random.number(0...1)
        guard let id = model.tables[table].keys.sorted().first(where: { _ in random.chance(40) }) else { return }
        model.tables[table][id] = nil
        let first = batch.begin(cellCount: 5)
        set(first, id)
        batch.end(table: table, isDelete: true, firstCell: first)
        hasChanges = true
    }

    private func set(_ cell: Int, _ text: String?) {
        if let text { Array(text.utf8).withUnsafeBytes { batch.setText(cell, $0) } }
    }

    private func commit(causes: [Cause]) throws {
        engine.apply(batch)
        batch.removeAll()
        hasChanges = false
        engine.commit(into: difference)
        model.commit()
        try compare(causes: causes, published: [], retired: [])
    }

    private func advance() throws {
        var instant = model.clock + Int64(random.number(0...30)) * 1000
        // To the edges themselves, and 1 ms beside them.
        let edges = model.definitions.values.flatMap { [$0.startAt, $0.endAt] }.compactMap { $0 }.filter { $0 > model.clock }.sorted()
        if random.chance(50), let edge = edges.first { instant = max(model.clock, edge + Int64(random.number(-1...1))) }
        let stops = model.stops(until: instant)
        try check(engine.commitInstants(until: instant) == stops, "stops at \(engine.commitInstants(until: instant)), not \(stops)")
        let isEarly = instant < (edges.first ?? .max)
        try check(!isEarly || stops.isEmpty, "nothing lies before \(instant)")
        for stop in stops {
            // What came before is applied before.
            engine.apply(batch)
            batch.removeAll()
            model.clock = stop
            engine.advance(to: stop)
            try commit(causes: hasChanges ? [.change, .time] : [.time])
        }
        model.clock = instant
        engine.advance(to: instant)
        try commit(causes: hasChanges ? [.change, .time] : [.time])
    }

    private func publish() throws {
        try commit(causes: [.change])
        let definition = definition()
        let campaign = AudienceHistory.campaign(of: definition)
        let refused = model.refusals(definition)
        let problems = Set(engine.problems(of: campaign).map(\.path))
        try check(problems == refused, "\(definition) is refused at \(problems.sorted()), not \(refused.sorted())")
        guard refused.isEmpty else { return }
        let held = Set(model.given.keys)
        let isNew = model.versions[definition.id] == nil
        model.publish(definition)
        let version = engine.publish(campaign, zone: .utc, into: difference)
        try check(version == model.versions[definition.id], "version \(version)")
        try compare(
            causes: [isNew ? .publish : .definition], published: definition.saves.map(\.audience),
            retired: held.subtracting(model.given.keys))
    }

    private func stop() throws {
        try commit(causes: [.change])
        guard let id = model.order.randomly(&random) else { return }
        engine.stop(campaign: id)
        model.stopped.insert(id)
        difference.clear(with: &engine)
        try compare(causes: [], published: [], retired: [])
    }

    private func delete() throws {
        try commit(causes: [.change])
        guard let id = model.order.randomly(&random) else { return }
        let held = Set(model.given.keys)
        model.delete(id)
        engine.delete(campaign: id, into: difference)
        try compare(causes: [.stop], published: [], retired: held.subtracting(model.given.keys))
    }

    // Definitions.

    private func definition() -> AudienceModel.Definition {
        let id = "c\(random.number(0...3))"
        var definition = AudienceModel.Definition(id: id, startAt: nil, endAt: nil, saves: [])
        if random.chance(30) { definition.startAt = instant(-20...60) }
        if random.chance(30) { definition.endAt = instant(-20...60) }
        if let start = definition.startAt, let end = definition.endAt, start >= end {
            definition.endAt = start + Int64(random.number(1...2))
        }
        let mode: IfExists = random.pick([.merge, .merge, .merge, .replace, .fail])
        for audience in random.shuffled(["m", "n", "o"]).prefix(random.number(0...3)) {
            var attributes: [(name: String, source: AudienceModel.Source)] = []
            if random.chance(50) { attributes.append(("n", random.chance(90) ? .number : .id)) }
            if random.chance(60) { attributes.append(("by", .text("\(id)-\(model.versions[id] ?? 0)"))) }
            if random.chance(30) { attributes.append(("id", .id)) }
            definition.saves.append(
                AudienceModel.Save(
                    audience: audience, label: random.chance(95) ? audience : "label \(audience)\(random.number(0...1))",
                    table: random.number(0...1),
                    least: Int64(random.number(0...3)), window: random.chance(50) ? Int64(random.number(1...30)) : nil,
                    namespace: random.chance(90) ? "Email" : "Phone", ifExists: random.chance(90) ? mode : .merge, attributes: attributes))
        }
        if definition.saves.count > 1 && random.chance(5) {
            // Two audiences that exchange their labels.
            definition.saves[0].label = definition.saves[1].audience
            definition.saves[1].label = definition.saves[0].audience
        }
        for place in definition.saves.indices { definition.saves[place].mode = savingMode() }
        return definition
    }

    private func savingMode() -> AudienceModel.Mode {
        let modes = ["append", "frozen"]
        guard random.chance(50) else { return .mirror }
        if random.pick(modes) == "append" { return .append }
        return .frozen(every: random.chance(30) ? nil : Int64(random.number(1...40)))
    }

    private func instant(_ seconds: ClosedRange<Int>) -> Int64 {
        model.clock + Int64(random.number(seconds)) * 1000 + Int64(random.number(-1...1))
    }

    private static func campaign(of definition: AudienceModel.Definition) -> Campaign {
        var campaign = Campaign(
            id: definition.id, name: definition.id, timezone: "UTC", startAt: definition.startAt, endAt: definition.endAt, activities: [])
        for (place, save) in definition.saves.enumerated() {
            let table = tableNames[save.table]
            func field(_ number: Int, _ type: ValueType) -> Expression {
                .field(FieldPath(steps: [], schema: table, field: number, type: type))
            }
            var filter = Expression.compare(.greaterOrEqual, field(3, .integer), .literal(.integer(save.least)))
            if let window = save.window {
                let isSeen = Expression.compare(.greaterOrEqual, field(4, .datetime), .clock(offset: -window, unit: .seconds, zone: "UTC"))
                filter = .and([filter, isSeen])
            }
            campaign.activities.append(.build(BuildAudience(id: "b\(place)", dimension: table, filter: filter)))
            let attributes = save.attributes.map { name, source in
                switch source {
                case .number: Attribute(name: name, source: field(3, .integer))
                case .id: Attribute(name: name, source: field(0, .string))
                case .text(let text): Attribute(name: name, source: .literal(.string(text)))
                }
            }
            campaign.activities.append(
                .save(
                    SaveAudience(
                        id: "s\(place)", position: place + 1, from: Transition(activity: "b\(place)"), audience: save.audience,
                        label: save.label,
                        identity: .field(FieldPath(steps: [], schema: "t", field: save.namespace == "Email" ? 1 : 2, type: .string)),
                        namespace: save.namespace,
                        attributes: attributes, ifExists: save.ifExists, mode: mode(of: save))))
        }
        return campaign
    }

    private static func mode(of save: AudienceModel.Save) -> SaveAudience.Mode {
        switch save.mode {
        case .mirror: .mirror
        case .append: .append
        case .frozen(let seconds):
            .frozen(seconds.map { Schedule(.every(CalendarDuration(milliseconds: $0 * 1000)), timezone: "UTC") })
        }
    }

    // Comparison.

    private func compare(causes: [Cause], published: [String], retired: Set<String>) throws {
        var counts: [String: [Int]] = Dictionary(uniqueKeysWithValues: published.map { ($0, [0, 0, 0]) })
        for member in difference.members {
            let audience = engine.audience(member.audience).id
            let (identity, attributes) = difference.withTexts(of: member) {
                (String(decoding: $0, as: UTF8.self), String(decoding: $1, as: UTF8.self))
            }
            let key = "\(difference.namespaces[member.namespace]) \(identity)"
            let (held, now) = (emitted[audience]?[key], Emitted(rows: member.rows, attributes: attributes))
            let what = "\(audience) \(key) \(member.status) by \(member.cause)"
            try check((held == nil) == (member.status == .realized), "\(what): was \(String(describing: held))")
            try check(member.status != .existing || held != now, "\(what) without a change")
            try check(causes.contains(member.cause), "\(what), not \(causes)")
            emitted[audience, default: [:]][key] = member.status == .exited ? nil : now
            counts[audience, default: [0, 0, 0]][Int(member.status.rawValue)] += 1
        }
        let updates = difference.updates.map { (engine.audience($0.audience).id, [$0.entered, $0.updated, $0.exited]) }
        try check(updates.map(\.0) == counts.keys.sorted(), "updates of \(updates), not \(counts)")
        for (audience, count) in updates { try check(counts[audience] == count, "\(audience) says \(count), not \(counts[audience]!)") }
        try check(difference.retired.map { engine.audience($0).id } == retired.sorted(), "retired \(difference.retired), not \(retired)")
        for number in 0..<engine.audienceCount { try compare(number) }
        let known = Set((0..<engine.audienceCount).map { engine.audience($0).id })
        try check(known.isSuperset(of: model.given.keys), "\(model.given.keys) are not all known")
    }

    private func compare(_ number: Int) throws {
        let state = engine.audience(number)
        let givers = model.givers(state.id)
        try check(state.isRetired == givers.isEmpty, "\(state.id) is \(state.isRetired ? "" : "not ")retired")
        let expected = model.members(state.id)
        if let first = givers.first {
            try check(
                state.campaign == first.campaign && state.campaignVersion == first.given.version && state.label == first.given.save.label
                    && state.namespace == first.given.save.namespace,
                "\(state) is that of \(first)")
        }
        try check(state.size == expected.count, "\(state.id): size \(state.size), not \(expected.count)")
        let rows = expected.values.reduce(0) { $0 + $1.rows }
        try check(state.rows == rows, "\(state.id): rows \(state.rows), not \(rows)")
        let rejected = givers.reduce(0) { $0 + $1.given.rejected }
        // Of former members nothing is said.
        let isMirrored = givers.allSatisfy { $0.given.save.mode == .mirror }
        try check(!isMirrored || state.rejected == rejected, "\(state.id): rejected \(state.rejected), not \(rejected)")
        let keyed = Dictionary(
            uniqueKeysWithValues: expected.map {
                ("\(state.namespace) \($0.key)", Emitted(rows: $0.value.rows, attributes: $0.value.attributes))
            })
        try check(emitted[state.id, default: [:]] == keyed, "\(state.id) as emitted is \(emitted[state.id, default: [:]]), not \(keyed)")
        let table = engine.members(of: number)
        let listed = (0..<table.count).map {
            table.withMember($0) { (String(decoding: $0, as: UTF8.self), $1, String(decoding: $2, as: UTF8.self)) }
        }
        let sorted = expected.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        try check(
            listed.elementsEqual(sorted) { $0.0 == $1.key && $0.1 == $1.value.rows && $0.2 == $1.value.attributes },
            "\(state.id) as listed is \(listed), not \(sorted)")
    }
}

extension Difference {
    /// A stop emits nothing: what is compared after it is an empty commit.
    fileprivate func clear(with engine: inout Engine) { engine.commit(into: self) }
}

extension [String] {
    fileprivate func randomly(_ random: inout RandomNumbers) -> String? { isEmpty ? nil : random.pick(self) }
}
