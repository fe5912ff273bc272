// What functions ask of a date or an instant: its wall time and the parts of that, sums, differences, beginnings of periods, and the
// thresholds that ages are compared with (semantics §3, decisions 7–10).

/// A date (days since 1970-01-01) or an instant (milliseconds since 1970-01-01T00:00:00Z).
public enum Moment: Hashable, Sendable {
    case date(Int32)
    case instant(Int64)
}

/// Periods whose beginnings functions ask for.
public enum CalendarPeriod: UInt8, Hashable, Sendable {
    case day, week, month, quarter, year
}

extension Calendar {
    /// The wall time, as if it were one of UTC: of a date its midnight. nil outside the years 0001 to 9999, as everywhere here.
    public static func wallTime(of moment: Moment, in zone: TimeZoneRules) -> Int64? {
        switch moment {
        case .date(let day): Int64(day) * millisecondsPerDay
        case .instant(let instant): wall(instant, zone)
        }
    }

    /// The instant of a wall time. One in a gap moves forward by the gap; one that exists twice is the first.
    public static func instant(ofWallTime wall: Int64, in zone: TimeZoneRules) -> Int64? {
        instant(ofWall: wall, zone)
    }

    /// "A date beside an instant is that date's midnight."
    public static func instant(of moment: Moment, in zone: TimeZoneRules) -> Int64? {
        switch moment {
        case .date(let day): midnight(ofDay: day, in: zone)
        case .instant(let instant): instant
        }
    }

    /// The day by the zone's wall time.
    public static func day(of moment: Moment, in zone: TimeZoneRules) -> Int32? {
        switch moment {
        case .date(let day): day
        case .instant: wallTime(of: moment, in: zone).map(day(ofWallTime:))
        }
    }

    /// Days since 1970-01-01.
    public static func day(ofWallTime wall: Int64) -> Int32 {
        Int32(truncatingIfNeeded: floorDivide(wall, millisecondsPerDay))
    }

    /// Days, months and years from a date give a date, smaller units an instant, from its midnight (decision 10).
    public static func adding(_ count: Int64, _ unit: CalendarUnit, to moment: Moment, in zone: TimeZoneRules) -> Moment? {
        guard case .date(let day) = moment, [.days, .months, .years].contains(unit) else {
            return instant(of: moment, in: zone).flatMap { adding(count, unit, to: $0, in: zone) }.map(Moment.instant)
        }
        // In UTC every wall time exists once.
        return adding(count, unit, to: Int64(day) * millisecondsPerDay, in: .utc).map { .date(Self.day(ofWallTime: $0)) }
    }

    /// Whole units between instants, toward zero, or months and years by the calendar: month numbers apart, less one if the later day
    /// and wall time has not come round. Between two dates a day has 24 hours whatever the zone.
    public static func difference(_ unit: CalendarUnit, from start: Moment, to end: Moment, in zone: TimeZoneRules) -> Int64? {
        if let size = calendarSize(unit) {
            guard let end = wallTime(of: end, in: zone), let start = wallTime(of: start, in: zone) else { return nil }
            return (packed(end) - packed(start)) / size
        }
        if case .date(let start) = start, case .date(let end) = end {
            return (Int64(end) - Int64(start)) * millisecondsPerDay / exactSize(unit)
        }
        guard let end = instant(of: end, in: zone), let start = instant(of: start, in: zone) else { return nil }
        return (end - start) / exactSize(unit)
    }

    /// The beginning of the period that holds the date or instant, as one of these. Weeks start on Monday.
    public static func start(of period: CalendarPeriod, of moment: Moment, in zone: TimeZoneRules) -> Moment? {
        guard let day = day(of: moment, in: zone) else { return nil }
        let first = firstDay(of: period, day)
        if case .date = moment { return .date(first) }
        return midnight(ofDay: first, in: zone).map(Moment.instant)
    }

    private static func firstDay(of period: CalendarPeriod, _ day: Int32) -> Int32 {
        let date = CivilDate.components(ofDay: Int64(day))
        let month: Int64
        switch period {
        case .day: return day
        case .week: return day - Int32(CivilDate.weekday(of: day) - 1)
        case .month: month = date.month
        case .quarter: month = (date.month - 1) / 3 * 3 + 1
        case .year: month = 1
        }
        return Int32(truncatingIfNeeded: CivilDate.days(year: date.year, month: month))
    }

    // MARK: Ages

    /// The greatest value whose difference to now is at least the count: with `isDate`, which is for months and years, a day; else an
    /// instant, or in months and years a wall time. Just before year 1 when there is none; nil when now has no wall time.
    public static func ageThreshold(
        _ count: Int64, _ unit: CalendarUnit, isDate: Bool, now: Int64, in zone: TimeZoneRules
    ) -> Int64? {
        func latest(_ now: Int64, _ size: Int64) -> Int64 {
            // No age of the years 0001 to 9999 lies beyond 2^49 ms. Toward zero: an age of 0 begins one unit, less a step, after now.
            let most = (1 << 49) / size
            let count = min(max(count, -most), most)
            return now - (count > 0 ? count * size : (count - 1) * size + 1)
        }
        guard let size = calendarSize(unit) else { return clamped(latest(now, exactSize(unit))) }
        guard let wall = wall(now, zone) else { return nil }
        let threshold = clamped(unpacked(latest(packed(wall), size)))
        return isDate ? Int64(day(ofWallTime: threshold)) : threshold
    }

    private static func clamped(_ instant: Int64) -> Int64 {
        min(max(instant, InstantText.minimum - 1), InstantText.maximum)
    }

    // MARK: Months

    private static func exactSize(_ unit: CalendarUnit) -> Int64 {
        switch unit {
        case .seconds: 1000
        case .minutes: 60_000
        case .hours: 3_600_000
        case .days, .months, .years: millisecondsPerDay
        }
    }

    /// A month as if each had 32 days: whole months between two wall times are whole such months between what is `packed`.
    private static let packedMonth = 32 * millisecondsPerDay

    /// Of months and years.
    private static func calendarSize(_ unit: CalendarUnit) -> Int64? {
        switch unit {
        case .months: packedMonth
        case .years: packedMonth * 12
        default: nil
        }
    }

    private static func packed(_ wall: Int64) -> Int64 {
        let day = floorDivide(wall, millisecondsPerDay)
        let date = CivilDate.components(ofDay: day)
        return (date.year * 12 + date.month - 1) * packedMonth + date.day * millisecondsPerDay + (wall - day * millisecondsPerDay)
    }

    /// The last wall time that is packed to no more; outside the years 0001 to 9999 any that is there too.
    private static func unpacked(_ packed: Int64) -> Int64 {
        let months = floorDivide(packed, packedMonth)
        let (year, rest) = (floorDivide(months, 12), packed - months * packedMonth)
        guard (0...10_000).contains(year) else { return year < 0 ? Int64.min : Int64.max }
        let month = months - year * 12 + 1
        let start = CivilDate.days(year: year, month: month) * millisecondsPerDay
        // Day 0 is still the month before; days that the month lacks are all of it.
        let end = start + CivilDate.daysIn(year: year, month: month) * millisecondsPerDay
        return rest < millisecondsPerDay ? start - 1 : min(start + rest - millisecondsPerDay, end - 1)
    }
}

extension CivilDate {
    /// 1 = Monday … 7 = Sunday.
    public static func weekday(of day: Int32) -> Int64 {
        // 1970-01-01 was a Thursday.
        let sinceMonday = Int64(day) + 3
        return sinceMonday - floorDivide(sinceMonday, 7) * 7 + 1
    }

    /// 1 = 1 January.
    public static func dayOfYear(of day: Int32) -> Int64 {
        Int64(day) - days(year: components(ofDay: Int64(day)).year, month: 1) + 1
    }
}
