// Goal: a column holds a value or null for each row, and the key by which rows with that value are found. Method: random writes against a
// dictionary, for each kind of column.
import Testing

@testable import Engine

@Suite struct ColumnTests {
    @Test(arguments: [Column.Kind.integer, .double, .instant])
    func wordsAndNulls(kind: Column.Kind) {
        var random = RandomNumbers(seed: 47)
        var column = Column(kind: kind)
        var model: [Int: Int64] = [:]
        var rows = 0
        for _ in 0..<3000 {
            if rows == 0 || random.chance(3) {
                rows += random.number(1...70)
                column.grow(to: rows)
            }
            let row = random.number(0...rows - 1)
            if random.chance(60) {
                model[row] = random.pick([0, 1, -1, .min, .max, Int64(row)])
                column.setWord(.init(row), model[row]!)
            } else {
                model[row] = nil
                column.setNull(.init(row))
            }
            let other = random.number(0...rows - 1)
            #expect(column.key(.init(other)) == model[other] && column.isNullWord(.init(other)) == (model[other] == nil))
        }
        for row in 0..<rows { #expect(column.key(.init(row)) == model[row]) }
    }

    @Test(arguments: [Column.Kind.text, .foreignKey, .boolean, .date])
    func codes(kind: Column.Kind) {
        var column = Column(kind: kind)
        column.grow(to: 3)
        column.setCode(0, 5)
        column.setCode(1, -5)
        #expect((0..<3).map { column.key(.init($0)) } == [5, -5, nil])
        column.setNull(0)
        column.grow(to: 4)
        #expect((0..<4).map { column.key(.init($0)) } == [nil, -5, nil, nil])
    }

    @Test func theOwnKeyIsTheRow() {
        var column = Column(kind: .ownKey)
        column.grow(to: 3)
        column.setNull(1)
        #expect((0..<3).map { column.key(.init($0)) } == [0, 1, 2])
        #expect(column.isText == true)
    }

    @Test func textsAreTexts() {
        let kinds = [Column.Kind.text, .ownKey, .foreignKey, .boolean, .date, .integer, .double, .instant]
        #expect(kinds.filter { Column(kind: $0).isText } == [.text, .ownKey, .foreignKey])
    }
}
