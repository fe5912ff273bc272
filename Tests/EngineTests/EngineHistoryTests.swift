// Histories that were once wrong or look as if they might be: the smallest of each kind, written out, and run beside the plain
// evaluator like the random ones.
import Campaigns
import Oracle
import Testing

@Suite struct EngineHistoryTests {
    private static let noon = InstantText.milliseconds(of: "2026-06-15T12:00:00Z")!

    /// One table whose rows link to rows of it.
    private static let people = Schema(
        name: "people",
        fields: [
            Field(name: "id", type: .string), Field(name: "email", type: .string), Field(name: "boss", type: .string),
            Field(name: "score", type: .integer), Field(name: "at", type: .datetime), Field(name: "day", type: .date),
            Field(name: "mentor", type: .string),
        ], primaryKey: [0], version: nil, identities: [Identity(field: 1, namespace: "Email")],
        links: [
            Link(name: "boss", target: "people", on: [Link.Pair(source: "boss", target: "id")], reverse: "staff", isUnique: false),
            Link(name: "mentor", target: "people", on: [Link.Pair(source: "mentor", target: "id")], reverse: "mentees", isUnique: false),
        ])

    private static let boss = LinkStep(schema: "people", link: 0)
    private static let mentor = LinkStep(schema: "people", link: 1)

    private static func field(_ number: Int, over steps: [LinkStep] = []) -> Expression {
        .field(FieldPath(steps: steps, schema: "people", field: number, type: people.fields[number].valueType))
    }

    private static func publish(_ filter: Expression?, zone: String = "UTC", attribute: Expression? = nil, id: String = "c") -> Step {
        .publish(
            Campaign(
                id: id, name: id, timezone: zone,
                activities: [
                    .build(BuildAudience(id: "build", dimension: "people", filter: filter)),
                    .save(
                        SaveAudience(
                            id: "save", position: 1, from: Transition(activity: "build"), audience: "audience-\(id)", label: id,
                            identity: .field(FieldPath(field: 1, of: people)), namespace: "Email",
                            attributes: attribute.map { [Attribute(name: "value", source: $0)] } ?? []
                        )),
                ]))
    }

    private static func row(
        _ id: String, email: String? = "a@x", boss: String? = nil, score: Int64? = nil, at: Int64? = nil, day: Int32? = nil,
        mentor: String? = nil
    ) -> Step {
        let row: Row = [
            .text(Array(id.utf8)), email.map { .text(Array($0.utf8)) }, boss.map { .text(Array($0.utf8)) }, score.map { .integer($0) },
            at.map { .instant($0) }, day.map { .date($0) }, mentor.map { .text(Array($0.utf8)) },
        ]
        return .upsert(table: "people", row: row)
    }

    private static func remove(_ id: String) -> Step {
        .remove(table: "people", key: [.text(Array(id.utf8))], version: nil)
    }

    private static func count(where filter: Expression? = nil) -> Expression {
        .aggregate(
            Aggregate(function: .count, steps: [AggregateStep(link: boss, isForward: false)], filter: filter, field: nil, type: .integer))
    }

    private static let sum = Expression.aggregate(
        Aggregate(function: .sum, steps: [AggregateStep(link: boss, isForward: false)], filter: nil, field: 3, type: .integer))

    private static func run(_ steps: Step...) throws {
        try Simulation.run([.advance(noon), .schema(people)] + steps + [.commit])
    }

    /// The new identity is a part of a text in the dictionary that it comes into, which grows meanwhile.
    @Test func identitiesAreMadeOfOthersOfTheirNamespace() throws {
        let ending = Expression.call(.right, [Self.field(1), .literal(.integer(9))], type: .string, zone: "UTC")
        let campaign = Campaign(
            id: "c", name: "c", timezone: "UTC",
            activities: [
                .build(BuildAudience(id: "build", dimension: "people", filter: nil)),
                .enrichment(Enrichment(id: "e", from: Transition(activity: "build"), columns: [.init(name: "who", value: ending)])),
                .save(
                    SaveAudience(
                        id: "save", position: 2, from: Transition(activity: "e"), audience: "a", label: "a",
                        identity: .carried("who", type: .string), namespace: "Email", attributes: [])),
            ])
        for length in 0..<200 {
            let rows = (0..<3).map { number in
                Self.row("p\(number)", email: String(repeating: "x", count: length * 4) + "-\(100_000 + number)")
            }
            try Simulation.run([.advance(Self.noon), .schema(Self.people), .publish(campaign)] + rows + [.commit])
        }
    }

    /// The term comes from null with June: every row is on the way, the first and the last place of all too.
    @Test(
        arguments: [Int64.min, Int64.min + 1, 0, Int64.max - 1, Int64.max],
        [Comparison.equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual])
    func aTermThatComesFromNullPassesEveryPlace(score: Int64, comparison: Comparison) throws {
        let month = Expression.call(.month, [.clock(offset: 0, unit: .seconds, zone: "UTC")], type: .integer, zone: "UTC")
        let june = Choice(condition: .compare(.equal, month, .literal(.integer(6))), result: .literal(.integer(5)))
        let term = Expression.choose([june], otherwise: .literal(.null), type: .integer)
        for value in [Self.field(3), .arithmetic(.add, Self.field(3), .literal(.integer(0)))] {
            let filter = Expression.compare(comparison, value, term)
            try Simulation.run([
                .advance(InstantText.milliseconds(of: "2026-05-15T12:00:00Z")!), .schema(Self.people), Self.publish(filter),
                Self.row("a", score: score), .commit, .advance(Self.noon), .commit, Self.row("a", score: 5), .commit,
            ])
        }
    }

    @Test func rowsThatLinkInACircleAreFollowedAsFarAsThePathSays() throws {
        let isRanked = Expression.compare(.greater, Self.field(3, over: [Self.boss, Self.boss]), .literal(.integer(3)))
        try Self.run(
            Self.publish(isRanked, attribute: Self.field(3, over: [Self.boss, Self.boss])),
            Self.row("a", boss: "a", score: 1), .commit, Self.row("a", boss: "a", score: 5), .commit,
            Self.row("b", email: "b@x", boss: "c", score: 9), Self.row("c", email: "c@x", boss: "b", score: 2), .commit,
            Self.row("c", email: "c@x", boss: "b", score: 4), .commit, Self.remove("b"))
    }

    @Test func rowThatCountsItselfLeavesOnce() throws {
        let hasStaff = Expression.compare(.greaterOrEqual, Self.count(), .literal(.integer(1)))
        for email in [nil, "a@x"] {
            for filter in [hasStaff, .not(hasStaff), .compare(.equal, Self.count(where: .isNull(Self.field(3))), .literal(.integer(0)))] {
                try Self.run(
                    Self.publish(filter), Self.row("a", email: email, boss: "a"), .commit,
                    Self.remove("a"), .commit, Self.row("a", email: email, boss: "a", score: 1), .commit,
                    Self.row("a", email: email, score: 1), .commit, Self.row("a", email: email, boss: "a"))
            }
        }
    }

    /// While a new row is told of, it counts for another, whose staff is told; then the row's own conditions are still to be looked at.
    @Test func rowIsToldOfAllConditionsThoughOthersAreToldMeanwhile() throws {
        let steps = [AggregateStep(link: Self.boss, isForward: true), AggregateStep(link: Self.mentor, isForward: false)]
        let mentees = Expression.aggregate(Aggregate(function: .count, steps: steps, filter: nil, field: nil, type: .integer))
        try Self.run(
            Self.publish(.compare(.greaterOrEqual, mentees, .literal(.integer(1)))),
            Self.row("a", boss: "unknown"), Self.row("root", mentor: "root"), .commit,
            Self.row("c", email: "c@x", boss: "root", mentor: "unknown"))
    }

    @Test func rowThatSumsItselfChangesItsIdentity() throws {
        try Self.run(
            Self.publish(.isNull(Self.sum)), Self.row("a", email: nil, boss: "a", score: 10),
            Self.row("a", email: "a@x", score: 10), .commit, Self.row("a", email: "b@x", boss: "a", score: 10))
    }

    @Test func windowWithoutABeginningHidesNoOther() throws {
        func since(_ offset: Int64, _ unit: CalendarUnit) -> Expression {
            .compare(.greaterOrEqual, Self.field(4), .clock(offset: offset, unit: unit, zone: "UTC"))
        }
        try Self.run(
            Self.publish(since(-9000, .years), id: "never"), Self.publish(since(-1, .days), id: "lately"),
            Self.row("a", at: Self.noon))
    }

    @Test func textsAreTheirBytes() throws {
        let (composed, decomposed) = ("\u{e9}", "e\u{301}")
        try Self.run(
            Self.publish(.compare(.lessOrEqual, Self.field(1), .literal(.string(decomposed))), id: "one"),
            Self.publish(.compare(.lessOrEqual, Self.field(1), .literal(.string(composed))), id: "two"),
            Self.row("a", email: composed), Self.row("b", email: decomposed), Self.row("c", email: "z"))
    }

    @Test func sumOfIntegersIsExactBesideConstantsBeyondDoubles() throws {
        let edge = Int64(1) << 53
        for comparison in [Comparison.equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual] {
            for constant in [Literal.integer(edge), .integer(edge + 1), .double(0x1p53), .integer(-edge - 1)] {
                try Self.run(
                    Self.publish(.compare(comparison, Self.sum, .literal(constant))),
                    Self.row("a"), Self.row("b", email: "b@x", boss: "a", score: edge), .commit,
                    Self.row("b", email: "b@x", boss: "a", score: edge + 1), .commit,
                    Self.row("b", email: "b@x", boss: "a", score: edge + 2), .commit,
                    Self.row("b", email: "b@x", boss: "a", score: edge), .commit,
                    Self.row("b", email: "b@x", boss: "a", score: -edge), .commit,
                    Self.row("b", email: "b@x", boss: "a", score: -edge - 1))
            }
        }
        let isScore = Expression.compare(.equal, Self.sum, Self.field(3))
        try Self.run(
            Self.publish(isScore), Self.row("a", score: edge + 1),
            Self.row("b", email: "b@x", boss: "a", score: edge), .commit,
            Self.row("b", email: "b@x", boss: "a", score: edge + 1))
    }

    /// In Samoa 29 December 2011 was followed by the 31st: the 30th and the 31st begin at one instant.
    @Test func dayThatAZoneSkippedBeginsWithTheNext() throws {
        let zone = "Pacific/Apia"
        let last = Calendar.midnight(ofDay: 15_338, in: Zones.rules[zone]!)!
        #expect(Calendar.midnight(ofDay: 15_339, in: Zones.rules[zone]!)! == last)
        for comparison in [Comparison.equal, .less, .lessOrEqual, .greater, .greaterOrEqual] {
            let since = Expression.compare(comparison, .midnight(Self.field(5), zone: zone), .clock(offset: 0, unit: .seconds, zone: zone))
            var steps: [Step] = [.advance(last - 1), .schema(Self.people), Self.publish(since, zone: zone)]
            for day in Int32(15_336)...15_340 { steps.append(Self.row("\(day)", email: "\(day)", day: day)) }
            for instant in [last, last + 1, last + 86_400_000] { steps += [.commit, .advance(instant)] }
            try Simulation.run(steps + [.commit])
        }
    }

    @Test func rejectedRowsAreCountedWhenNobodyEntersOrLeaves() throws {
        try Self.run(Self.publish(nil), Self.row("a", email: nil), .commit, Self.remove("a"))
    }
}
