// wait: "`duration`: a row (by row id) passes once it has been in the inbound without a break for the duration, by the clock; leaving ends
// it. […] `until`: nothing before, everything after."

/// wait: rows that pass later than they come.
public struct Wait: ActivityDefinition {
    /// Its name within the campaign.
    public var id: String
    /// Where its rows come from.
    public var from: Transition
    /// How long.
    public var period: Period

    /// How long rows wait.
    public enum Period: Equatable, Sendable {
        /// Milliseconds since the Unix epoch; from this instant on, inclusive, all pass.
        case until(Int64)
        /// Each row from when it came, by the wall time of a zone (IANA name).
        case duration(CalendarDuration, timezone: String)
    }

    package var inbounds: [Transition] { [from] }
    package var rowDecision: RowDecision? { if case .until = period { RowDecision() } else { nil } }
    package static var memory: ActivityMemory { .whileEqual }

    public init(id: String, from: Transition, period: Period) {
        self.id = id
        self.from = from
        self.period = period
    }
}

extension ActivityReader {
    mutating func readWait(_ item: ActivityItem) {
        let reader = item.reader
        var (from, shape) = inbound(item)
        let until = reader.instant("until")
        let duration = reader.duration("duration", isPositive: true)
        if reader.has("duration") == reader.has("until") { problems.add(reader.path, "needs either duration or until") }
        let period = until.map(Wait.Period.until) ?? duration.map { .duration($0, timezone: timezone) }
        var wait: Activity?
        if let from, let period { wait = .wait(Wait(id: item.name, from: from, period: period)) }
        // The condition that it is over, and the inbound's.
        if let levels = shape?.levels { shape?.reach(levels + 1) }
        add(item, outputs: [Transition.main: shape], wait)
    }
}
