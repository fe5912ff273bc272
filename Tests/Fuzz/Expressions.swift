// The target `expressions`. An input is one expression about the table `every`. It is an attribute of all rows and, when it is a condition,
// a filter; after every commit the engine's audiences must be those of the plain evaluator.
import Campaigns
import Engine
import Oracle
import Wire

@testable import Daemon

func fuzzExpressions(_ input: UnsafeRawBufferPointer) {
    guard let source = String(validating: input, as: UTF8.self) else { return }
    let expression: Expression
    do throws(ExpressionError) {
        expression = try readExpression(
            source, about: schemas[0], catalog: catalog, zone: zone, isTimeZone: { $0 == zone })
    } catch {
        require((error.message + (error.hint ?? "")).utf8.count < 4096, "a message of \(error.message.utf8.count) bytes")
        return
    }
    if isKnownToOracle(expression) { compare(expression) } else { evaluate(source, isCondition: isCondition(expression)) }
}

private let zone = "Europe/Paris"

private func isCondition(_ expression: Expression) -> Bool { expression.type == .boolean || expression.type == .null }

/// Whether the plain evaluator knows everything in it.
private func isKnownToOracle(_ expression: Expression) -> Bool {
    switch expression {
    case .literal, .field, .clock: true
    case .midnight(let operand, _), .isNull(let operand), .not(let operand), .negate(let operand), .toDouble(let operand):
        isKnownToOracle(operand)
    // A quotient of an integer and a double is one of doubles.
    case .arithmetic(.divide, let a, let b) where a.type != b.type: false
    case .compare(_, let a, let b), .arithmetic(_, let a, let b): isKnownToOracle(a) && isKnownToOracle(b)
    case .isOneOf(let value, let items): isKnownToOracle(value) && items.allSatisfy(isKnownToOracle)
    case .and(let operands), .or(let operands), .except(let operands), .coalesce(let operands, _): operands.allSatisfy(isKnownToOracle)
    case .aggregate(let aggregate): aggregate.filter.map(isKnownToOracle) ?? true
    case .choose(let choices, let otherwise, _):
        isKnownToOracle(otherwise) && choices.allSatisfy { isKnownToOracle($0.condition) && isKnownToOracle($0.result) }
    case .ageThreshold, .concatenate, .textTest, .call: false
    }
}

/// Through the engine alone, in a campaign as it is published.
private func evaluate(_ source: String, isCondition: Bool) {
    var text = JSONText()
    text.append(string: source)
    let quoted = String(decoding: text.bytes, as: UTF8.self)
    func save(_ name: String, _ attributes: String) -> String {
        """
        {"id": "save-\(name)", "type": "save-audience", "from": "\(name)", "audience": {"id": "\(name)"}, "identity": {"field": "s", "namespace": "S"},
         "attributes": [\(attributes)]}
        """
    }
    let build = #""type": "build-audience", "dimension": "every""#
    let filtered = isCondition ? #", {"id": "some", \#(build), "filter": \#(quoted)}, \#(save("some", ""))"# : ""
    let shop = Shop()
    for row in World.rows { shop.change(row.utf8) }
    shop.commit()
    shop.control(
        """
        {"type": "campaign.published", "campaign": {"id": "c", "timezone": "\(zone)", "activities": [{"id": "all", \(build)},
         \(save("all", #"{"name": "value", "source": \#(quoted)}"#))\(filtered)]}}
        """.utf8)
    require(shop.processor.engine.campaign("c") != nil, "the campaign is refused")
    for row in World.rows { shop.change(row.replacing("\"i\": 3", with: "\"i\": 4").utf8) }
    shop.commit()
    shop.advance(to: World.clock + 40 * 86_400_000)
}

private let catalog = {
    var catalog = Catalog()
    for event in World.schemas {
        let definition = withPadded(event.utf8) { JSONReader().tree($0) }?["schema"]
        require(catalog.publish(definition!).problems.isEmpty, "a schema of the world is refused")
    }
    return catalog
}()

private let schemas = catalog.schemas

private func compare(_ expression: Expression) {
    let field = schemas[0].field(named: "s")!
    func save(_ population: Int, _ audience: String, _ attributes: [Attribute]) -> SaveAudience {
        SaveAudience(
            id: audience, position: population, population: population, audience: audience, label: audience, identityField: field,
            namespace: "S", attributes: attributes)
    }
    let value = Attribute(name: "value", source: expression)
    let isCondition = isCondition(expression)
    let campaign = Campaign(
        id: "c", name: "c", timezone: zone,
        builds: [BuildAudience(id: "all", dimension: "every", filter: nil)]
            + (isCondition ? [BuildAudience(id: "some", dimension: "every", filter: expression)] : []),
        saves: [save(0, "all", [value])] + (isCondition ? [save(1, "some", [])] : []))
    do {
        try Simulation.run(steps(publishing: campaign))
    } catch {
        fatalError("\(error)")
    }
}

private func steps(publishing campaign: Campaign) -> [Step] {
    func upsert(_ written: (table: String, row: Row)) -> Step { .upsert(table: written.table, row: written.row) }
    var steps = [.advance(World.clock)] + schemas.map(Step.schema) + rows.map(upsert) + [.publish(campaign)]
    // Each row is for a while what the one after it is, then time goes by, and all is as it was.
    for (here, next) in zip(rows, rows.dropFirst()) where here.table == next.table {
        var changed = next
        for key in schemas.first(where: { $0.name == here.table })!.primaryKey { changed.row[key] = here.row[key] }
        steps += [upsert(changed), .commit]
    }
    steps += [.remove(table: "every", key: [.text(Array("2".utf8))], version: nil), .commit, .advance(World.clock + 86_400_000), .commit]
    return steps + rows.map(upsert) + [.commit]
}

/// Without versions, so that all of them can be written again.
private let rows: [(table: String, row: Row)] = {
    func text(_ text: String) -> Datum { .text(Array(text.utf8)) }
    let noon = World.clock
    return [
        ("every", [text("1"), text("a@x"), .integer(3), .double(0.5), .boolean(true), .date(11_016), .instant(noon - 86_400_000), .instant(noon), text("x"), nil, text("2")]),
        ("every", [text("2"), text("b_é%"), .integer(.min), .double(1e308), .boolean(false), .date(CivilDate.maximum), .instant(InstantText.minimum), .instant(noon + 1), text("y"), nil, text("2")]),
        ("every", [text("3"), text("b_é%"), .integer(.max), .double(-0.1), nil, .date(CivilDate.minimum), .instant(InstantText.maximum), nil, nil, nil, text("1")]),
        ("every", [text("4"), text("c"), nil, nil, nil, nil, nil, nil, nil, nil, nil]),
        ("pairs", [.integer(1), .date(20_619), text("1"), .double(0.1)]),
        ("pairs", [.integer(-1), .date(0), text("1"), .double(-1e308)]),
        ("pairs", [.integer(2), .date(0), text("2"), nil]),
    ]
}()
