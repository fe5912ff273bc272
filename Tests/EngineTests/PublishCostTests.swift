// What a publish, a stop, a delete and an instant of a validity cost, in the engine's own counts: they follow what is concerned, never how
// many campaigns there are.
import Campaigns
import Testing

@testable import Engine

@Suite struct PublishCostTests {
    private static let wait = Activity.wait(
        Wait(id: "wait", from: Transition(activity: "build"), period: .duration(CalendarDuration(days: 1), timezone: "UTC")))

    private static func alert(_ from: String = "build") -> Activity {
        .alert(Alert(id: "alert", from: Transition(activity: from), title: "there", message: nil, when: Shop.count(.greater, 0)))
    }

    /// Who lives in a country of their own, saved, and besides something that lasts: an alert, a wait, a read of somebody else's audience.
    private static func activities(_ name: String, _ kind: Int, reading other: String?) -> [Activity] {
        let isOwn = Expression.compare(.equal, Shop.field("customers", 2, .string), .literal(.string(name)))
        let build = Shop.build(isOwn)
        switch kind {
        case 0: return [build, alert(), Shop.save("build", as: name)]
        case 1: return [build, wait, Shop.save("wait", as: name)]
        case 2: return other.map { [Shop.read($0, as: "read"), alert("read"), Shop.save("read", as: name)] } ?? [build]
        default: return [build, Shop.save("build", as: name)]
        }
    }

    private func campaign(_ name: String, _ activities: [Activity], startAt: Int64? = nil, endAt: Int64? = nil) -> Campaign {
        Campaign(id: name, name: name, timezone: "UTC", startAt: startAt, endAt: endAt, activities: activities)
    }

    private func publish(_ campaign: Campaign, _ shop: Shop) { _ = shop.engine.publish(campaign, zone: .utc, into: shop.difference) }

    /// What was looked at, by rows, conditions and parts, for each of some events beside as many other campaigns.
    private func costs(beside count: Int) -> [[Int]] {
        let shop = Shop()
        for number in 0..<count {
            let other = campaign(
                "other\(number)", Self.activities("other\(number)", number % 4, reading: "other\(number - 1)"),
                startAt: number % 8 == 3 ? Shop.start + Shop.day : nil, endAt: number % 8 == 0 ? Shop.start + 2 * Shop.day : nil)
            publish(other, shop)
        }
        var costs: [[Int]] = []
        func cost(_ event: () -> Void) {
            let before = shop.engine.statistics
            event()
            let after = shop.engine.statistics
            costs.append([
                after.conditionsEvaluated - before.conditionsEvaluated, after.rowsVisitedByPublish - before.rowsVisitedByPublish,
                after.rowsVisitedBySettling - before.rowsVisitedBySettling, after.partsVisitedByPublish - before.partsVisitedByPublish,
            ])
        }
        for kind in 0..<4 {
            let one = campaign("new\(kind)", Self.activities("new\(kind)", kind, reading: "other1"))
            cost { publish(one, shop) }
            cost { publish(one, shop) }
        }
        // The audience that one of them reads moves to another stratum.
        cost { publish(campaign("other1", Self.activities("other1", 2, reading: "other0")), shop) }
        for kind in 0..<2 { cost { shop.engine.stop(campaign: "new\(kind)") } }
        for kind in 0..<4 { cost { shop.engine.delete(campaign: "new\(kind)", into: shop.difference) } }
        let later = campaign(
            "later", Self.activities("later", 0, reading: nil), startAt: Shop.start + Shop.day / 2, endAt: Shop.start + Shop.day - 2)
        cost { publish(later, shop) }
        cost {
            for instant in shop.engine.commitInstants(until: Shop.start + Shop.day - 1) {
                shop.engine.advance(to: instant)
                shop.commit()
            }
            shop.engine.advance(to: Shop.start + Shop.day - 1)
            shop.commit()
        }
        #expect(shop.engine.clock == Shop.start + Shop.day - 1)
        return costs
    }

    @Test func nobodyElseIsLookedAt() {
        let few = costs(beside: 10)
        #expect(few.contains { $0[3] > 0 })
        #expect(costs(beside: 400) == few)
    }
}
