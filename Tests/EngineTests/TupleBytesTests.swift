// Goal: tuples have the same bytes exactly where their values are equal: "Integer and double compare by value", -0 is 0, null is null, and
// where one value ends and the next begins is part of it. Method: all pairs of tuples of values of all types against the order of values.
import Testing

@testable import Engine

@Suite struct TupleBytesTests {
    private static let texts = ["", "a", "ab", "b", "\u{0}", "5", "\u{e9}"].map { text in
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: max(text.utf8.count, 1), alignment: 1)
        bytes.copyBytes(from: text.utf8)
        return Value.text(UnsafeRawBufferPointer(rebasing: bytes[..<text.utf8.count]))
    }

    private static let values: [Value] =
        [.null, .boolean(false), .boolean(true), .date(0), .date(5), .instant(0), .instant(5)]
        + [0, 1, 5, -5, .min, .max, 1 << 53 + 1].map { .integer($0) }
        + [0, -0.0, 1, 5, -5, 0.1, 0.5, 0x1p53, 0x1p63, -0x1p63, 1e300, .leastNonzeroMagnitude].map { .double($0) } + texts

    /// Types that are compared with each other.
    private static func family(_ value: Value) -> Int {
        value.kind == .double ? Int(Value.Kind.integer.rawValue) : Int(value.kind.rawValue)
    }

    private static func isEqual(_ a: Value, _ b: Value) -> Bool {
        if family(a) != family(b) { return false }
        return a.isNull || order(a, b) == 0
    }

    private static func bytes(_ values: [Value]) -> [UInt8] {
        var tuple = TupleBytes()
        for value in values { tuple.append(value) }
        return tuple.bytes
    }

    @Test func equalValuesHaveEqualBytes() {
        for a in Self.values {
            for b in Self.values { #expect((Self.bytes([a]) == Self.bytes([b])) == Self.isEqual(a, b), "\(a) \(b)") }
        }
    }

    @Test func tuplesAreEqualValueByValue() {
        var random = RandomNumbers(seed: 4)
        var tuples: [[Value]] = [[]]
        for _ in 0..<400 { tuples.append((0..<random.number(1...3)).map { _ in random.pick(Self.values) }) }
        tuples += Self.texts.flatMap { first in Self.texts.map { [first, $0] } }
        for a in tuples {
            for b in tuples {
                let isEqual = a.count == b.count && zip(a, b).allSatisfy(Self.isEqual)
                #expect((Self.bytes(a) == Self.bytes(b)) == isEqual)
            }
        }
    }
}
