// Goal: a table has bits for what is read of it. Method: more bits than there are.
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
}
