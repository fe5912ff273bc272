// Goal: an audit sees whatever is kept and does not follow from what lies beneath it, of each kind, and a repair makes it and the audiences
// right again; it changes nothing, looks at everything, and passes over what too many rows decide. Method: a shop that keeps something of
// every kind, with one thing exchanged without a word, beside one that is left in peace.
import Campaigns
import Testing

@testable import Engine

@Suite struct EngineAuditTests {
    @Test(arguments: KeptKind.allCases)
    func whatIsSpoiltIsSeenAndRepaired(kind: KeptKind) throws {
        let (shop, right) = (try Shop.audited(), try Shop.audited())
        #expect(shop.drift() == [])
        shop.spoil(kind)
        if [.gate, .channel].contains(kind) { right.leave() }
        let found = try #require(shop.drift())
        #expect(found.contains { $0.hasPrefix("\(kind) of ") }, "\(found)")
        shop.engine.repair(into: shop.difference)
        #expect(shop.drift() == [] && shop.audiences == right.audiences)
    }

    @Test(arguments: [Accumulator.Family.sum, .values])
    func accumulatorsOfEachFamily(family: Accumulator.Family) throws {
        let shop = try Shop.audited()
        let before = shop.audiences
        shop.spoilAccumulator(family)
        #expect(shop.drift()!.contains("accumulator of customers"))
        shop.engine.repair(into: shop.difference)
        #expect(shop.drift() == [] && shop.audiences == before)
    }

    @Test func everyKindIsLookedAtAndNothingIsChanged() throws {
        let shop = try Shop.audited()
        let (before, statistics) = (StateDump(shop.engine).state, "\(shop.engine.statistics)")
        var looks: [KeptKind: Int] = [:]
        let found = shop.engine.audited(&looks)
        #expect(found == [])
        for kind in KeptKind.allCases { #expect(looks[kind]! > 0, "\(kind)") }
        #expect(StateDump(shop.engine).state == before && "\(shop.engine.statistics)" == statistics)
        let hasChanges = shop.engine.hasChanges
        #expect(!hasChanges)
    }

    /// Until a commit nothing needs to be right.
    @Test func nothingIsLookedAtBeforeACommit() throws {
        let shop = try Shop.audited()
        var walk = shop.engine.beginAudit()
        shop.customer(1, country: "DE")
        shop.engine.apply(shop.batch)
        shop.batch.removeAll()
        #expect(shop.audit(&walk, 100_000) == nil && walk.counts.decisions == 0 && !walk.isThrough)
        shop.commit()
        #expect(shop.audit(&walk, 100_000) == nil && walk.counts.decisions > 0 && walk.isThrough)
    }

    /// A slice goes on where the last one ended; all of them together look at as much as one, and what is closed meanwhile is over.
    @Test func slices() throws {
        let shop = try Shop.audited()
        var (whole, slices) = (shop.engine.beginAudit(), shop.engine.beginAudit())
        #expect(shop.audit(&whole, 1_000_000) == nil && whole.isThrough)
        var count = 0
        while !slices.isThrough {
            #expect(shop.audit(&slices, 3) == nil)
            count += 1
        }
        #expect(count > 100 && slices.counts == whole.counts)
        var walk = shop.engine.beginAudit()
        #expect(shop.audit(&walk, 50) == nil)
        for id in shop.engine.campaigns.reversed() { shop.engine.delete(campaign: id, into: shop.difference) }
        #expect(shop.audit(&walk, 1_000_000) == nil && walk.isThrough)
    }

    /// What commits change while a block of parents is added up is passed over, and never called wrong.
    @Test func accumulatorsThatMoveMeanwhile() throws {
        let shop = Shop()
        for number in 0..<40 { shop.customer(number) }
        for number in 0..<4000 { shop.purchase(number, of: number % 40) }
        shop.commit()
        shop.publish(try Shop.read("SUM(purchases.amount) > 10"))
        var (walk, random, passedOver) = (shop.engine.beginAudit(), RandomNumbers(seed: 1), 0)
        for _ in 0..<400 {
            if walk.isThrough {
                passedOver += walk.counts.passedOver
                walk = shop.engine.beginAudit()
            }
            // From one customer to another, and back: each holds the same again, now and then.
            let purchase = random.number(0...3999)
            shop.purchase(purchase, of: random.chance(50) ? purchase % 40 : random.number(0...2))
            shop.commit()
            #expect(shop.audit(&walk, 60) == nil)
        }
        #expect(passedOver > 0)
    }

    /// The rows of a group that is too large to be sorted stand on their side of the boundary, and are counted.
    @Test(arguments: [10, AuditBounds.rows + 500])
    func largeGroups(count: Int) {
        let shop = Shop()
        for number in 0..<count { shop.customer(number, seen: Shop.start - Int64(number)) }
        shop.commit()
        let sort = Sort(by: Shop.field("customers", 3, .datetime))
        let split = Split(
            id: "split", from: Transition(activity: "build"),
            subsets: [.init(name: "first", filter: nil, limit: .count(count / 2), sort: sort)], hasComplement: true, seed: "seed")
        shop.publish("limited", [Shop.build(), .split(split), Shop.save("split", "first", as: "first")])
        #expect(shop.drift() == [])
        let (ranking, table) = (Number<Ranking>(0), shop.engine.tables.number(of: "customers"))
        let decided = shop.engine.plan.rankings[ranking].decided
        let within = shop.engine.tables[table].rows.first { shop.engine.tables[table].memberships.contains($0, decided) }!
        shop.engine.tables[table].memberships.remove(within, decided)
        #expect(shop.drift()!.contains("ranking of customers"))
        shop.engine.tables[table].memberships.set(within, decided, 0)
        // One less is within: all stand on the side of the boundary that is held, which is the wrong one.
        shop.engine.plan.rankings[ranking].rows.settle { _ in count / 2 }
        shop.engine.plan.rankings[ranking].rows.remove(within)
        #expect(shop.drift()!.contains("ranking of customers"))
        shop.engine.repair(into: shop.difference)
        #expect(shop.drift() == [] && shop.members("first").count == count / 2)
    }

    /// Too many rows lead to one record to look at them in one go.
    @Test func aHubIsPassedOver() throws {
        let shop = try Shop.audited()
        for number in 10...10 + AuditBounds.rows { shop.purchase(number, of: 3) }
        shop.commit()
        var walk = shop.engine.beginAudit()
        while !walk.isThrough { #expect(shop.audit(&walk, 1000) == nil) }
        #expect(walk.counts.passedOver > 0)
    }
}
