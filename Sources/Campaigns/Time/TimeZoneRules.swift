// The offsets of one time zone, from the TZif data of the system (RFC 8536): a table of transitions, continued by the POSIX rule of
// its footer. Pure: whoever reads files hands in the bytes.

/// The rules of one time zone. Instants and wall times are milliseconds; a wall time counts as if it were one of UTC.
public struct TimeZoneRules: Sendable {
    /// IANA name, as it was asked for.
    public let name: String

    /// Before the first transition, in milliseconds east of UTC.
    private let firstOffset: Int64
    /// Instants, in seconds, at which the offset changes, ascending.
    private let transitions: [Int64]
    /// For each transition the wall time, in seconds, from which its offset holds: the end of the gap or of the repeated time.
    private let wallTransitions: [Int64]
    /// For each transition the offset from then on, in milliseconds.
    private let offsets: [Int64]
    /// From here on, in seconds, time is as it was 400 years before; nil when there is no rule.
    private let cycleStart: Int64?

    /// The Gregorian calendar repeats, weekdays included, after 400 years.
    private static let cycle: Int64 = 146_097 * 86_400

    /// Coordinated Universal Time.
    public static let utc = TimeZoneRules(name: "UTC", firstOffset: 0, transitions: [], cycleStart: nil)

    /// Whether its offset never changes.
    public var isFixed: Bool { transitions.isEmpty }

    /// Reads TZif data of version 2 or later; nil when it is malformed. Leap seconds do not count.
    public init?(name: String, tzif: [UInt8]) {
        guard let file = TimeZoneFile(tzif) else { return nil }
        guard let rule = file.rule else {
            self.init(name: name, firstOffset: file.firstOffset, transitions: file.transitions, cycleStart: nil)
            return
        }
        let lastYear = file.transitions.last.map { CivilDate.components(ofDay: floorDivide($0.at, 86_400)).year } ?? 1
        guard (-10_000...20_000).contains(lastYear) else { return nil }
        let last = file.transitions.last?.at ?? Int64.min
        let continued = (lastYear...lastYear + 401).flatMap(rule.transitions(inYear:))
            .filter { $0.at > last }.sorted { ($0.at, $0.rank) < ($1.at, $1.rank) }
        self.init(
            name: name, firstOffset: file.firstOffset, transitions: file.transitions + continued,
            cycleStart: rule.isFixed ? nil : CivilDate.days(year: lastYear + 401, month: 1) * 86_400)
    }

    private init(name: String, firstOffset: Int64, transitions: [TimeZoneTransition], cycleStart: Int64?) {
        self.name = name
        self.firstOffset = firstOffset * 1000
        self.transitions = transitions.map(\.at)
        self.offsets = transitions.map { $0.offset * 1000 }
        let before = [firstOffset] + transitions.map(\.offset)
        self.wallTransitions = zip(transitions, before).map { $0.at + max($0.offset, $1) }
        self.cycleStart = cycleStart
    }

    /// Milliseconds that wall time is ahead of UTC at an instant (negative to the west).
    public func offset(at instant: Int64) -> Int64 {
        offset(at: floorDivide(instant, 1000), among: transitions)
    }

    /// The instant of a wall time. One in a gap moves forward by the gap; one that exists twice is the first.
    public func instant(ofWallTime wall: Int64) -> Int64 {
        // Up to the end of a gap or of a repeated time the offset before it counts, which does both.
        let (instant, isBeyond) = wall.subtractingReportingOverflow(offset(at: floorDivide(wall, 1000), among: wallTransitions))
        return isBeyond ? wall : instant
    }

    /// How much wall time the last change of offset skipped, if that happened less than so long before an instant; else 0. Only wall
    /// times that were skipped lead to instants after those of later ones.
    func recentGap(at instant: Int64) -> Int64 {
        let second = withinTable(floorDivide(instant, 1000))
        let place = place(of: second, among: transitions)
        guard place > 0 else { return 0 }
        let gap = offsets[place - 1] - (place > 1 ? offsets[place - 2] : firstOffset)
        return (second - transitions[place - 1]) * 1000 < gap ? gap : 0
    }

    /// The offset of the last transition that is not after the second.
    private func offset(at second: Int64, among starts: [Int64]) -> Int64 {
        let place = place(of: withinTable(second), among: starts)
        return place == 0 ? firstOffset : offsets[place - 1]
    }

    private func withinTable(_ second: Int64) -> Int64 {
        guard let cycleStart, second >= cycleStart else { return second }
        return cycleStart - Self.cycle + (second - cycleStart) % Self.cycle
    }

    /// How many are not after the second.
    private func place(of second: Int64, among starts: [Int64]) -> Int {
        var low = 0
        var high = starts.count
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= second { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// One change of offset.
struct TimeZoneTransition {
    /// Seconds since 1970-01-01T00:00:00Z.
    var at: Int64
    /// Seconds east of UTC from then on.
    var offset: Int64
    /// Of two changes at one instant (daylight time that never ends) the higher one is the last.
    var rank = 0
}
