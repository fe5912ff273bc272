// Five fields of a cron schedule (decision 13): "names (of months in the fourth, of days in the fifth), ranges, lists, steps; if both day
// fields are bounded either is enough".

/// A cron expression, read.
public struct CronExpression: Hashable, Sendable {
    /// A bit for each minute of an hour.
    public var minutes: UInt64
    /// A bit for each hour of a day.
    public var hours: UInt64
    /// A bit for each day of a month, from 1 on.
    public var days: UInt64
    /// A bit for each month, from 1 on.
    public var months: UInt64
    /// A bit for each day of a week, from Sunday = 0 on.
    public var weekdays: UInt64
    /// Both day fields are bounded, so that either is enough.
    public var isEitherDay: Bool

    /// Reads five fields (minute, hour, day of the month, month, day of the week); nil when they are malformed.
    public init?(_ text: String) {
        let fields = text.split(whereSeparator: \.isWhitespace)
        guard fields.count == 5, let minutes = CronField(0...59).bits(fields[0]), let hours = CronField(0...23).bits(fields[1]),
            let days = CronField(1...31).bits(fields[2]), let months = CronField(1...12, names: CronField.months).bits(fields[3]),
            let weekdays = CronField(0...7, names: CronField.weekdays).bits(fields[4])
        else { return nil }
        (self.minutes, self.hours, self.days, self.months) = (minutes, hours, days, months)
        // Sunday is 0 and 7.
        self.weekdays = (weekdays | weekdays >> 7) & 0x7f
        isEitherDay = fields[2] != "*" && fields[4] != "*"
    }

    /// The first wall time after another one (milliseconds as if of UTC); nil when it never comes.
    func nextWallTime(after wall: Int64) -> Int64? {
        let millisecondsPerMinute: Int64 = 60_000
        let minute = floorDivide(wall, millisecondsPerMinute) + 1
        let day = floorDivide(minute, 24 * 60)
        if isIncluded(day), let time = nextMinute(from: minute - day * 24 * 60) { return (day * 24 * 60 + time) * millisecondsPerMinute }
        guard let next = nextDay(after: day), let time = nextMinute(from: 0) else { return nil }
        return (next * 24 * 60 + time) * millisecondsPerMinute
    }

    /// The first minute of a day that is not before another one.
    private func nextMinute(from minute: Int64) -> Int64? {
        let (hour, minuteOfHour) = (minute / 60, minute % 60)
        if hours >> UInt64(hour) & 1 == 1, let next = Self.next(in: minutes, from: minuteOfHour) { return hour * 60 + next }
        guard let next = Self.next(in: hours, from: hour + 1), let first = Self.next(in: minutes, from: 0) else { return nil }
        return next * 60 + first
    }

    /// A day (since 1970-01-01) of the schedule. 29 February comes at least every eight years; what does not come by then never does.
    private func nextDay(after day: Int64) -> Int64? {
        var (year, month, dayOfMonth) = CivilDate.components(ofDay: day)
        for _ in 0...8 * 12 {
            let first = CivilDate.days(year: year, month: month)
            if let next = Self.next(in: includedDays(year: year, month: month, first: first), from: dayOfMonth + 1) {
                return first + next - 1
            }
            (month, dayOfMonth) = (month + 1, 0)
            if month > 12 { (year, month) = (year + 1, 1) }
        }
        return nil
    }

    private func isIncluded(_ day: Int64) -> Bool {
        let date = CivilDate.components(ofDay: day)
        let days = includedDays(year: date.year, month: date.month, first: day - date.day + 1)
        return days >> UInt64(date.day) & 1 == 1
    }

    /// A bit for each day of a month, from 1 on.
    private func includedDays(year: Int64, month: Int64, first: Int64) -> UInt64 {
        guard months >> UInt64(month) & 1 == 1 else { return 0 }
        // 1970-01-01 was a Thursday (4).
        let weekday = first + 4 - floorDivide(first + 4, 7) * 7
        let weeks = (0...5).reduce(UInt64(0)) { $0 | weekdays << UInt64($1 * 7) }
        let byWeekday = (weeks >> UInt64(weekday)) << 1
        let all = (UInt64(1) << UInt64(CivilDate.daysIn(year: year, month: month) + 1)) - 2
        return (isEitherDay ? days | byWeekday : days & byWeekday) & all
    }

    /// The lowest bit that is set from a place on.
    private static func next(in bits: UInt64, from place: Int64) -> Int64? {
        guard place < 64 else { return nil }
        let rest = bits >> UInt64(place)
        return rest == 0 ? nil : place + Int64(rest.trailingZeroBitCount)
    }
}

/// One field of a cron expression: what it may name.
private struct CronField {
    static let months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
    static let weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

    private let range: ClosedRange<Int>
    private let names: [String]

    init(_ range: ClosedRange<Int>, names: [String] = []) {
        self.range = range
        self.names = names
    }

    /// A bit for each number that a list of parts names; nil when it is malformed.
    func bits(_ field: Substring) -> UInt64? {
        var found: UInt64 = 0
        for part in field.split(separator: ",", omittingEmptySubsequences: false) {
            guard let more = bits(part: part) else { return nil }
            found |= more
        }
        return found
    }

    /// `*`, `5`, `1-5`, each with `/2` behind it; from a single number with a step on it goes to the end.
    private func bits(part: Substring) -> UInt64? {
        let parts = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        var step = 1
        if parts.count > 1 {
            guard let number = Self.number(parts[1]), number > 0 else { return nil }
            step = min(number, range.upperBound + 1)
        }
        var (first, last) = (range.lowerBound, range.upperBound)
        if parts[0] != "*" {
            let ends = parts[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
            guard let start = value(ends[0]) else { return nil }
            first = start
            if ends.count > 1 {
                guard let end = value(ends[1]) else { return nil }
                last = end
            } else if parts.count == 1 {
                last = start
            }
        }
        guard first <= last else { return nil }
        var found: UInt64 = 0
        for number in stride(from: first, through: last, by: step) { found |= 1 << UInt64(number) }
        return found
    }

    /// A number of the range, or a name.
    private func value(_ text: Substring) -> Int? {
        if let place = names.firstIndex(of: text.uppercased()) { return range.lowerBound + place }
        return Self.number(text).flatMap { range.contains($0) ? $0 : nil }
    }

    /// Of digits alone; one too large to count with is the largest.
    private static func number(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy(Identifier.isDigit) else { return nil }
        return Int(text) ?? .max
    }
}
