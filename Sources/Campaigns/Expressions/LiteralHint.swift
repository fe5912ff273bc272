// The right literal, for the hints of what does not compare: a date in quotes, a number in quotes, a text without.

enum LiteralHint {
    /// What to do about two types that do not compare.
    static func mismatch(_ a: Expression, _ b: Expression) -> String {
        if case .literal(let literal) = b, let hint = rewritten(literal, as: a.type) { return hint }
        if case .literal(let literal) = a, let hint = rewritten(literal, as: b.type) { return hint }
        if let day = writtenDay(a) ?? writtenDay(b), [a.type, b.type].contains(where: { $0 == .date || $0 == .datetime }) {
            return "DATE '\(day)'"
        }
        let types = [a.type, b.type]
        let isTime = types.contains(.date) || types.contains(.datetime)
        if types.contains(.boolean) { return "a boolean compares with TRUE and FALSE" }
        if types.contains(.string) {
            if isTime { return types.contains(.date) ? "convert the text: ToDate(text)" : "convert the text: ToDateTime(text)" }
            return types.contains(.double) ? "convert the text: ToDouble(text)" : "convert the text: ToInteger(text)"
        }
        return isTime ? "a length of time is DaysDiff(end, start); one that lies back is DaysAgo(30)" : "convert one of them"
    }

    /// `2026-01-31` without quotes, which is a difference of numbers.
    private static func writtenDay(_ expression: Expression) -> String? {
        guard case .arithmetic(.subtract, let yearAndMonth, .literal(.integer(let day))) = expression,
            case .arithmetic(.subtract, .literal(.integer(let year)), .literal(.integer(let month))) = yearAndMonth
        else { return nil }
        return CivilDate.day(year: year, month: month, day: day).map { CivilDate.text(of: $0) }
    }

    /// What to do about an argument of another type than a function takes.
    static func argument(_ argument: Expression, as types: [ValueType]) -> String? {
        if case .literal(let literal) = argument, let hint = types.lazy.compactMap({ rewritten(literal, as: $0) }).first { return hint }
        if types.contains(.string) { return "convert it with ToString" }
        if types.contains(.datetime) { return argument.type == .string ? "convert it with ToDate or ToDateTime" : nil }
        if types.contains(.double) { return argument.type == .string ? "convert it with ToDouble" : nil }
        return types.contains(.integer) && argument.type != .boolean ? "convert it with ToInteger" : nil
    }

    /// A literal as one of another type; nil when it is none.
    static func rewritten(_ literal: Literal, as type: ValueType) -> String? {
        switch literal {
        case .string(let content): return text(content, as: type)
        case .integer(let number): return self.number(number, as: type)
        case .double(let number) where type == .string: return "'\(DoubleText.text(of: number))'"
        case .boolean(let value) where type == .string: return "'\(value)'"
        case .boolean(let value) where type == .integer: return value ? "1" : "0"
        case .date(let day) where type == .string: return "'\(CivilDate.text(of: day))'"
        case .instant(let instant) where type == .string: return "'\(InstantText.text(of: instant))'"
        default: return nil
        }
    }

    private static func number(_ number: Int64, as type: ValueType) -> String? {
        switch type {
        case .string: return "'\(number)'"
        case .boolean: return number == 0 ? "FALSE" : number == 1 ? "TRUE" : nil
        case .date, .datetime:
            // Seconds or milliseconds since 1970, if they are so many that they must be.
            if (10_000_101...99_991_231).contains(number), let found = text("\(number)", as: type), date("\(number)") != nil {
                return found
            }
            let milliseconds = abs(number) >= 100_000_000_000 ? number : abs(number) >= 100_000_000 ? number * 1000 : nil
            guard let milliseconds, InstantText.isInRange(milliseconds) else { return nil }
            let instant = InstantText.text(of: milliseconds)
            return type == .date ? "DATE '\(instant.prefix(10))'" : "DATETIME '\(instant)'"
        default: return nil
        }
    }

    /// A text as a literal of another type; nil when it does not look like one.
    static func text(_ content: String, as type: ValueType) -> String? {
        guard content.utf8.count <= 64 else { return nil }
        let trimmed = content.split(separator: " ").joined(separator: " ")
        switch type {
        case .integer: return Int64(trimmed).map { "\($0)" } ?? number(trimmed)
        case .double: return number(trimmed)
        case .boolean:
            if ["true", "yes", "y", "t", "1", "on"].contains(trimmed.lowercased()) { return "TRUE" }
            return ["false", "no", "n", "f", "0", "off"].contains(trimmed.lowercased()) ? "FALSE" : "TRUE or FALSE"
        case .date: return date(trimmed).map { "DATE '\($0.date)'" } ?? "a date is written DATE '2026-01-31'"
        case .datetime:
            guard let (date, time) = date(trimmed) else { return "an instant is written DATETIME '2026-01-31T09:30:00Z'" }
            if time.isEmpty { return "DATETIME '\(date)T00:00:00Z', or DATE '\(date)', its midnight in the campaign's time zone" }
            for end in ["", "Z", ":00Z"] where InstantText.milliseconds(of: "\(date)T\(time)\(end)") != nil {
                return "DATETIME '\(date)T\(time)\(end)'"
            }
            return "an instant is written DATETIME '\(date)T09:30:00Z'"
        case .null, .string: return nil
        }
    }

    private static func number(_ text: String) -> String? {
        let isPlain = text.utf8.allSatisfy { Identifier.isDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
        return isPlain && Double(text) != nil ? text : "a number is written without quotes"
    }

    /// A date, however its parts are separated, and the time behind it, if there is one.
    private static func date(_ text: String) -> (date: String, time: String)? {
        let isCompact = text.utf8.count == 8 && text.utf8.allSatisfy(Identifier.isDigit)
        let spread = isCompact ? "\(text.prefix(4))-\(text.dropFirst(4).prefix(2))-\(text.suffix(2))" : text
        let date = String(spread.prefix(10)).replacing("/", with: "-").replacing(".", with: "-")
        let rest = spread.dropFirst(10)
        guard CivilDate.day(of: date) != nil, rest.isEmpty || rest.first == "T" || rest.first == " " || rest.first == "t" else {
            return nil
        }
        return (date, String(rest.dropFirst()).replacing(" ", with: ""))
    }
}
