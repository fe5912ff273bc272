// Goal: rows that are there are found in their order, from any row on, however far they lie apart. Method: random rows against a set.
import Testing

@testable import Engine

@Suite struct RowSetTests {
    /// The rows as a walk finds them.
    private func rows(_ set: borrowing RowSet) -> [Int] {
        var found: [Int] = []
        var next = set.first(from: 0)
        while let row = next {
            found.append(Int(row.value))
            next = set.first(from: row.value + 1)
        }
        return found
    }

    @Test func anEmptySetHasNoRow() {
        var set = RowSet()
        #expect(set.first(from: 0) == nil && set.first(from: 1000) == nil && rows(set) == [])
        set.insert(RowNumber(64 * 64))
        set.remove(RowNumber(64 * 64))
        let isThere = set.contains(RowNumber(64 * 64))
        #expect(set.count == 0 && set.first(from: 0) == nil && !isThere)
    }

    /// At the ends of words, and of words of words.
    @Test(arguments: [[0], [63], [64], [4095], [4096], [0, 63, 64, 127, 4095, 4096, 8191, 8192, 1_000_000]])
    func edgesAreFound(numbers: [Int]) {
        var set = RowSet()
        for number in numbers.reversed() { set.insert(RowNumber(number)) }
        #expect(rows(set) == numbers && set.count == numbers.count)
        for number in numbers {
            #expect(set.first(from: Int32(number)) == RowNumber(number))
            #expect(set.first(from: Int32(number + 1))?.value == numbers.first { $0 > number }.map { Int32($0) })
        }
    }

    @Test(arguments: [50, 5000, 300_000])
    func isASetOfRows(most: Int) {
        var random = RandomNumbers(seed: UInt64(most))
        var set = RowSet()
        var model: Set<Int> = []
        for percentThatCome in [90, 30, 60, 0] {
            for step in 0..<2000 {
                let row = random.chance(percentThatCome) || model.isEmpty ? random.number(0...most) : model.min()!
                if model.remove(row) != nil {
                    set.remove(RowNumber(row))
                } else {
                    model.insert(row)
                    set.insert(RowNumber(row))
                }
                let from = random.number(0...most)
                #expect(set.contains(RowNumber(from)) == model.contains(from) && set.count == model.count)
                if step % 100 == 0 {
                    #expect(set.first(from: Int32(from))?.value == model.filter { $0 >= from }.min().map { Int32($0) })
                    #expect(rows(set) == model.sorted())
                }
            }
        }
    }
}
