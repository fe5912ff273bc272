// Goal: a condition is found by a guard that holds wherever the condition is true, and by as little else as can be. Method: conditions of
// every form, the guards they get, and where they are kept; and whether random changes find all that they make true.
import Campaigns
import Testing

@testable import Engine

@Suite struct GuardsTests {
    /// The guards of a condition in short: how many keys, a window, a threshold; "all" when they say it all.
    private func guards(_ condition: Number<Condition>, of shop: Shop) -> [String] {
        let found = shop.engine.plan.conditions[condition].guardedBy.map { one in
            switch one {
            case .none: "none"
            case .member: "member"
            case .accumulator(_, let threshold): "at least \(threshold)"
            case .column(_, let keys, let window): "\(keys.count) keys\(window == nil ? "" : " in a window")"
            }
        }
        return found + (shop.engine.plan.conditions[condition].isCovered ? ["all"] : [])
    }

    @Test(arguments: [
        ("country = 'FR'", ["1 keys", "all"]), ("country IN ('FR', 'DE', 'ES')", ["3 keys", "all"]),
        ("country = 'FR' AND country IN ('FR', 'DE')", ["1 keys"]), ("country = 'FR' AND note LIKE 'a%'", ["1 keys"]),
        ("country IN ('FR', 'DE') AND note = 'a'", ["1 keys"]), ("country <> 'FR'", ["none"]), ("NOT (country = 'FR')", ["none"]),
        ("country IS NULL", ["none"]), ("note LIKE 'a%'", ["none"]), ("country = note", ["none"]),
        ("seen >= DaysAgo(30)", ["1 keys in a window", "all"]), ("DaysAgo(30) <= seen", ["1 keys in a window", "all"]),
        ("seen > DaysAgo(30)", ["none"]), ("seen < DaysAgo(30)", ["none"]),
        ("country = 'FR' AND seen >= DaysAgo(30)", ["1 keys in a window", "all"]),
        ("country = 'FR' AND seen >= DaysAgo(30) AND seen < DaysAgo(3)", ["1 keys in a window"]),
        ("COUNT(purchases) >= 2", ["at least 2.0"]), ("COUNT(purchases) > 2", ["at least 3.0"]),
        ("2 <= COUNT(purchases)", ["at least 2.0"]),
        ("COUNT(purchases) = 2", ["at least 2.0"]), ("COUNT(purchases) >= 0", ["none"]), ("COUNT(purchases) < 2", ["none"]),
        ("COUNT(purchases) > 1.5", ["at least 2.0"]), ("SUM(purchases.amount) > 5", ["at least 5.0"]),
        ("SUM(purchases.amount) >= -5", ["at least -5.0"]), ("SUM(purchases.amount) <= 5", ["none"]),
        ("MAX(purchases.amount) > 5", ["none"]), ("country = 'FR' AND COUNT(purchases) >= 2", ["at least 2.0"]),
        ("country = 'FR' AND COUNT(purchases) <> 2", ["1 keys"]), ("country = 'FR' OR note = 'a'", ["1 keys", "1 keys", "all"]),
        ("country = 'FR' OR COUNT(purchases) >= 2", ["1 keys", "at least 2.0"]), ("country = 'FR' OR note LIKE 'a%'", ["none"]),
        ("note LIKE 'a%' AND (country = 'FR' OR note = 'a')", ["1 keys", "1 keys"]),
        ("(country = 'FR' AND note = 'a') OR seen >= DaysAgo(30)", ["1 keys", "1 keys in a window"]), ("TRUE", ["none"]),
    ])
    func theGuardsOf(text: String, expected: [String]) throws {
        let shop = Shop()
        let found = guards(try shop.keep(text), of: shop)
        #expect(found.filter { $0 != "all" }.sorted() == expected.filter { $0 != "all" }.sorted(), "\(text)")
        #expect(found.contains("all") == expected.contains("all"), "\(text)")
    }

    @Test(arguments: [
        ("points = 5", ["1 keys", "all"]), ("points IN (1, 2)", ["2 keys", "all"]), ("points = 1.5", ["none"]), ("points > 5", ["none"]),
        ("active", ["1 keys", "all"]), ("NOT active", ["none"]), ("active AND points = 5", ["1 keys"]),
        ("owner.country = 'FR'", ["none"]),
    ])
    func theGuardsOfNumbersAndFlags(text: String, expected: [String]) throws {
        let shop = Shop()
        #expect(guards(try shop.keep(text, about: "cards"), of: shop) == expected, "\(text)")
    }

    @Test func whatMustNotBeTrueGuardsNothing() throws {
        let (isFrench, isNoted) = (try Shop.read("country = 'FR'"), try Shop.read("note = 'a'"))
        let shop = Shop()
        #expect(guards(shop.keep(.except([isFrench, isNoted])), of: shop) == ["1 keys"])
        #expect(guards(shop.keep(.except([.or([isFrench, isNoted]), isNoted])), of: shop) == ["1 keys", "1 keys"])
        #expect(guards(shop.keep(.except([try Shop.read("country IS NULL"), isNoted])), of: shop) == ["none"])
    }

    @Test func tooManyGuardsAreNone() throws {
        func any(_ count: Int) -> String { (1...count).map { "COUNT(purchases) = \($0)" }.joined(separator: " OR ") }
        let shop = Shop()
        #expect(guards(try shop.keep(any(32)), of: shop).count == 32)
        #expect(guards(try shop.keep(any(33)), of: shop) == ["none"])
    }

    /// The customers whose fields find a condition.
    private func customers(finding condition: Number<Condition>, _ shop: Shop) -> [String] {
        let table = shop.engine.plan.conditions[condition].table
        return shop.engine.tables[table].rows.filter { row in
            var found = Vector<Number<Condition>>()
            var evaluations = 0
            shop.engine.tables[table].guards.findByFields(
                of: row, shop.engine.tables[table].columns, .max, shop.engine.plan, into: &found, evaluations: &evaluations)
            return shop.engine.tables[table].isLive(row) && (0..<found.count).contains { found[$0] == condition }
        }
        .map { String(decoding: shop.engine.tables[table].key(of: $0), as: UTF8.self) }
    }

    /// Whether a condition is among those without a guard that read some signals.
    private func isUnguarded(_ condition: Number<Condition>, _ signals: SignalBits, _ shop: Shop) -> Bool {
        var found = Vector<Number<Condition>>()
        shop.engine.tables[shop.engine.plan.conditions[condition].table].guards.findUnguarded(signals, into: &found)
        return (0..<found.count).contains { found[$0] == condition }
    }

    @Test func aConditionIsKeptUnderEachOfItsKeysAndNoLongerThanItIsAskedFor() throws {
        let shop = Shop()
        for (number, country) in ["FR", "DE", "ES", "IT"].enumerated() { shop.customer(number, country: country) }
        shop.customer(4, country: "IT", note: "a")
        shop.customer(5, country: "IT", seen: Shop.start)
        shop.commit()
        let equality = try shop.keep("country IN ('FR', 'DE', 'ES')")
        let either = try shop.keep("country = 'FR' OR note = 'a' OR seen >= DaysAgo(3)")
        let other = try shop.keep("note LIKE 'a%'")
        let counted = try shop.keep("COUNT(purchases) >= 2")
        #expect(customers(finding: equality, shop) == ["c0", "c1", "c2"])
        #expect(customers(finding: either, shop) == ["c0", "c4", "c5"])
        #expect(customers(finding: other, shop) == [] && customers(finding: counted, shop) == [])
        // What it reads, and whether the row is there.
        let columns = shop.engine.tables[shop.engine.tables.number(of: "customers")].columns.numbers
        let bits = columns.map { shop.engine.tables[shop.engine.tables.number(of: "customers")].columns[$0].bit }
        #expect(isUnguarded(other, .existence, shop) && isUnguarded(other, bits[4], shop) && !isUnguarded(other, bits[2], shop))
        #expect([equality, either, counted].allSatisfy { !isUnguarded($0, .max, shop) })
        #expect(try shop.keep("country IN ('ES', 'DE', 'FR')") == equality)
        #expect(customers(finding: equality, shop) == ["c0", "c1", "c2"])
        shop.engine.releaseCondition(equality)
        #expect(customers(finding: equality, shop) == ["c0", "c1", "c2"], "somebody asks for it still")
        for condition in [equality, either, other] {
            shop.engine.releaseCondition(condition)
            #expect(customers(finding: condition, shop) == [] && !isUnguarded(condition, .max, shop))
        }
        _ = try shop.keep("country IN ('FR', 'DE', 'ES')")
        #expect(customers(finding: equality, shop) == ["c0", "c1", "c2"] && customers(finding: either, shop) == [])
    }

    @Test func windowsOfOneKeyStandInTheOrderOfTheirBeginnings() throws {
        let shop = Shop()
        var conditions: [Number<Condition>] = []
        for ago in ["DaysAgo(30)", "DaysAgo(2)", "MonthsAgo(1)", "YearsAgo(1)", "MonthsAgo(12)", "DaysAgo(365)", "DaysAgo(31)"] {
            conditions.append(try shop.keep("country = 'FR' AND seen >= \(ago)"))
        }
        conditions.append(try shop.keep("country = 'FR'"))
        for day in 0..<800 {
            let now = Shop.start + Int64(day) * Shop.day
            shop.engine.advance(to: now)
            // One day, one month and one year ago, give or take some days: a walk that ends too early finds too little.
            for (number, days) in ([0, 1, 2] + Array(27...33) + Array(363...368)).enumerated() {
                shop.customer(number, seen: now - Int64(days) * Shop.day)
            }
            shop.commit()
            for condition in conditions {
                #expect(Set(customers(finding: condition, shop)) == shop.keysEvaluated(of: condition))
            }
        }
    }

    @Test func whateverAChangeMakesTrueIsFound() throws {
        var random = RandomNumbers(seed: 41)
        let shop = Shop()
        let texts = [
            "country = 'FR'", "country IN ('FR', 'DE') AND note LIKE '%a%'", "country = 'FR' AND seen >= DaysAgo(30)",
            "seen >= DaysAgo(2) OR note = 'a'", "note = 'b' OR COUNT(purchases) >= 2", "COUNT(purchases WHERE amount > 5) > 1",
            "SUM(purchases.amount) >= 0", "country = 'ES' AND SUM(purchases.amount) > 15", "card.active AND note = 'a'",
            "NOT (country = 'FR') AND seen > MonthsAgo(1)", "COUNT(purchases) < 2", "COUNT(purchases) <> 1 OR country = 'DE'",
        ]
        var conditions = try texts.map { try shop.keep($0) }
        for step in 0..<600 {
            let customer = random.number(0...5)
            switch random.number(0...9) {
            case 0...4:
                let seen = Shop.start + Int64(random.number(-40...80)) * Shop.day
                shop.customer(
                    customer, country: random.pick(["FR", "DE", "ES"]), seen: random.chance(70) ? seen : nil,
                    note: random.pick(["a", "b", "ba", ""]))
            case 5, 6:
                shop.purchase(random.number(0...8), of: customer, amount: Double(random.pick([-20, 1, 10, 20])))
            case 7: shop.card(random.number(0...3), of: customer, isActive: random.chance(50))
            case 8: shop.remove("\(random.pick(["c", "p", "k"]))\(random.number(0...5))")
            default: shop.engine.advance(to: Shop.start + Int64(step) * Shop.day / 10)
            }
            shop.commit()
            if random.chance(10) {
                // Whoever comes late finds the same.
                let place = random.number(0...conditions.count - 1)
                shop.engine.releaseCondition(conditions[place])
                conditions[place] = try shop.keep(texts[place])
            }
            for (text, condition) in zip(texts, conditions) {
                #expect(shop.keys(in: condition) == shop.keysEvaluated(of: condition), "\(text), step \(step)")
            }
        }
    }
}
