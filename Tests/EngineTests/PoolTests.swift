// Goal: a pool gives a place that nobody has, empty, and takes it back. Method: random takes, writes and releases against a dictionary.
import Testing

@testable import Engine

@Suite struct PoolTests {
    @Test func placesBelongToOneAtATime() {
        var random = RandomNumbers(seed: 26)
        var pool = Pool(empty: [String]())
        var model: [UInt32: [String]] = [:]
        var most = 0
        for number in 0..<20_000 {
            switch random.number(0...2) {
            case 0 where model.count < 50:
                let place = pool.take()
                #expect(model[place] == nil && pool[place] == [])
                model[place] = []
            case 1:
                guard let place = model.keys.sorted().randomElement(&random) else { continue }
                pool[place].append("\(number)")
                model[place]!.append("\(number)")
            default:
                guard let place = model.keys.sorted().randomElement(&random) else { continue }
                #expect(pool[place] == model.removeValue(forKey: place))
                pool.release(place)
            }
            most = max(most, model.count)
        }
        for (place, state) in model { #expect(pool[place] == state) }
        #expect(most > 10)
        // Places that are given up are taken again.
        #expect(model.keys.max()! < UInt32(most))
    }
}

extension [UInt32] {
    fileprivate func randomElement(_ random: inout RandomNumbers) -> UInt32? { isEmpty ? nil : random.pick(self) }
}
