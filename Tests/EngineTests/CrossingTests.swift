// Goal: rows that time passes, told in slices, come to what telling all of them at once does; nothing is said of an audience that waits,
// and of every other each commit says the same. Method: random histories through two engines, one of which tells a row or two a commit and
// is asked for more commits only where a daemon would make them; the other one is beside the plain evaluator in every other test.
import Oracle
import Testing

@testable import Campaigns
@testable import Engine

@Suite struct CrossingTests {
    private static let trials = Trials.oneOf(12, byHand: 100)
    private static let noon = InstantText.milliseconds(of: "2026-11-26T12:00:00Z")!
    private static let day: Int64 = 86_400_000

    private static let people = Schema(
        name: "people",
        fields: [
            Field(name: "id", type: .string), Field(name: "email", type: .string), Field(name: "chief", type: .string),
            Field(name: "day", type: .date), Field(name: "n", type: .integer),
        ], primaryKey: [0], version: nil, identities: [Identity(field: 1, namespace: "Email")],
        links: [
            Link(name: "boss", target: "people", on: [Link.Pair(source: "chief", target: "id")], reverse: "staff", isUnique: false)
        ])

    private static let catalog: Catalog = {
        var catalog = Catalog()
        _ = catalog.publish(people.definition)
        return catalog
    }()

    private static func campaign(_ id: String, _ filter: String, saves audience: String? = nil) -> Campaign {
        let read = readExpression(filter, about: people, catalog: catalog, zone: "UTC") { _ in true }
        guard let expression = read.expression else { fatalError("\(filter): \(read.mistakes)") }
        let save = SaveAudience(
            id: "save", position: 1, from: Transition(activity: "build"), audience: audience ?? id, label: id,
            identity: .field(FieldPath(field: 1, of: people)), namespace: "Email",
            attributes: [Attribute(name: "n", source: .field(FieldPath(field: 4, of: people)))], ifExists: .merge, mode: .mirror)
        return Campaign(
            id: id, name: id, timezone: "UTC",
            activities: [.build(BuildAudience(id: "build", dimension: "people", filter: expression)), .save(save)])
    }

    private static func row(_ id: Int, email: Int? = nil, chief: Int = 0, day: Int64, n: Int64 = 1) -> Step {
        .upsert(
            table: "people",
            row: [
                .text(Array("\(id)".utf8)), .text(Array("\(email ?? id)".utf8)), .text(Array("\(chief)".utf8)),
                .date(Int32(noon / Self.day + day)), .integer(n),
            ])
    }

    private static func filter(_ depth: Int, _ random: inout RandomNumbers) -> String {
        if depth > 0, random.chance(45) {
            let (left, right) = (filter(depth - 1, &random), filter(depth - 1, &random))
            return random.pick(["(\(left) AND \(right))", "(\(left) OR \(right))", "(\(left) AND NOT \(right))"])
        }
        let days = random.number(0...3)
        switch random.number(0...5) {
        case 0: return "day >= DateOnly(DaysAgo(\(days)))"
        case 1: return "day = DateOnly(NOW())"
        case 2: return "COUNT(staff WHERE day >= DateOnly(DaysAgo(\(days)))) > \(random.number(0...2))"
        case 3: return "SUM(staff.n WHERE day < DateOnly(DaysAgo(\(days)))) > \(random.number(0...5))"
        case 4: return "boss.day \(random.pick(["<", ">="])) DateOnly(DaysAgo(\(days)))"
        default: return "n > \(random.number(0...3))"
        }
    }

    /// Days in which many rows are passed at midnight, with changes on the way.
    private static func history(_ random: inout RandomNumbers) -> [Step] {
        var steps: [Step] = [.advance(noon), .schema(people)]
        for number in 0..<4 {
            let audience = random.chance(25) ? "a0" : nil
            steps.append(.publish(campaign("a\(number)", filter(2, &random), saves: audience)))
        }
        func change() -> Step {
            if random.chance(15) { return .remove(table: "people", key: [.text(Array("\(random.number(0...9))".utf8))], version: nil) }
            let id = random.number(0...9)
            return row(
                id, email: random.chance(80) ? id : id / 2, chief: random.number(0...5), day: Int64(random.number(-4...4)),
                n: Int64(random.number(0...4)))
        }
        for _ in 0..<30 { steps.append(change()) }
        var clock = noon
        for _ in 0..<40 {
            switch random.number(0...5) {
            case 0:
                clock += Int64(random.number(1...20)) * 3_600_000
                steps.append(.advance(clock))
            case 1, 2: steps.append(change())
            default: steps.append(.commit)
            }
        }
        return steps
    }

    private static func run(_ steps: [Step], limit: Int) throws -> SlicedRun {
        let run = SlicedRun(limit: limit)
        for (place, step) in steps.enumerated() { try run.take(step, place) }
        try run.finish()
        return run
    }

    @Test func slicesComeToWhatTellingAllAtOnceDoes() {
        var (waiting, moved, failures) = (0, 0, 0)
        for seed in 0..<Self.trials where failures < 2 {
            var random = RandomNumbers(seed: UInt64(seed))
            let steps = Self.history(&random)
            do {
                let run = try Self.run(steps, limit: random.number(1...3))
                (waiting, moved) = (waiting + run.waiting, moved + run.moved)
            } catch {
                failures += 1
                var readable = Readable()
                Issue.record("seed \(seed): \(error)\n\(steps.map { readable.text($0) }.joined(separator: "\n"))")
            }
        }
        if failures == 0 {
            #expect(waiting > Self.trials, "commits in which somebody waits")
            #expect(moved > Self.trials / 4, "commits in which others go on beside those who wait")
        }
    }

    /// Campaigns of all activities: where more than members hangs on time, nothing is sliced.
    @Test func ofAnyActivity() {
        var (waiting, failures) = (0, 0)
        for seed in 1...Self.trials where failures < 2 {
            do {
                waiting += try Self.run(RandomWorld(seed: UInt64(seed)).steps, limit: 1).waiting
            } catch {
                failures += 1
                Issue.record("seed \(seed): \(error)")
            }
        }
        if failures == 0 { #expect(waiting > 0) }
    }

    /// Who begins to look at an instant at which windows pass many rows sees all of it.
    @Test func aCampaignThatStartsThenSeesAll() throws {
        let midnight = Self.noon + Self.day / 2
        var late = Self.campaign("late", "day = DateOnly(NOW()) OR day = DateOnly(DaysAgo(1))")
        late.startAt = midnight
        let run = try Self.run(
            [
                .advance(Self.noon), .schema(Self.people), .publish(Self.campaign("today", "day = DateOnly(NOW())")), .publish(late),
            ] + (0..<6).map { Self.row($0, day: Int64($0 % 2)) } + [.commit], limit: 1)
        try run.take(.advance(midnight), 0)
        #expect(!run.isCrossing)
        let entered = (0..<6).map { "late \($0) realized" }
        #expect(run.said == entered + (0..<6).map { "today \($0) \($0 % 2 == 0 ? "exited" : "realized")" })
        try run.take(.commit, 0)
        try run.finish()
    }

    /// People of today, at midnight: two rows a commit, then two members, while others go on.
    @Test func membersWaitForTheLastRow() throws {
        let run = try Self.run(
            [
                .advance(Self.noon), .schema(Self.people), .publish(Self.campaign("today", "day = DateOnly(NOW())")),
                .publish(Self.campaign("many", "n > 1")),
            ] + (0..<6).map { Self.row($0, day: 0) } + [.commit], limit: 2)
        func commit(_ steps: [Step]) throws -> [String] {
            for step in steps + [.commit] { try run.take(step, 0) }
            return run.said
        }
        #expect(try commit([.advance(Self.noon + Self.day / 2)]) == [], "two rows of six")
        #expect(try commit([Self.row(0, day: 0, n: 2)]) == ["many 0 realized"], "others go on")
        #expect(try commit([]) == [], "the last two rows")
        #expect(try commit([]) == [], "two members are compared")
        #expect(try commit([Self.row(0, day: 1, n: 2)]) == [], "one of them comes back, and two more are compared")
        #expect(try commit([]) == [] && run.isCrossing)
        #expect(try commit([]) == ["today 0 existing"] + (1..<6).map { "today \($0) exited" })
        #expect(!run.isCrossing)
    }
}

/// A history in an engine that tells all rows at once, and in one that tells a few.
private final class SlicedRun {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private let whole = Player()
    private let sliced = Player()
    private let limit: Int
    private let emission = Emission()
    private var registry = AudienceRegistry()
    private var clock = Int64.min
    /// What the commits of both add up to, by audience and member.
    private var decided: [String: [String: String]] = [:]
    private var told: [String: [String: String]] = [:]
    /// What the last commit in slices has said.
    private(set) var said: [String] = []
    /// Commits in which somebody waited, and in which others moved meanwhile.
    private(set) var (waiting, moved) = (0, 0)

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
        let requests = [whole, sliced].map { player in
            player.difference.requests.map { player.difference.withTexts(of: $0) { Array($0.identity) } }
        }
        let alerts = [whole, sliced].map { $0.difference.alerts.map { "\($0.campaign) \($0.activity) \($0.rows)" } }
        if requests[0] != requests[1] || alerts[0] != alerts[1] {
            throw Failure(description: "requests \(requests), alerts \(alerts)")
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
