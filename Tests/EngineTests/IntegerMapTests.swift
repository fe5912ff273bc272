// Goal: a key that is removed is gone and all others are found, however many share a place. Method: random keys against a dictionary, many
// of them of the same place.
import Testing

@testable import Engine

@Suite struct IntegerMapTests {
    @Test(arguments: [8, 40, 3000], [true, false])
    func isADictionary(size: Int, isCrowded: Bool) {
        var random = RandomNumbers(seed: UInt64(size))
        var map = IntegerMap()
        var model: [UInt64: Int32] = [:]
        // Products of a power of two share their low bits, and 0 and what is all ones are keys like any other.
        let keys = (0..<size).map { isCrowded ? UInt64($0) << 40 : random.next() } + [0, .max]
        for percentThatCome in [95, 50, 10, 0, 80] {
            for step in 0..<size * 3 {
                let key = random.pick(keys)
                if random.chance(percentThatCome) {
                    if model[key] == nil {
                        map.insert(key, Int32(step))
                        model[key] = Int32(step)
                    }
                } else {
                    #expect(map.remove(key) == model.removeValue(forKey: key))
                }
                #expect(map.count == model.count)
                if step % 10 == 0 { for key in keys.prefix(100) { #expect(map.find(key) == model[key]) } }
            }
            for key in keys { #expect(map.find(key) == model[key]) }
            var all: [Int32] = []
            map.forEach { all.append($0) }
            #expect(all.sorted() == model.values.sorted())
        }
        map.removeAll()
        #expect(map.count == 0 && keys.allSatisfy { map.find($0) == nil })
    }

    @Test func anEmptyMapHasNothing() {
        var map = IntegerMap()
        #expect(map.find(5) == nil && map.remove(5) == nil && map.count == 0)
    }

    @Test func theKeyOfTwoNumbersTellsThemApart() {
        let numbers: [Int32] = [-1, 0, 1, .min, .max]
        var keys: Set<UInt64> = []
        for first in numbers {
            for second in numbers { keys.insert(IntegerMap.key(OperatorNumber(first), RowNumber(second))) }
        }
        #expect(keys.count == numbers.count * numbers.count)
    }
}
