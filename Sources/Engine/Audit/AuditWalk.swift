// How far an audit has come: which things are looked at, in turns of some places each.

/// How far an audit has come, and what it has looked at. Of everything that is kept a few places are looked at in turn, until all were.
public struct AuditWalk {
    /// How many places of one thing are looked at before the next has its turn.
    private static let turn = 64

    private struct Entry {
        let part: AuditPart
        var place = 0
        var isThrough = false
    }

    private var entries: [Entry]
    private var next = 0
    private var left = AuditWalk.turn
    /// The block of parents that is looked at.
    var scan: AccumulatorScan?
    /// What was done since the counts were taken.
    public internal(set) var counts = AuditCounts()
    /// How many things were decided anew since the beginning, by kind.
    private(set) var decisions = [Int](repeating: 0, count: KeptKind.allCases.count)

    init(of parts: [AuditPart]) {
        entries = parts.map { Entry(part: $0) }
    }

    /// Whether everything was looked at.
    public var isThrough: Bool { entries.isEmpty }

    /// What was done since the last time.
    public mutating func takeCounts() -> AuditCounts {
        defer { counts = AuditCounts() }
        return counts
    }

    var current: (part: AuditPart, place: Int) { (entries[next].part, entries[next].place) }

    mutating func advance() {
        entries[next].place += 1
        left -= 1
        if left == 0 { moveOn() }
    }

    mutating func endPart() {
        entries[next].isThrough = true
        counts.parts += 1
        moveOn()
    }

    private mutating func moveOn() {
        left = AuditWalk.turn
        next += 1
        guard next == entries.count else { return }
        entries.removeAll(where: \.isThrough)
        next = 0
    }

    mutating func count(_ kind: KeptKind, _ number: Int = 1) {
        decisions[kind.rawValue] += number
        counts.decisions += number
    }
}
