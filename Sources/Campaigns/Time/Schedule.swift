// When a frozen audience is replaced (semantics §4, save-audience; decisions 12 and 13).

/// Instants that come again and again, by the wall time of a zone.
public struct Schedule: Hashable, Sendable {
    /// Which instants they are.
    public enum Times: Hashable, Sendable {
        /// 1, 2, 3 … durations after the publish.
        case every(CalendarDuration)
        /// Those that a cron expression names.
        case cron(CronExpression)
    }

    /// Which instants they are.
    public var times: Times
    /// IANA name.
    public var timezone: String

    public init(_ times: Times, timezone: String) {
        self.times = times
        self.timezone = timezone
    }

    /// The first instant of the schedule after another one (milliseconds since the Unix epoch); nil when it never comes. `published` is
    /// when the count of durations began.
    public func next(after instant: Int64, published: Int64, in zone: TimeZoneRules) -> Int64? {
        switch times {
        case .every(let duration): Self.next(after: instant, every: duration, since: published, zone)
        case .cron(let expression): Self.next(after: instant, expression, zone)
        }
    }

    /// The instants never go back, so that the first one after another is found by halving.
    private static func next(after instant: Int64, every duration: CalendarDuration, since published: Int64, _ zone: TimeZoneRules)
        -> Int64?
    {
        func isAfter(_ times: Int64) -> Bool { duration.after(published, in: zone, times: times).map { $0 > instant } ?? true }
        var (low, high): (Int64, Int64) = (0, 1)
        while !isAfter(high) { (low, high) = (high, high * 2) }
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if isAfter(middle) { high = middle } else { low = middle }
        }
        return duration.after(published, in: zone, times: high)
    }

    /// Wall times in their order give instants in theirs, but for those in a gap, which move forward over what follows it, and for those
    /// that come again, which give the first (decision 7).
    private static func next(after instant: Int64, _ expression: CronExpression, _ zone: TimeZoneRules) -> Int64? {
        var found: Int64?
        var wall = instant + zone.offset(at: instant) - zone.recentGap(at: instant)
        while let next = expression.nextWallTime(after: wall), let moment = Calendar.instant(ofWall: next, zone) {
            if moment > instant {
                found = min(found ?? moment, moment)
                if moment + zone.offset(at: moment) == next { break }
            }
            wall = next
        }
        return found
    }
}
