// ISO 8601 durations of definitions (contract §1, decision 11): "years, months, weeks and days are calendar arithmetic in the campaign's
// zone, the part after T is exact".

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

    /// The duration of a text such as `P1Y2M3W4DT5H6M7.125S`; nil when it is none. A number too large to count with counts as the largest:
    /// what lies so far never comes.
    public init?(_ text: String) {
        var reader = DurationReader(rest: Array(text.utf8)[...])
        guard reader.accept("P") else { return nil }
        let isTimeAlone = reader.rest.first == UInt8(ascii: "T")
        guard isTimeAlone || reader.startsWithDigit, let date = reader.parts("YMWD") else { return nil }
        var time: [Int64] = [0, 0, 0]
        var fraction: Int64 = 0
        if reader.accept("T") {
            guard reader.startsWithDigit, let parts = reader.parts("HMS", fraction: &fraction) else { return nil }
            time = parts
        }
        guard reader.rest.isEmpty else { return nil }
        months = Self.sum(Self.product(date[0], 12), date[1])
        days = Self.sum(Self.product(date[2], 7), date[3])
        let seconds = time.reduce(0) { Self.sum(Self.product($0, 60), $1) }
        milliseconds = Self.sum(Self.product(seconds, 1000), fraction)
    }

    /// Whether it is longer than nothing.
    public var isPositive: Bool { months > 0 || days > 0 || milliseconds > 0 }

    fileprivate static func sum(_ a: Int64, _ b: Int64) -> Int64 {
        let (value, isTooFar) = a.addingReportingOverflow(b)
        return isTooFar ? .max : value
    }

    fileprivate static func product(_ a: Int64, _ b: Int64) -> Int64 {
        let (value, isTooFar) = a.multipliedReportingOverflow(by: b)
        return isTooFar ? .max : value
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

/// The pieces of the text of a duration.
private struct DurationReader {
    var rest: ArraySlice<UInt8>

    var startsWithDigit: Bool { rest.first.map(Identifier.isDigit) ?? false }

    mutating func accept(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    /// The numbers before letters, which stand in this order; 0 of those that are not there. nil when something else follows a number.
    mutating func parts(_ letters: String) -> [Int64]? {
        var none: Int64 = 0
        return parts(letters, fraction: &none)
    }

    /// As above; the number before S may have up to three decimals, which are milliseconds.
    mutating func parts(_ letters: String, fraction: inout Int64) -> [Int64]? {
        var numbers: [Int64] = []
        var waiting = number()
        for letter in letters.unicodeScalars {
            guard let value = waiting else {
                numbers.append(0)
                continue
            }
            let before = rest
            if letter == "S", accept(".") {
                guard let decimals = decimals() else { return nil }
                fraction = decimals
            }
            if accept(letter) {
                numbers.append(value)
                waiting = number()
            } else {
                rest = before
                numbers.append(0)
            }
        }
        return waiting == nil ? numbers : nil
    }

    /// nil when no digit stands here.
    private mutating func number() -> Int64? {
        guard startsWithDigit else { return nil }
        var value: Int64 = 0
        while let digit = rest.first, Identifier.isDigit(digit) {
            value = CalendarDuration.sum(CalendarDuration.product(value, 10), Int64(digit - UInt8(ascii: "0")))
            rest.removeFirst()
        }
        return value
    }

    private mutating func decimals() -> Int64? {
        let digits = rest.prefix(3).prefix { Identifier.isDigit($0) }
        guard !digits.isEmpty else { return nil }
        rest = rest[digits.endIndex...]
        return (0..<3).reduce(0) { value, place in
            value * 10 + (place < digits.count ? Int64(digits[digits.startIndex + place] - UInt8(ascii: "0")) : 0)
        }
    }
}
