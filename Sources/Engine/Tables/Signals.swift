// Signals: what of a row has changed, or is about to, and which of that something reads. Existence, fields and links are a bit each, since
// a write changes many at once; states of accumulators and windows change one at a time, are many, and have a number besides, because what
// a change costs must not hang on who shares a bit with it. A table has 128 bits. Where it takes more fields and links than have room, some
// share one: that costs evaluations and never changes a result.

/// A bit per signal of a table.
typealias SignalBits = UInt128

extension SignalBits {
    /// A row came or went. Everything reads it.
    static let existence: SignalBits = 1

    /// The places of the bits that are set.
    var places: [Int] { (0..<128).filter { self >> SignalBits($0) & 1 == 1 } }
}

/// An accumulator, a window, whether a condition is met, or a gate, as what has changed.
struct SignalSource: BitwiseCopyable, Hashable, Comparable {
    private let value: Int32

    init(_ accumulator: Number<Accumulator>) {
        value = accumulator.value << 2
    }

    init(_ window: Number<Window>) {
        value = window.value << 2 | 1
    }

    init(_ condition: Number<Condition>) {
        value = condition.value << 2 | 2
    }

    init(_ gate: Number<Gate>) {
        value = gate.value << 2 | 3
    }

    static func < (a: SignalSource, b: SignalSource) -> Bool { a.value < b.value }
}

/// What of a row has changed, or is about to.
struct Signals: BitwiseCopyable {
    var bits: SignalBits
    /// The accumulator or window whose bit it is; nil: whatever has one of the bits.
    var source: SignalSource?

    static let everything = Signals(bits: .max)
    static let none = Signals(bits: 0)

    /// The state of an accumulator.
    init(accumulator: Number<Accumulator>, bit: SignalBits) {
        self.init(bits: bit, source: SignalSource(accumulator))
    }

    /// That a window has passed a row.
    init(window: Number<Window>, bit: SignalBits) {
        self.init(bits: bit, source: SignalSource(window))
    }

    /// That a row begins or ceases to meet a condition.
    init(condition: Number<Condition>, bit: SignalBits) {
        self.init(bits: bit, source: SignalSource(condition))
    }

    /// That a gate opens or closes.
    init(gate: Number<Gate>, bit: SignalBits) {
        self.init(bits: bit, source: SignalSource(gate))
    }

    init(bits: SignalBits, source: SignalSource? = nil) {
        self.bits = bits
        self.source = source
    }

    mutating func formUnion(_ other: Signals) {
        if bits == 0 {
            self = other
        } else if other.bits != 0 {
            bits |= other.bits
            if source != other.source { source = nil }
        }
    }
}

/// Which signals several readers read together, while they do.
struct SignalCounts: ~Copyable {
    /// By bit; empty while nobody reads any.
    private var counts = Vector<Int32>()
    private(set) var bits: SignalBits = 0

    /// How many signals are read, each counted for each of its readers.
    var total: Int { (0..<counts.count).reduce(0) { $0 + Int(counts[$1]) } }

    /// One more (1) or less (-1) who reads some signals.
    mutating func add(_ signals: SignalBits, _ count: Int32) {
        counts.grow(to: 128, filling: 0)
        var rest = signals
        while rest != 0 {
            let place = rest.trailingZeroBitCount
            rest &= rest - 1
            counts[place] += count
            if counts[place] == 0 { bits &= ~(1 << SignalBits(place)) } else { bits |= 1 << SignalBits(place) }
        }
    }
}
