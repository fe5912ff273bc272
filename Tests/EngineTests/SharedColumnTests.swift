// A column that shares its parts against dictionaries: each copy stays as it was, whatever changes after it.
import Testing

@testable import Engine

@Suite struct SharedColumnTests {
    @Test func copiesStayAsTheyWere() {
        var random = RandomNumbers(seed: 11)
        var column = SharedColumn<Int64>(empty: -1)
        var plain: [Int32: Int64] = [:]
        var copies: [(column: SharedColumn<Int64>, plain: [Int32: Int64])] = []
        for step in 0..<20_000 {
            let number = Int32(random.number(0...(random.chance(5) ? 20_000 : 3_000)))
            let value: Int64 = random.chance(30) ? -1 : Int64(step)
            column[number] = value
            plain[number] = value == -1 ? nil : value
            #expect(column[number] == value)
            if step % 1_000 == 0 { copies.append((column, plain)) }
        }
        for (column, plain) in copies + [(column, plain)] {
            var found: [Int32: Int64] = [:]
            column.forEach { found[$0] = $1 }
            #expect(found == plain)
            for number in stride(from: Int32(0), to: column.end + 5_000, by: 7) { #expect(column[number] == plain[number] ?? -1) }
            let some = Int32(500)..<Int32(2_500)
            var part: [Int32: Int64] = [:]
            column.forEach(in: some) { part[$0] = $1 }
            #expect(part == plain.filter { some.contains($0.key) })
        }
    }

    @Test func entriesComeInTheOrderOfTheirTexts() {
        var random = RandomNumbers(seed: 12)
        var (entries, plain) = (FactsEntries(), [FactsList.Entry]())
        for number in random.shuffled(Array(0..<500)) {
            let text = Array("\(number % 10)/\(number)".utf8)
            let entry = FactsList.Entry(text, number: Int64(number) - 7, more: Array(repeating: 9, count: number % 5))
            var piece = FactsEntries()
            text.withUnsafeBytes { piece.append($0, number: entry.number, more: entry.more) }
            entries.append(piece)
            plain.append(entry)
        }
        var read = FactsList([])
        entries.forEachPiece(bytes: 64) { piece, count in
            #expect(throws: Never.self) { try piece.withUnsafeBytes { try read.append(count, from: $0) } }
        }
        #expect(read.entries == plain.sorted { $0.text.lexicographicallyPrecedes($1.text) })
    }
}
