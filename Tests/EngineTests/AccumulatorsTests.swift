// Goal: an accumulator is found by parent, links, condition, family and value, and by nothing else; its
// thresholds stand in their order. Method: keys that differ in each; random thresholds against a sorted array.
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

    @Test func thresholdsStandInTheirOrderUntilTheirConditionGoes() {
        var random = RandomNumbers(seed: 51)
        var accumulator = Self.accumulator(Self.keys[0])
        var model: [(value: Double, condition: Number<Condition>)] = []
        var others: [Number<Condition>] = []
        for _ in 0..<500 {
            let condition: Number<Condition> = random.any(0...9)
            switch random.number(0...3) {
            case 0:
                accumulator.removeReader(condition)
                model.removeAll { $0.condition == condition }
                others.removeAll { $0 == condition }
            case 1:
                accumulator.addReader(condition)
                others.append(condition)
            default:
                let value = Double(random.number(0...20))
                accumulator.add(Threshold(value: value, condition: condition, kind: .at, isGuard: false, changesFromNull: false))
                model.append((value, condition))
            }
            let thresholds = (0..<accumulator.thresholds.count).map { accumulator.thresholds[$0] }
            #expect(thresholds.map(\.value) == model.map(\.value).sorted())
            #expect(
                thresholds.map { [$0.value, Double($0.condition.value)] }.sorted { $0.lexicographicallyPrecedes($1) }
                    == model.map { [$0.value, Double($0.condition.value)] }.sorted { $0.lexicographicallyPrecedes($1) })
            #expect((0..<accumulator.otherReaders.count).map { accumulator.otherReaders[$0] } == others)
        }
    }

    @Test func theFirstAndTheLastReaderAreTold() {
        var accumulator = Self.accumulator(Self.keys[0])
        let told = [1, 1, -1, 1, -1, -1].map { accumulator.addReference($0) }
        #expect(told == [true, false, false, false, false, true])
    }
}
