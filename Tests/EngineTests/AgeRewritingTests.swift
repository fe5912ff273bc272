// Goal: an age beside a constant means what it says. The checker rewrites it as a comparison with a moving threshold (CheckerAges.swift),
// which every evaluator is given; here the plain evaluator computes the difference itself and compares it.
import Campaigns
import Oracle
import Testing

@Suite struct AgeRewritingTests {
    private static let people = Schema(
        name: "people", fields: [Field(name: "id", type: .string), Field(name: "at", type: .datetime), Field(name: "day", type: .date)],
        primaryKey: [0], version: nil, identities: [], links: [])

    private static let units: [(name: String, function: Function, counts: [Int])] = [
        ("Seconds", .secondsDiff, [0, 1, -1, 86_400]), ("Minutes", .minutesDiff, [0, 1, -30, 1440]),
        ("Hours", .hoursDiff, [0, 1, -1, 24, 47]),
        ("Days", .daysDiff, [0, 1, 2, -1, 30]), ("Months", .monthsDiff, [0, 1, -1, 2, 12, 216]), ("Years", .yearsDiff, [0, 1, -1, 18]),
    ]

    private static let comparisons: [(sign: String, comparison: Comparison)] = [
        ("=", .equal), ("!=", .notEqual), ("<", .less), ("<=", .lessOrEqual), (">", .greater), (">=", .greaterOrEqual),
    ]

    @Test func agesBesideConstants() throws {
        var catalog = Catalog()
        #expect(catalog.publish(Self.people.definition).problems.isEmpty)
        var random = RandomNumbers(seed: 18)
        var truths: [Datum?: Int] = [:]
        for _ in 0..<1200 {
            let values = RandomValues(&random)
            let zone = random.pick(Zones.names)
            let (unit, function, counts) = random.pick(Self.units)
            let (sign, comparison) = random.pick(Self.comparisons)
            let (text, literal): (String, Literal) =
                switch random.number(0...9) {
                case 0: ("NULL", .null)
                case 1: ("9223372036854775807", .integer(.max))
                case 2...4: { ("\($0).5", .double(Double("\($0).5")!)) }(random.pick(counts))
                default: { ("\($0)", .integer(Int64($0))) }(random.pick(counts))
                }
            let (name, field, type) = random.pick([("at", 1, ValueType.datetime), ("day", 2, .date)])
            let isOld = ["Days", "Months", "Years"].contains(unit) && random.chance(50)
            let source = "\(unit)\(isOld ? "Old(" : "Diff(NOW(), ")\(name)) \(sign) \(text)"
            let read = readExpression(source, about: Self.people, catalog: catalog, zone: zone) { Zones.rules[$0] != nil }
            let rewritten = try #require(read.expression)
            let path = Expression.field(FieldPath(steps: [], schema: "people", field: field, type: type))
            let age = Expression.call(function, [.clock(offset: 0, unit: .seconds, zone: zone), path], type: .integer, zone: zone)
            let meant = Expression.compare(comparison, age, .literal(literal))
            // Also to the age itself, and a millisecond beside it.
            let now = values.instant(&random)
            for place in 0..<12 {
                let at = place < 8 ? values.instant(&random) : Self.old(random.pick(counts), unit, before: now, zone) + Int64(place - 9)
                let row: Row = [.text([]), random.chance(5) ? nil : .instant(at), random.chance(5) ? nil : .date(values.day(&random))]
                let evaluator = Evaluator(tables: ReferenceTables(), clock: now, zones: Zones.rules)
                let (found, expected) = (evaluator.value(rewritten, key: [], row: row), evaluator.value(meant, key: [], row: row))
                #expect(found == expected, "\(source) in \(zone) at \(InstantText.text(of: now)) of \(row)")
                truths[expected, default: 0] += 1
            }
        }
        for truth: Datum? in [nil, .boolean(true), .boolean(false)] { #expect(truths[truth, default: 0] > 300) }
    }

    /// An instant that old, or nearly so.
    private static func old(_ count: Int, _ unit: String, before now: Int64, _ zone: String) -> Int64 {
        let units: [String: CalendarUnit] = [
            "Seconds": .seconds, "Minutes": .minutes, "Hours": .hours, "Days": .days, "Months": .months, "Years": .years,
        ]
        let instant = Calendar.adding(-Int64(count), units[unit]!, to: now, in: Zones.rules[zone]!)
        return min(max(instant ?? now, InstantText.minimum + 1), InstantText.maximum - 2)
    }
}
