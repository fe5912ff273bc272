// The identities of each namespace in the order of their bytes, for lists of members: the engine keeps them in the order in which they
// came. Sorted when the first list is asked for, and again when many are new; those since are sorted in with each page.
//
// Kept: four bytes an identity of a namespace of which members were listed.
import Engine
import Synchronization

/// Used between two commits, by whoever has the state machine then.
final class IdentityOrders: Sendable {
    private struct Order {
        var sorted: [Int32] = []
        /// How many identities the namespace had then.
        var count = 0
        /// Those that have come since, in their order, and how many the namespace had then.
        var recent: [Int32] = []
        var recentCount = 0
    }

    private let orders = Mutex<[String: Order]>([:])
    private static let mostUnsorted = 4096

    /// The engine is another one.
    func begin() { orders.withLock { $0 = [:] } }

    /// Calls the body with the numbers of the identities that come after one (nil: all) and begin with a prefix, in order, until it says
    /// that it has enough.
    func forEach(_ namespace: String, in engine: borrowing Engine, after last: [UInt8]?, prefix: [UInt8], _ body: (Int32) -> Bool) {
        let count = engine.identityCount(of: namespace)
        orders.withLock { orders in
            var order = orders[namespace] ?? Order()
            if count - order.count > Self.mostUnsorted || order.sorted.isEmpty && count > 0 {
                order.sorted = engine.sortedIdentities(of: namespace)
                (order.count, order.recent, order.recentCount) = (count, [], count)
            }
            if order.recentCount < count {
                let new = engine.sorted(identities: Int32(order.recentCount)..<Int32(count), of: namespace)
                order.recent = engine.merged(order.recent, new, of: namespace)
                order.recentCount = count
            }
            orders[namespace] = order
            let recent = order.recent
            let start = max(last ?? [], prefix, by: { $0.lexicographicallyPrecedes($1) })
            func first(_ list: [Int32]) -> Int {
                var (low, high) = (0, list.count)
                while low < high {
                    let middle = (low + high) / 2
                    let order = engine.compare(list[middle], of: namespace, with: start)
                    if order < 0 || order == 0 && last.map({ $0 == start }) ?? false { low = middle + 1 } else { high = middle }
                }
                return low
            }
            var (left, right) = (first(order.sorted), first(recent))
            while left < order.sorted.count || right < recent.count {
                let takesLeft =
                    right == recent.count
                    || left < order.sorted.count && engine.isBefore(order.sorted[left], recent[right], in: namespace)
                let next = takesLeft ? order.sorted[left] : recent[right]
                if takesLeft { left += 1 } else { right += 1 }
                guard engine.has(prefix, next, of: namespace), body(next) else { return }
            }
        }
    }

    private func max(_ a: [UInt8], _ b: [UInt8], by precedes: ([UInt8], [UInt8]) -> Bool) -> [UInt8] { precedes(a, b) ? b : a }
}
