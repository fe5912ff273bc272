// Goal: a condition that compares an accumulator with a constant is told when it passes the constant; one that does something else with it,
// whenever it moves. Method: what is kept of each form of comparison, in which order, and until when.
import Campaigns
import Testing

@testable import Engine

@Suite struct ThresholdsTests {
    /// The accumulator that a condition's guard, or the comparison that it is, names.
    private func accumulator(_ condition: Number<Condition>, _ shop: Shop) throws -> Number<Accumulator> {
        func find(_ number: NodeNumber) -> Number<Accumulator>? {
            let node = shop.engine.plan.nodes[number]
            return node.isAccumulator ? node.accumulator : shop.engine.plan.nodes.parts(of: node).lazy.compactMap(find).first
        }
        return try #require(find(shop.engine.plan.conditions[condition].node))
    }

    private func thresholds(_ accumulator: Number<Accumulator>, _ shop: Shop) -> [Threshold] {
        (0..<shop.engine.plan.accumulators[accumulator].thresholds.count).map { shop.engine.plan.accumulators[accumulator].thresholds[$0] }
    }

    private func otherReaders(_ accumulator: Number<Accumulator>, _ shop: Shop) -> [Number<Condition>] {
        (0..<shop.engine.plan.accumulators[accumulator].otherReaders.count).map {
            shop.engine.plan.accumulators[accumulator].otherReaders[$0]
        }
    }

    @Test(arguments: [
        ("COUNT(purchases) >= 3", 3, Threshold.Kind.at, true, false), ("COUNT(purchases) > 3", 4, .at, true, false),
        ("COUNT(purchases) = 3", 3, .both, true, false), ("COUNT(purchases) <> 3", 3, .both, false, true),
        ("COUNT(purchases) < 3", 3, .at, false, true), ("COUNT(purchases) <= 3", 3, .above, false, true),
        ("3 > COUNT(purchases)", 3, .at, false, true), ("SUM(purchases.amount) > 3", 3, .above, true, false),
        ("SUM(purchases.amount) >= -3", -3, .at, true, false), ("SUM(purchases.amount) <= 2.5", 2.5, .above, false, true),
        ("country = 'FR' OR SUM(purchases.amount) > 3", 3, .above, true, true),
        ("country = 'FR' AND SUM(purchases.amount) > 3", 3, .above, true, false),
        ("NOT (SUM(purchases.amount) > 3)", 3, .above, false, true),
    ])
    func theThresholdOf(text: String, value: Double, kind: Threshold.Kind, isGuard: Bool, changesFromNull: Bool) throws {
        let shop = Shop()
        let condition = try shop.keep(text)
        let accumulator = try accumulator(condition, shop)
        let found = thresholds(accumulator, shop)
        #expect(found.map(\.value) == [value] && found.map(\.condition) == [condition], "\(text)")
        #expect(found.map(\.kind) == [kind] && found.map(\.isGuard) == [isGuard], "\(text)")
        #expect(found.map(\.changesFromNull) == [changesFromNull], "\(text)")
        #expect(otherReaders(accumulator, shop) == [], "\(text)")
    }

    @Test(arguments: [
        "COUNT(purchases) + 1 > 3", "COUNT(purchases) IN (1, 2)", "COUNT(purchases) > SUM(purchases.amount)",
        "SUM(purchases.amount) IS NULL", "MAX(purchases.amount) > 3", "AVG(purchases.amount) > 3",
    ])
    func whoUsesItOtherwiseIsToldOfEveryMove(text: String) throws {
        let shop = Shop()
        let condition = try shop.keep(text)
        let accumulator = try accumulator(condition, shop)
        #expect(thresholds(accumulator, shop).isEmpty && otherReaders(accumulator, shop).contains(condition), "\(text)")
        shop.engine.releaseCondition(condition)
        #expect(otherReaders(accumulator, shop) == [], "\(text)")
    }

    @Test func thresholdsStandInTheirOrderAndGoWithTheirConditions() throws {
        var random = RandomNumbers(seed: 42)
        let shop = Shop()
        let accumulator = try accumulator(try shop.keep("COUNT(purchases) >= 5"), shop)
        var kept = [(try shop.keep("COUNT(purchases) >= 5"), [5.0])]
        shop.engine.releaseCondition(kept[0].0)
        for _ in 0..<300 {
            if random.chance(kept.count < 20 ? 60 : 40) {
                let (low, high) = (random.number(1...20), random.number(21...40))
                let condition = try shop.keep("COUNT(purchases) >= \(low) AND COUNT(purchases) < \(high)")
                if kept.contains(where: { $0.0 == condition }) {
                    shop.engine.releaseCondition(condition)
                } else {
                    kept.append((condition, [Double(low), Double(high)]))
                }
            } else if kept.count > 1 {
                shop.engine.releaseCondition(kept.remove(at: random.number(1...kept.count - 1)).0)
            }
            let found = thresholds(accumulator, shop)
            #expect(found.map(\.value) == kept.flatMap(\.1).sorted())
            for (condition, values) in kept { #expect(found.filter { $0.condition == condition }.map(\.value) == values) }
        }
    }
}
