// What a change costs where operators decide, in the engine's own counts: it follows what the change moves, never how many rows there are.
import Campaigns
import Testing

@testable import Engine

@Suite struct OperatorCostTests {
    /// What a commit cost.
    struct Cost: Equatable {
        var conditions = 0
        var settled = 0
        var forMembers = 0
        var byTime = 0
        var events = 0

        var all: Int { conditions + settled + forMembers + byTime }
    }

    private static let sizes = [1000, 20_000]

    /// The cost of some work in a shop of each size.
    private func costs(_ prepare: (Shop, _ count: Int) -> Void, _ work: (Shop, _ count: Int) -> Void) -> [Cost] {
        Self.sizes.map { count in
            let shop = Shop()
            prepare(shop, count)
            let before = shop.engine.statistics
            work(shop, count)
            let after = shop.engine.statistics
            return Cost(
                conditions: after.conditionsEvaluated - before.conditionsEvaluated,
                settled: after.rowsVisitedBySettling - before.rowsVisitedBySettling,
                forMembers: after.rowsVisitedForMembers - before.rowsVisitedForMembers,
                byTime: after.rowsVisitedByTime - before.rowsVisitedByTime, events: shop.difference.members.count)
        }
    }

    /// As many customers, each seen a second after the one before.
    private func customers(_ shop: Shop, _ count: Int, note: (Int) -> String = { _ in "" }, email: ((Int) -> String)? = nil) {
        for number in 0..<count {
            shop.customer(number, email: email?(number), seen: Shop.start + Int64(number) * 1000, note: note(number))
            if number % 4096 == 0 { shop.commit() }
        }
        shop.commit()
    }

    // Rankings.

    private func limit(_ limit: Split.Limit, sort: Sort?) -> Activity {
        .split(
            Split(
                id: "split", from: Transition(activity: "build"), subsets: [.init(name: "first", filter: nil, limit: limit, sort: sort)],
                hasComplement: true, seed: "seed"))
    }

    private static let bySeen = Sort(by: Shop.field("customers", 3, .datetime))

    /// One who was the first and is the last now: the one behind the boundary takes the place.
    @Test func aLimitMovesOneRow() {
        let share = Percentage(.integer(50))!
        for limit in [limit(.count(500), sort: Self.bySeen), limit(.share(share), sort: Self.bySeen)] {
            let costs = costs { shop, count in
                customers(shop, count)
                shop.publish("campaign", [Shop.build(), limit, Shop.save("split", "first", as: "first")])
            } _: { shop, count in
                shop.customer(0, seen: Shop.start + Int64(count) * 2000)
                shop.commit()
            }
            #expect(costs[0] == costs[1] && costs[0].events == 2 && costs[0].all < 15, "\(costs)")
        }
    }

    /// The count changes, and with it how many a share is.
    @Test func aShareMovesWithTheCount() {
        let costs = costs { shop, count in
            customers(shop, count)
            shop.publish(
                "campaign", [Shop.build(), limit(.share(Percentage(.integer(50))!), sort: nil), Shop.save("split", "first", as: "first")])
        } _: { shop, count in
            for number in 0..<2 { shop.customer(count + number) }
            shop.commit()
        }
        for cost in costs { #expect(cost.settled <= 6 && cost.events <= 3, "\(costs)") }
    }

    /// All are one group, and equal.
    @Test func aGroupOfEqualRowsMovesOneRow() {
        let deduplication = Activity.deduplication(
            Deduplication(
                id: "one", from: Transition(activity: "build"), fields: [Shop.field("customers", 2, .string)],
                method: .highest(Shop.field("customers", 4, .string)), seed: "seed"))
        var kept: [Int: String] = [:]
        let costs = costs { shop, count in
            customers(shop, count)
            shop.publish("campaign", [Shop.build(), deduplication, Shop.save("one", as: "one")])
            #expect(shop.engine.audience(0).size == 1)
            kept[count] = "c\(shop.members("one").keys.first!.prefix { $0 != "@" })"
        } _: { shop, count in
            shop.remove(kept[count]!)
            shop.commit()
        }
        for cost in costs { #expect(cost.settled <= 4 && cost.events == 2 && cost.all < 15, "\(costs)") }
    }

    // Values.

    private static let exclusion = Activity.combine(
        Combine(
            id: "rest", operation: .exclusion, from: [Transition(activity: "build"), Transition(activity: "cards")],
            matches: [[.init(primary: Shop.field("customers", 4, .string), other: Shop.field("cards", 1, .string))]]))

    private func prepareExclusion(_ shop: Shop, _ count: Int) {
        for card in 0..<2 { shop.card(card, of: 5) }
        customers(shop, count, note: { _ in "c5" })
        shop.publish(
            "campaign", [Shop.build(), Shop.build(of: "cards", as: "cards"), Self.exclusion, Shop.save("rest", as: "rest")])
        #expect(shop.engine.audience(0).size == 0)
    }

    @Test func oneOfSeveralThatExcludeTellsNobody() {
        let costs = costs(prepareExclusion) { shop, _ in
            shop.remove("k0")
            shop.commit()
        }
        #expect(costs[0] == costs[1] && costs[0].events == 0 && costs[0].all < 15, "\(costs)")
    }

    @Test func theLastThatExcludesTellsWhoMoves() {
        let costs = costs(prepareExclusion) { shop, _ in
            for _ in 0..<10 {
                shop.remove("k0")
                shop.remove("k1")
                shop.card(0, of: 5)
                shop.card(1, of: 5)
            }
            shop.remove("k0")
            shop.remove("k1")
            shop.commit()
        }
        for (cost, count) in zip(costs, Self.sizes) { #expect(cost.events == count && cost.all <= 8 * count + 400, "\(costs)") }
    }

    @Test func aJoinTellsThoseThatAreEqual() {
        let join = Activity.enrichment(
            Enrichment(
                id: "joined", from: Transition(activity: "build"), columns: [],
                joins: [
                    .init(
                        from: .schema("cards"),
                        on: [.init(source: Shop.field("customers", 4, .string), target: Shop.field("cards", 0, .string))],
                        columns: [.init(name: "points", value: Shop.field("cards", 2, .integer))])
                ]))
        let costs = costs { shop, count in
            customers(shop, count, note: { "k\($0 / 2)" })
            for card in 0..<count { shop.card(card, of: nil, points: 1) }
            shop.commit()
            let points = Attribute(name: "points", source: .carried("points", type: .integer))
            shop.publish("campaign", [Shop.build(), join, Shop.save("joined", as: "joined", attributes: [points])])
        } _: { shop, _ in
            shop.card(7, of: nil, points: 2)
            shop.commit()
        }
        #expect(costs[0] == costs[1] && costs[0].events == 2 && costs[0].all < 20, "\(costs)")
    }

    // Pairs, gates, waits, audiences.

    private static let mail = Activity.enrichment(
        Enrichment(id: "mail", from: Transition(activity: "build"), columns: [.init(name: "mail", value: Shop.email)]))

    private func preparePairs(_ shop: Shop, _ count: Int) {
        shop.customer(1)
        for purchase in 0..<count { shop.purchase(purchase, of: 1) }
        shop.commit()
        let many = Activity.changeDimension(
            ChangeDimension(id: "many", from: Transition(activity: "mail"), path: Shop.bought, dimension: "purchases"))
        shop.publish(
            "campaign",
            [
                Shop.build(), Self.mail, many, .alert(Alert(id: "alert", from: Transition(activity: "many"), when: Shop.count(.less, 0))),
            ])
    }

    @Test func aHubGetsOnePair() {
        let costs = costs(preparePairs) { shop, count in
            shop.purchase(count, of: 1)
            shop.commit()
        }
        #expect(costs[0] == costs[1] && costs[0].all < 15, "\(costs)")
    }

    private func prepareGate(_ shop: Shop, _ count: Int) {
        customers(shop, count)
        let all = Test.Condition(name: "many", when: Shop.count(.greaterOrEqual, count))
        let test = Activity.test(Test(id: "test", from: Transition(activity: "build"), conditions: [all], hasDefault: false))
        shop.publish("campaign", [Shop.build(Shop.isFrench), test, Shop.save("test", "many", as: "many")])
        #expect(shop.engine.audience(0).size == count)
    }

    @Test func aGateThatFlapsWalksNoRows() {
        let costs = costs(prepareGate) { shop, _ in
            for _ in 0..<1000 {
                shop.customer(0, country: "DE", seen: Shop.start)
                shop.customer(0, country: "FR", seen: Shop.start)
            }
            shop.commit()
        }
        #expect(costs[0] == costs[1] && costs[0].events == 0 && costs[0].settled == 0, "\(costs)")
    }

    @Test func aGateThatClosesWalksItsRowsOnce() {
        let costs = costs(prepareGate) { shop, _ in
            for _ in 0..<1000 {
                shop.customer(0, country: "FR", seen: Shop.start)
                shop.customer(0, country: "DE", seen: Shop.start)
            }
            shop.commit()
        }
        for (cost, count) in zip(costs, Self.sizes) { #expect(cost.events == count && cost.settled <= 2 * count, "\(costs)") }
    }

    @Test func whatWaitsIsFoundWhenItIsDue() {
        let wait = Activity.wait(
            Wait(id: "wait", from: Transition(activity: "build"), period: .duration(CalendarDuration(days: 1), timezone: "UTC")))
        func prepare(_ shop: Shop, _ count: Int) {
            shop.customer(count)
            shop.commit()
            shop.publish("campaign", [Shop.build(), wait, Shop.save("wait", as: "waited")])
            shop.engine.advance(to: Shop.start + 1000)
            customers(shop, count)
        }
        let nobody = costs(prepare) { shop, _ in
            shop.engine.advance(to: Shop.start + Shop.day - 1)
            shop.commit()
        }
        #expect(nobody == [Cost(), Cost()])
        let one = costs(prepare) { shop, _ in
            shop.engine.advance(to: Shop.start + Shop.day)
            shop.commit()
        }
        #expect(one[0] == one[1] && one[0].events == 1 && one[0].all < 10, "\(one)")
    }

    @Test func aReaderIsToldOfTheMemberThatChanges() {
        let costs = costs { shop, count in
            customers(shop, count)
            shop.publish("writer", [Shop.build(Shop.isFrench), Shop.save("build", as: "written")])
            for reader in 0..<3 {
                shop.publish("reader\(reader)", [Shop.read("written", as: "read"), Shop.save("read", as: "r\(reader)")])
            }
        } _: { shop, _ in
            shop.customer(7, country: "DE", seen: Shop.start)
            shop.commit()
        }
        #expect(costs[0] == costs[1] && costs[0].events == 4 && costs[0].all < 30, "\(costs)")
    }

    // Hubs.

    @Test func anIdentityOfManyRowsIsNotWalked() {
        let costs = costs { shop, count in
            customers(shop, count, email: { _ in "all" })
            shop.publish("campaign", [Shop.build(), Shop.save("build", as: "all")])
            // The first change finds that they are many.
            shop.customer(9, email: "all", note: "first")
            shop.commit()
        } _: { shop, _ in
            shop.customer(7, email: "all", country: "DE")
            shop.remove("c8")
            shop.commit()
        }
        for cost in costs { #expect(cost.all < 50 && cost.events == 1, "\(costs)") }
    }

    @Test func theLinesOfAHubAreNotWalked() {
        let lines = Activity.enrichment(
            Enrichment(
                id: "lines", from: Transition(activity: "build"), columns: [],
                collections: [
                    .init(
                        path: Shop.bought, schema: "purchases",
                        sort: Sort(by: Shop.field("purchases", 2, .double), isDescending: true), lines: 2, fields: [2], alias: "top")
                ]))
        let costs = costs { shop, count in
            shop.customer(1)
            for purchase in 0..<count { shop.purchase(purchase, of: 1, amount: Double(purchase)) }
            shop.commit()
            let top = Attribute(name: "top", source: .carried("top1_amount", type: .double))
            shop.publish("campaign", [Shop.build(), lines, Shop.save("lines", as: "lines", attributes: [top])])
            // The first change finds that they are many.
            shop.purchase(5, of: 1, amount: 0)
            shop.commit()
        } _: { shop, count in
            shop.purchase(7, of: 1, amount: Double(count))
            shop.commit()
        }
        for cost in costs { #expect(cost.all < 50 && cost.events == 1, "\(costs)") }
    }
}
