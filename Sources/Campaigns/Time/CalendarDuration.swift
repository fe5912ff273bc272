// ISO 8601 durations of definitions (contract §1, decision 11): "years, months, weeks and days are calendar arithmetic in the campaign's zone,
// the part after T is exact".

/// A length of time: months and days by the calendar, then the exact rest.
public struct CalendarDuration: Hashable, Sendable {
    /// Years are twelve of them.
    public var months: Int64
    /// Weeks are seven of them.
    public var days: Int64
    /// What stands after T.
    public var milliseconds: Int64

    public init(months: Int64 = 0, days: Int64 = 0, milliseconds: Int64 = 0) {
        self.months = months
        self.days = days
        self.milliseconds = milliseconds
    }

    /// The instant so many durations after another (milliseconds since the Unix epoch), by the wall time of a zone; nil when that would
    /// lie past the year 9999: it never comes.
    public func after(_ instant: Int64, in zone: TimeZoneRules, times: Int64 = 1) -> Int64? {
        func product(_ part: Int64) -> Int64? {
            let (value, isTooFar) = part.multipliedReportingOverflow(by: times)
            return isTooFar ? nil : value
        }
        guard let months = product(months), let days = product(days), let milliseconds = product(milliseconds) else { return nil }
        var moved: Int64? = instant
        if months != 0 { moved = moved.flatMap { Calendar.adding(months, .months, to: $0, in: zone) } }
        if days != 0 { moved = moved.flatMap { Calendar.adding(days, .days, to: $0, in: zone) } }
        return moved.flatMap { start in
            let (end, isTooFar) = start.addingReportingOverflow(milliseconds)
            return isTooFar || !InstantText.isInRange(end) ? nil : end
        }
    }
}
