// Goal: the property tests cannot silently shrink. Method: every form that an expression can have, every function by its name and by what
// it becomes, every aggregate, operator and mixing of types must be met in a number of random worlds, and must come to something: a
// function to a value, a test to true, false and unknown.
import Oracle
import Testing

@testable import Campaigns

@Suite struct RandomCoverageTests {
    private static let worlds = 450

    /// What was met.
    private final class Met {
        var words: Set<String> = []

        func visit(_ expression: Expression, _ schema: String, _ evaluator: Evaluator, _ rows: [(key: Key, row: Row)]) {
            let (form, details) = expression.form
            words.insert("\(form)")
            let values = rows.map { evaluator.value(expression, key: $0.key, row: $0.row) }
            // What a form comes to is of each of its details.
            for detail in details {
                words.insert("\(form) \(detail)")
                for value in values { words.insert("\(form) \(detail): \(Self.outcome(value))") }
            }
            for part in expression.parts { visit(part, schema, evaluator, rows) }
            if case .aggregate(let aggregate) = expression, let filter = aggregate.filter {
                let last = aggregate.steps[aggregate.steps.count - 1].link
                let end =
                    aggregate.steps[aggregate.steps.count - 1].isForward
                    ? evaluator.tables.schemas[last.schema]!.links[last.link].target : last.schema
                visit(filter, end, evaluator, Self.rows(end, evaluator))
            }
        }

        static func rows(_ table: String, _ evaluator: Evaluator) -> [(key: Key, row: Row)] {
            evaluator.tables.rows[table, default: [:]].map { (key: $0.key, row: $0.value) }
        }

        private static func outcome(_ value: Datum?) -> String {
            switch value {
            case nil: "null"
            case .boolean(let truth): "\(truth)"
            default: "value"
            }
        }
    }

    private static func all<Kind: RawRepresentable>(_: Kind.Type) -> [Kind] where Kind.RawValue == UInt8 {
        (0...UInt8.max).compactMap(Kind.init(rawValue:))
    }

    /// What must be met.
    private static let wanted: [String] = {
        let types = all(ValueType.self).filter { $0 != .null }
        let truths = ["true", "false", "null"]
        var words = ExpressionForm.allCases.map { "\($0)" }
        words += all(ValueType.self).map { "literal \($0)" } + types.map { "field \($0): \($0 == .boolean ? "true" : "value")" }
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
        words += ["back", "back back", "back back back", "on back", "back on", "back back on", "on back back", "back on back"].map { "aggregate \($0)" }
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

    @Test func everyFormIsMet() {
        let met = Met()
        var sources: [String] = []
        for seed in 1...Self.worlds {
            let world = RandomWorld(seed: UInt64(seed), length: 60)
            sources += world.sources
            var tables = ReferenceTables()
            var clock: Int64 = 0
            var campaigns: [Campaign] = []
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
                case .publish(let campaign): campaigns.append(campaign)
                case .stop, .delete, .commit: break
                }
            }
            let evaluator = Evaluator(tables: tables, clock: clock, zones: Zones.rules)
            for campaign in campaigns {
                for build in campaign.builds {
                    guard let filter = build.filter else { continue }
                    met.visit(filter, build.dimension, evaluator, Met.rows(build.dimension, evaluator))
                }
                for save in campaign.saves {
                    let table = campaign.builds[save.population].dimension
                    for attribute in save.attributes { met.visit(attribute.source, table, evaluator, Met.rows(table, evaluator)) }
                }
            }
        }
        let missing = Self.wanted.filter { !met.words.contains($0) }
        #expect(missing.isEmpty)
        let words = Set(sources.flatMap { $0.split { !$0.isLetter && !$0.isNumber && $0 != "_" } })
        let unnamed = (FunctionNames.all + Syntax.AggregateWord.allCases.map(\.rawValue)).filter { !words.contains(Substring($0)) }
        #expect(unnamed.isEmpty)
    }
}
