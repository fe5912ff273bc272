// Goal: a change goes through all audiences that read each other in one commit, and no audience is seen half-way. Method: chains and
// diamonds, published in every order, against the campaigns evaluated one after the other.
import Campaigns
import Testing

@testable import Engine

@Suite struct StrataTests {
    /// A campaign `c0`, `c1`… saves an audience `a0`, `a1`… of those whom all these audiences hold (none: of the French), or who are in the
    /// first of them and in no other.
    struct Reader {
        var audiences: [Int]
        var isExclusion = false
    }

    struct Graph: CustomTestStringConvertible {
        var testDescription: String
        var readers: [Reader]
    }

    static let graphs = [
        Graph(
            testDescription: "a chain",
            readers: [Reader(audiences: []), Reader(audiences: [0]), Reader(audiences: [1]), Reader(audiences: [2])]),
        Graph(
            testDescription: "a diamond",
            readers: [Reader(audiences: []), Reader(audiences: [0]), Reader(audiences: [0]), Reader(audiences: [1, 2])]),
        Graph(
            testDescription: "ways of two lengths that cancel each other",
            readers: [
                Reader(audiences: []), Reader(audiences: [0]), Reader(audiences: [1]), Reader(audiences: [2, 0], isExclusion: true),
            ]),
    ]

    private static func activities(_ number: Int, _ reader: Reader?) -> [Activity] {
        guard let reader, !reader.audiences.isEmpty else { return [Shop.build(Shop.isFrench), Shop.save("build", as: "a\(number)")] }
        let reads = reader.audiences.map { Shop.read("a\($0)", as: "read\($0)") }
        let combine = Combine(
            id: "all", operation: reader.isExclusion ? .exclusion : .intersection,
            from: reader.audiences.map { Transition(activity: "read\($0)") })
        let last = reads.count == 1 ? "read\(reader.audiences[0])" : "all"
        return reads + (reads.count == 1 ? [] : [.combine(combine)]) + [Shop.save(last, as: "a\(number)")]
    }

    private static func expected(_ graph: Graph, _ french: Set<String>) -> [Set<String>] {
        graph.readers.reduce(into: [Set<String>]()) { found, reader in
            var own = reader.audiences.first.map { found[$0] } ?? french
            for other in reader.audiences.dropFirst() {
                if reader.isExclusion { own.subtract(found[other]) } else { own.formIntersection(found[other]) }
            }
            found.append(own)
        }
    }

    private static func orders(_ numbers: [Int]) -> [[Int]] {
        if numbers.isEmpty { return [[]] }
        return numbers.flatMap { first in orders(numbers.filter { $0 != first }).map { [first] + $0 } }
    }

    @Test(arguments: graphs)
    func oneCommitCarriesAChangeThroughAll(graph: Graph) {
        for order in Self.orders(Array(graph.readers.indices)) {
            var random = RandomNumbers(seed: UInt64(order[0]))
            let shop = Shop()
            var french: Set<String> = []
            // All are there before one reads another, so any may be the first to read.
            for number in graph.readers.indices { shop.publish("c\(number)", Self.activities(number, nil)) }
            for number in order { shop.publish("c\(number)", Self.activities(number, graph.readers[number])) }
            for _ in 0..<20 {
                let before = Self.expected(graph, french)
                for _ in 0..<random.number(1...3) {
                    let number = random.number(0...4)
                    let isFrench = random.chance(60)
                    shop.customer(number, country: isFrench ? "FR" : "DE")
                    if isFrench { french.insert("\(number)@x.fr") } else { french.remove("\(number)@x.fr") }
                }
                shop.commit()
                let after = Self.expected(graph, french)
                for number in graph.readers.indices {
                    #expect(Set(shop.members("a\(number)").keys) == after[number], "\(order)")
                    let cause = number == 0 ? "change" : "upstream"
                    let said = Dictionary(
                        uniqueKeysWithValues: after[number].subtracting(before[number]).map { ($0, "realized by \(cause)") }
                            + before[number].subtracting(after[number]).map { ($0, "exited by \(cause)") })
                    #expect(shop.said("a\(number)") == said, "\(order)")
                }
            }
            for number in order.reversed() { shop.engine.stop(campaign: "c\(number)") }
            shop.customer(9)
            shop.commit()
            #expect(shop.difference.isEmpty)
        }
    }
}
