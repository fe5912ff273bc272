// Dates of the calendar: days since 1970-01-01 and back, and the text `YYYY-MM-DD` (contract §1), for the years 0001 to 9999.

/// Dates as days since 1970-01-01.
public enum CivilDate {
    /// 0001-01-01 and 9999-12-31.
    public static let minimum: Int32 = -719_162
    /// 9999-12-31.
    public static let maximum: Int32 = 2_932_896

    /// The day of a year, month and day of the month; nil when there is no such day in the years 0001 to 9999.
    public static func day(year: Int64, month: Int64, day: Int64) -> Int32? {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1, day <= daysIn(year: year, month: month) else { return nil }
        return Int32(truncatingIfNeeded: days(year: year, month: month) + day - 1)
    }

    /// The year, month (1–12) and day of the month (1–31) of a day, also beyond the years 0001 to 9999.
    public static func components(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        // Years that start in March put the leap day last; an era is 400 of them. Clamped so that nothing overflows.
        let shifted = min(max(day, Int64.min / 4), Int64.max / 4) + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    /// How many days the month has.
    public static func daysIn(year: Int64, month: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The first day of a month, for years that a table of time zones may name (within ±100,000).
    static func days(year: Int64, month: Int64) -> Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let era = floorDivide(marchYear, 400)
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The day of a text `YYYY-MM-DD`; nil when it is none.
    public static func day(of bytes: UnsafeRawBufferPointer) -> Int32? {
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = number(bytes, 0, 4), let month = number(bytes, 5, 2), let day = number(bytes, 8, 2)
        else { return nil }
        return Self.day(year: year, month: month, day: day)
    }

    /// The day of a text `YYYY-MM-DD`; nil when it is none.
    public static func day(of text: String) -> Int32? {
        var text = text
        return text.withUTF8 { day(of: UnsafeRawBufferPointer($0)) }
    }

    /// Appends `YYYY-MM-DD`. A day beyond the years 0001 to 9999, which no table holds, is written as the nearest one within.
    public static func append(_ day: Int32, to bytes: inout [UInt8]) {
        let (year, month, dayOfMonth) = components(ofDay: Int64(min(max(day, minimum), maximum)))
        appendDigits(year, 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        appendDigits(month, 2, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        appendDigits(dayOfMonth, 2, to: &bytes)
    }

    /// The text of a date, as `append` writes it.
    public static func text(of day: Int32) -> String {
        var bytes: [UInt8] = []
        append(day, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The quotient rounded down. The divisor is positive.
@inline(__always)
func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
}

/// The number that so many digits say; nil when one of them is no digit, or is not there.
@inline(__always)
func number(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> Int64? {
    guard start + count <= bytes.count else { return nil }
    var value: Int64 = 0
    for position in start..<start + count {
        let digit = bytes[position] &- UInt8(ascii: "0")
        guard digit <= 9 else { return nil }
        value = value * 10 + Int64(digit)
    }
    return value
}

/// Appends a number that is not negative, with leading zeros up to the width.
@inline(__always)
func appendDigits(_ value: Int64, _ width: Int, to bytes: inout [UInt8]) {
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: width))
    var rest = value
    for position in stride(from: start + width - 1, through: start, by: -1) {
        bytes[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
    }
}
