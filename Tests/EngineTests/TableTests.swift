// Goal: a table has bits for what is read of it, knows which of them are read, and lists the conditions that no guard finds by them.
// Method: more bits than there are, and random readers and conditions against dictionaries.
import Testing

@testable import Engine

@Suite struct TableTests {
    @Test func fieldsAndLinksShareNoBitBeforeTheyMust() {
        var table = Table(ofTexts: "hidden")
        let bits = (0..<95).map { _ in table.takeBit() }
        let sources = (0..<32).map { _ in table.takeSourceBit() }
        // Each a bit, none of them existence, all different.
        #expect((bits + sources).allSatisfy { $0.nonzeroBitCount == 1 })
        #expect((bits + sources).reduce(SignalBits.existence, |) == .max)
        // Past those, fields share with fields and accumulators with accumulators.
        for _ in 0..<200 {
            #expect(bits.contains(table.takeBit()))
            #expect(sources.contains(table.takeSourceBit()))
        }
    }

    @Test func conditionsWithoutGuardAreListedUnderEachSignal() {
        var random = RandomNumbers(seed: 24)
        var table = Table(ofTexts: "hidden")
        var model: [Number<Condition>: SignalBits] = [:]
        for _ in 0..<2000 {
            let condition: Number<Condition> = random.any(0...30)
            if let signals = model.removeValue(forKey: condition) {
                table.removeUnguarded(condition, reading: signals)
            } else {
                model[condition] = (0..<3).reduce(SignalBits.existence) { bits, _ in bits | 1 << SignalBits(random.number(1...127)) }
                table.addUnguarded(condition, reading: model[condition]!)
            }
            let bit = random.number(0...127)
            var listed: [Number<Condition>] = []
            if bit < table.unguarded.count {
                for place in 0..<table.unguarded[bit].conditions.count { listed.append(table.unguarded[bit].conditions[place]) }
            }
            #expect(listed.sorted() == model.filter { $0.value >> SignalBits(bit) & 1 == 1 }.map(\.key).sorted())
        }
    }
}
