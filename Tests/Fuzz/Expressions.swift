// The target `expressions`. An input is one expression about the table `every`. It is an attribute of all rows, a column that they carry
// through what removes some, and, when it is a condition, a filter; after every commit the engine's audiences must be those of the plain
// evaluator.
import Campaigns
import Oracle
import Wire

func fuzzExpressions(_ input: UnsafeRawBufferPointer) {
    guard let source = String(validating: input, as: UTF8.self) else { return }
    let read = readExpression(source, about: schemas[0], catalog: catalog, zone: zone, zoneNames: [zone], isTimeZone: { $0 == zone })
    require((read.expression == nil) == !read.mistakes.isEmpty, "neither an expression nor a mistake, or both")
    require(read.mistakes.count <= Limits.expressionMistakes && read.warnings.count <= Limits.expressionMistakes, "too many mistakes")
    for mistake in read.mistakes + read.warnings {
        require((mistake.message + (mistake.hint ?? "")).utf8.count < 4096, "a message of \(mistake.message.utf8.count) bytes")
    }
    if let expression = read.expression { compare(expression) }
}

private let zone = "Europe/Paris"

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
    func save(_ audience: String, _ position: Int, from: Transition, _ attribute: Expression?) -> Activity {
        .save(
            SaveAudience(
                id: "save-\(audience)", position: position, from: from, audience: audience, label: audience,
                identity: .field(FieldPath(field: field, of: schemas[0])),
                namespace: "S",
                attributes: attribute.map { [Attribute(name: "value", source: $0)] } ?? []))
    }
    func build(_ id: String, _ filter: Expression?) -> Activity { .build(BuildAudience(id: id, dimension: "every", filter: filter)) }
    let isCondition = expression.type == .boolean || expression.type == .null
    let carried = Expression.carried("value", type: expression.type)
    let halves = Split(
        id: "halves", from: Transition(activity: "carrying"),
        subsets: [.init(name: "some", filter: .isNull(carried)), .init(name: "drawn", filter: isCondition ? carried : nil, draws: 5000)],
        hasComplement: true, seed: "")
    let back = ["some", Split.complement].map { Transition(activity: "halves", output: $0) }
    let campaign = Campaign(
        id: "c", name: "c", timezone: zone,
        activities: [
            build("all", nil), build("some", isCondition ? expression : nil),
            .enrichment(
                Enrichment(id: "carrying", from: Transition(activity: "all"), columns: [.init(name: "value", value: expression)])),
            .split(halves), .combine(Combine(id: "back", operation: .union, from: back)),
            save("all", 5, from: Transition(activity: "all"), expression), save("some", 6, from: Transition(activity: "some"), nil),
            save("back", 7, from: Transition(activity: "back"), carried),
        ])
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
        (
            "every",
            [
                text("1"), text("a@x"), .integer(3), .double(0.5), .boolean(true), .date(11_016), .instant(noon - 86_400_000),
                .instant(noon), text("x"), nil, text("2"),
            ]
        ),
        (
            "every",
            [
                text("2"), text("b_é%"), .integer(.min), .double(1e308), .boolean(false), .date(CivilDate.maximum),
                .instant(InstantText.minimum), .instant(noon + 1), text("y"), nil, text("2"),
            ]
        ),
        (
            "every",
            [
                text("3"), text("b_é%"), .integer(.max), .double(-0.1), nil, .date(CivilDate.minimum), .instant(InstantText.maximum), nil,
                nil, nil, text("1"),
            ]
        ),
        ("every", [text("4"), text("c"), nil, nil, nil, nil, nil, nil, nil, nil, nil]),
        ("pairs", [.integer(1), .date(20_619), text("1"), .double(0.1)]),
        ("pairs", [.integer(-1), .date(0), text("1"), .double(-1e308)]),
        ("pairs", [.integer(2), .date(0), text("2"), nil]),
    ]
}()
