// Goal: a condition that is filled from tables holds the rows that it holds when it is there before them, whatever guards it. Method: one
// campaign published before random rows come, and one after them, over tables of more rows than are looked at at once.
import Campaigns
import Testing

@testable import Engine

@Suite struct FillConditionsTests {
    /// Rows that come, change and go: the same for the same seed.
    private func rows(of shop: Shop, seed: UInt64) {
        var random = RandomNumbers(seed: seed)
        for _ in 0..<3 {
            for number in 0..<300 where random.chance(80) {
                let seen = random.chance(80) ? Shop.start - Int64(random.number(0...9)) * Shop.day / 2 : nil
                shop.customer(number, country: ["FR", "DE", "IT", "ES"][random.number(0...3)], seen: seen)
                if random.chance(50) {
                    shop.purchase(random.number(0...600), of: random.number(0...400), amount: Double(random.number(0...20)))
                }
                let points = random.chance(80) ? Int64(random.number(0...5)) : nil
                if random.chance(30) { shop.card(number, of: number, points: points, isActive: random.chance(50)) }
            }
            for number in 0..<300 where random.chance(15) { shop.remove(["c", "p", "k"][random.number(0...2)] + "\(number)") }
            shop.commit()
        }
    }

    @Test(arguments: [
        "country = 'FR'", "country IN ('DE', 'ES')", "seen >= DaysAgo(1)", "seen >= DaysAgo(4) AND country IN ('FR', 'IT', 'ES')",
        "seen >= DaysAgo(3) AND country = 'nowhere'", "card.active", "card.points IN (1, 2, 5)",
        "COUNT(purchases) >= 2", "SUM(purchases.amount WHERE amount > 3) >= 10", "country = 'FR' OR seen >= DaysAgo(1)",
        "country <> 'FR'", "country = 'FR' AND COUNT(purchases) >= 2", "(country = 'FR' OR card.active) AND seen >= DaysAgo(4)",
        "seen < DaysAgo(2) AND country <> 'IT'", "seen > DATETIME '2020-01-01T00:00:00Z' AND country IN ('FR', 'IT')", "seen = NULL",
        "COUNT(purchases WHERE amount > 3 AND amount <= 12) >= 1", "COUNT(purchases WHERE amount < 0.5 OR amount = 7) >= 1",
        "COUNT(purchases WHERE amount >= 3 AND amount <> 4) >= 2",
    ])
    func whatIsFilledIsWhatIsKept(filter: String) throws {
        for seed in 1...3 as ClosedRange<UInt64> {
            let expression = try Shop.read(filter)
            let (before, after) = (Shop(), Shop())
            before.publish(expression)
            rows(of: before, seed: seed)
            rows(of: after, seed: seed)
            after.publish(expression)
            #expect(after.members("audience0") == before.members("audience0"), "\(filter), seed \(seed)")
            #expect(!before.members("audience0").isEmpty || filter.contains("nowhere") || filter.contains("NULL"))
        }
    }

    /// By key, and of one key by row.
    @Test func rowsAreSortedByKeys() {
        var random = RandomNumbers(seed: 1)
        for width in [0, 1, 100, 1 << 11, 1 << 40] {
            for least in [Int64.min, -5, 0, .max - Int64(width)] {
                var all = (0..<random.number(0...500)).map { KeyedRow(key: least + Int64(random.number(0...width)), row: RowNumber($0)) }
                if random.chance(50) { all.append(KeyedRow(key: .max, row: RowNumber(all.count))) }
                // From a floor that is near they fit in a word each, from one that is far they do not.
                for floor in [least, .min] {
                    var rows = KeyedRows(from: floor, of: all.count)
                    for row in all { rows.append(row.key, row.row) }
                    var (given, found) = ([KeyedRow](), [KeyedRow]())
                    rows.forEach { given.append(KeyedRow(key: $0, row: $1)) }
                    var index = OrderedRows<KeyedRow>()
                    rows.prepend(to: &index)
                    index.walk(from: KeyedRow(key: .min, row: .none)) { found.append($0) }
                    #expect(given == all && found == all.sorted())
                }
            }
        }
    }
}
