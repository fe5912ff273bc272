// The identities of each namespace in the order of their bytes, for lists of members: the engine keeps them in the order in which they
// came. When the first list is asked for they are copied, a little between two commits at a time, and sorted on a thread of their own;
// those that come later are put in with the next list, a few at a time, or, when very many have come, all are sorted anew.
//
// Kept: four bytes an identity of a namespace of which members were listed; while it is sorted, its texts and 16 bytes more.
import Engine
import Synchronization

/// Used between two commits, by whoever has the state machine then.
final class IdentityOrders: Sendable {
    private struct Order {
        var sorted: [Int32] = []
        /// Those that have come since, in their order.
        var recent: [Int32] = []
        /// How many identities the namespace had then.
        var count = 0
    }

    private enum Stage {
        case copying(IdentityTexts)
        /// Who asked meanwhile is told.
        case sorting(waiting: [@Sendable () -> Void])
        case ready(Order)
    }

    private struct State {
        var stages: [String: Stage] = [:]
        /// Which engine it is.
        var life = 0
    }

    private let state = Mutex(State())
    private let sorting = SideThread(mostWaiting: 64)

    /// So many identities are copied in one slice of the engine's time.
    private static let mostCopied: Int32 = 8192
    /// So many are put in in one slice, and so many stand beside the others.
    private static let mostRecent = 512
    /// When more than this have come, all are sorted anew.
    private static let mostMissing = 16_384

    /// The engine is another one. Who waits is told; what they ask for then is another life's.
    func begin() {
        let stages = state.withLock { state in
            defer { (state.stages, state.life) = ([:], state.life + 1) }
            return state.stages
        }
        for case .sorting(let waiting) in stages.values {
            for again in waiting { again() }
        }
    }

    /// Makes ready what `forEach` needs, one slice of it. False: somebody is to ask again, which `again` does, now or when it is worth it.
    func prepare(_ namespace: String, in engine: borrowing Engine, _ again: @escaping @Sendable () -> Void) -> Bool {
        let count = engine.identityCount(of: namespace)
        let (isReady, asksNow) = state.withLock { state in
            switch state.stages[namespace] {
            case .ready(var order):
                if count - order.count > Self.mostMissing { break }
                let end = min(count, order.count + Self.mostRecent)
                if order.count < end {
                    state.stages[namespace] = nil
                    add(order.count..<end, of: namespace, to: &order, engine)
                    state.stages[namespace] = .ready(order)
                }
                return (end == count, end < count)
            case .sorting(let waiting):
                state.stages[namespace] = .sorting(waiting: waiting + [again])
                return (false, false)
            case .copying(var texts):
                state.stages[namespace] = nil
                engine.copyIdentities(of: namespace, most: Self.mostCopied, to: &texts)
                state.stages[namespace] = .copying(texts)
                if texts.count < count { return (false, true) }
                guard sort(texts, of: namespace, life: state.life) else { return (false, true) }
                state.stages[namespace] = .sorting(waiting: [again])
                return (false, false)
            case nil: break
            }
            state.stages[namespace] = count == 0 ? .ready(Order()) : .copying(IdentityTexts())
            return (count == 0, count > 0)
        }
        if asksNow { again() }
        return isReady
    }

    /// False: too many wait to be sorted.
    private func sort(_ texts: IdentityTexts, of namespace: String, life: Int) -> Bool {
        sorting.run { [self] in
            let sorted = texts.sorted()
            let waiting: [@Sendable () -> Void] = state.withLock { state in
                guard state.life == life, case .sorting(let waiting) = state.stages[namespace] else { return [] }
                state.stages[namespace] = .ready(Order(sorted: sorted, recent: [], count: texts.count))
                return waiting
            }
            for again in waiting { again() }
        }
    }

    private func add(_ numbers: Range<Int>, of namespace: String, to order: inout Order, _ engine: borrowing Engine) {
        let new = engine.sorted(identities: Int32(numbers.lowerBound)..<Int32(numbers.upperBound), of: namespace)
        order.recent = engine.merged(order.recent, new, of: namespace)
        order.count = numbers.upperBound
        guard order.recent.count > Self.mostRecent else { return }
        var sorted: [Int32] = []
        sorted.reserveCapacity(order.sorted.count + order.recent.count)
        var start = 0
        for number in order.recent {
            let text = engine.identity(number, of: namespace)
            let place = Self.place(of: text, isBehind: false, in: order.sorted, from: start, namespace, engine)
            sorted.append(contentsOf: order.sorted[start..<place])
            sorted.append(number)
            start = place
        }
        sorted.append(contentsOf: order.sorted[start...])
        (order.sorted, order.recent) = (sorted, [])
    }

    /// Of sorted identities the place of the first that does not come before a text, or of the first behind it.
    private static func place(
        of text: [UInt8], isBehind: Bool, in list: [Int32], from start: Int, _ namespace: String, _ engine: borrowing Engine
    ) -> Int {
        var (low, high) = (start, list.count)
        while low < high {
            let middle = (low + high) / 2
            let order = engine.compare(list[middle], of: namespace, with: text)
            if order < 0 || order == 0 && isBehind { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The numbers of the identities that come after one (nil: all) and begin with a prefix, in order, so many at most. They were made
    /// ready.
    func identities(
        of namespace: String, in engine: borrowing Engine, after last: [UInt8]?, prefix: [UInt8], most: Int
    ) -> [Int32] {
        state.withLock { state in
            guard case .ready(let order) = state.stages[namespace] else { preconditionFailure("it was made ready") }
            let (sorted, recent) = (order.sorted, order.recent)
            let start = last.map { prefix.lexicographicallyPrecedes($0) ? $0 : prefix } ?? prefix
            let isBehind = last == start
            var left = Self.place(of: start, isBehind: isBehind, in: sorted, from: 0, namespace, engine)
            var right = Self.place(of: start, isBehind: isBehind, in: recent, from: 0, namespace, engine)
            var found: [Int32] = []
            while found.count < most, left < sorted.count || right < recent.count {
                let takesLeft =
                    right == recent.count || left < sorted.count && engine.isBefore(sorted[left], recent[right], in: namespace)
                let next = takesLeft ? sorted[left] : recent[right]
                if takesLeft { left += 1 } else { right += 1 }
                guard prefix.isEmpty || engine.has(prefix, next, of: namespace) else { break }
                found.append(next)
            }
            return found
        }
    }
}
