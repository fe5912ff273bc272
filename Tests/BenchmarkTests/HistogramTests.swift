// A histogram's values against the sorted list of what was recorded.
import Testing

@testable import audienced_benchmark

@Suite struct HistogramTests {
    private func check(_ values: [UInt64]) {
        var histogram = Histogram()
        for value in values { histogram.record(value) }
        let sorted = values.sorted()
        #expect(histogram.count == sorted.count)
        #expect(histogram.largest == sorted.last)
        for share in [0, 0.001, 0.25, 0.5, 0.9, 0.99, 0.999, 1] {
            let exact = sorted[max(1, Int((share * Double(sorted.count)).rounded(.up))) - 1]
            let found = histogram.value(atShare: share)
            #expect(found >= exact && found - exact <= exact / 1000, "share \(share) of \(sorted.count) values: \(found), not \(exact)")
        }
    }

    @Test func valuesAreWithinAThousandth() {
        var random = RandomNumbers(seed: 7)
        for doublings in [5, 11, 12, 20, 34, 62] {
            check((0..<2000).map { _ in random.next() >> UInt64(64 - doublings) })
            check((0..<2000).map { _ in random.next() >> UInt64(64 - doublings + random.below(doublings)) })
        }
    }

    @Test func edges() {
        check([0])
        check([2047, 2048, 2049, 4095, 4096, 4097])
        check([.max, .max - 1, 1 << 63])
    }

    @Test func emptyIsZero() {
        #expect(Histogram().value(atShare: 0.5) == 0)
    }
}
