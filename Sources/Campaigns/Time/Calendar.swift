// Calendar arithmetic in a time zone (semantics §3, Time): days, months and years keep the wall time, smaller units are exact.

/// Arithmetic on instants (milliseconds since 1970-01-01T00:00:00Z) and days (since 1970-01-01).
public enum Calendar {
    static let millisecondsPerDay: Int64 = 86_400_000

    /// The instant so many units later, or earlier for a negative count; nil outside the years 0001 to 9999. Days, months and years
    /// keep the wall time, even with count 0, so that of the two instants of a repeated hour both give the first (decision 7); a day
    /// that the month lacks becomes its last (decision 10).
    public static func adding(_ count: Int64, _ unit: CalendarUnit, to instant: Int64, in zone: TimeZoneRules) -> Int64? {
        switch unit {
        case .seconds: exact(count, 1000, instant)
        case .minutes: exact(count, 60_000, instant)
        case .hours: exact(count, 3_600_000, instant)
        case .days: wall(instant, zone).flatMap { exact(count, millisecondsPerDay, $0) }.flatMap { self.instant(ofWall: $0, zone) }
        case .months: addingMonths(count, to: instant, in: zone)
        case .years: addingMonths(count.multipliedReportingOverflow(by: 12), to: instant, in: zone)
        }
    }

    /// The midnight that begins a day; where the zone skips it, the first instant after the gap. nil outside the years 0001 to 9999.
    public static func midnight(ofDay day: Int32, in zone: TimeZoneRules) -> Int64? {
        instant(ofWall: Int64(day) * millisecondsPerDay, zone)
    }

    /// The day of an instant by the zone's wall time.
    public static func day(of instant: Int64, in zone: TimeZoneRules) -> Int32 {
        Int32(clamping: floorDivide(instant.addingReportingOverflow(zone.offset(at: instant)).partialValue, millisecondsPerDay))
    }

    /// The sum within the years 0001 to 9999.
    private static func exact(_ count: Int64, _ size: Int64, _ start: Int64) -> Int64? {
        let (change, isTooFar) = count.multipliedReportingOverflow(by: size)
        let (moved, isBeyond) = start.addingReportingOverflow(change)
        return isTooFar || isBeyond || !InstantText.isInRange(moved) ? nil : moved
    }

    /// The wall time of an instant, as if it were one of UTC.
    static func wall(_ instant: Int64, _ zone: TimeZoneRules) -> Int64? {
        exact(zone.offset(at: instant), 1, instant)
    }

    static func instant(ofWall wall: Int64, _ zone: TimeZoneRules) -> Int64? {
        guard InstantText.isInRange(wall) else { return nil }
        let instant = zone.instant(ofWallTime: wall)
        return InstantText.isInRange(instant) ? instant : nil
    }

    private static func addingMonths(
        _ count: (partialValue: Int64, overflow: Bool), to instant: Int64, in zone: TimeZoneRules
    ) -> Int64? {
        count.overflow ? nil : addingMonths(count.partialValue, to: instant, in: zone)
    }

    private static func addingMonths(_ count: Int64, to instant: Int64, in zone: TimeZoneRules) -> Int64? {
        guard let wall = wall(instant, zone) else { return nil }
        let day = floorDivide(wall, millisecondsPerDay)
        let date = CivilDate.components(ofDay: day)
        let (months, isTooFar) = (date.year * 12 + date.month - 1).addingReportingOverflow(count)
        guard !isTooFar else { return nil }
        let year = floorDivide(months, 12)
        let month = months - year * 12 + 1
        let dayOfMonth = min(date.day, CivilDate.daysIn(year: year, month: month))
        guard let moved = CivilDate.day(year: year, month: month, day: dayOfMonth) else { return nil }
        return self.instant(ofWall: Int64(moved) * millisecondsPerDay + (wall - day * millisecondsPerDay), zone)
    }
}
