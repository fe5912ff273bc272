// A seeded source of random choices: SplitMix64, the same on every machine.

struct RandomNumbers {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.count))
    }

    /// True in that many of 100 cases.
    mutating func chance(_ percent: Int) -> Bool {
        next() % 100 < UInt64(percent)
    }

    mutating func pick<Item>(_ items: [Item]) -> Item {
        items[number(0...items.count - 1)]
    }

    mutating func shuffled<Item>(_ items: [Item]) -> [Item] {
        var left = items
        var result: [Item] = []
        while !left.isEmpty { result.append(left.remove(at: number(0...left.count - 1))) }
        return result
    }
}
