// The calendar of semantics §3 (Time), counted out from its definitions. Of the time zone only the offset at an instant is asked.
import Campaigns

/// Calendar arithmetic in one time zone. What lies outside the years 0001 to 9999 is nil.
struct PlainCalendar {
    let zone: TimeZoneRules

    static let millisecondsPerDay: Int64 = 86_400_000
    /// The first and the last day there is, since 1970-01-01.
    static let days = day(year: 1, month: 1, day: 1)!...day(year: 9999, month: 12, day: 31)!
    /// The first and the last millisecond of them.
    static let instants = days.lowerBound * millisecondsPerDay...days.upperBound * millisecondsPerDay + millisecondsPerDay - 1

    // MARK: Days

    /// Days of the years before a year, the first being 1.
    private static func daysBefore(year: Int64) -> Int64 {
        let years = year - 1
        return years * 365 + years / 4 - years / 100 + years / 400
    }

    static func length(ofMonth month: Int64, in year: Int64) -> Int64 {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][Int(month) - 1]
    }

    /// Days since 1970-01-01.
    static func day(year: Int64, month: Int64, day: Int64) -> Int64? {
        guard (1...9999).contains(year), (1...12).contains(month), (1...length(ofMonth: month, in: year)).contains(day) else { return nil }
        let monthsBefore = (1..<month).reduce(0) { $0 + length(ofMonth: $1, in: year) }
        return daysBefore(year: year) - daysBefore(year: 1970) + monthsBefore + day - 1
    }

    /// The year, month and day of the month.
    static func date(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        var rest = day + daysBefore(year: 1970)
        var year = rest / 366 + 1
        while daysBefore(year: year + 1) <= rest { year += 1 }
        rest -= daysBefore(year: year)
        var month: Int64 = 1
        while rest >= length(ofMonth: month, in: year) {
            rest -= length(ofMonth: month, in: year)
            month += 1
        }
        return (year, month, rest + 1)
    }

    /// 1 = Monday … 7. 1970-01-01 was a Thursday.
    static func weekday(ofDay day: Int64) -> Int64 {
        let sinceThursday = (day % 7 + 7) % 7
        return (sinceThursday + 3) % 7 + 1
    }

    // MARK: Wall times, in milliseconds as if they were of UTC

    /// The wall time of a date, which is its midnight, or of an instant.
    func wall(_ moment: Datum) -> Int64? {
        switch moment {
        case .date(let day): Int64(day) * Self.millisecondsPerDay
        case .instant(let instant): Self.within(instant + zone.offset(at: instant))
        default: preconditionFailure("a date or an instant")
        }
    }

    /// "A local time that does not exist moves forward by the gap, one that exists twice is the first."
    func instant(ofWall wall: Int64) -> Int64? {
        guard Self.within(wall) != nil else { return nil }
        // The offsets of some days around; no zone is farther than a day from UTC.
        let offsets = Set(stride(from: Int64(-36), through: 36, by: 3).map { zone.offset(at: wall + $0 * 3_600_000) })
        let instants = offsets.map { wall - $0 }.filter { $0 + zone.offset(at: $0) == wall }
        if let first = instants.min() { return Self.within(first) }
        // In a gap: as if the offset before it went on.
        let before = zone.offset(at: wall - offsets.max()!)
        return Self.within(wall - before)
    }

    /// "A date beside an instant is that date's midnight in the campaign's time zone."
    func instant(_ moment: Datum) -> Int64? {
        if case .instant(let instant) = moment { return instant }
        return wall(moment).flatMap(instant(ofWall:))
    }

    static func within(_ instant: Int64) -> Int64? {
        instants.contains(instant) ? instant : nil
    }

    private static func within(_ instant: Int128) -> Int64? {
        Int64(exactly: instant).flatMap { within($0) }
    }

    static func split(_ wall: Int64) -> (day: Int64, millisecond: Int64) {
        let millisecond = (wall % millisecondsPerDay + millisecondsPerDay) % millisecondsPerDay
        return ((wall - millisecond) / millisecondsPerDay, millisecond)
    }

    // MARK: Sums

    /// "Calendar arithmetic in the campaign's time zone": days, months and years keep the wall time, and a day that the month lacks is its
    /// last. From a date they give a date; anything else gives an instant.
    func adding(_ count: Int64, _ unit: CalendarUnit, to moment: Datum) -> Datum? {
        let moved: Int64?
        switch unit {
        case .seconds, .minutes, .hours:
            return instant(moment).flatMap { Self.within(Int128($0) + Int128(count) * Int128(Self.length(of: unit))) }.map(Datum.instant)
        case .days: moved = wall(moment).flatMap { Self.within(Int128($0) + Int128(count) * Int128(Self.millisecondsPerDay)) }
        case .months: moved = wall(moment).flatMap { Self.adding(months: Int128(count), toWall: $0) }
        case .years: moved = wall(moment).flatMap { Self.adding(months: Int128(count) * 12, toWall: $0) }
        }
        guard let moved else { return nil }
        if case .date = moment { return .date(Int32(Self.split(moved).day)) }
        return instant(ofWall: moved).map(Datum.instant)
    }

    private static func adding(months: Int128, toWall wall: Int64) -> Int64? {
        let (day, millisecond) = split(wall)
        let date = date(ofDay: day)
        let sum = Int128(date.year * 12 + date.month - 1) + months
        // January of year 1 is month 12.
        guard (12..<120_000).contains(sum) else { return nil }
        let (year, month) = (Int64(sum / 12), Int64(sum % 12) + 1)
        let moved = Self.day(year: year, month: month, day: min(date.day, length(ofMonth: month, in: year)))
        return moved.map { $0 * millisecondsPerDay + millisecond }
    }

    private static func length(of unit: CalendarUnit) -> Int64 {
        switch unit {
        case .seconds: 1000
        case .minutes: 60_000
        case .hours: 3_600_000
        case .days: millisecondsPerDay
        case .months, .years: preconditionFailure("months have no one length")
        }
    }

    // MARK: Differences

    /// "Whole units between instants (truncated toward zero), months and years by calendar". Two dates are days of 24 hours apart.
    func difference(_ unit: CalendarUnit, end: Datum, start: Datum) -> Int64? {
        switch (unit, end, start) {
        case (.months, _, _), (.years, _, _):
            guard let end = wall(end), let start = wall(start) else { return nil }
            return Self.months(end: end, start: start) / (unit == .years ? 12 : 1)
        case (_, .date(let end), .date(let start)):
            return (Int64(end) - Int64(start)) * Self.millisecondsPerDay / Self.length(of: unit)
        default:
            guard let end = instant(end), let start = instant(start) else { return nil }
            return (end - start) / Self.length(of: unit)
        }
    }

    /// Month numbers apart, less one while the later day and wall time has not come round.
    private static func months(end: Int64, start: Int64) -> Int64 {
        if end < start { return -months(end: start, start: end) }
        let (late, early) = (split(end), split(start))
        let (lateDate, earlyDate) = (date(ofDay: late.day), date(ofDay: early.day))
        let apart = (lateDate.year - earlyDate.year) * 12 + lateDate.month - earlyDate.month
        return (lateDate.day, late.millisecond) < (earlyDate.day, early.millisecond) ? apart - 1 : apart
    }

    /// The greatest value whose difference to now is at least the number, or above it (see `Expression.ageThreshold`), found by halving:
    /// the difference shrinks as the value grows. A day with `isDate`, else an instant, of months and years a wall time; one before the
    /// first when none is that old.
    func ageThreshold(_ number: Datum, isAbove: Bool, _ unit: CalendarUnit, isDate: Bool, now: Int64) -> Datum? {
        let isCalendar = unit == .months || unit == .years
        guard let wallNow = isCalendar ? wall(.instant(now)) : now else { return nil }
        func age(_ value: Int64) -> Int64 {
            guard isCalendar else { return (now - value) / Self.length(of: unit) }
            let wall = isDate ? value * Self.millisecondsPerDay : value
            return Self.months(end: wallNow, start: wall) / (unit == .years ? 12 : 1)
        }
        let range = isDate ? Self.days : Self.instants
        var (low, high) = (range.lowerBound - 1, range.upperBound + 1)
        while low + 1 < high {
            let middle = (low + high) / 2
            if Datum.integer(age(middle)).order(number) >= (isAbove ? 1 : 0) { low = middle } else { high = middle }
        }
        return isDate ? .date(Int32(low)) : .instant(low)
    }

    // MARK: Beginnings

    /// "Weeks start on Monday." 0001-01-01 was one.
    static func monday(ofWeekWith day: Int64) -> Int64 {
        day - weekday(ofDay: day) + 1
    }

    /// The first day of so many months, counted from January, that hold the day.
    static func beginning(ofMonths count: Int64, with day: Int64) -> Int64 {
        let date = date(ofDay: day)
        return self.day(year: date.year, month: date.month - (date.month - 1) % count, day: 1)!
    }

    /// A date gives a date, an instant the midnight, in the zone, of the day.
    func beginning(of moment: Datum, _ firstDay: (Int64) -> Int64) -> Datum? {
        guard let wall = wall(moment) else { return nil }
        let first = firstDay(Self.split(wall).day)
        if case .date = moment { return .date(Int32(first)) }
        return instant(ofWall: first * Self.millisecondsPerDay).map(Datum.instant)
    }
}
