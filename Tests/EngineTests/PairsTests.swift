// Goal: one row for each record linked to a row's record, and one without where none is; what stands for both follows both. Method: random
// customers and purchases, and with them the pairs that there are, against all pairs of rows.
import Campaigns
import Testing

@testable import Engine

@Suite struct PairsTests {
    private static let mail = Activity.enrichment(
        Enrichment(id: "mail", from: Transition(activity: "build"), columns: [.init(name: "mail", value: Shop.email)]))
    private static let many = Activity.changeDimension(
        ChangeDimension(id: "many", from: Transition(activity: "mail"), path: Shop.bought, dimension: "purchases"))
    private static let activities = [
        Shop.build(Shop.isFrench), mail, many,
        Shop.save(
            "many", as: "buyers", identity: .carried("mail", type: .string),
            attributes: [Attribute(name: "amount", source: Shop.field("purchases", 2, .double))]),
    ]

    /// The pairs that are kept, by key.
    private func pairs(_ shop: Shop) -> [String] {
        let number = Number<Pairs>(0)
        let (table, row, linked) = (
            shop.engine.plan.pairs[number].table, shop.engine.plan.pairs[number].row, shop.engine.plan.pairs[number].linked
        )
        func key(_ link: LinkPlace, _ pair: RowNumber) -> String {
            guard let end = shop.engine.tables.follow(link, pair) else { return "-" }
            return String(decoding: shop.engine.tables[shop.engine.tables.target(of: link)].key(of: end), as: UTF8.self)
        }
        return shop.engine.tables[table].rows.filter { shop.engine.tables[table].isLive($0) }.map { "\(key(row, $0)) \(key(linked, $0))" }
            .sorted()
    }

    private struct Model {
        var customers: [Int: String] = [:]
        var purchases: [Int: (customer: Int, amount: Double)] = [:]

        func purchases(of customer: Int) -> [Int] { purchases.filter { $0.value.customer == customer }.map(\.key).sorted() }

        var pairs: [String] {
            customers.filter { $0.value == "FR" }.keys.flatMap { customer in
                let linked = purchases(of: customer)
                return linked.isEmpty ? ["c\(customer) -"] : linked.map { "c\(customer) p\($0)" }
            }.sorted()
        }

        var members: [String: String] {
            var found: [String: String] = [:]
            for customer in customers.filter({ $0.value == "FR" }).keys {
                let linked = purchases(of: customer)
                guard let lowest = linked.min(by: { "\($0)" < "\($1)" }) else { continue }
                found["\(customer)@x.fr"] = "\(linked.count) {\"amount\":\(Int(purchases[lowest]!.amount))}"
            }
            return found
        }
    }

    @Test(arguments: [1, 2, 3])
    func areThoseOfEachRowWithEachLinkedRecord(seed: UInt64) {
        var random = RandomNumbers(seed: seed)
        let shop = Shop()
        var model = Model()
        for step in 0..<300 {
            for _ in 0..<random.pick([1, 1, 2, 6]) {
                let (customer, purchase) = (random.number(0...5), random.number(0...12))
                switch random.number(0...9) {
                case 0...2:
                    model.customers[customer] = random.pick(["FR", "FR", "DE"])
                    shop.customer(customer, country: model.customers[customer]!)
                case 3:
                    model.customers[customer] = nil
                    shop.remove("c\(customer)")
                case 4...7:
                    let amount = Double(random.number(1...3))
                    model.purchases[purchase] = (customer, amount)
                    shop.purchase(purchase, of: customer, amount: amount)
                default:
                    model.purchases[purchase] = nil
                    shop.remove("p\(purchase)")
                }
            }
            shop.commit()
            if step % 60 == 10 { shop.publish("campaign", Self.activities) }
            if step % 60 == 50 {
                shop.engine.delete(campaign: "campaign", into: shop.difference)
                #expect(pairs(shop) == [])
            }
            guard (10..<50).contains(step % 60) else { continue }
            #expect(pairs(shop) == model.pairs)
            #expect(shop.members("buyers") == model.members)
        }
    }

    /// A record that moves from one customer to another and back within a commit is no difference.
    @Test func aRecordThatComesBackWasNeverGone() {
        let shop = Shop()
        for customer in 0..<2 { shop.customer(customer) }
        shop.purchase(1, of: 0)
        shop.commit()
        shop.publish("campaign", Self.activities)
        #expect(pairs(shop) == ["c0 p1", "c1 -"])
        shop.purchase(1, of: 1)
        shop.remove("c0")
        shop.purchase(1, of: 0)
        shop.customer(0)
        shop.commit()
        #expect(pairs(shop) == ["c0 p1", "c1 -"] && shop.difference.isEmpty)
        shop.purchase(1, of: 1)
        shop.commit()
        #expect(pairs(shop) == ["c0 -", "c1 p1"])
        #expect(shop.said("buyers") == ["0@x.fr": "exited by change", "1@x.fr": "realized by change"])
    }
}
