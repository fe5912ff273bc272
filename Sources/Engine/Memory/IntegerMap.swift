// An open-addressing map from 64-bit keys to 32-bit numbers.

struct IntegerMap: ~Copyable {
    private var keys = Vector<UInt64>()
    /// number + 1; 0 is free.
    private var numbers = Vector<Int32>()
    private(set) var count = 0

    /// The key that two numbers are together.
    @inline(__always)
    static func key<First: ~Copyable, Second: ~Copyable>(_ first: Number<First>, _ second: Number<Second>) -> UInt64 {
        UInt64(UInt32(bitPattern: first.value)) << 32 | UInt64(UInt32(bitPattern: second.value))
    }

    func find(_ key: UInt64) -> Int32? {
        guard numbers.count > 0 else { return nil }
        let mask = numbers.count - 1
        var place = Int(truncatingIfNeeded: mixed(key)) & mask
        while numbers[place] != 0 {
            if keys[place] == key { return numbers[place] - 1 }
            place = (place + 1) & mask
        }
        return nil
    }

    /// Adds a key that is not there.
    mutating func insert(_ key: UInt64, _ number: Int32) {
        if (count + 1) * 4 > numbers.count * 3 { grow() }
        place(key, number)
        count += 1
    }

    /// Removes a key. Returns its number; nil when it was not there.
    mutating func remove(_ key: UInt64) -> Int32? {
        guard numbers.count > 0 else { return nil }
        let mask = numbers.count - 1
        var free = Int(truncatingIfNeeded: mixed(key)) & mask
        while numbers[free] != 0 && keys[free] != key { free = (free + 1) & mask }
        guard numbers[free] != 0 else { return nil }
        let removed = numbers[free] - 1
        // What was pushed on by it moves up.
        var place = (free + 1) & mask
        while numbers[place] != 0 {
            let home = Int(truncatingIfNeeded: mixed(keys[place])) & mask
            if (place - home) & mask >= (place - free) & mask {
                (keys[free], numbers[free]) = (keys[place], numbers[place])
                free = place
            }
            place = (place + 1) & mask
        }
        numbers[free] = 0
        count -= 1
        return removed
    }

    /// Visits all numbers, in no order.
    func forEach(_ visit: (Int32) -> Void) {
        for place in 0..<numbers.count where numbers[place] != 0 { visit(numbers[place] - 1) }
    }

    mutating func removeAll() {
        guard count > 0 else { return }
        count = 0
        if numbers.count > 4096 {
            keys = Vector<UInt64>()
            numbers = Vector<Int32>()
        } else {
            for place in 0..<numbers.count { numbers[place] = 0 }
        }
    }

    private mutating func place(_ key: UInt64, _ number: Int32) {
        let mask = numbers.count - 1
        var place = Int(truncatingIfNeeded: mixed(key)) & mask
        while numbers[place] != 0 { place = (place + 1) & mask }
        keys[place] = key
        numbers[place] = number + 1
    }

    private mutating func grow() {
        let size = max(numbers.count * 2, 16)
        var oldKeys = Vector<UInt64>(capacity: size)
        oldKeys.grow(to: size, filling: 0)
        var oldNumbers = Vector<Int32>(capacity: size)
        oldNumbers.grow(to: size, filling: 0)
        swap(&keys, &oldKeys)
        swap(&numbers, &oldNumbers)
        for old in 0..<oldNumbers.count where oldNumbers[old] != 0 { place(oldKeys[old], oldNumbers[old] - 1) }
    }

    @inline(__always)
    private func mixed(_ key: UInt64) -> UInt64 {
        var x = key &* 0x9e37_79b9_7f4a_7c15
        x ^= x >> 32
        return x
    }
}
