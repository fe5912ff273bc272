// Goal: the rows that a window reaches are found in the order of what it is about, as far back as windows reach, whatever comes, goes and
// moves. Method: an engine's orders against its rows.
import Campaigns
import Testing

@testable import Engine

@Suite struct OrdersTests {
    private static func window(_ condition: Number<Condition>, _ shop: Shop) throws -> Number<Window> {
        guard case .column(_, _, let window) = try #require(shop.engine.plan.conditions[condition].guardedBy.first) else {
            preconditionFailure("it is guarded by a window")
        }
        return try #require(window)
    }

    /// What the window of a condition is about.
    private static func node(_ condition: Number<Condition>, _ shop: Shop) throws -> NodeNumber {
        shop.engine.plan.windows[try window(condition, shop)].node
    }

    private static func rowsInWindow(_ condition: Number<Condition>, _ shop: Shop) throws -> [String] {
        let number = try window(condition, shop)
        let (table, term) = (shop.engine.plan.windows[number].table, shop.engine.plan.windows[number].term)
        let order = try #require(shop.engine.tables[table].orders.find(try node(condition, shop)))
        var rows = Vector<RowNumber>()
        shop.engine.tables[table].orders[order].rows(from: try #require(shop.engine.plan.terms[term].key), through: .max, into: &rows)
        let together = shop.engine.rowsInWindow(number)
        #expect(together.count == rows.count && (0..<rows.count).allSatisfy { together.contains(rows[$0]) })
        return (0..<rows.count).map { String(decoding: shop.engine.tables[table].key(of: rows[$0]), as: UTF8.self) }
    }

    @Test func aLongerWindowFillsTheOrderAgain() throws {
        let shop = Shop()
        let table = shop.engine.tables.number(of: "customers")
        for number in 0..<400 { shop.customer(number, seen: Shop.start - Int64(number) * Shop.day) }
        shop.customer(400)
        shop.commit()
        let short = try shop.keep("seen >= DaysAgo(3)")
        let node = try Self.node(short, shop)
        guard let order = shop.engine.tables[table].orders.find(node) else { preconditionFailure("a window is about it") }
        #expect(try Self.rowsInWindow(short, shop) == ["c3", "c2", "c1", "c0"])
        let floor = shop.engine.tables[table].orders[order].floor
        #expect(floor <= Shop.start - 3 * Shop.day && floor > Shop.start - 30 * Shop.day, "what is long past is left out")
        let long = try shop.keep("seen >= DaysAgo(300)")
        #expect(
            Array(shop.engine.tables[table].orders.all) == [order]
                && shop.engine.tables[table].orders[order].floor <= Shop.start - 300 * Shop.day)
        #expect(try Self.rowsInWindow(long, shop) == (0...300).reversed().map { "c\($0)" })
        #expect(shop.keys(in: long).count == 301 && shop.keys(in: short).count == 4)
        shop.engine.releaseCondition(long)
        shop.engine.advance(to: Shop.start + 2 * Shop.day)
        #expect(try Self.rowsInWindow(short, shop) == ["c1", "c0"])
        #expect(
            shop.engine.tables[table].orders[order].floor > Shop.start - 30 * Shop.day, "what nobody reaches any more is left out again")
        shop.engine.releaseCondition(short)
        #expect(shop.engine.tables[table].orders[order].isRead == false && shop.engine.tables[table].orders[order].floor == .max)
    }

    @Test func computedPlacesMoveWithWhatTheyAreMadeOf() throws {
        var random = RandomNumbers(seed: 44)
        let shop = Shop()
        // Of a field, of the latest purchase, and of what lies behind a link.
        let texts = ["seen >= DaysAgo(30)", "MAX(purchases.at) >= DaysAgo(30)", "MAX(purchases.at) < DaysAgo(60)"]
        let conditions = try texts.map { try shop.keep($0) }
        let behind = try shop.keep("AddDays(buyer.seen, 10) > NOW()", about: "purchases")
        var clock = Shop.start
        for _ in 0..<500 {
            let instant = clock + Int64(random.number(-100...20)) * Shop.day
            switch random.number(0...5) {
            case 0, 1: shop.customer(random.number(0...9), seen: random.chance(80) ? instant : nil)
            case 2, 3: shop.purchase(random.number(0...20), of: random.number(0...9), at: instant)
            case 4: shop.remove("\(random.pick(["c", "p"]))\(random.number(0...20))")
            default: clock += Int64(random.number(1...20)) * Shop.day
            }
            shop.engine.advance(to: clock)
            shop.commit()
            for condition in conditions + [behind] { #expect(shop.keys(in: condition) == shop.keysEvaluated(of: condition)) }
        }
    }
}
