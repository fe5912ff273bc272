// Goal: an output is taken while its condition is the first that is true of the number of rows, and joins follow it; what a count was in
// the middle of a commit is nothing. Method: random customers against a plain count of those of one country, and counts that flap.
import Campaigns
import Testing

@testable import Engine

@Suite struct GatesTests {
    private static let test = Activity.test(
        Test(
            id: "test", from: Transition(activity: "build"),
            conditions: [
                .init(name: "odd", when: .compare(.equal, .arithmetic(.remainder, count, number(2)), number(1))),
                .init(name: "many", when: Shop.count(.greater, 5)),
            ]))

    private static let count = Expression.carried(RecordCount.name, type: .integer)

    private static func number(_ number: Int64) -> Expression { .literal(.integer(number)) }

    private static func join(_ id: String, _ outputs: [(String, String)]) -> Activity {
        .andJoin(AndJoin(id: id, from: outputs.map { Transition(activity: $0.0, output: $0.1) }))
    }

    private static let everyone = Shop.build(as: "everyone")

    private static let activities: [Activity] = [
        Shop.build(Shop.isFrench), everyone, test, join("odds", [("everyone", Transition.main), ("test", "odd")]),
        join("many", [("test", "many"), ("everyone", Transition.main)]),
        join("never", [("test", "odd"), ("test", "many")]), join("again", [("odds", Transition.main), ("many", Transition.main)]),
        Shop.save("test", "odd", as: "odd"), Shop.save("test", "many", as: "many"), Shop.save("test", Test.otherwise, as: "default"),
        Shop.save("odds", as: "odds"), Shop.save("many", as: "manyJoined"), Shop.save("never", as: "never"),
        Shop.save("again", as: "again"),
    ]

    private func check(_ shop: Shop, _ customers: [Int: String]) {
        let all = Set(customers.keys.map { "\($0)@x.fr" })
        let french = Set(customers.filter { $0.value == "FR" }.keys.map { "\($0)@x.fr" })
        let output = french.count % 2 == 1 ? "odd" : french.count > 5 ? "many" : "default"
        for name in ["odd", "many", "default"] { #expect(Set(shop.members(name).keys) == (name == output ? french : [])) }
        #expect(Set(shop.members("odds").keys) == (output == "odd" ? all : []))
        #expect(Set(shop.members("manyJoined").keys) == (output == "many" ? french : []))
        #expect(shop.members("never") == [:])
        // A join hangs on more than an output that is not taken, so it is active, and empty.
        #expect(shop.members("again") == shop.members("odds"))
    }

    @Test(arguments: [1, 2, 3])
    func theOutputThatIsTakenFollowsTheCount(seed: UInt64) {
        var random = RandomNumbers(seed: seed)
        let shop = Shop()
        var customers: [Int: String] = [:]
        for step in 0..<300 {
            for _ in 0..<random.number(1...4) {
                let number = random.number(0...11)
                if random.chance(75) {
                    customers[number] = random.pick(["FR", "DE"])
                    shop.customer(number, country: customers[number]!)
                } else {
                    customers[number] = nil
                    shop.remove("c\(number)")
                }
            }
            shop.commit()
            if step % 60 == 10 { shop.publish("campaign", Self.activities) }
            if step % 60 == 50 { shop.engine.delete(campaign: "campaign", into: shop.difference) }
            if (10..<50).contains(step % 60) { check(shop, customers) }
        }
    }

    @Test func aCountIsThatOfTheRows() {
        var random = RandomNumbers(seed: 9)
        let shop = Shop()
        for number in 0..<10 { shop.customer(number, country: number % 2 == 0 ? "FR" : "DE") }
        shop.commit()
        let condition = shop.keep(Shop.isFrench)
        let counter = shop.engine.plan.gates.counter(of: condition)
        shop.engine.retainCounter(counter, 1)
        for _ in 0..<300 {
            let number = random.number(0...30)
            if random.chance(70) { shop.customer(number, country: random.pick(["FR", "DE"])) } else { shop.remove("c\(number)") }
            if random.chance(30) { shop.commit() }
            if random.chance(5) {
                shop.engine.retainCounter(counter, -1)
                #expect(shop.engine.plan.gates[counter].rows.count == 0)
                shop.commit()
                shop.engine.retainCounter(counter, 1)
            }
        }
        shop.commit()
        #expect(shop.engine.plan.gates[counter].rows.count == shop.keys(in: condition).count)
        let table = shop.engine.tables.number(of: "customers")
        for row in shop.engine.tables[table].numberedRows {
            let isThere = shop.engine.tables[table].memberships.contains(row, condition)
            #expect(shop.engine.plan.gates[counter].rows.contains(row) == isThere)
        }
    }

    /// What a count was in the middle of a commit opens nothing, and emits nothing.
    @Test func aCountThatFlapsIsSeenOnce() {
        let shop = Shop()
        for number in 0..<6 { shop.customer(number) }
        shop.commit()
        shop.publish("campaign", Self.activities)
        #expect(shop.members("many").count == 6)
        for _ in 0..<500 {
            shop.remove("c0")
            shop.customer(0)
        }
        shop.commit()
        #expect(shop.difference.isEmpty)
        for _ in 0..<500 {
            shop.customer(0)
            shop.remove("c0")
        }
        shop.commit()
        #expect(shop.members("many") == [:] && shop.members("odd").count == 5)
        #expect(shop.said("many").count == 6 && shop.said("odd").count == 5 && shop.said("default") == [:])
    }
}
