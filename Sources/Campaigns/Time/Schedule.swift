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
}
