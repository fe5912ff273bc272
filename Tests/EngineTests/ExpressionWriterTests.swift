// Goal: an expression that is written out reads back as the same one, whatever it is made of; words are those of the table. Method: random
// expressions of every form about random schemas; words by hand.
import Testing

@testable import Campaigns

@Suite struct ExpressionWriterTests {
    @Test func everyExpressionReadsBackAsItself() {
        var read = 0
        for seed in 0..<400 {
            var random = RandomNumbers(seed: UInt64(seed))
            let values = RandomValues(&random)
            let schemas = RandomSchemas(&random).complete
            var catalog = Catalog()
            for schema in schemas { #expect(catalog.publish(schema.definition).problems.isEmpty) }
            let zone = random.pick(Zones.names)
            var expressions = RandomExpressions(catalog: catalog, zone: zone, values: values)
            let writer = ExpressionWriter { catalog.schema(named: $0) }
            let timeZones = TimeZoneNames(names: [], isKnown: { Zones.rules[$0] != nil })
            for _ in 0..<12 {
                let shape = Shape(dimension: random.pick(schemas), columns: ["carried one": .integer, "segmentCode": .string])
                let expression =
                    random.chance(70)
                    ? expressions.filter(shape, depth: random.number(0...3), &random) : expressions.attribute(shape, &random)
                // No text has a word for it.
                if hasExcept(expression) { continue }
                let text = writer.text(of: expression)
                let found = readExpression(text, about: shape, catalog: catalog, zone: zone, timeZones: timeZones)
                guard let again = found.expression else {
                    Issue.record("\(text): \(found.mistakes)")
                    return
                }
                if plain(again) != plain(expression) {
                    Issue.record("\(text)\nbecame \(writer.text(of: again))\n\(expression)\n\(again)")
                    return
                }
                read += 1
            }
        }
        #expect(read > 3000)
    }

    @Test(arguments: [
        ("n > 0 AND country = 'FR'", "n is more than 0 and country is FR"), ("email IS EMPTY", "email is empty"),
        ("NOT (email IS EMPTY OR n = 1)", "not (email is empty or n is 1)"), ("country IN ('DE', 'FR', 'IT')", "country is DE, FR or IT"),
        ("at >= DaysAgo(30)", "at is at most 30 days ago"), ("at < HoursAgo(1)", "at is more than 1 hour ago"),
        ("at <= AddDays(NOW(), 2)", "at is at most 2 days ahead"), ("YearsOld(at) >= 18", "at is at least 18 years ago"),
        ("email CONTAINS '@x'", "email contains @x"), ("country NOT IN ('DE')", "country is not DE"), ("n IS NOT NULL", "n is there"),
        ("EXISTS(children WHERE n > 1)", "at least 1 children whose n is more than 1"),
        ("NOT EXISTS(children)", "no children"), ("COUNT(children) < 3", "fewer than 3 children"),
        ("SUM(children.n) >= 5", "the sum of n of children is at least 5"), ("parent.country = 'FR'", "parent.country is FR"),
        ("Abs(n) = 1", nil), ("email LIKE 'a%'", nil),
    ])
    func conditionsInWords(_ text: String, _ words: String?) {
        var catalog = Catalog()
        let people: JSON = .object([
            JSON.Member("name", .string("people")), JSON.Member("primaryKey", .array([.string("id")])),
            JSON.Member(
                "fields",
                .array(
                    [("id", "string"), ("email", "string"), ("country", "string"), ("n", "integer"), ("at", "datetime"), ("up", "string")]
                        .map {
                            .object([JSON.Member("name", .string($0)), JSON.Member("type", .string($1))])
                        })),
            JSON.Member(
                "links",
                .array([
                    .object([
                        JSON.Member("name", .string("parent")), JSON.Member("to", .string("people")),
                        JSON.Member("on", .object([JSON.Member("up", .string("id"))])), JSON.Member("reverse", .string("children")),
                    ])
                ])),
        ])
        let (schema, problems) = catalog.publish(people)
        guard let schema else { return #expect(problems.isEmpty) }
        let read = readExpression(text, about: schema, catalog: catalog, zone: "UTC") { _ in true }
        guard let expression = read.expression else { return #expect(read.mistakes.isEmpty) }
        #expect(ExpressionWriter { catalog.schema(named: $0) }.words(of: expression) == words)
    }

    private func hasExcept(_ expression: Expression) -> Bool {
        if case .except = expression { return true }
        return expression.parts.contains(where: hasExcept)
    }

    /// Junctions of one kind within one another say the same as one, and of one part what that says.
    private func plain(_ expression: Expression) -> Expression {
        switch expression {
        case .and(let parts):
            let all = parts.map(plain).flatMap { if case .and(let list) = $0 { list } else { [$0] } }
            return all.count == 1 ? all[0] : .and(all)
        case .or(let parts):
            let all = parts.map(plain).flatMap { if case .or(let list) = $0 { list } else { [$0] } }
            return all.count == 1 ? all[0] : .or(all)
        case .not(let condition): return .not(plain(condition))
        default: return expression
        }
    }
}
