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

    /// What was met.
    final class Met {
        var words: Set<String> = []
        /// Who was asked for, in one world.
        var asked: Set<String> = []

        func visit(_ expression: Expression, _ population: Population, _ evaluator: Evaluator) {
            let (form, details) = expression.form
            words.insert("\(form)")
            let values = population.rows.map { evaluator.value(expression, of: $0, in: population) }
            // What a form comes to is of each of its details.
            for detail in details {
                words.insert("\(form) \(detail)")
                for value in values { words.insert("\(form) \(detail): \(Self.outcome(value))") }
            }
            for part in expression.parts { visit(part, population, evaluator) }
            if case .aggregate(let aggregate) = expression, let filter = aggregate.filter {
                let last = aggregate.steps[aggregate.steps.count - 1]
                let link = last.link
                let end =
                    last.isForward && !link.isReversed ? evaluator.tables.schemas[link.schema]!.links[link.link].target : link.schema
                visit(filter, evaluator.population(of: BuildAudience(id: "all", dimension: end, filter: nil)), evaluator)
            }
        }

        /// An activity: its form, and which of its outputs hold somebody, or not all of whom it took in.
        func visit(_ activity: Activity, _ populations: [Transition: Population], _ evaluator: Evaluator) {
            let inbounds = activity.inbounds.map { populations[$0]! }
            var dimension = inbounds.first?.dimension ?? ""
            if case .build(let build) = activity { dimension = build.dimension }
            if case .read(let read) = activity { dimension = read.dimension }
            let all = evaluator.population(of: BuildAudience(id: "all", dimension: dimension, filter: nil))
            // What reads no columns has something to say of those, too, who did not come so far.
            for expression in activity.expressions { visit(expression, expression.readsColumns ? inbounds[0] : all, evaluator) }
            func count(_ output: String) -> Int { populations[Transition(activity: activity.id, output: output)]?.rows.count ?? 0 }
            func note(_ name: String, _ output: String) {
                words.insert(name)
                if count(output) > 0 { words.insert("\(name): somebody") }
                if count(output) < inbounds.reduce(0, { max($0, $1.rows.count) }) { words.insert("\(name): not all") }
            }
            if activity.expressions.contains(where: \.readsColumns) { words.insert("\(activity.kind) reads carried columns") }
            switch activity {
            case .build: note("build", Transition.main)
            case .fork(let fork): for output in fork.outputs { note("fork", output) }
            case .split(let split): visit(split, note)
            case .combine(let combine): visit(combine, inbounds, populations[Transition(activity: combine.id)]!, note)
            case .enrichment(let enrichment):
                note("enrichment", Transition.main)
                let schema = evaluator.tables.schemas[dimension]!
                for column in enrichment.columns {
                    if schema.field(named: column.name) != nil { words.insert("a column shadows a field") }
                    if inbounds[0].columns.contains(column.name) { words.insert("a column replaces another") }
                }
                visitLines(of: enrichment, populations[Transition(activity: enrichment.id)]!)
                visitJoins(of: enrichment, populations)
            case .changeDimension(let change):
                note("change-dimension of \(change.path.count)", Transition.main)
                if change.path.contains(where: { !$0.isForward }) {
                    let isMixed = change.path.contains { $0.isForward }
                    note("change-dimension to many\(isMixed ? " and to one" : "")", Transition.main)
                }
                for row in populations[Transition(activity: change.id)]!.rows where row.key == nil { words.insert("a row without a key") }
            case .wait(let wait):
                guard case .until(let until) = wait.period else { return note("wait of a duration", Transition.main) }
                note("wait", Transition.main)
                words.insert("wait: \(until > evaluator.clock ? "before" : until == evaluator.clock ? "at" : "after")")
            case .save(let save):
                if case .carried = save.identity { words.insert("an identity that is carried") }
            case .deduplication(let deduplication): visit(deduplication, note)
            case .reconciliation(let reconciliation): visit(reconciliation, populations[Transition(activity: reconciliation.id)]!, note)
            case .test(let test):
                for condition in test.conditions { note("test", condition.name) }
                if test.hasDefault { note("default of a test", Test.otherwise) }
            case .andJoin: note("and-join", Transition.main)
            case .read(let read):
                note("read-audience", Transition.main)
                if count(Transition.main) < all.rows.count { words.insert("read-audience: not all") }
                if !read.columns.isEmpty { words.insert("read-audience with attributes") }
            case .alert: note("alert", Transition.main)
            case .channel(let channel):
                note("channel \(channel.repeats)", Transition.main)
                if channel.cooldown != nil { words.insert("channel with a cooldown") }
            }
        }

        /// What a commit says, and what is remembered.
        func visit(_ expectations: Expectations, _ said: Expectations.Said, _ evaluator: Evaluator) {
            for (id, evaluation) in expectations.evaluations {
                for activity in expectations.campaigns[id]!.campaign.activities {
                    switch activity {
                    case .read, .andJoin, .test, .channel, .alert, .wait, .combine: visit(activity, evaluation.populations, evaluator)
                    default: break
                    }
                }
            }
            if !said.alerts.isEmpty { words.insert("an alert is raised") }
            for request in said.requests {
                let people = "\(request.campaign) \(request.activity) \(request.namespace) \(request.identity)"
                words.insert(asked.insert(people).inserted ? "a request" : "another request")
            }
            for held in expectations.held.values.flatMap(\.values) {
                switch held.save.mode {
                case .mirror: break
                case .append: words.insert(held.members.isEmpty ? "append" : "append: somebody")
                case .frozen(let schedule):
                    let times = schedule.map { if case .every = $0.times { "every" } else { "cron" } } ?? "once"
                    words.insert("frozen \(times)\(held.members.isEmpty ? "" : ": somebody")")
                }
            }
        }

        private static func outcome(_ value: Datum?) -> String {
            switch value {
            case nil: "null"
            case .boolean(let truth): "\(truth)"
            default: "value"
            }
        }
    }

    static func all<Kind: RawRepresentable>(_: Kind.Type) -> [Kind] where Kind.RawValue == UInt8 {
        (0...UInt8.max).compactMap(Kind.init(rawValue:))
    }

    /// What must be met.
    private static let wanted: [String] = {
        let types = all(ValueType.self).filter { $0 != .null }
        let truths = ["true", "false", "null"]
        var words = ExpressionForm.allCases.map { "\($0)" }
        words += all(ValueType.self).map { "literal \($0)" } + types.map { "field \($0): \($0 == .boolean ? "true" : "value")" }
        words += types.map { "carried \($0): \($0 == .boolean ? "true" : "value")" }
        words += activities
        words += (0...3).map { "field over \($0) links" }
        words += all(CalendarUnit.self).map { "clock \($0): value" } + ["clock now", "clock past", "clock future", "clock days: null"]
        words += all(Comparison.self).flatMap { comparison in truths.map { "compare \(comparison): \($0)" } }
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
        for unit in all(CalendarUnit.self) { words.append("ageThreshold \(unit) as instant: value") }
        words += ["months", "years"].map { "ageThreshold \($0) as date: value" }
        for operation in all(ArithmeticOperator.self) {
            words += ["integer", "double"].flatMap { type in ["value", "null"].map { "arithmetic \(operation) \(type) \(type): \($0)" } }
        }
        words +=
            ["divide integer double", "divide double integer"].map { "arithmetic \($0): value" } + [
                "negate integer: value", "negate double: value",
            ]
        words += all(TextTest.self).flatMap { test in truths.map { "textTest \(test): \($0)" } }
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

    private static let activities: [String] = {
        let draws = [0, 7, 2500, 3150, 5000, 7500, 10_000]
        let some = ["split with overlap", "split without overlap", "complement of a split", "wait"]
        let changes = (1...3).map { "change-dimension of \($0): somebody" } + ["a row without a key", "an identity that is carried"]
        let combines = (2...4).map { "intersection of \($0)" } + (2...3).map { "exclusion of \($0)" }
        let led = ["union", "intersection", "exclusion"].flatMap { operation in
            ["somebody", "not all"].map { "\(operation) of rows led there: \($0)" }
        }
        let complements = ["complement of intersection", "complement of exclusion"]
        return remembering + rowActivities.values.flatMap { $0 }
            + ["build", "fork", "enrichment", "union of 2", "union of 3", "union of 4"].map { "\($0): somebody" }
            + (some + combines + complements).flatMap { ["\($0): somebody", "\($0): not all"] }
            + draws.map { "sample of \($0)\($0 > 7 ? ": somebody" : ": not all")" }
            + changes + led + ["an inbound twice", "a column shadows a field", "a column replaces another"]
            + ["union", "intersection", "exclusion"].map { "\($0) of different columns" } + ["before", "at", "after"].map { "wait: \($0)" }
            + ["split", "enrichment", "save"].map { "\($0) reads carried columns" }
    }()

    /// Of what counts and remembers.
    private static let remembering = [
        "test: somebody", "test: not all", "default of a test: somebody", "default of a test: not all", "and-join: somebody",
        "and-join: not all", "alert: somebody", "an alert is raised", "wait of a duration: somebody", "wait of a duration: not all",
        "channel once: somebody", "channel everyEntry: somebody", "channel with a cooldown", "a request", "another request",
        "read-audience: somebody", "read-audience: not all", "read-audience with attributes", "append: somebody",
        "frozen once: somebody", "frozen every: somebody", "frozen cron: somebody",
    ]

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
