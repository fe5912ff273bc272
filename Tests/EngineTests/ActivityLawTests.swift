// Goal: the laws of the activities that are algebra hold for any filters and whatever comes and goes (semantics §4). Method: random rows
// and filters; every transition of one campaign is saved, and after every commit the audiences that the engine holds are put side by side.
import Campaigns
import Engine
import Testing

@Suite struct ActivityLawTests {
    private typealias Ids = Set<String>

    /// People who are their own identity, so that an audience is the set of its rows' keys.
    private final class People {
        static let schema = Schema(
            name: "people",
            fields: [
                Field(name: "id", type: .string), Field(name: "i", type: .integer), Field(name: "s", type: .string),
                Field(name: "at", type: .datetime), Field(name: "boss_id", type: .string),
            ], primaryKey: [0], version: nil, identities: [Identity(field: 0, namespace: "Id")],
            links: [
                Link(name: "boss", target: "people", on: [Link.Pair(source: "boss_id", target: "id")], reverse: "staff", isUnique: false)
            ])

        var random: RandomNumbers
        var engine = Engine()
        let difference = Difference()
        private let batch = ChangeBatch()
        private let values: RandomValues
        private var expressions: RandomExpressions
        private var clock: Int64
        private(set) var ids: Ids = []
        /// Of those who have one, there or not.
        private(set) var bosses: [String: String] = [:]

        init(seed: Int) throws {
            random = RandomNumbers(seed: UInt64(seed))
            values = RandomValues(&random)
            clock = values.base
            var catalog = Catalog()
            #expect(catalog.publish(Self.schema.definition).problems.isEmpty)
            expressions = RandomExpressions(catalog: catalog, zone: "UTC", values: values)
            engine.advance(to: clock)
            engine.publish(schema: Self.schema)
            for _ in 0..<5 { commit() }
        }

        func filter(carrying columns: [String: ValueType] = [:]) -> Expression {
            expressions.filter(Shape(dimension: Self.schema, columns: columns), depth: 2, &random)
        }

        /// Publishes activities, and a save of each transition under its own name.
        func publish(
            _ activities: [Activity], as id: String = "c", saving transitions: [Transition],
            by identity: Expression = .field(FieldPath(field: 0, of: schema))
        ) {
            let saves = transitions.enumerated().map { place, from in
                let name = "\(id)-\(from.activity)-\(from.output)"
                return Activity.save(
                    SaveAudience(
                        id: name, position: activities.count + place, from: from, audience: name, label: name, identity: identity,
                        namespace: "Id", attributes: []))
            }
            let campaign = Campaign(id: id, name: id, timezone: "UTC", activities: activities + saves)
            _ = engine.publish(campaign, zone: .utc, otherZones: Array(Zones.rules.values), into: difference)
        }

        func members(_ activity: String, _ output: String = Transition.main, of campaign: String = "c") -> Ids {
            Ids(rows(activity, output, of: campaign).keys)
        }

        /// How many rows stand for each member.
        func rows(_ activity: String, _ output: String = Transition.main, of campaign: String = "c") -> [String: Int] {
            for number in 0..<engine.audienceCount where engine.audience(number).id == "\(campaign)-\(activity)-\(output)" {
                let table = engine.members(of: number)
                let members = (0..<table.count).map { place in
                    table.withMember(place) { id, rows, _ in (String(decoding: id, as: UTF8.self), rows) }
                }
                return Dictionary(uniqueKeysWithValues: members)
            }
            return [:]
        }

        /// Some come, some change, some go, and perhaps the clock moves.
        func commit() {
            for _ in 0..<random.number(1...8) {
                let id = "p\(random.number(0...30))"
                let first = batch.begin(cellCount: 5)
                set(first, id)
                if random.chance(25) {
                    batch.end(table: 0, isDelete: true, firstCell: first)
                    ids.remove(id)
                    continue
                }
                if random.chance(85) { batch.set(first + 1, .integer(values.integer(&random))) }
                if random.chance(85) { set(first + 2, random.pick(["a", "b", "x@a", ""])) }
                if random.chance(85) { batch.set(first + 3, .instant(values.instant(&random))) }
                bosses[id] = random.chance(70) ? "p\(random.number(0...30))" : nil
                if let boss = bosses[id] { set(first + 4, boss) }
                batch.end(table: 0, isDelete: false, firstCell: first)
                ids.insert(id)
            }
            engine.apply(batch)
            batch.removeAll()
            if random.chance(50) {
                clock = min(clock + Int64(random.number(0...3)) * RandomValues.day / 2, InstantText.maximum)
                engine.advance(to: clock)
            }
            engine.commit(into: difference)
        }

        private func set(_ cell: Int, _ text: String) {
            Array(text.utf8).withUnsafeBytes { batch.setText(cell, $0) }
        }
    }

    private static func from(_ activity: String, _ output: String = Transition.main) -> Transition {
        Transition(activity: activity, output: output)
    }

    private static func subset(_ name: String, _ people: People) -> Split.Subset {
        Split.Subset(
            name: name, filter: people.random.chance(30) ? nil : people.filter(),
            draws: people.random.chance(50) ? nil : people.random.pick([0, 2500, 5000, 7500, 10_000]))
    }

    private static func builds(_ people: People) -> [Activity] {
        ["x", "y", "z"].map { .build(BuildAudience(id: $0, dimension: "people", filter: people.random.chance(20) ? nil : people.filter())) }
    }

    @Test(arguments: 0..<100)
    func subsetsAndComplementAreTheInbound(seed: Int) throws {
        let people = try People(seed: seed)
        let names = ["one", "two", "three"]
        func split(_ id: String, overlaps: Bool) -> Activity {
            let subsets = names.map { Self.subset($0, people) }
            return .split(Split(id: id, from: Self.from("x"), subsets: subsets, overlaps: overlaps, hasComplement: true, seed: id))
        }
        let activities = Self.builds(people) + [split("apart", overlaps: false), split("over", overlaps: true)]
        let outputs = ["apart", "over"].flatMap { id in (names + [Split.complement]).map { Self.from(id, $0) } }
        people.publish(activities, saving: [Self.from("x")] + outputs)
        for _ in 0..<10 {
            people.commit()
            let inbound = people.members("x")
            let apart = (names + [Split.complement]).map { people.members("apart", $0) }
            #expect(apart.reduce(Ids()) { $0.union($1) } == inbound)
            #expect(apart.reduce(0) { $0 + $1.count } == inbound.count)
            let over = names.reduce(Ids()) { $0.union(people.members("over", $1)) }
            #expect(people.members("over", Split.complement) == inbound.subtracting(over))
            #expect(over.isSubset(of: inbound))
        }
    }

    @Test(arguments: 0..<100)
    func combinesAreSets(seed: Int) throws {
        let people = try People(seed: seed)
        let inbounds = people.random.shuffled(["x", "y", "z"])
        let combines = [Combine.Operation.union, .intersection, .exclusion].map { operation in
            Activity.combine(
                Combine(
                    id: operation.rawValue, operation: operation, from: inbounds.map { Self.from($0) }, hasComplement: operation != .union))
        }
        let complements = ["intersection", "exclusion"].map { Self.from($0, Combine.complement) }
        let mains = ["x", "y", "z", "union", "intersection", "exclusion"].map { Self.from($0) }
        people.publish(Self.builds(people) + combines, saving: mains + complements)
        for _ in 0..<10 {
            people.commit()
            let sets = inbounds.map { people.members($0) }
            let union = sets.reduce(Ids()) { $0.union($1) }
            let intersection = sets.dropFirst().reduce(sets[0]) { $0.intersection($1) }
            let others = sets.dropFirst().reduce(Ids()) { $0.union($1) }
            #expect(people.members("union") == union)
            #expect(people.members("intersection") == intersection)
            #expect(people.members("intersection", Combine.complement) == union.subtracting(intersection))
            #expect(people.members("exclusion") == sets[0].subtracting(others))
            #expect(people.members("exclusion", Combine.complement) == sets[0].intersection(others))
        }
    }

    /// To one record each: no row is lost but those whose record is not there, none is there twice, and each stands for its record.
    @Test(arguments: 0..<50)
    func aChangeOfDimensionKeepsTheCount(seed: Int) throws {
        let people = try People(seed: seed)
        let who = Enrichment.Column(name: "who", value: .field(FieldPath(field: 0, of: People.schema)))
        let boss = ChangeDimension(
            id: "d", from: Self.from("e"), path: [AggregateStep(link: LinkStep(schema: "people", link: 0), isForward: true)],
            dimension: "people")
        let activities =
            Self.builds(people) + [.enrichment(Enrichment(id: "e", from: Self.from("x"), columns: [who])), .changeDimension(boss)]
        people.publish(activities, saving: [Self.from("x"), Self.from("d")])
        people.publish(activities, as: "same rows", saving: [Self.from("d")], by: .carried("who", type: .string))
        for _ in 0..<10 {
            people.commit()
            let led = people.members("x").filter { people.bosses[$0].map(people.ids.contains) ?? false }
            #expect(people.rows("d") == Dictionary(led.map { (people.bosses[$0]!, 1) }, uniquingKeysWith: +))
            #expect(people.rows("d", of: "same rows") == Dictionary(uniqueKeysWithValues: led.map { ($0, 1) }))
        }
    }

    /// Nobody moves because somebody else came or left, or the split has another subset; and who gives the same seed and name shares the
    /// draw.
    @Test(arguments: 0..<50)
    func aSampleNeverMoves(seed: Int) throws {
        let people = try People(seed: seed)
        let all = Activity.build(BuildAudience(id: "all", dimension: "people", filter: nil))
        func split(_ subsets: [(name: String, draws: Int)]) -> Activity {
            let subsets = subsets.map { Split.Subset(name: $0.name, filter: nil, draws: $0.draws) }
            return .split(Split(id: "s", from: Self.from("all"), subsets: subsets, overlaps: true, seed: "seed \(seed)"))
        }
        people.publish([all, split([("x", 5000)])], saving: [Self.from("s", "x")])
        people.publish([all, split([("y", 9000), ("x", 5000)])], as: "same", saving: [Self.from("s", "x")])
        people.publish([all, split([("x", 7500)])], as: "more", saving: [Self.from("s", "x")])
        var drawn: [String: Bool] = [:]
        for _ in 0..<15 {
            people.commit()
            let sample = people.members("s", "x")
            for id in people.ids {
                let isIn = drawn[id] ?? sample.contains(id)
                #expect(sample.contains(id) == isIn)
                drawn[id] = isIn
            }
            #expect(sample.isSubset(of: people.ids))
            #expect(people.members("s", "x", of: "same") == sample)
            #expect(people.members("s", "x", of: "more").isSuperset(of: sample))
        }
        #expect(Set(drawn.values) == [false, true])
    }

    /// "`h(seed + "/" + subset name + "/" + rowId) mod 10000 < percent × 100`."
    @Test func aSampleEndsAtTheDrawOfItsRow() throws {
        let people = try People(seed: 1)
        let all = Activity.build(BuildAudience(id: "all", dimension: "people", filter: nil))
        for id in people.ids {
            let draw = Int(StableHash.h("a/b/x/\(id)") % 10_000)
            for draws in [draw, draw + 1] {
                let split = Split(id: "s", from: Self.from("all"), subsets: [.init(name: "x", filter: nil, draws: draws)], seed: "a/b")
                people.publish([all, .split(split)], saving: [Self.from("s", "x")])
                #expect(people.members("s", "x").contains(id) == (draws > draw))
            }
        }
    }

    @Test(arguments: 0..<50)
    func aVersionThatSaysTheSameEmitsNothing(seed: Int) throws {
        let people = try People(seed: seed)
        let split = Split(
            id: "s", from: Self.from("x"), subsets: ["one", "two"].map { Self.subset($0, people) }, hasComplement: true, seed: "s")
        let columns = [Enrichment.Column(name: "i", value: .literal(.string("shadow"))), .init(name: "flag", value: people.filter())]
        let filter = people.filter(carrying: ["i": .string, "flag": .boolean, Split.codeColumn: .string])
        let activities: [Activity] =
            Self.builds(people) + [
                .split(split), .enrichment(Enrichment(id: "e", from: Self.from("s", "one"), columns: columns)),
                .split(Split(id: "t", from: Self.from("e"), subsets: [.init(name: "one", filter: filter)], seed: "t")),
                .combine(Combine(id: "u", operation: .union, from: [Self.from("t", "one"), Self.from("s", "two"), Self.from("y")])),
            ]
        let transitions = [Self.from("u"), Self.from("t", "one"), Self.from("s", Split.complement)]
        people.publish(activities, saving: transitions)
        for _ in 0..<5 {
            people.commit()
            people.publish(activities, saving: transitions)
            #expect(people.difference.members.count == 0)
        }
    }
}
