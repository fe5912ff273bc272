// Random numbers that are the same on every machine: SplitMix64.
import Glibc

struct RandomNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// Uniform in 0 ..< 1.
    mutating func fraction() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// Uniform in 0 ..< bound.
    mutating func below(_ bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }
}

/// Numbers 0 ..< count, the first most often: number i with a weight of 1 / (i + 1)^exponent.
struct ZipfNumbers {
    private var upTo: [Double] = []

    init(count: Int, exponent: Double) {
        var sum = 0.0
        upTo.reserveCapacity(count)
        for number in 0..<count {
            sum += 1 / pow(Double(number + 1), exponent)
            upTo.append(sum)
        }
    }

    func next(_ random: inout RandomNumbers) -> Int {
        let wanted = random.fraction() * (upTo.last ?? 0)
        var (low, high) = (0, upTo.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if upTo[middle] < wanted { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
