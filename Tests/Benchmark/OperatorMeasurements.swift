// What one change costs where an operator decides about it, at a thousand rows and at a million: a commit with one row, and what publishing
// the campaign costs per row. In process, on the engine, without reading or writing events.
import Campaigns
import Engine

/// A campaign that has the operator, and one change that concerns it.
private struct MeasuredOperator: Sendable {
    var name: String
    var activities: String
    /// What another campaign writes, that it reads.
    var upstream: String?
    var isHub = false
    var change: @Sendable (OperatorShop, inout RandomNumbers) -> Void

    static let all: [MeasuredOperator] = [
        MeasuredOperator(name: "filter", activities: adults + save("adults"), change: changeAge),
        MeasuredOperator(
            name: "limit",
            activities: everybody
                + #"{"id": "split", "type": "split", "from": "all", "subsets": [{"name": "first", "limit": {"percent": 10}, "#
                + #""sort": {"by": "age", "order": "desc"}}]}, "# + save("split.first"), change: changeAge),
        MeasuredOperator(
            name: "deduplication",
            activities: everybody
                + #"{"id": "one", "type": "deduplication", "from": "all", "fields": ["household"], "method": {"highest": "age"}}, "#
                + save("one"), change: changeAge),
        MeasuredOperator(
            name: "deduplication-long",
            activities: everybody
                + #"{"id": "one", "type": "deduplication", "from": "all", "fields": ["country"], "method": {"highest": "age"}, "#
                + #""keep": 100}, "# + save("one"), change: changeAge),
        MeasuredOperator(
            name: "union-by-columns",
            activities: adults + #"{"id": "young", "type": "build-audience", "dimension": "customers", "filter": "age < 60"}, "#
                + #"{"id": "both", "type": "combine", "operation": "union", "from": ["adults", "young"], "by": ["household"]}, "#
                + save("both"), change: changeHousehold),
        MeasuredOperator(
            name: "exclusion-match",
            activities: everybody + #"{"id": "noted", "type": "build-audience", "dimension": "notes", "filter": "text >= 0"}, "#
                + #"{"id": "rest", "type": "combine", "operation": "exclusion", "from": ["all", "noted"], "#
                + #""match": {"noted": [{"primary": "email", "other": "email"}]}}, "# + save("rest"), change: moveNote),
        MeasuredOperator(
            name: "pairs",
            activities: everybody
                + #"{"id": "mail", "type": "enrichment", "from": "all", "columns": [{"name": "mail", "value": "email"}]}, "#
                + #"{"id": "many", "type": "change-dimension", "from": "mail", "link": "purchases"}, "# + save("many", by: "mail"),
            change: movePurchase),
        MeasuredOperator(name: "collection", activities: collection, change: changeAmount),
        MeasuredOperator(
            name: "join",
            activities: everybody
                + #"{"id": "noted", "type": "enrichment", "from": "all", "joins": [{"from": "notes", "#
                + #""on": [{"source": "email", "target": "email"}], "columns": [{"name": "note", "value": "text"}]}]}, "#
                + save("noted", attributes: #"[{"source": "note", "name": "note"}]"#), change: changeNote),
        MeasuredOperator(
            name: "reconciliation",
            activities: #"{"id": "notes", "type": "build-audience", "dimension": "notes", "filter": "text >= 0"}, "#
                + #"{"id": "found", "type": "reconciliation", "from": "notes", "dimension": "customers", "#
                + #""rules": [{"source": "email", "target": "email"}]}, "# + save("found"), change: moveNote),
        MeasuredOperator(
            name: "test",
            activities: adults
                + #"{"id": "test", "type": "test", "from": "adults", "conditions": [{"name": "some", "when": "recCount > 0"}]}, "#
                + save("test.some"), change: changeAge),
        MeasuredOperator(
            name: "wait", activities: adults + #"{"id": "wait", "type": "wait", "from": "adults", "duration": "P1D"}, "# + save("wait"),
            change: changeAge),
        MeasuredOperator(
            name: "channel",
            activities: adults
                + #"{"id": "send", "type": "channel", "from": "adults", "channel": "email", "#
                + #""identity": {"field": "email", "namespace": "Email"}, "address": "email", "template": "t", "repeat": "every-entry"}"#,
            change: changeAge),
        MeasuredOperator(name: "append", activities: adults + save("adults", mode: "append"), change: changeAge),
        MeasuredOperator(
            name: "read-audience",
            activities: #"{"id": "read", "type": "read-audience", "audience": "upstream", "dimension": "customers", "#
                + #""identityField": "email"}, "# + save("read"), upstream: adults + save("adults", as: "upstream"), change: changeAge),
        MeasuredOperator(name: "hub-identity", activities: adults + save("adults"), isHub: true, change: changeAge),
        MeasuredOperator(name: "hub-collection", activities: collection, isHub: true, change: changeAmount),
    ]

    // Parts of campaigns.

    private static let everybody = #"{"id": "all", "type": "build-audience", "dimension": "customers"}, "#
    private static let adults = #"{"id": "adults", "type": "build-audience", "dimension": "customers", "filter": "age >= 50"}, "#
    private static let collection =
        everybody
        + #"{"id": "lines", "type": "enrichment", "from": "all", "collections": [{"link": "purchases", "#
        + #""sort": {"by": "amount", "order": "desc"}, "lines": 2, "fields": ["amount"], "alias": "top"}]}, "#
        + save("lines", attributes: #"[{"source": "top1_amount", "name": "top"}, {"source": "top2_amount", "name": "next"}]"#)

    private static func save(
        _ from: String, by identity: String = "email", as audience: String = "measured", mode: String = "mirror", attributes: String = "[]"
    ) -> String {
        #"{"id": "save", "type": "save-audience", "from": "\#(from)", "audience": {"id": "\#(audience)", "label": "\#(audience)"}, "#
            + #""identity": {"field": "\#(identity)", "namespace": "Email"}, "mode": "\#(mode)", "attributes": \#(attributes)}"#
    }

    // Changes.

    @Sendable private static func changeAge(_ shop: OperatorShop, _ random: inout RandomNumbers) {
        let number = random.below(shop.count)
        shop.customer(number, household: number / 2, age: random.below(100))
    }

    @Sendable private static func changeHousehold(_ shop: OperatorShop, _ random: inout RandomNumbers) {
        shop.customer(random.below(shop.count), household: random.below(shop.count / 2), age: random.below(100))
    }

    @Sendable private static func movePurchase(_ shop: OperatorShop, _ random: inout RandomNumbers) {
        shop.purchase(random.below(shop.count), of: random.below(shop.count / 4), amount: random.below(1000))
    }

    @Sendable private static func changeAmount(_ shop: OperatorShop, _ random: inout RandomNumbers) {
        let number = random.below(shop.count)
        shop.purchase(number, of: shop.isHub ? 0 : number / 4, amount: random.below(1000))
    }

    @Sendable private static func moveNote(_ shop: OperatorShop, _ random: inout RandomNumbers) {
        shop.note(random.below(shop.count / 10), about: random.below(shop.count), text: 0)
    }

    @Sendable private static func changeNote(_ shop: OperatorShop, _ random: inout RandomNumbers) {
        let number = random.below(shop.count / 10)
        shop.note(number, about: number * 10, text: random.below(1000))
    }
}

/// What was measured of one operator with so many rows.
private struct OperatorCost {
    var nanosecondsPerChange: Double
    var nanosecondsPerRow: Double
    var eventsPerChange: Double
}

func measureOperators(rows: Int) throws {
    let sizes = [1000, 100_000, 1_000_000].filter { $0 <= max(rows, 1000) }
    var costs: [String: [OperatorCost]] = [:]
    // Of all operators: what one has written would be no change for the next.
    var random = RandomNumbers(seed: 7)
    for size in sizes {
        for isHub in [false, true] {
            let shop = try OperatorShop(count: size, isHub: isHub)
            for measured in MeasuredOperator.all where measured.isHub == isHub {
                let cost = try measure(measured, in: shop, &random)
                costs[measured.name, default: []].append(cost)
                var report = Report("operators", parameters: [("operator", .string(measured.name)), ("rows", .count(size))])
                report.add("processorNanosecondsPerChange", .figure(cost.nanosecondsPerChange))
                report.add("processorNanosecondsPerRowAtPublish", .figure(cost.nanosecondsPerRow))
                report.add("eventsPerChange", .figure(cost.eventsPerChange))
                report.print()
            }
        }
    }
    say(table(costs, sizes))
}

/// Publishes the campaign, makes changes for as long as they tell something, and deletes it again.
private func measure(_ measured: MeasuredOperator, in shop: OperatorShop, _ random: inout RandomNumbers) throws -> OperatorCost {
    if let upstream = measured.upstream { try shop.publish("upstream", upstream) }
    var publishing = Stopwatch()
    try publishing.measure { try shop.publish("measured", measured.activities) }
    // What is found with the first changes, such as that many rows lead to one, is found before.
    for _ in 0..<200 {
        measured.change(shop, &random)
        shop.commit()
    }
    var changing = Stopwatch()
    var (changes, events) = (0, 0)
    while changes < 20_000 && changing.processor < 1_000_000_000 {
        changing.measure {
            for _ in 0..<20 {
                measured.change(shop, &random)
                events += shop.commit()
            }
        }
        changes += 20
    }
    shop.delete("measured")
    shop.delete("upstream")
    return OperatorCost(
        nanosecondsPerChange: Double(changing.processor) / Double(changes),
        nanosecondsPerRow: Double(publishing.processor) / Double(shop.count), eventsPerChange: Double(events) / Double(changes))
}

/// Nanoseconds, and how many times more of them the most rows take than the fewest.
private func table(_ costs: [String: [OperatorCost]], _ sizes: [Int]) -> String {
    func cells(_ values: [Double]) -> String { values.map { "\(Int($0.rounded()))".padded(to: 10) }.joined() }
    var lines = ["operator            ns per change at \(sizes.map { "\($0)" }.joined(separator: ", ")) rows; ratio; ns per row at publish"]
    for measured in MeasuredOperator.all {
        let found = costs[measured.name]!
        let changes = found.map(\.nanosecondsPerChange)
        let ratio = rounded(changes.last! / changes[0])
        lines.append(
            measured.name.padded(to: 20) + cells(changes) + "\(ratio)".padded(to: 10) + cells(found.map(\.nanosecondsPerRow)))
    }
    return lines.joined(separator: "\n")
}
