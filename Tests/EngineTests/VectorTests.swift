// Goal: a vector is an array, whatever is appended, inserted, copied, swapped and removed. Method: random operations against an array.
import Testing

@testable import Engine

@Suite struct VectorTests {
    /// The vector and its model.
    private struct Pair: ~Copyable {
        var vector = Vector<Int>()
        var model: [Int] = []

        mutating func step(_ random: inout RandomNumbers) {
            let (value, place) = (random.number(0...9), model.isEmpty ? 0 : random.number(0...model.count - 1))
            switch random.number(0...12) {
            case 0...2:
                vector.append(value)
                model.append(value)
            case 3, 4:
                vector.insert(value, at: place)
                model.insert(value, at: place)
            case 5:
                vector.grow(to: place, filling: value)
                vector.grow(to: model.count + value, filling: value)
                model += [Int](repeating: value, count: value)
            case 6 where random.chance(10):
                vector.removeEvery(value)
                model.removeAll { $0 == value }
            case 7:
                vector.removeFirst(value)
                model.firstIndex(of: value).map { _ = model.remove(at: $0) }
            case 8 where random.chance(5):
                vector.truncate(to: place)
                model.removeSubrange(place...)
            case 9 where !model.isEmpty:
                let other = random.number(0...model.count - 1)
                vector.swap(place, other)
                model.swapAt(place, other)
                let range = min(place, other)..<max(place, other)
                let to = random.number(0...model.count - range.count)
                vector.copy(range, to: to)
                model.replaceSubrange(to..<to + range.count, with: Array(model[range]))
            case 10 where !model.isEmpty:
                vector.remove(at: place)
                model.remove(at: place)
                if !model.isEmpty { #expect(vector.removeLast() == model.removeLast()) }
            case 11 where !model.isEmpty:
                vector[place] = value
                model[place] = value
            case 12 where random.chance(20):
                var more = Vector<Int>()
                more.grow(to: value, filling: place)
                vector.append(contentsOf: more)
                model += [Int](repeating: place, count: value)
            default: break
            }
        }
    }

    @Test func randomOperations() {
        var random = RandomNumbers(seed: 20)
        var pair = Pair()
        for step in 0..<20_000 {
            pair.step(&random)
            #expect(pair.vector.count == pair.model.count && pair.vector.isEmpty == pair.model.isEmpty)
            if step % 20 == 0 { #expect((0..<pair.vector.count).map { pair.vector[$0] } == pair.model) }
        }
        pair.vector.removeAll()
        #expect(pair.vector.count == 0 && pair.vector.capacity > 0, "the memory is kept")
    }

    @Test func elementsAreGivenUpOnce() {
        final class Counted {
            var count = 0
        }
        struct Element: ~Copyable {
            let counted: Counted
            deinit { counted.count += 1 }
        }
        let counted = Counted()
        do {
            var vector = Vector<Element>(capacity: 1)
            for _ in 0..<100 { vector.append(Element(counted: counted)) }
            #expect(counted.count == 0, "growing moves them")
            vector[3] = Element(counted: counted)
            #expect(counted.count == 1)
            vector.swap(0, 99)
            _ = vector.removeLast()
            #expect(counted.count == 2 && vector.count == 99)
        }
        #expect(counted.count == 101)
    }

    /// However it grows, over the sizes at which its memory is another, what nobody wrote is zero, and what somebody wrote stays.
    @Test func zerosAreZero() {
        var random = RandomNumbers(seed: 12)
        for _ in 0..<20 {
            // Memory that the C library gives again is anything but zero.
            for count in [1000, 40_000, 120_000] { _ = Vector((0..<count).map { _ in Int.max }) }
            var vector = Vector<Int>()
            var written: [Int: Int] = [:]
            while vector.count < 400_000 {
                vector.grow(zerosTo: vector.count + random.number(0...random.pick([10, 3000, 100_000])))
                if vector.isEmpty { continue }
                let place = random.number(0...vector.count - 1)
                vector[place] = place
                written[place] = place
            }
            let wrong = (0..<vector.count).filter { vector[$0] != written[$0, default: 0] }
            #expect(wrong.isEmpty)
        }
    }
}
