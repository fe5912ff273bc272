// MD5 (RFC 1321), SHA-256 (FIPS 180-4) and h (semantics §2), from their definitions; the tables are computed, not copied.
import Glibc

enum PlainDigests {
    static func md5(_ message: [UInt8]) -> String {
        let turns: [[UInt32]] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]]
        var state: [UInt32] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]
        for block in blocks(message, isBigEndian: false) {
            var (a, b, c, d) = (state[0], state[1], state[2], state[3])
            for i in 0..<64 {
                let (f, g): (UInt32, Int) =
                    switch i / 16 {
                    case 0: ((b & c) | (~b & d), i)
                    case 1: ((b & d) | (c & ~d), (5 * i + 1) % 16)
                    case 2: (b ^ c ^ d, (3 * i + 5) % 16)
                    default: (c ^ (b | ~d), (7 * i) % 16)
                    }
                let sine = UInt32(abs(sin(Double(i + 1))) * 0x1p32)
                let turned = left(a &+ f &+ sine &+ block[g], turns[i / 16][i % 4])
                (a, b, c, d) = (d, b &+ turned, b, c)
            }
            state = zip(state, [a, b, c, d]).map { $0 &+ $1 }
        }
        return hexadecimal(state.flatMap { bytes($0).reversed() })
    }

    private static let primes = (2...311).filter { number in !(2..<number).contains { number % $0 == 0 } }

    static func sha256(_ message: [UInt8]) -> String {
        // "The first 32 bits of the fractional parts" of the roots of the first primes.
        func fraction(_ root: Double) -> UInt32 { UInt32((root - root.rounded(.down)) * 0x1p32) }
        let table = primes.map { fraction(cbrt(Double($0))) }
        var state = primes.prefix(8).map { fraction(Double($0).squareRoot()) }
        for block in blocks(message, isBigEndian: true) {
            var words = block
            for i in 16..<64 {
                let (x, y) = (words[i - 15], words[i - 2])
                let s0 = right(x, 7) ^ right(x, 18) ^ (x >> 3)
                let s1 = right(y, 17) ^ right(y, 19) ^ (y >> 10)
                words.append(words[i - 16] &+ s0 &+ words[i - 7] &+ s1)
            }
            var v = state
            for i in 0..<64 {
                let s1 = right(v[4], 6) ^ right(v[4], 11) ^ right(v[4], 25)
                let choice = (v[4] & v[5]) ^ (~v[4] & v[6])
                let t1 = v[7] &+ s1 &+ choice &+ table[i] &+ words[i]
                let s0 = right(v[0], 2) ^ right(v[0], 13) ^ right(v[0], 22)
                let majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2])
                v = [t1 &+ s0 &+ majority, v[0], v[1], v[2], v[3] &+ t1, v[4], v[5], v[6]]
            }
            state = zip(state, v).map { $0 &+ $1 }
        }
        return hexadecimal(state.flatMap(bytes))
    }

    /// "64-bit FNV-1a of the UTF-8 bytes, then the murmur3 64-bit finaliser".
    static func h(_ text: [UInt8]) -> UInt64 {
        var x = text.reduce(0xcbf29ce484222325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100000001b3 }
        x ^= x >> 33
        x = x &* 0xff51afd7ed558ccd
        x ^= x >> 33
        x = x &* 0xc4ceb9fe1a85ec53
        x ^= x >> 33
        return x
    }

    private static func left(_ word: UInt32, _ bits: UInt32) -> UInt32 { (word << bits) | (word >> (32 - bits)) }
    private static func right(_ word: UInt32, _ bits: UInt32) -> UInt32 { left(word, 32 - bits) }

    /// Most significant first.
    private static func bytes(_ word: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) } }

    /// The message, a bit, zeros and its length in bits, in blocks of sixteen words.
    private static func blocks(_ message: [UInt8], isBigEndian: Bool) -> [[UInt32]] {
        var padded = message + [0x80]
        while padded.count % 64 != 56 { padded.append(0) }
        let length = (0..<8).map { UInt8(truncatingIfNeeded: (message.count * 8) >> (8 * $0)) }
        padded += isBigEndian ? length.reversed() : length
        return stride(from: 0, to: padded.count, by: 64).map { block in
            stride(from: block, to: block + 64, by: 4).map { place in
                let word = padded[place..<place + 4]
                return (isBigEndian ? Array(word) : word.reversed()).reduce(0) { $0 << 8 | UInt32($1) }
            }
        }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
