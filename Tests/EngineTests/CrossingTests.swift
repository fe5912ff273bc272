// Goal: rows that time passes, told in slices, come to what telling all of them at once does; nothing is said of an audience that waits,
// and of every other each commit says the same; channels send once to everybody who is there in the end, and to nobody who never was.
// Method: random histories through two engines, one of which tells a row or two a commit and is asked for more commits only where a daemon
// would make them; the other one is beside the plain evaluator in every other test.
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

    private static func campaign(
        _ id: String, _ filter: String, saves audience: String? = nil, sends: Bool = false, staff: String = "n > 0",
        repeats: Channel.Repeat = .once
    ) -> Campaign {
        let read = readExpression(filter, about: people, catalog: catalog, zone: "UTC") { _ in true }
        guard let expression = read.expression else { fatalError("\(filter): \(read.mistakes)") }
        let save = SaveAudience(
            id: "save", position: 1, from: Transition(activity: "build"), audience: audience ?? id, label: id,
            identity: .field(FieldPath(field: 1, of: people)), namespace: "Email",
            attributes: [Attribute(name: "n", source: .field(FieldPath(field: 4, of: people)))], ifExists: .merge, mode: .mirror)
        // Who is there has an address: whoever is a member is written to.
        let mail = Channel(
            id: "mail", from: Transition(activity: "build"), channel: .email, identity: .field(FieldPath(field: 1, of: people)),
            namespace: "Email", address: .field(FieldPath(field: 1, of: people)),
            attributes: [Attribute(name: "staff", source: count("COUNT(staff WHERE \(staff))"))], repeats: repeats,
            timezone: "UTC", dimension: "people")
        return Campaign(
            id: id, name: id, timezone: "UTC",
            activities: [.build(BuildAudience(id: "build", dimension: "people", filter: expression)), .save(save)]
                + (sends ? [.channel(mail)] : []))
    }

    private static func count(_ text: String) -> Expression {
        let read = readExpression(text, about: people, catalog: catalog, zone: "UTC") { _ in true }
        guard let expression = read.expression else { fatalError("\(text): \(read.mistakes)") }
        return expression
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
            steps.append(
                .publish(
                    campaign("a\(number)", filter(2, &random), saves: audience, sends: number > 0 && audience == nil && random.chance(50))))
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
        var (waiting, moved, held, failures) = (0, 0, 0, 0)
        for seed in 0..<Self.trials where failures < 2 {
            var random = RandomNumbers(seed: UInt64(seed))
            let steps = Self.history(&random)
            do {
                let run = try Self.run(steps, limit: random.number(1...3))
                (waiting, moved, held) = (waiting + run.waiting, moved + run.moved, held + run.requestsOfSlices)
            } catch {
                failures += 1
                var readable = Readable()
                Issue.record("seed \(seed): \(error)\n\(steps.map { readable.text($0) }.joined(separator: "\n"))")
            }
        }
        if failures == 0 {
            #expect(waiting > Self.trials, "commits in which somebody waits")
            #expect(moved > Self.trials / 4, "commits in which others go on beside those who wait")
            #expect(held > Self.trials / 4, "requests that waited")
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

    /// Who enters at midnight is written to when all rows are told, a few a commit; others' mail goes out at once.
    @Test func channelsWaitForTheLastRow() throws {
        let run = try Self.run(
            [
                .advance(Self.noon), .schema(Self.people),
                .publish(
                    Self.campaign("tomorrow", "day = DateOnly(NOW())", sends: true, staff: "day = DateOnly(NOW())", repeats: .everyEntry)),
                .publish(Self.campaign("many", "n > 1", sends: true)),
            ] + (0..<5).map { Self.row($0, chief: 0, day: 1) } + [.commit], limit: 2)
        func commit(_ steps: [Step]) throws -> [String] {
            for step in steps + [.commit] { try run.take(step, 0) }
            return run.sent
        }
        #expect(try commit([.advance(Self.noon + Self.day / 2)]) == [], "two rows of five")
        #expect(try commit([Self.row(9, day: 1, n: 2)]) == [#"many 9 {"staff":0}"#], "another's mail; the row is of today, and waits")
        // What the mail says of the other rows is so when all of them are told.
        #expect(try commit([Self.row(4, chief: 0, day: 0)]) == [], "the last row; one is of today no more")
        #expect(try commit([]) == [#"tomorrow 0 {"staff":5}"#, #"tomorrow 1 {"staff":0}"#])
        var rest: [String] = []
        while run.isCrossing { rest += try commit([]) }
        #expect(rest == [#"tomorrow 2 {"staff":0}"#, #"tomorrow 3 {"staff":0}"#, #"tomorrow 9 {"staff":0}"#])
        #expect(try commit([Self.row(4, day: 1)]) == [#"tomorrow 4 {"staff":0}"#], "at once again")
    }

    /// A start from a checkpoint follows campaigns in another order than that in which they were published: what the commits of a large
    /// instant say must not hang on it, since those that one life has made the next one repeats.
    @Test func theOrderOfPublishingDecidesNothing() throws {
        let campaigns = [
            Self.campaign("zoo", "day = DateOnly(NOW())", sends: true), Self.campaign("ape", "day >= DateOnly(NOW())", sends: true),
            Self.campaign("yak", "day < DateOnly(NOW())", sends: true), Self.campaign("bee", "day = DateOnly(DaysAgo(1))"),
        ]
        let runs = try [campaigns, campaigns.reversed()].map { campaigns in
            try Self.run(
                [.advance(Self.noon), .schema(Self.people)] + campaigns.map { .publish($0) }
                    + (0..<9).map { Self.row($0, email: ($0 * 5) % 9, day: Int64($0 % 2)) } + [.commit], limit: 2)
        }
        var (commits, sent) = (0, 0)
        for step in [Step.advance(Self.noon + Self.day / 2)] + Array(repeating: .commit, count: 60) {
            for run in runs {
                try run.take(step, 0)
                if case .advance = step { try run.take(.commit, 0) }
            }
            #expect(runs[0].sent == runs[1].sent && runs[0].said == runs[1].said && runs[0].isCrossing == runs[1].isCrossing)
            commits += runs[0].isCrossing ? 1 : 0
            sent += runs[0].sent.count
        }
        #expect(commits > 8 && sent > 5 && !runs[0].isCrossing, "\(commits) commits, \(sent) requests")
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
