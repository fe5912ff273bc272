// The rule for the far future of a time zone: a POSIX TZ text with the extensions of RFC 8536, such as `CET-1CEST,M3.5.0,M10.5.0/3`.

struct TimeZoneRule {
    /// Seconds east of UTC.
    private(set) var standardOffset: Int64
    private var daylight: Daylight?

    private struct Daylight {
        var offset: Int64
        var start: Change
        var end: Change
    }

    /// When a change happens in a year: a day, and seconds of wall time after its midnight.
    private struct Change {
        var day: Day
        var time: Int64
    }

    private enum Day {
        /// 1–365, 29 February is never counted.
        case julian(Int64)
        /// 0–365
        case ofYear(Int64)
        /// The week-th weekday (0 = Sunday) of a month, week 5 the last.
        case weekday(month: Int64, week: Int64, weekday: Int64)
    }

    /// Whether one offset holds all year.
    var isFixed: Bool { daylight == nil }

    /// Reads a rule; nil when it is malformed.
    init?(_ text: ArraySlice<UInt8>) {
        var reader = RuleReader(rest: text)
        guard reader.skipName(), let standard = reader.time(mostHours: 24) else { return nil }
        // POSIX counts west of Greenwich.
        standardOffset = -standard
        if reader.rest.isEmpty { return }
        guard reader.skipName() else { return nil }
        var offset = standardOffset + 3600
        if reader.rest.first != UInt8(ascii: ",") {
            guard let given = reader.time(mostHours: 24) else { return nil }
            offset = -given
        }
        guard let start = Self.change(&reader), let end = Self.change(&reader), reader.rest.isEmpty else { return nil }
        daylight = Daylight(offset: offset, start: start, end: end)
    }

    private static func change(_ reader: inout RuleReader) -> Change? {
        guard reader.accept(","), let day = day(&reader) else { return nil }
        guard reader.accept("/") else { return Change(day: day, time: 2 * 3600) }
        return reader.time(mostHours: 167).map { Change(day: day, time: $0) }
    }

    private static func day(_ reader: inout RuleReader) -> Day? {
        if reader.accept("J") { return reader.number(1...365).map(Day.julian) }
        guard reader.accept("M") else { return reader.number(0...365).map(Day.ofYear) }
        guard let month = reader.number(1...12), reader.accept("."), let week = reader.number(1...5), reader.accept("."),
            let weekday = reader.number(0...6)
        else { return nil }
        return .weekday(month: month, week: week, weekday: weekday)
    }

    /// The two changes of a year, in no order.
    func transitions(inYear year: Int64) -> [TimeZoneTransition] {
        guard let daylight else { return [] }
        let start = Self.seconds(daylight.start, year) - standardOffset
        let end = Self.seconds(daylight.end, year) - daylight.offset
        return [
            TimeZoneTransition(at: start, offset: daylight.offset, rank: 1), TimeZoneTransition(at: end, offset: standardOffset, rank: 0),
        ]
    }

    /// The wall time of a change, in seconds.
    private static func seconds(_ change: Change, _ year: Int64) -> Int64 {
        let newYear = CivilDate.days(year: year, month: 1)
        let day: Int64
        switch change.day {
        case .ofYear(let number): day = newYear + number
        case .julian(let number):
            let isAfterLeapDay = CivilDate.daysIn(year: year, month: 2) == 29 && number >= 60
            day = newYear + number - (isAfterLeapDay ? 0 : 1)
        case .weekday(let month, let week, let weekday):
            let first = CivilDate.days(year: year, month: month)
            // 1970-01-01 was a Thursday (4).
            let firstWeekday = floorModulo(first + 4, 7)
            let wanted = first + floorModulo(weekday - firstWeekday, 7) + (week - 1) * 7
            day = wanted < first + CivilDate.daysIn(year: year, month: month) ? wanted : wanted - 7
        }
        return day * 86_400 + change.time
    }

    private static func floorModulo(_ value: Int64, _ divisor: Int64) -> Int64 {
        value - floorDivide(value, divisor) * divisor
    }
}

/// The pieces of a rule text.
private struct RuleReader {
    var rest: ArraySlice<UInt8>

    mutating func accept(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    /// `CEST` or `<+0330>`.
    mutating func skipName() -> Bool {
        if accept("<") {
            guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
            rest = rest[(end + 1)...]
            return true
        }
        let letters = rest.prefix { ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z") }
        rest = rest[letters.endIndex...]
        return letters.count >= 3
    }

    mutating func number(_ range: ClosedRange<Int64>) -> Int64? {
        let digits = rest.prefix(3).prefix { Identifier.isDigit($0) }
        guard !digits.isEmpty else { return nil }
        rest = rest[digits.endIndex...]
        let value = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
        return range.contains(value) ? value : nil
    }

    /// `[+-]h[h[h]][:mm[:ss]]` in seconds.
    mutating func time(mostHours: Int64) -> Int64? {
        let isNegative = accept("-")
        if !isNegative { _ = accept("+") }
        guard let hours = number(0...mostHours) else { return nil }
        var seconds = hours * 3600
        for unit: Int64 in [60, 1] where accept(":") {
            guard let part = number(0...59) else { return nil }
            seconds += part * unit
        }
        return isNegative ? -seconds : seconds
    }
}
