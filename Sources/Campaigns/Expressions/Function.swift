// The functions of semantics §3 that are a function of their arguments alone (and of the zone). What is a function of the clock, or is
// written with other expressions (DaysAgo, YearsOld, Iif, Coalesce, NoNull …), does not come this far.

/// A function of its arguments alone.
public enum Function: UInt8, Hashable, Sendable, BitwiseCopyable, CaseIterable {
    // Dates and instants. Add and Sub are one function with a signed count.
    case addSeconds, addMinutes, addHours, addDays, addMonths, addYears
    case secondsDiff, minutesDiff, hoursDiff, daysDiff, monthsDiff, yearsDiff
    case year, month, day, dayOfYear, hour, minute, second, weekDay
    case dateOnly, toDate, toDateTime
    /// The wall time, by the zone, of a date or an instant, as an instant of UTC; and the instant of such a wall time. ToTimeZone is the
    /// one by its zone in the other by the campaign's.
    case wallTime, toTimeZone
    case truncDate, truncWeek, truncMonth, truncQuarter, truncYear
    case oldest, newest
    // Numbers.
    case abs, ceil, floor, sign, greatest, least, modulo, round, trunc, percent, toDoubleValue, toInteger
    // Texts.
    case lower, upper, smart, length, left, right, substring, replace, trim, leftTrim, rightTrim, leftPad, rightPad
    case charIndex, emailDomain, md5Digest, sha256Digest, toText
    // Others.
    case hash, distance
}
