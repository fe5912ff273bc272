// Goal: an accumulator is found by parent, links, condition, family and value, and by nothing else. Method: keys that differ in each.
import Testing

@testable import Engine

@Suite struct AccumulatorsTests {
    private static let up = LinkPlace(table: 3, number: 1)
    private static let keys: [AccumulatorKey] = [
        AccumulatorKey(parent: 0, links: [up], condition: 2, family: .count, value: nil),
        AccumulatorKey(parent: 1, links: [up], condition: 2, family: .count, value: nil),
        AccumulatorKey(parent: 0, links: [up, up], condition: 2, family: .count, value: nil),
        AccumulatorKey(parent: 0, links: [LinkPlace(table: 3, number: 2)], condition: 2, family: .count, value: nil),
        AccumulatorKey(parent: 0, links: [up], condition: 1, family: .count, value: nil),
        AccumulatorKey(parent: 0, links: [up], condition: 2, family: .sum, value: 0),
        AccumulatorKey(parent: 0, links: [up], condition: 2, family: .sum, value: 1),
        AccumulatorKey(parent: 0, links: [up], condition: 2, family: .values, value: 0),
    ]

    private static func accumulator(_ key: AccumulatorKey) -> Accumulator {
        Accumulator(key: key, child: 3, path: 4, kind: .integer, inner: nil, tail: [], isCount: key.family == .count)
    }

    @Test func eachIsFoundByWhatItSays() {
        var accumulators = Accumulators()
        var numbers: [Number<Accumulator>] = []
        for key in Self.keys {
            #expect(accumulators.find(key) == nil)
            numbers.append(accumulators.add(Self.accumulator(key), as: key))
        }
        #expect(Set(numbers).count == numbers.count)
        for (key, number) in zip(Self.keys, numbers) {
            #expect(accumulators.find(key) == number)
            #expect(accumulators[number].parent == key.parent && accumulators[number].links == key.links)
            #expect(accumulators[number].condition == key.condition && accumulators[number].family == key.family)
            #expect(accumulators[number].value == key.value && accumulators[number].references == 0)
        }
    }
}
