// Goal: what is asked of 64 rows at once is what is asked of each. Method: random columns, lists and sets against looking at every row, for
// blocks of which many, few or no rows are meant, and for a last one that is not full.
import Testing

@testable import Engine

@Suite struct RowBlockTests {
    /// Some rows of each block of so many.
    private func blocks(of count: Int, _ random: inout RandomNumbers) -> [RowBlock] {
        Array(RowBlocks(count: count)).map { block in
            let chance = random.pick([0, 5, 50, 100])
            return block.filter { _ in random.chance(chance) }
        }
    }

    @Test(arguments: [0, 1, 63, 64, 65, 200]) func everyRowIsInOneBlock(count: Int) {
        #expect(RowBlocks(count: count).flatMap { Array($0) } == (0..<count).map { RowNumber($0) })
    }

    @Test(arguments: Column.Kind.allCases) func rowsOfColumns(kind: Column.Kind) {
        var random = RandomNumbers(seed: UInt64(kind.rawValue))
        let isOfWords = kind.rowBytes == 8
        for count in [1, 64, 200] {
            var column = Column(kind: kind)
            column.grow(to: count)
            for row in 0..<count where kind != .ownKey && random.chance(80) {
                let value = random.pick([0, 1, -1, 5, 70_000, Int32.max - 1, Int32.min + 1])
                let double = random.pick([0, -0.0, -1.5, 3, .greatestFiniteMagnitude])
                if !isOfWords {
                    column.setCode(.init(row), value)
                } else if kind == .double {
                    column.setWord(.init(row), Int64(bitPattern: double.bitPattern))
                } else {
                    column.setWord(.init(row), random.chance(20) ? random.pick([.min, .max]) : Int64(value))
                }
            }
            for keys in [[], [0], [1, 5], [-1, 70_000], [0, .max], [.min, .max]] as [[Int64]] {
                let set = KeySet(keys)
                for block in blocks(of: count, &random) {
                    let expected = block.filter { row in column.key(row).map { keys.contains($0) } ?? false }
                    #expect(column.rows(block, among: set).bits == expected.bits)
                }
            }
            guard
                let ordered = [
                    Column.Kind.boolean: Value.Kind.boolean, .date: .date, .integer: .integer, .instant: .instant, .double: .double,
                ][kind]
            else { continue }
            func place(_ row: RowNumber) -> Int64? {
                column.key(row).flatMap { Value(kind: ordered, bits: UInt64(bitPattern: $0)).sortKey }
            }
            let three = Value.double(3).sortKey!
            for range in [Int64.min ... .max, 0...0, -1...5, 6 ... .max, .min ... -1, three...three, .min...three] as [ClosedRange<Int64>] {
                for block in blocks(of: count, &random) {
                    let expected = block.filter { row in place(row).map { range.contains($0) } ?? false }
                    #expect(column.rows(block, within: range).bits == expected.bits)
                }
            }
        }
    }

    @Test func rowsOfLists() {
        var random = RandomNumbers(seed: 7)
        for chance in [2, 50, 100] {
            var lists = RowLists<Condition>(hasValues: false)
            for row in 0..<150 {
                for number in 0..<3 where random.chance(chance) { lists.set(RowNumber(row), Number(number), 0) }
            }
            for number in 0..<4 {
                for block in blocks(of: 250, &random) {
                    let expected = block.filter { lists.contains($0, Number(number)) }
                    #expect(lists.rows(block, with: Number(number)).bits == expected.bits)
                }
            }
            #expect(lists.isCrowded == (chance > 2))
        }
    }

    @Test func rowsOfSets() {
        var random = RandomNumbers(seed: 8)
        var set = RowSet()
        for row in 0..<150 where random.chance(50) { set.insert(RowNumber(row)) }
        for block in blocks(of: 250, &random) {
            #expect(set.rows(of: block).bits == block.filter { set.contains($0) }.bits)
        }
    }
}
