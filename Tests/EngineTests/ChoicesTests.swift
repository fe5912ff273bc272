// Goal: a choice, such as a unique link walked the other way, leads to the one with the lowest key among the live rows that link to a row,
// while somebody asks. Method: random cards against a dictionary, and what is kept before, between and after those who ask.
import Campaigns
import Testing

@testable import Engine

@Suite struct ChoicesTests {
    /// The condition that every card meets.
    private func everyone(_ shop: Shop) -> Number<Condition> {
        let cards = shop.engine.tables.number(of: "cards")
        return shop.engine.plan.conditions.intern(table: cards, node: shop.engine.build(.literal(.boolean(true)), table: cards))
    }

    /// How often the choice is asked for, how many take part in it, and to which card each customer leads.
    private func choices(_ shop: Shop) -> (watchers: Int, links: Int, chosen: [String: String]) {
        let (customers, cards) = (shop.engine.tables.number(of: "customers"), shop.engine.tables.number(of: "cards"))
        let owner = LinkPlace(table: cards, number: shop.engine.tables[cards].schemaLinks[0])
        let everyone = ChoiceKey(condition: everyone(shop), record: [owner], rowId: nil)
        guard let choice = shop.engine.plan.choices.find(everyone) else { return (0, 0, [:]) }
        let card = shop.engine.plan.choices[choice].link
        func key(_ row: RowNumber) -> String { String(decoding: shop.engine.tables[customers].key(of: row), as: UTF8.self) }
        var chosen: [String: String] = [:]
        for row in Numbers<TableRow>(count: shop.engine.tables[card].rows.count) {
            guard let found = shop.engine.tables.follow(card, row) else { continue }
            chosen[key(row)] = String(decoding: shop.engine.tables[cards].key(of: found), as: UTF8.self)
        }
        return (shop.engine.tables[card].watchers, shop.engine.plan.conditions[everyone.condition].takers.count, chosen)
    }

    @Test func theLowestKeyIsChosen() throws {
        let shop = Shop()
        _ = try shop.keep("card.active")
        shop.customer(1)
        shop.commit()
        for (card, expected) in [(20, "k20"), (3, "k20"), (100, "k100"), (11, "k100"), (1, "k1")] {
            shop.card(card, of: 1)
            shop.commit()
            #expect(choices(shop).chosen == ["c1": expected], "by bytes, not as numbers")
        }
        shop.card(1, of: 2)
        shop.commit()
        #expect(choices(shop).chosen == ["c1": "k100", "c2": "k1"], "also of one who is not there yet")
        shop.card(1, of: nil)
        shop.remove("k100")
        shop.commit()
        #expect(choices(shop).chosen == ["c1": "k11"])
    }

    @Test func aChoiceIsMadeAtTheEndOfTheCommit() throws {
        let shop = Shop()
        let condition = try shop.keep("card.points > 1")
        shop.customer(1)
        shop.card(1, of: 1, points: 1)
        shop.card(2, of: 1, points: 2)
        shop.commit()
        #expect(shop.keys(in: condition) == [])
        // While the lower one is away for a moment the other is not chosen.
        let before = shop.engine.statistics.conditionsEvaluated
        shop.remove("k1")
        shop.card(1, of: 1, points: 1)
        shop.commit()
        #expect(shop.keys(in: condition) == [] && choices(shop).chosen == ["c1": "k1"])
        #expect(shop.engine.statistics.conditionsEvaluated - before <= 4)
        shop.remove("k1")
        shop.commit()
        #expect(shop.keys(in: condition) == ["c1"])
    }

    @Test func itIsKeptWhileSomebodyAsks() throws {
        let shop = Shop()
        let first = try shop.keep("card.active")
        #expect(choices(shop).links == 1)
        shop.card(1, of: 1)
        shop.commit()
        let second = try shop.keep("card.points > 1")
        #expect(choices(shop).links == 1 && choices(shop).watchers >= 2)
        shop.engine.releaseCondition(first)
        #expect(choices(shop).chosen == ["c1": "k1"])
        shop.engine.releaseCondition(second)
        #expect(choices(shop) == (0, 0, [:]))
        // What changes meanwhile is found when somebody asks again.
        shop.card(0, of: 1)
        shop.commit()
        #expect(choices(shop).chosen == [:] && shop.engine.pending.hasChanges == false)
        _ = try shop.keep("card.active")
        #expect(choices(shop).chosen == ["c1": "k0"])
    }

    @Test func randomCardsAreChosenAsTheModelDoes() throws {
        var random = RandomNumbers(seed: 45)
        let shop = Shop()
        let texts = ["card.active", "card.points > 2", "card.owner.card.points = 1", "NOT (card.active OR country = 'FR')"]
        var conditions = try texts.map { try shop.keep($0) }
        var owners: [String: String] = [:]
        for _ in 0..<500 {
            for _ in 0..<random.number(1...3) {
                let (card, customer) = (random.number(0...12), random.number(0...4))
                switch random.number(0...9) {
                case 0...5:
                    let isOwned = random.chance(85)
                    shop.card(
                        card, of: isOwned ? customer : nil, points: random.chance(80) ? Int64(random.number(0...4)) : nil,
                        isActive: random.chance(50))
                    owners["k\(card)"] = isOwned ? "c\(customer)" : nil
                case 6, 7:
                    shop.remove("k\(card)")
                    owners["k\(card)"] = nil
                case 8: shop.customer(customer, country: random.pick(["FR", "DE"]))
                default: shop.remove("c\(customer)")
                }
            }
            shop.commit()
            let expected = Dictionary(owners.map { ($1, $0) }) { $0.utf8.lexicographicallyPrecedes($1.utf8) ? $0 : $1 }
            #expect(choices(shop).chosen == expected)
            for condition in conditions { #expect(shop.keys(in: condition) == shop.keysEvaluated(of: condition)) }
            if random.chance(5) {
                let place = random.number(0...conditions.count - 1)
                shop.engine.releaseCondition(conditions[place])
                conditions[place] = try shop.keep(texts[place])
            }
        }
    }
}
