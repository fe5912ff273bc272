// Goal: rows are found by what is kept for them, wherever they are. Method: lengths around those that are looked through together.
import Testing

@testable import Engine

@Suite struct PerRowTests {
    @Test(arguments: [0, 1, 15, 16, 17, 31, 32, 33, 1000]) func rowsAreFoundByWhatIsKept(count: Int) {
        var random = RandomNumbers(seed: UInt64(count))
        var numbers = PerRow<Int32>()
        var rows = PerRow<RowNumber>()
        numbers.grow(to: count, filling: 0)
        rows.grow(to: count, filling: .none)
        for place in 0..<count {
            numbers[RowNumber(place)] = Int32(random.number(-2...5))
            rows[RowNumber(place)] = random.chance(30) ? .none : RowNumber(random.number(0...4))
        }
        for wanted in -3...6 {
            let expected = (0..<count).filter { numbers[RowNumber($0)] == Int32(wanted) }.map { RowNumber($0) }
            #expect(numbers.rows(with: Int32(wanted)) == expected)
            let others = (0..<count).filter { rows[RowNumber($0)] == RowNumber(wanted) }.map { RowNumber($0) }
            #expect(rows.rows(with: RowNumber(wanted)) == others)
        }
    }
}
