// The order of the engine against a sorted array, on random operations, with entries such as rankings and windows have.
import Testing

@testable import Engine

@Suite struct OrderedRowsTests {
    /// As large as those of a ranking.
    private struct Ranked: BitwiseCopyable, Comparable {
        var rank: Int32
        var row: Int32
        var key: Int64
        var tie: UInt64

        static func < (a: Ranked, b: Ranked) -> Bool { (a.rank, a.key, a.tie, a.row) < (b.rank, b.key, b.tie, b.row) }
    }

    /// The order and its model.
    private struct Pair: ~Copyable {
        var order = OrderedRows<Ranked>()
        var model: [Ranked] = []
        /// The most entries there ever were.
        var peak = 0

        /// How many entries of the model are before one.
        func place(of entry: Ranked) -> Int {
            var (low, high) = (0, model.count)
            while low < high {
                let middle = (low + high) / 2
                if model[middle] < entry { low = middle + 1 } else { high = middle }
            }
            return low
        }

        /// Adds the entry, or takes it away when it is there.
        mutating func turn(_ entry: Ranked) {
            let place = place(of: entry)
            if place < model.count && model[place] == entry {
                order.remove(entry)
                model.remove(at: place)
            } else {
                order.insert(entry)
                model.insert(entry, at: place)
            }
            peak = max(peak, model.count)
        }

        /// Compares what is around an entry that may be there or not.
        func checkAround(_ entry: Ranked) {
            let place = place(of: entry)
            let (before, here) = (order.before(entry), order.atOrAfter(entry))
            #expect(before.map { order[$0] } == (place > 0 ? model[place - 1] : nil))
            #expect(here.map { order[$0] } == (place < model.count ? model[place] : nil))
            if let here {
                #expect(order.before(here).map { order[$0] } == (place > 0 ? model[place - 1] : nil))
                #expect(order.after(here).map { order[$0] } == (place + 1 < model.count ? model[place + 1] : nil))
            } else if let before {
                #expect(order.after(before) == nil)
            }
        }

        /// Compares all entries, forward, backward, and between two, and the memory.
        func checkAll(from: Ranked, to: Ranked) {
            #expect(order.count == model.count)
            let (first, last) = (OrderedRowsTests.entry(rank: .min), OrderedRowsTests.entry(rank: .max))
            var found: [Ranked] = []
            order.walk(from: first, to: last) { found.append($0) }
            #expect(found == model)
            found = []
            var position = order.before(last)
            while let here = position {
                found.append(order[here])
                position = order.before(here)
            }
            #expect(found == model.reversed())
            found = []
            order.walk(from: from, to: to) { found.append($0) }
            #expect(found == model.filter { !($0 < from) && $0 < to })
            // Neighbours hold more than half a leaf together, and free leaves are used again.
            #expect(order.leafCount <= 2 * peak / 65 + 1)
        }
    }

    private static func entry(rank: Int32 = 0, key: Int64 = 0, tie: UInt64 = 0, row: Int32 = 0) -> Ranked {
        Ranked(rank: rank, row: row, key: key, tie: tie)
    }

    /// `size`: about how many entries it grows to, again and again. `spread`: how many keys there are; with few of them most are equal.
    @Test(arguments: [(1, 1), (40, 3), (129, 1), (300, 2), (4000, 1), (4000, 50), (4000, 1_000_000)])
    func isASortedArray(size: Int, spread: Int) {
        var random = RandomNumbers(seed: UInt64(size * 31 + spread))
        var pair = Pair()
        func some() -> Ranked {
            Self.entry(
                rank: Int32(random.number(0...1)), key: Int64(random.number(1...spread)), tie: UInt64(random.number(0...2)),
                row: Int32(random.number(0...size)))
        }
        // Leaves split, are joined, become empty, and are used again: it grows, falls, grows, moves about, falls to nothing, grows.
        for percentThatCome in [90, 10, 70, 50, 0, 95] {
            for step in 0..<2 * size {
                if random.chance(percentThatCome) {
                    pair.turn(some())
                } else if !pair.model.isEmpty {
                    pair.turn(random.pick(pair.model))
                }
                pair.checkAround(some())
                if step % (size / 8 + 1) == 0 { pair.checkAll(from: some(), to: some()) }
            }
            pair.checkAll(from: some(), to: some())
            #expect(pair.model.isEmpty || percentThatCome > 0)
        }
    }

    /// As rows come in the order of time: new ones behind the last, old ones leave in front, some in between.
    @Test func isAQueue() {
        var random = RandomNumbers(seed: 3)
        var pair = Pair()
        for step in 0..<20_000 {
            pair.turn(Self.entry(key: Int64(step)))
            if pair.model.count > 1500 { pair.turn(random.chance(90) ? pair.model[0] : random.pick(pair.model)) }
            if step % 1000 == 0 { pair.checkAll(from: pair.model[step % 7], to: Self.entry(key: Int64(step - 100))) }
        }
        #expect(pair.order.leafCount < 1500 / 100 + 3, "what is in order fills its leaves")
    }

    /// Whichever of the two lost the last entry.
    @Test(arguments: [[4..<120, 180..<240], [124..<240, 60..<120]])
    func leavesThatHoldLittleAreJoined(removed: [Range<Int>]) {
        var order = OrderedRows(sorted: (0..<240).map { Self.entry(key: Int64($0)) })
        for key in removed.joined() { order.remove(Self.entry(key: Int64(key))) }
        #expect(order.count == 64 && order.leafCount == 2)
        for key in 240..<390 { order.insert(Self.entry(key: Int64(key))) }
        #expect(order.leafCount == 2, "one of them was free")
    }

    /// An entry that moves to the end leaves a place behind, as the last visit of a customer does.
    @Test func placesThatWereLeftDoNotPileUp() {
        var random = RandomNumbers(seed: 4)
        var pair = Pair()
        for step in 0..<3000 { pair.turn(Self.entry(key: Int64(step))) }
        for step in 3000..<30_000 {
            pair.turn(random.pick(pair.model))
            pair.turn(Self.entry(key: Int64(step)))
        }
        pair.checkAll(from: Self.entry(key: 4000), to: Self.entry(key: 20_000))
        #expect(pair.order.leafCount < 3000 / 50)
    }

    @Test(arguments: [0, 1, 119, 120, 121, 240, 5000])
    func isBuiltFromWhatIsSorted(count: Int) {
        var random = RandomNumbers(seed: UInt64(count))
        var pair = Pair()
        pair.model = (0..<count).map { Self.entry(key: Int64($0 / 3 * 2), row: Int32($0 % 3)) }
        pair.order = OrderedRows(sorted: pair.model)
        pair.peak = count
        #expect(pair.order.leafCount == (count + 119) / 120)
        for _ in 0...2 * count {
            pair.turn(Self.entry(key: Int64(random.number(0...count)), row: Int32(random.number(0...2))))
            pair.checkAround(Self.entry(key: Int64(random.number(0...count)), row: 1))
        }
        pair.checkAll(from: Self.entry(key: Int64(count / 4)), to: Self.entry(key: Int64(count / 2), row: 1))
    }

    /// What comes in front fills leaves that are free first, and what is dropped there frees them: however often, the memory stays.
    @Test func growsAndShrinksInFront() {
        var random = RandomNumbers(seed: 6)
        var pair = Pair()
        var front: Int64 = 0
        for _ in 0..<300 {
            for _ in 0..<random.number(0...40) {
                pair.turn(Self.entry(key: front + Int64(random.number(0...400)), row: Int32(random.number(0...2))))
            }
            let least = pair.model.first?.key ?? front + 400
            front = min(front, least) - Int64(random.number(1...300))
            let added = (front..<min(front + Int64(random.number(0...300)), least)).map { Self.entry(key: $0) }
            pair.order.prepend(added)
            pair.model = added + pair.model
            pair.peak = max(pair.peak, pair.model.count)
            pair.checkAll(from: Self.entry(key: front + 10), to: Self.entry(key: front + 200))
            let first = Self.entry(key: front + Int64(random.number(0...500)), row: 1)
            pair.order.drop(before: first)
            pair.model.removeFirst(pair.place(of: first))
            if random.chance(30) {
                let before = pair.order.leafCount
                pair.order.shrink()
                #expect(pair.order.leafCount == before || pair.order.leafCount == (pair.model.count + 119) / 120)
                pair.peak = pair.order.leafCount < before ? pair.model.count : pair.peak
            }
            pair.checkAround(first)
            pair.checkAll(from: Self.entry(key: front), to: Self.entry(key: front + 600))
        }
        #expect(pair.peak > 300)
    }

    @Test func aWindowsOrderGivesTheRowsOfARangeFromItsFloorOn() {
        var random = RandomNumbers(seed: 5)
        for spread in [3, 200, 1_000_000] {
            var order = OrderIndex(node: Number(0), column: Number(0))
            var none = KeyedRows(from: -5, of: 0)
            order.extend(by: &none, from: -5)
            var model: [RowNumber: Int64] = [:]
            for step in 0..<6000 {
                let row = RowNumber(random.number(0...3000))
                if let key = model.removeValue(forKey: row) {
                    order.remove(row, at: key)
                } else {
                    // Mostly in order, as rows come.
                    model[row] = Int64(random.chance(70) ? step * spread / 6000 : random.number(-8...spread))
                    order.insert(row, at: model[row]!)
                }
                if step % 50 == 0 {
                    let kept = model.filter { $0.value >= -5 }
                    let from = Int64(random.number(-5...spread))
                    let to = from + Int64(random.number(0...spread))
                    var found = Vector<RowNumber>()
                    order.rows(from: from, through: to, into: &found)
                    let expected = kept.filter { $0.value >= from && $0.value <= to }.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
                    #expect((0..<found.count).map { found[$0] } == expected.map(\.key))
                }
            }
            for (row, key) in model { order.remove(row, at: key) }
            var left = Vector<RowNumber>()
            order.rows(from: .min, through: .max, into: &left)
            #expect(left.count == 0)
        }
    }
}
