// Five fields of a cron schedule (decision 13): "names (of months in the fourth, of days in the fifth), ranges, lists, steps; if both day
// fields are bounded either is enough".

/// A cron expression, read.
public struct CronExpression: Hashable, Sendable {
    /// A bit for each minute of an hour.
    var minutes: UInt64
    /// A bit for each hour of a day.
    var hours: UInt64
    /// A bit for each day of a month, from 1 on.
    var days: UInt64
    /// A bit for each month, from 1 on.
    var months: UInt64
    /// A bit for each day of a week, from Sunday = 0 on.
    var weekdays: UInt64
    /// Both day fields are bounded, so that either is enough.
    var isEitherDay: Bool
}
