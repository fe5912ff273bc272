// Goal: the property tests cannot silently shrink. Method: every form that an expression can have, every function by its name and by what
// it becomes, every aggregate, operator and mixing of types, and every form of an activity, must be met in a number of random worlds, and
// must come to something: a function to a value, a test to true, false and unknown, an output to somebody and to not all.
import Oracle
import Testing

@testable import Campaigns

@Suite struct RandomCoverageTests {
    private static let worlds = 1200
    /// Those that are followed commit by commit.
    private static let worldsOfCommits = 150

    /// What must be met.
    private static let wanted: [String] = {
        let types = Met.types
        let truths = ["true", "false", "null"]
        var words = ExpressionForm.allCases.map { "\($0)" }
        words += Met.all(ValueType.self).map { "literal \($0)" } + types.map { "field \($0): \($0 == .boolean ? "true" : "value")" }
        words += types.map { "carried \($0): \($0 == .boolean ? "true" : "value")" }
        words += ActivityType.random.flatMap { $0.wanted }
        words += (0...3).map { "field over \($0) links" }
        words += Met.all(CalendarUnit.self).map { "clock \($0): value" } + ["clock now", "clock past", "clock future", "clock days: null"]
        words += Met.all(Comparison.self).flatMap { comparison in truths.map { "compare \(comparison): \($0)" } }
        words += types.flatMap { type in truths.map { "compare \(type) with \(type): \($0)" } }
        words += ["integer with double", "double with integer"].flatMap { pair in truths.map { "compare \(pair): \($0)" } }
        words +=
            types.map { "isOneOf \($0) with \($0): true" } + ["isOneOf integer with double: true", "isOneOf double with integer: true"]
        words += types.flatMap { ["isNull \($0): true", "isNull \($0): false"] }
        words += types.map { "choose \($0): \($0 == .boolean ? "true" : "value")" } + types.map { "coalesce \($0)" }
        words += ["count", "countDistinct"].map { "aggregate \($0) as integer: value" } + ["aggregate average as double: value"]
        words += ["integer", "double"].map { "aggregate sum as \($0): value" }
        words += ["minimum", "maximum"].flatMap { function in types.map { "aggregate \(function) as \($0)" } }
        words.append("field by a reverse name: value")
        words += ["back", "back back", "back back back", "on back", "back on", "back back on", "on back back", "back on back"].map {
            "aggregate \($0)"
        }
        words += ["aggregate of all", "aggregate of some", "aggregate of some with aggregates"]
        for unit in Met.all(CalendarUnit.self) { words.append("ageThreshold \(unit) as instant: value") }
        words += ["months", "years"].map { "ageThreshold \($0) as date: value" }
        for operation in Met.all(ArithmeticOperator.self) {
            words += ["integer", "double"].flatMap { type in ["value", "null"].map { "arithmetic \(operation) \(type) \(type): \($0)" } }
        }
        words +=
            ["divide integer double", "divide double integer"].map { "arithmetic \($0): value" } + [
                "negate integer: value", "negate double: value",
            ]
        words += Met.all(TextTest.self).flatMap { test in truths.map { "textTest \(test): \($0)" } }
        words += Function.allCases.map { [.least, .greatest].contains($0) ? "call \($0)" : "call \($0): value" }
        words += [.least, .greatest].flatMap { (function: Function) in
            types.map { "call \(function) as \($0): \($0 == .boolean ? "true" : "value")" }
        }
        words += [Function.abs, .ceil, .floor, .round, .trunc, .modulo].flatMap { function in
            ["integer", "double"].map { "call \(function) as \($0): value" }
        }
        let moments: [Function] = [
            .addDays, .addMonths, .addYears, .truncDate, .truncWeek, .truncMonth, .truncQuarter, .truncYear, .oldest, .newest,
        ]
        words += moments.flatMap { function in ["date", "datetime"].map { "call \(function) as \($0): value" } }
        words += [
            "round of 1", "round of 2", "trunc of 1", "trunc of 2", "substring of 2", "substring of 3", "leftPad of 2", "leftPad of 3",
            "rightPad of 2", "rightPad of 3",
        ]
        .map { "call \($0): value" }
        return words
    }()

    @Test func everyFormIsMet() async {
        // Every so many worlds beside each other.
        let parts = 4
        let (words, sources) = await withTaskGroup { group in
            for part in 1...parts { group.addTask { Self.met(inWorlds: stride(from: part, through: Self.worlds, by: parts)) } }
            var (words, sources): (Set<String>, [String]) = ([], [])
            for await met in group {
                words.formUnion(met.words)
                sources += met.sources
            }
            return (words, sources)
        }
        let missing = Self.wanted.filter { !words.contains($0) }
        #expect(missing.isEmpty)
        let named = Set(sources.flatMap { $0.split { !$0.isLetter && !$0.isNumber && $0 != "_" } })
        let unnamed = (FunctionNames.all + Syntax.AggregateWord.allCases.map(\.rawValue)).filter { !named.contains(Substring($0)) }
        #expect(unnamed.isEmpty)
    }

    private static func met(inWorlds seeds: StrideThrough<Int>) -> (words: Set<String>, sources: [String]) {
        let met = Met()
        var sources: [String] = []
        for seed in seeds {
            let world = RandomWorld(seed: UInt64(seed), length: 60)
            sources += world.sources
            visit(world, isFollowed: seed <= worldsOfCommits, met)
        }
        return (met.words, sources)
    }

    /// What is met in one world at its end; `isFollowed`: and at every commit.
    private static func visit(_ world: borrowing RandomWorld, isFollowed: Bool, _ met: Met) {
        var tables = ReferenceTables()
        var clock: Int64 = 0
        var campaigns: [Campaign] = []
        var expectations = Expectations()
        met.asked = []
        for step in world.steps {
            switch step {
            case .schema(let schema): tables.publish(schema)
            case .advance(let instant):
                clock = instant
                tables.advance(to: instant)
            case .upsert(let table, let row): tables.upsert(row, into: table)
            case .remove(let table, let key, let version): tables.delete(key, version: version, from: table)
            case .move(let table, let key, let row): tables.move(from: key, to: row, in: table)
            case .truncate(let table): tables.truncate(table)
            case .publish(let campaign):
                campaigns.append(campaign)
                _ = expectations.publish(Expectations.described(campaign))
            case .stop(let id): expectations.stop(id)
            case .delete(let id): _ = expectations.delete(id)
            case .commit: break
            }
            guard isFollowed else { continue }
            switch step {
            case .publish, .stop, .delete, .commit:
                let evaluator = Evaluator(tables: tables, clock: clock, zones: Zones.rules)
                let said = expectations.commit(evaluator)
                met.visit(expectations, said, evaluator)
            default: break
            }
        }
        let evaluator = Evaluator(tables: tables, clock: clock, zones: Zones.rules)
        for campaign in campaigns {
            let populations = evaluator.evaluate(campaign).populations
            for activity in campaign.activities { met.visit(activity, populations, evaluator) }
        }
    }
}
