// Goal: `validUntil` is exact where rows are in by their own values and the clock. Method: random histories of windows of all forms, in
// zones with and without summer time, around the ends of months and changes of offsets, beside the plain evaluator at later instants; and
// by hand what is not foreseen.
import Engine
import Oracle
import Testing

@testable import Campaigns

@Suite struct ValidUntilTests {
    private static let day: Int64 = 86_400_000
    /// Where days and hours are missing or come again.
    private static let beginnings = [
        "2026-01-29T20:00:00Z", "2026-02-27T06:00:00Z", "2026-03-27T11:00:00Z", "2026-03-29T00:30:00Z", "2026-10-24T23:30:00Z",
        "2026-10-31T03:00:00Z", "2026-11-01T05:20:00Z", "2026-12-30T23:00:00Z", "2028-02-27T12:00:00Z", "2026-04-04T14:45:00Z",
        "2026-06-15T12:00:00Z",
    ].map { InstantText.milliseconds(of: $0)! }

    private static let trials = Trials.oneOf(80, byHand: 60)
    private static let comparisons = ["<", "<=", ">", ">=", "=", "!="]
    private static let clocks = [
        "NOW()", "DaysAgo(1)", "DaysAgo(2)", "HoursAgo(5)", "MonthsAgo(1)", "MonthsAgo(2)", "YearsAgo(1)", "AddDays(NOW(), 3)",
        "AddMonths(NOW(), 1)", "MinutesAgo(90)", "TruncMonth(NOW())",
    ]
    private static let days = ["DateOnly(NOW())", "DateOnly(DaysAgo(2))", "AddMonths(DateOnly(NOW()), 1)", "TruncWeek(DateOnly(NOW()))"]

    private static let houses = Schema(
        name: "houses", fields: [Field(name: "id", type: .string), Field(name: "built", type: .datetime)], primaryKey: [0], version: nil,
        identities: [], links: [])
    private static let people = Schema(
        name: "people",
        fields: [
            Field(name: "id", type: .string), Field(name: "email", type: .string), Field(name: "house", type: .string),
            Field(name: "at", type: .datetime), Field(name: "day", type: .date), Field(name: "n", type: .integer),
        ], primaryKey: [0], version: nil, identities: [Identity(field: 1, namespace: "Email")],
        links: [
            Link(name: "home", target: "houses", on: [Link.Pair(source: "house", target: "id")], reverse: "people", isUnique: false),
            Link(name: "boss", target: "people", on: [Link.Pair(source: "house", target: "id")], reverse: "staff", isUnique: false),
        ])

    private static let catalog: Catalog = {
        var catalog = Catalog()
        for schema in [houses, people] { _ = catalog.publish(schema.definition) }
        return catalog
    }()

    private static func campaign(_ filter: String, zone: String = "UTC", endAt: Int64? = nil) -> Campaign {
        let read = readExpression(filter, about: people, catalog: catalog, zone: zone) { Zones.rules[$0] != nil }
        guard let expression = read.expression else { fatalError("\(filter): \(read.mistakes)") }
        var campaign = Campaign(
            id: "c", name: "c", timezone: zone,
            activities: [
                .build(BuildAudience(id: "build", dimension: "people", filter: expression)), .save(save()),
            ])
        campaign.endAt = endAt
        return campaign
    }

    private static func save(_ mode: SaveAudience.Mode = .mirror, from activity: String = "build") -> SaveAudience {
        SaveAudience(
            id: "save", position: 1, from: Transition(activity: activity), audience: "audience", label: "audience",
            identity: .field(FieldPath(field: 1, of: people)), namespace: "Email", attributes: [], ifExists: .merge, mode: mode)
    }

    private static func filter(_ depth: Int, _ random: inout RandomNumbers) -> String {
        if depth > 0, random.chance(65) {
            switch random.number(0...4) {
            case 0: return "NOT (\(filter(depth - 1, &random)))"
            case 1, 2: return "(\(filter(depth - 1, &random)) AND \(filter(depth - 1, &random)))"
            default: return "(\(filter(depth - 1, &random)) OR \(filter(depth - 1, &random)))"
            }
        }
        switch random.number(0...9) {
        case 0...3: return "at \(random.pick(comparisons)) \(random.pick(clocks))"
        case 4, 5: return "day \(random.pick(comparisons)) \(random.pick(days))"
        case 6: return "home.built \(random.pick(comparisons)) \(random.pick(clocks))"
        case 7: return "\(random.pick(["Days", "Months", "Years"]))Old(\(random.pick(["at", "day"]))) \(random.pick(["<", ">="])) 1"
        case 8: return "at IS NOT NULL"
        default: return "n > \(random.number(0...3))"
        }
    }

    @Test func whatIsSaidIsSoAndWhoIsNotSaidOfStays() throws {
        var looked = 0
        for seed in 0..<Self.trials {
            var random = RandomNumbers(seed: UInt64(seed))
            let beginning = random.pick(Self.beginnings)
            let text = Self.filter(3, &random)
            let zone = random.pick(Zones.names)
            func moment() -> Datum? {
                if random.chance(10) { return nil }
                // Now and then in one place of the clock's way or of a window's.
                let far = random.pick([1, 3, 40, 70, 400])
                return .instant(
                    beginning + Int64(random.number(-far * 24...far * 24)) * 3_600_000 + Int64(random.number(0...1)) * 1_800_000)
            }
            var steps: [Step] = [
                .advance(beginning), .schema(Self.houses), .schema(Self.people), .publish(Self.campaign(text, zone: zone)),
            ]
            var clock = beginning
            for _ in 0..<6 {
                for _ in 0..<3 {
                    let house: [Datum?] = [.text(Array("h\(random.number(0...2))".utf8)), moment()]
                    if random.chance(30) { steps.append(.upsert(table: "houses", row: house)) }
                    let person = random.number(0...5)
                    let day = moment().flatMap { if case .instant(let at) = $0 { Datum.date(Int32(at / Self.day)) } else { nil } }
                    steps.append(
                        .upsert(
                            table: "people",
                            row: [
                                .text(Array("p\(person)".utf8)), .text(Array("\(person / 2)@x.fr".utf8)),
                                .text(Array("h\(random.number(0...3))".utf8)), moment(), day, .integer(Int64(random.number(0...4))),
                            ]))
                }
                steps.append(.commit)
                clock += Int64(random.number(1...40)) * 3_600_000 + 123
                steps.append(.advance(clock))
            }
            do {
                looked += try Simulation.runWhole(steps + [.commit], foreseesAll: true).foreseen
            } catch {
                var readable = Readable()
                let history = steps.map { readable.text($0) }.joined(separator: "\n")
                Issue.record("seed \(seed), \(zone), \(text): \(error)\n\(history)")
                return
            }
        }
        #expect(looked > Self.trials / 2)
    }

    @Test(arguments: [
        // A row's own values, and those behind a link.
        ("at >= DaysAgo(30)", 30.0), ("at >= DaysAgo(30) AND n > 0", 30), ("at >= DaysAgo(30) OR at >= DaysAgo(40)", 40),
        ("NOT (at < DaysAgo(30))", 30), ("home.built >= DaysAgo(30)", 31), ("at >= DaysAgo(30) AND COUNT(staff) = 0", 30),
        // By time alone nobody leaves.
        ("at <= NOW()", nil), ("n > 0", nil), ("at >= DaysAgo(30) OR n > 0", nil),
        // Records that count for a while, and hours that come again.
        ("COUNT(staff WHERE at >= DaysAgo(30)) = 0", nil), ("at >= DaysAgo(30) AND Hour(NOW()) < 24", nil),
    ])
    func whatIsForeseen(_ filter: String, _ days: Double?) throws {
        let said = try Self.said(of: [Self.campaign(filter)])
        #expect(said == days.map { Self.noon + Int64($0 * Double(Self.day)) + 1 })
    }

    @Test func whoIsKeptOrDecidedByOthersIsNotForeseen() throws {
        let filter = "at >= DaysAgo(30)"
        // An audience of which the campaign's end makes what it is.
        #expect(try Self.said(of: [Self.campaign(filter, endAt: Self.noon + 10 * Self.day)]) == nil)
        #expect(try Self.said(of: [Self.campaign(filter, endAt: Self.noon + 31 * Self.day)]) != nil)
        var kept = Self.campaign(filter)
        kept.activities[1] = .save(Self.save(.append))
        #expect(try Self.said(of: [kept]) == nil)
        var limited = Self.campaign(filter)
        limited.activities = [
            kept.activities[0],
            .deduplication(
                Deduplication(
                    id: "one", from: Transition(activity: "build"), fields: [.field(FieldPath(field: 2, of: Self.people))], seed: "s")),
            .save(Self.save(.mirror, from: "one")),
        ]
        #expect(try Self.said(of: [limited]) == nil)
    }

    /// Two campaigns write one audience: who is in by both leaves with the later one.
    @Test func ofAMergedAudienceTheLastCounts() throws {
        var other = Self.campaign("at >= DaysAgo(50)")
        other.id = "d"
        #expect(try Self.said(of: [Self.campaign("at >= DaysAgo(30)"), other]) == Self.noon + 50 * Self.day + 1)
    }

    private static let noon = InstantText.milliseconds(of: "2026-06-15T12:00:00Z")!

    /// What is said of one person, of now, when campaigns go live and, the same, when she is written after that.
    private static func said(of campaigns: [Campaign]) throws -> Int64? {
        func said(isBefore: Bool) throws -> Int64 {
            let player = Player()
            player.advance(to: noon)
            for schema in [houses, people] { player.publish(schema) }
            func write() {
                player.upsert([.text(Array("h".utf8)), .instant(noon + day)], into: "houses")
                let day = Datum.date(Int32(noon / day))
                player.upsert(
                    [.text(Array("p".utf8)), .text(Array("x".utf8)), .text(Array("h".utf8)), .instant(noon), day, .integer(1)],
                    into: "people")
                player.commit()
            }
            var last: Int64?
            func note() throws {
                for member in player.difference.members { last = member.validUntil }
            }
            if isBefore { write() }
            for campaign in campaigns {
                _ = player.publish(campaign)
                try note()
            }
            if !isBefore { write() }
            try note()
            return try #require(last)
        }
        let until = try said(isBefore: true)
        #expect(try said(isBefore: false) == until)
        return until == .max ? nil : until
    }
}
