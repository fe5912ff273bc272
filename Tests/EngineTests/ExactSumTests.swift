// Running sums of doubles against the plain exact sum of what is in them, whatever came, went and in which order.
import Oracle
import Testing

@testable import Engine

@Suite struct ExactSumTests {
    private static let awkward: [Double] = [
        0, -0.0, 1, -1, 0.1, 0.2, 0.3, 1e16, 1, -1e16, 1e308, -1e308, 1.7976931348623157e308, -1.7976931348623157e308, 0x1p-1074,
        -0x1p-1074,
        0x1p-1022, 0x1p-1022.nextDown, 0x1p-72, 0x1p-73, 0x1.8p-73, 0x1p30, 0x1p30 - 0x1p-22, 0x1p53, 0x1p-1022, 0x1p-1028,
    ]

    @Test func sumIsTheExactOneRoundedOnce() {
        var random = RandomNumbers(seed: 6)
        for _ in 0..<1500 {
            var state = SumState()
            var held: [Double] = []
            let kind = random.number(0...3)
            for _ in 0..<random.number(1...40) {
                if !held.isEmpty, random.chance(35) {
                    state.add(held.remove(at: random.number(0...held.count - 1)), sign: -1)
                } else {
                    let value = ExactSumTests.value(kind, &random)
                    held.append(value)
                    state.add(value, sign: 1)
                }
                var total = ExactTotal()
                for value in held { total.add(value) }
                #expect(state.double == total.rounded, "\(held)")
                #expect(state.count == Int32(held.count))
            }
            for value in random.shuffled(held) { state.add(value, sign: -1) }
            #expect(state.double == 0 && state.count == 0 && state.fixed == 0)
        }
    }

    private static func value(_ kind: Int, _ random: inout RandomNumbers) -> Double {
        switch kind {
        case 0: return random.pick(awkward)
        case 1: return Double(random.number(-10_000...10_000)) / 100
        case 2:
            // Any finite double.
            let value = Double(bitPattern: random.next())
            return value.isFinite ? value : 1
        default:
            // Halves of the last place: what rounding twice gets wrong.
            let exponent = random.number(-1074...900)
            return Double(
                sign: random.chance(50) ? .plus : .minus, exponent: exponent, significand: Double(random.pick([1, 3, 1 << 52 + 1])))
        }
    }

    @Test func wideIntegersBecomeDoublesAsTheToolchainMakesThem() {
        var random = RandomNumbers(seed: 7)
        var integers: [Int128] = [0, 1, -1, .max, .min, .min + 1]
        for exponent in 1...126 {
            for more in [-1, 0, 1] {
                let power = Int128(1) << Int128(exponent)
                // Between two doubles, and a little above and below that.
                let half = exponent > 53 ? power | Int128(1) << Int128(exponent - 53) : power
                integers += [power + Int128(more), half + Int128(more), -half + Int128(more)]
            }
        }
        for _ in 0..<20_000 {
            let wide = Int128(truncatingIfNeeded: random.next()) << 64 | Int128(random.next())
            integers.append(wide >> Int128(random.number(0...127)))
        }
        for integer in integers {
            #expect(integer.rounded == Double(integer), "\(integer)")
            if Double(integer).magnitude < 0x1p126 { #expect(Int128(integral: Double(integer)) == Int128(Double(integer)), "\(integer)") }
        }
    }

    @Test func plainSumRoundsToNearestEven() {
        func sum(_ values: Double...) -> Double? {
            var total = ExactTotal()
            for value in values { total.add(value) }
            return total.rounded
        }
        #expect(sum() == 0)
        #expect(sum(0.1, 0.2) == 0.1 + 0.2)
        #expect(sum(0x1p53, 1) == 0x1p53)
        #expect(sum(0x1p53, 1, 0x1p-1074) == 0x1p53 + 2)
        #expect(sum(0x1p53 + 2, 1) == 0x1p53 + 4)
        #expect(sum(1e308, 1e308, -1e308) == 1e308)
        #expect(sum(1e308, 1e308) == nil)
        #expect(sum(0x1p-1074, 0x1p-1074, -0x1p-1073) == 0)
        #expect(sum(-1e16, 1, 1e16, -0x1p-1074) == 1)
        #expect(sum(0x1p-1022, -0x1p-1074) == 0x1p-1022.nextDown)
    }

    @Test func integersOverflowToNilAndComeBack() {
        var state = SumState()
        state.add(Int64.max, sign: 1)
        state.add(Int64(1), sign: 1)
        #expect(state.integer == nil)
        state.add(Int64.max, sign: -1)
        #expect(state.integer == 1)
        state.add(Int64.min, sign: 1)
        #expect(state.integer == Int64.min + 1)
    }
}
