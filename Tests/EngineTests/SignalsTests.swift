// Goal: what is read meets what has changed, by bits, and among accumulators and windows that share a bit by which of them it is; what is
// mixed is told too often rather than never. Method: random sets of signals against sets of what they stand for.
import Testing

@testable import Engine

@Suite struct SignalsTests {
    /// Plain bits, and accumulators and windows on two bits that they share.
    private static let all: [Signals] =
        [Signals(bits: .existence), Signals(bits: 2), Signals(bits: 1 << 63), Signals(bits: 1 << 64), Signals(bits: 1 << 95)]
        + (0..<6).flatMap { (number: Int) in
            [
                Signals(accumulator: Number(number), bit: SignalBits(1) << SignalBits(96 + number % 2)),
                Signals(window: Number(number), bit: SignalBits(1) << SignalBits(96 + number % 2)),
            ]
        }

    private func bits(_ places: some Sequence<Int>) -> SignalBits { places.reduce(0) { $0 | Self.all[$1].bits } }

    @Test func bitsHavePlaces() {
        #expect(SignalBits(0).places == [])
        #expect(SignalBits.existence.places == [0])
        let bits = [1, 63, 64, 127].reduce(SignalBits(0)) { $0 | SignalBits(1) << SignalBits($1) }
        #expect(bits.places == [1, 63, 64, 127])
        #expect(SignalBits.max.places == Array(0..<128))
    }

    @Test func randomSetsMeetWhatTheyHold() {
        var random = RandomNumbers(seed: 21)
        func pick(_ most: Int) -> [Int] { (0..<random.number(0...most)).map { _ in random.number(0...Self.all.count - 1) } }
        for _ in 0..<5000 {
            let (read, told) = (pick(6), pick(3))
            var reads = ReadSet.nothing
            for place in read {
                if place % 2 == 0 { reads.formUnion(ReadSet(Self.all[place])) } else { reads = ReadSet(Self.all[place]).union(reads) }
            }
            var signals = Signals.none
            for place in told { signals.formUnion(Self.all[place]) }
            #expect(reads.bits == bits(read) && signals.bits == bits(told))
            #expect(reads.sources == Set(read.compactMap { Self.all[$0].source }).sorted())
            let isOne = Set(told).count == 1
            #expect(reads.meets(signals) == (isOne ? read.contains(told[0]) : bits(read) & bits(told) != 0))
        }
    }

    @Test func aBitAloneMeetsWhateverHasIt() {
        let accumulator = ReadSet(Signals(accumulator: 3, bit: 1 << 100))
        #expect(accumulator.meets(Signals(bits: 1 << 100)) == true)
        #expect(accumulator.meets(Signals(accumulator: 3, bit: 1 << 100)) == true)
        #expect(accumulator.meets(Signals(accumulator: 4, bit: 1 << 100)) == false)
        #expect(accumulator.meets(Signals(window: 3, bit: 1 << 100)) == false)
        #expect(accumulator.meets(.everything) == true)
        #expect(accumulator.meets(Signals(bits: .existence)) == false && ReadSet.existence.meets(Signals(bits: .existence)) == true)
        #expect(ReadSet.nothing.meets(.everything) == false && accumulator.meets(.none) == false)
    }

    @Test func signalsOfTwoAreThoseOfNeither() {
        var signals = Signals(accumulator: 1, bit: 1 << 100)
        signals.formUnion(.none)
        signals.formUnion(Signals(accumulator: 1, bit: 1 << 100))
        #expect(ReadSet(Signals(accumulator: 2, bit: 1 << 100)).meets(signals) == false)
        signals.formUnion(Signals(accumulator: 5, bit: 1 << 101))
        // Both are told, and whoever shares a bit with them.
        for number in [1, 2, 5] { #expect(ReadSet(Signals(accumulator: Number(number), bit: 3 << 100)).meets(signals) == true) }
    }

    @Test func bitsAreReadWhileSomebodyReadsThem() {
        var random = RandomNumbers(seed: 23)
        var counts = SignalCounts()
        var readers: [SignalBits] = []
        for _ in 0..<3000 {
            if random.chance(readers.count < 20 ? 60 : 40) {
                let bits = (0..<random.number(0...3)).reduce(SignalBits(0)) { bits, _ in bits | 1 << SignalBits(random.number(0...127)) }
                counts.add(bits, 1)
                readers.append(bits)
            } else if !readers.isEmpty {
                counts.add(readers.remove(at: random.number(0...readers.count - 1)), -1)
            }
            #expect(counts.bits == readers.reduce(0, |))
        }
    }
}
