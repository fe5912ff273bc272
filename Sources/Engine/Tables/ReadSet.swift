// What is read of the rows of a table: bits, and numbers of those that share bits.

/// Which signals of a table something reads.
struct ReadSet {
    private(set) var bits: SignalBits = 0
    /// Ascending.
    private(set) var sources: [SignalSource] = []

    static let nothing = ReadSet()
    static let existence = ReadSet(bits: .existence)

    init(bits: SignalBits = 0) {
        self.bits = bits
    }

    init(_ signals: Signals) {
        bits = signals.bits
        if let source = signals.source { sources = [source] }
    }

    /// Whether some of the signals are read.
    @inline(__always)
    func meets(_ signals: Signals) -> Bool {
        bits & signals.bits != 0 && (signals.source.map(contains) ?? true)
    }

    private func contains(_ source: SignalSource) -> Bool {
        var (low, high) = (0, sources.count)
        while low < high {
            let middle = (low + high) / 2
            if sources[middle] < source { low = middle + 1 } else { high = middle }
        }
        return low < sources.count && sources[low] == source
    }

    mutating func formUnion(_ other: ReadSet) {
        bits |= other.bits
        if other.sources.isEmpty || sources == other.sources { return }
        sources = sources.isEmpty ? other.sources : Set(sources).union(other.sources).sorted()
    }

    func union(_ other: ReadSet) -> ReadSet {
        var all = self
        all.formUnion(other)
        return all
    }
}
