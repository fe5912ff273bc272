// How values are written on pages: numbers in groups, signs where something is added or taken, instants with the name of their zone.
import Campaigns

/// Writes values.
enum Words {
    /// "12,431", or "–" where there is no number.
    static func number(_ value: Int64?) -> String { value.map(grouped) ?? "–" }

    /// "+212", "−198", "0": with the sign that people read.
    static func signed(_ value: Int64) -> String {
        value == 0 ? "0" : value > 0 ? "+\(grouped(value))" : "−\(grouped(-value))"
    }

    /// "1 row", "12,431 rows".
    static func counted(_ value: Int64, _ noun: String) -> String { "\(grouped(value)) \(noun)\(value == 1 ? "" : "s")" }

    /// "1.2 MiB".
    static func size(_ bytes: Double) -> String {
        var (value, place) = (bytes, 0)
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        while value >= 1024, place < units.count - 1 { (value, place) = (value / 1024, place + 1) }
        return place == 0 ? "\(grouped(Int64(value))) B" : "\(decimal(value, 1)) \(units[place])"
    }

    /// With so many digits behind the point.
    static func decimal(_ value: Double, _ digits: Int) -> String {
        let scale = [1.0, 10, 100][digits]
        let whole = Int64((value * scale).rounded())
        guard digits > 0 else { return grouped(whole) }
        let rest = String(whole.magnitude % UInt64(scale))
        let sign = whole < 0 ? "−" : ""
        let zeros = String(repeating: "0", count: digits - rest.count)
        return "\(sign)\(grouped(Int64(whole.magnitude / UInt64(scale)))).\(zeros)\(rest)"
    }

    /// "9 ms", "1.2 s", "4 min", "3 h", "2 d".
    static func duration(milliseconds: Int64) -> String {
        let seconds = milliseconds / 1000
        switch seconds {
        case ..<1: return "\(max(milliseconds, 0)) ms"
        case ..<10: return "\(decimal(Double(milliseconds) / 1000, 1)) s"
        case ..<120: return "\(seconds) s"
        case ..<7200: return "\(seconds / 60) min"
        case ..<172_800: return "\(seconds / 3600) h"
        default: return "\(grouped(seconds / 86_400)) d"
        }
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// "20 Dec 2026 08:10:04 UTC".
    static func instant(_ milliseconds: Int64) -> String {
        let day = milliseconds >= 0 ? milliseconds / 86_400_000 : (milliseconds + 1) / 86_400_000 - 1
        let (year, month, date) = CivilDate.components(ofDay: day)
        let second = (milliseconds - day * 86_400_000) / 1000
        return "\(date) \(months[Int(month) - 1]) \(year) \(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60)) UTC"
    }

    private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// With a large letter at its beginning, as a sentence has it.
    static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    /// A text as it is; another value as JSON.
    static func text(_ value: JSON) -> String {
        if case .string(let text) = value { return text }
        return PrettyJSON.text(value)
    }

    /// A value of JSON as people read it; instants are texts there.
    static func plain(_ value: JSON?) -> String {
        switch value {
        case nil, .null?: "–"
        case .boolean(let value)?: value ? "yes" : "no"
        case .integer(let value)?: grouped(value)
        case .double(let value)?: DoubleText.text(of: value)
        case .string(let value)?: InstantText.milliseconds(of: value).map(instant) ?? value
        case .array(let items)?: items.map { plain($0) }.joined(separator: ", ")
        case .object(let members)?: members.map { "\($0.name) \(plain($0.value))" }.joined(separator: ", ")
        }
    }
}

extension HTML {
    /// A point in time; the script adds how it is called where the reader is.
    static func time(_ value: JSON?) -> HTML {
        guard let milliseconds = value?.instant else { return "–" }
        return "<time datetime=\"\(InstantText.text(of: milliseconds))\">\(Words.instant(milliseconds))</time>"
    }

    /// A point in time that the script shows as how long ago it was, and keeps up to date by its name in the frames of the page's stream;
    /// where it is not known, the commit that it was.
    static func ago(_ name: String, _ time: JSON?, commit: HTML) -> HTML {
        guard let milliseconds = time?.instant else { return "commit \(commit)" }
        return """
            <time data-ago data-value="\(name)" datetime="\(InstantText.text(of: milliseconds))">\(Words.instant(milliseconds))</time>
            """
    }

    /// A number that the script keeps up to date, by its name in the frames of the page's stream.
    static func live(_ name: String, _ value: Int64?) -> HTML {
        "<span data-value=\"\(name)\">\(Words.number(value))</span>"
    }
}
