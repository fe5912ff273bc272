// Instants as text: RFC 3339 in, UTC with milliseconds out (contract §1, decision 17).

/// Instants as milliseconds since 1970-01-01T00:00:00Z.
public enum InstantText {
    /// 0001-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z: what the text can say.
    public static let minimum: Int64 = -62_135_596_800_000
    /// 9999-12-31T23:59:59.999Z.
    public static let maximum: Int64 = 253_402_300_799_999

    /// Whether the instant lies in the years 0001 to 9999.
    public static func isInRange(_ instant: Int64) -> Bool {
        (minimum...maximum).contains(instant)
    }

    /// The instant of an RFC 3339 text. The offset is required; what lies beyond milliseconds is cut; nil when the text is none, names
    /// 24:00 or a 60th second, or lies outside the years 0001 to 9999.
    public static func milliseconds(of bytes: UnsafeRawBufferPointer) -> Int64? {
        guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"), bytes[10] | 0x20 == UInt8(ascii: "t"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let year = number(bytes, 0, 4), let month = number(bytes, 5, 2), let dayOfMonth = number(bytes, 8, 2),
            let hour = number(bytes, 11, 2), let minute = number(bytes, 14, 2), let second = number(bytes, 17, 2),
            let day = CivilDate.day(year: year, month: month, day: dayOfMonth), hour < 24, minute < 60, second < 60
        else { return nil }
        var position = 19
        guard let fraction = fraction(bytes, &position), let offset = offset(bytes, position) else { return nil }
        let wall = ((Int64(day) * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + fraction
        let instant = wall - offset
        return isInRange(instant) ? instant : nil
    }

    /// The instant of an RFC 3339 text, as above.
    public static func milliseconds(of text: String) -> Int64? {
        var text = text
        return text.withUTF8 { milliseconds(of: UnsafeRawBufferPointer($0)) }
    }

    /// The milliseconds of `.digits`, if that is at the position, which moves behind it; nil when the point stands alone.
    private static func fraction(_ bytes: UnsafeRawBufferPointer, _ position: inout Int) -> Int64? {
        guard position < bytes.count, bytes[position] == UInt8(ascii: ".") else { return 0 }
        position += 1
        let start = position
        var milliseconds: Int64 = 0
        var weight: Int64 = 100
        while let digit = number(bytes, position, 1) {
            milliseconds += digit * weight
            weight /= 10
            position += 1
        }
        return position > start ? milliseconds : nil
    }

    /// The milliseconds of the offset, which is all that is left of the text.
    private static func offset(_ bytes: UnsafeRawBufferPointer, _ position: Int) -> Int64? {
        guard position < bytes.count else { return nil }
        let sign = bytes[position]
        if sign | 0x20 == UInt8(ascii: "z") { return position + 1 == bytes.count ? 0 : nil }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), position + 6 == bytes.count,
            bytes[position + 3] == UInt8(ascii: ":"), let hours = number(bytes, position + 1, 2),
            let minutes = number(bytes, position + 4, 2), hours < 24, minutes < 60
        else { return nil }
        let offset = (hours * 60 + minutes) * 60_000
        return sign == UInt8(ascii: "-") ? -offset : offset
    }

    /// Appends `YYYY-MM-DDThh:mm:ss.mmmZ`. An instant beyond the years 0001 to 9999, which no table holds, is written as the nearest
    /// one within.
    public static func append(_ instant: Int64, to bytes: inout [UInt8]) {
        let instant = min(max(instant, minimum), maximum)
        let day = floorDivide(instant, Calendar.millisecondsPerDay)
        let time = instant - day * Calendar.millisecondsPerDay
        CivilDate.append(Int32(truncatingIfNeeded: day), to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        appendDigits(time / 3_600_000, 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        appendDigits(time / 60_000 % 60, 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        appendDigits(time / 1000 % 60, 2, to: &bytes)
        bytes.append(UInt8(ascii: "."))
        appendDigits(time % 1000, 3, to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
    }

    /// The text of an instant, as `append` writes it.
    public static func text(of instant: Int64) -> String {
        var bytes: [UInt8] = []
        append(instant, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
