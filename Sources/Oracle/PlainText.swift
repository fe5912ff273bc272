// Values as text and back (semantics §2 and §3, contract §1): numbers, dates and instants, digit by digit, and JSON.
import Campaigns
import Glibc

enum PlainText {
    // MARK: Writing

    /// The text of a value in a key, a row id and ToString.
    static func text(_ value: Datum) -> String {
        switch value {
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): "\(value)"
        case .double(let value): text(value)
        case .text(let bytes): String(decoding: bytes, as: UTF8.self)
        case .date(let day): date(Int64(day))
        case .instant(let instant): self.instant(instant)
        }
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// `YYYY-MM-DD`; beyond the years 0001 to 9999 the nearest day in them.
    private static func date(_ day: Int64) -> String {
        let date = PlainCalendar.date(ofDay: min(max(day, PlainCalendar.days.lowerBound), PlainCalendar.days.upperBound))
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
    }

    private static func instant(_ instant: Int64) -> String {
        let (day, millisecond) = PlainCalendar.split(instant)
        let (seconds, rest) = (millisecond / 1000, millisecond % 1000)
        let time = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }.joined(separator: ":")
        return "\(date(day))T\(time).\(padded(rest, 3))Z"
    }

    /// "Doubles as the shortest text that reads back the same", written as ECMAScript does (decision 16).
    private static func text(_ value: Double) -> String {
        if value == 0 { return "0" }
        if value < 0 { return "-" + text(-value) }
        let (digits, point) = shortest(value)
        let zeros = { (count: Int) in String(repeating: "0", count: count) }
        if (digits.count...21).contains(point) { return digits + zeros(point - digits.count) }
        if (1...21).contains(point) { return digits.prefix(point) + "." + digits.dropFirst(point) }
        if (-5...0).contains(point) { return "0." + zeros(-point) + digits }
        let mantissa = digits.count == 1 ? digits : digits.prefix(1) + "." + digits.dropFirst()
        return "\(mantissa)e\(point > 0 ? "+" : "-")\(abs(point - 1))"
    }

    /// The fewest digits d₁d₂… for which 0.d₁d₂… × 10^point reads back as the value, and of those the nearest to it.
    private static func shortest(_ value: Double) -> (digits: String, point: Int) {
        for count in 1...17 {
            // The nearest of so many digits, and those beside it: below a power of two the nearest may belong to another double.
            let nearest = withVaList([value]) { formatted("%.\(count - 1)e", $0) }
            let parts = nearest.split(separator: "e")
            let (number, exponent) = (Int64(parts[0].filter { $0 != "." })!, Int(parts[1])! - count + 1)
            for candidate in [number, number - 1, number + 1] where strtod("\(candidate)e\(exponent)", nil) == value {
                var digits = String(candidate)
                let point = digits.count + exponent
                while digits.last == "0" { digits.removeLast() }
                return (digits, point)
            }
        }
        preconditionFailure("17 digits tell every double")
    }

    private static func formatted(_ format: String, _ arguments: CVaListPointer) -> String {
        var bytes = [CChar](repeating: 0, count: 64)
        let count = vsnprintf(&bytes, bytes.count, format, arguments)
        return String(decoding: bytes.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The value as JSON.
    static func json(_ value: Datum?) -> String {
        switch value {
        case nil: "null"
        case .boolean, .integer, .double: text(value!)
        case .text, .date, .instant: quoted(text(value!))
        }
    }

    static func quoted(_ text: String) -> String {
        let short: [Unicode.Scalar: String] = [
            "\"": "\\\"", "\\": "\\\\", "\u{8}": "\\b", "\t": "\\t", "\n": "\\n", "\u{c}": "\\f", "\r": "\\r",
        ]
        let characters = text.unicodeScalars.map { character in
            short[character]
                ?? (character.value < 0x20
                    ? "\\u00" + (character.value < 0x10 ? "0" : "") + String(character.value, radix: 16) : String(character))
        }
        return "\"" + characters.joined() + "\""
    }

    // MARK: Reading

    /// The numbers that a text says where the shape has `0`, of which runs are one number; other characters must be the same.
    private static func numbers(_ text: some StringProtocol, shape: String) -> [Int64]? {
        guard text.unicodeScalars.count == shape.count else { return nil }
        var found: [Int64] = []
        var isInside = false
        for (character, wanted) in zip(text.unicodeScalars, shape.unicodeScalars) {
            guard wanted == "0" else {
                guard character == wanted else { return nil }
                isInside = false
                continue
            }
            guard let digit = digit(character) else { return nil }
            if isInside { found[found.count - 1] = found[found.count - 1] * 10 + digit } else { found.append(digit) }
            isInside = true
        }
        return found
    }

    private static func digit(_ character: Unicode.Scalar) -> Int64? {
        ("0"..."9").contains(character) ? Int64(character.value) - 48 : nil
    }

    /// Days since 1970-01-01 of `YYYY-MM-DD`.
    static func day(_ text: some StringProtocol) -> Int64? {
        numbers(text, shape: "0000-00-00").flatMap { PlainCalendar.day(year: $0[0], month: $0[1], day: $0[2]) }
    }

    /// The instant of an RFC 3339 text with an offset. What lies beyond milliseconds is cut.
    static func instant(_ text: String) -> Int64? {
        let characters = Array(text.unicodeScalars)
        func part(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(characters[range])) }
        guard characters.count >= 20, "Tt".unicodeScalars.contains(characters[10]), let day = day(part(0..<10)),
            let time = numbers(part(11..<19), shape: "00:00:00"), time[0] < 24, time[1] < 60, time[2] < 60
        else { return nil }
        var place = 19
        var milliseconds: Int64 = 0
        if characters[place] == "." {
            let digits = characters[(place + 1)...].prefix { digit($0) != nil }
            guard !digits.isEmpty else { return nil }
            milliseconds = (digits.map { digit($0)! } + [0, 0, 0]).prefix(3).reduce(0) { $0 * 10 + $1 }
            place = digits.endIndex
        }
        let rest = part(place..<characters.count)
        var offset: Int64 = 0
        if rest != "Z" && rest != "z" {
            guard let numbers = numbers(rest.dropFirst(), shape: "00:00"), numbers[0] < 24, numbers[1] < 60, "+-".contains(rest.first!)
            else { return nil }
            offset = (numbers[0] * 60 + numbers[1]) * (rest.first == "-" ? -60_000 : 60_000)
        }
        let seconds = (time[0] * 60 + time[1]) * 60 + time[2]
        return PlainCalendar.within(day * PlainCalendar.millisecondsPerDay + seconds * 1000 + milliseconds - offset)
    }

    /// A whole decimal number of at most 19 digits.
    static func integer(_ text: String) -> Int64? {
        let digits = text.hasPrefix("-") ? text.unicodeScalars.dropFirst() : text.unicodeScalars[...]
        guard (1...19).contains(digits.count), digits.allSatisfy({ digit($0) != nil }) else { return nil }
        return Int64(text)
    }

    /// `-?digits[.digits][e[±]digits]`; nil when that is not finite.
    static func double(_ text: String) -> Double? {
        var rest = Substring.UnicodeScalarView(text.unicodeScalars)
        func take(_ characters: String) -> Bool {
            guard let first = rest.first, characters.unicodeScalars.contains(first) else { return false }
            rest.removeFirst()
            return true
        }
        func digits() -> Bool {
            let found = rest.prefix { digit($0) != nil }
            rest = rest[found.endIndex...]
            return !found.isEmpty
        }
        _ = take("-")
        guard digits() else { return nil }
        if take("."), !digits() { return nil }
        if take("eE") {
            _ = take("+-")
            guard digits() else { return nil }
        }
        let value = strtod(text, nil)
        return rest.isEmpty && value.isFinite ? value : nil
    }
}
